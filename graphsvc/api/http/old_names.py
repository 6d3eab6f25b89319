"""Query parameters that have another name now: read as that one, and marked as deprecated.

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
    OldName(re.compile(r"/v1/paths"), "types", "type"),
    OldName(re.compile(r"/v1/entities/[^/]+/neighbourhood"), "types", "type"),
)


class OldNames:
    """Reads old names of parameters as the new ones, and says so in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query = renamed(path_within(scope), scope["query_string"])
        if query is None:
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Deprecation"] = DEPRECATION
            await send(message)

        scope["query_string"] = query
        await self._app(scope, receive, marked)


def renamed(path: str, query: bytes) -> bytes | None:
    """A query string with the new names, or None where it has none of the old ones."""
    now = {name.old.encode(): name.new.encode() for name in OLD_NAMES if name.path.fullmatch(path)}
    pairs = [pair.partition(b"=") for pair in query.split(b"&")] if now else []
    if not any(name in now for name, _, _ in pairs):
        return None
    return b"&".join(b"".join((now.get(name, name), *rest)) for name, *rest in pairs)
