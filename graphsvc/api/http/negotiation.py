"""What a client would rather have: Accept and Accept-Encoding (RFC 9110, section 12)."""

from __future__ import annotations

from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = 256
"""How many different headers are remembered; browsers and libraries send few."""


@lru_cache(_HEADERS)
def preferences(header: str) -> dict[str, float]:
    """The weight of each name in a header, in lower case; 0 where it is refused or unreadable."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        if name:
            weights[name] = _weight(options)
    return weights


def _weight(options: list[str]) -> float:
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() != "q":
            continue
        try:
            weight = float(value)
        except ValueError:
            return 0.0
        return weight if 0 <= weight <= 1 else 0.0
    return 1.0


@lru_cache(_HEADERS)
def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is taken, and liked at least as well as no coding at all."""
    weights = preferences(accept_encoding)
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


class AcceptedCoding:
    """Leaves `gzip` or nothing in Accept-Encoding.

    Starlette looks for the word alone and would send gzip to who refuses it; and responses are
    cached by this header, which each client writes in another way.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            given = ",".join(Headers(scope=scope).getlist("accept-encoding"))
            if given not in ("", "gzip"):
                headers = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
                taken = [(b"accept-encoding", b"gzip")] if takes_gzip(given) else []
                scope["headers"] = [*headers, *taken]
        await self._app(scope, receive, send)
