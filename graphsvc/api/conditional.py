"""Looks up the graph's version for every read, and answers 304 where the reader has it already.

A read's answer depends on the graph's version, the address and this program alone, so the tag is
known before the database is asked.
"""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc import __version__
from graphsvc.api.graph import GraphVersion, graph_of
from graphsvc.api.problems import response_to
from graphsvc.errors import GraphsvcError

_READS = "/v1/"
_CACHE_CONTROL = "no-cache"


class ConditionalReads:
    """Innermost middleware: `request.state.graph`, ETag, If-None-Match, and 503 without a graph."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or not scope["path"].startswith(_READS)
        ):
            await self._app(scope, receive, send)
            return
        try:
            version = await graph_of(scope).now()
        except GraphsvcError as error:
            await response_to(error, scope["state"]["request_id"])(scope, receive, send)
            return
        scope["state"]["graph"] = version
        tag = entity_tag(version, scope["path"], scope["query_string"])
        if _has(Headers(scope=scope), tag):
            await Response(status_code=304, headers=_headers(tag))(scope, receive, send)
            return

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).update(_headers(tag))
            await send(message)

        await self._app(scope, receive, tagged)


def entity_tag(version: GraphVersion, path: str, query: bytes) -> str:
    """The weak tag of an answer: weak, because the same answer may be sent compressed."""
    state = version.state
    parts = (__version__, str(state.version), state.loaded_at, path, query.decode("latin-1"))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return f'W/"{state.version}-{digest}"'


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": _CACHE_CONTROL}


def _has(headers: Headers, tag: str) -> bool:
    held = ",".join(headers.getlist("if-none-match"))
    return tag.removeprefix("W/") in {item.strip().removeprefix("W/") for item in held.split(",")}
