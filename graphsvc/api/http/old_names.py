"""Names that have changed: read as the new ones, and marked as deprecated.

Old names are kept for one version. Requests are taken to the new name before anything else reads
their query, so that both names share the kept answers and their tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.api.http.proxies import path_within

DEPRECATED = datetime(2026, 12, 1, tzinfo=UTC)
DEPRECATION = f"@{int(DEPRECATED.timestamp())}"
"""The header `Deprecation` of RFC 9745: since when the old names should not be used."""


@dataclass(frozen=True)
class OldName:
    """A parameter of some paths, what it was called and what it is called now."""

    path: re.Pattern[str]
    old: str
    new: str


OLD_NAMES = (
    OldName(
        re.compile(r"/v1/(paths|relationships|entities/[^/]+/(relationships|neighbourhood))"),
        "types",
        "type",
    ),
    OldName(
        re.compile(
            r"/v1/(entities|search|conflicts|entities/[^/]+/neighbourhood"
            r"|analysis/runs/[^/]+/result)"
        ),
        "kinds",
        "kind",
    ),
    OldName(re.compile(r"/v1/export"), "params", "parameters"),
)

RESULT = re.compile(r"/v1/analysis/runs/[^/]+/result")
FILES = {
    **dict.fromkeys(("csv", "parquet"), "table"),
    **dict.fromkeys(("svg", "png"), "picture"),
    "methods": "methods",
}
"""Where what was a `format` of a result stands now, beside it."""


class OldNames:
    """Reads old names of parameters and files as the new ones, and says so in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["query_string"]:
            await self._app(scope, receive, send)
            return
        now = renamed(path_within(scope), scope["query_string"])
        if now is None:
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Deprecation"] = DEPRECATION
            await send(message)

        path, scope["query_string"] = now
        scope["path"] = scope.get("root_path", "") + path
        await self._app(scope, receive, marked)


def renamed(path: str, query: bytes) -> tuple[str, bytes] | None:
    """A path and its query string with the new names, or None where it has none of the old ones."""
    new_names = {each.old: each.new for each in OLD_NAMES if each.path.fullmatch(path)}
    given = [pair.partition(b"=") for pair in query.split(b"&")]
    pairs = [(new_names.get(_text(name), _text(name)), equals, value)
             for name, equals, value in given]  # fmt: skip
    place = path
    if RESULT.fullmatch(path):
        place, pairs = _of_result(path, pairs)
    now = b"&".join(b"".join((name.encode("latin-1"), *rest)) for name, *rest in pairs)
    return None if (place, now) == (path, query) else (place, now)


_Pairs = list[tuple[str, bytes, bytes]]


def _of_result(path: str, pairs: _Pairs) -> tuple[str, _Pairs]:
    """Where the file that a result is asked for as stands; `format=json` is the result itself."""
    formats = [_text(value) for name, _, value in pairs if name == "format"]
    if len(formats) > 1 or (formats and formats[0] not in (*FILES, "json")):
        return path, pairs
    form = formats[0] if formats else "json"
    place = path if form == "json" else f"{path.removesuffix('result')}{FILES[form]}"
    return place, [pair for pair in pairs if pair[0] not in _left_out(form)]


def _left_out(form: str) -> tuple[str, ...]:
    """Parameters that said nothing with this format, and are none of its own now."""
    return {
        "json": ("format", "lang"),
        "methods": ("format", "top", "kind", "limit", "cursor"),
        **dict.fromkeys(("csv", "parquet"), ("lang", "limit", "cursor")),
        **dict.fromkeys(("svg", "png"), ("limit", "cursor")),
    }[form]


def _text(octets: bytes) -> str:
    return octets.decode("latin-1")
