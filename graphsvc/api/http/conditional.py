"""Conditional requests: reads are answered 304 or from the cache where nothing has changed.

A read's response depends on the graph's version, the request, the query files and this program
alone. So its tag is known before the database is asked: a client that has the response gets 304,
and any other the cached response, where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.api.http.etags import entity_tag, matches
from graphsvc.api.http.head import want_headers_only, wants_headers_only
from graphsvc.api.http.live_graph import live_graph_of
from graphsvc.api.http.problems import response_to
from graphsvc.api.http.proxies import path_within
from graphsvc.api.http.response_cache import CachedResponse, Key, ResponseCache
from graphsvc.errors import GraphsvcError

_READS = "/v1/"
_CACHE_CONTROL = "no-cache"
_NEVER_KEPT = "no-store"


class ConditionalReads:
    """Innermost but for compression: `request.state.graph`, ETag, 304, cached responses, 503."""

    def __init__(self, app: ASGIApp, cache_bytes: int) -> None:
        self._app = app
        self._cache = ResponseCache(cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or not path_within(scope).startswith(_READS)
        ):
            await self._app(scope, receive, send)
            return
        try:
            at = await live_graph_of(scope).now()
        except GraphsvcError as error:
            await response_to(error, scope["state"]["request_id"])(scope, receive, send)
            return
        scope["state"]["graph"] = at
        headers = _RequestHeaders(scope["headers"])
        key: Key = (scope["path"], scope["query_string"], headers.accept, headers.encoding)
        tag = entity_tag(at.token, scope["path"], scope["query_string"])
        cached = self._cache.find(at.token, key)
        if cached is not None:
            scope["route"] = cached.route  # whoever counts requests by their route goes on to
        any_tag = headers.if_none_match.strip(b", \t") == b"*"
        if matches(headers.if_none_match, tag) or (any_tag and cached is not None):
            await Response(status_code=304, headers=_headers(tag))(scope, receive, send)
        elif cached is not None:
            await _send(cached, send)
        elif any_tag:
            want_headers_only(scope)
            await self._app(scope, receive, _not_modified_where_found(tag, send))
        else:
            recorder = _Recorder(self._cache, at.token, key, tag, scope, send)
            await self._app(scope, receive, recorder)


class _RequestHeaders:
    """The few headers of a request that decide on its response, read in one pass."""

    __slots__ = ("accept", "encoding", "if_none_match")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.accept = self.encoding = self.if_none_match = b""
        for name, value in headers:
            if name == b"accept":
                self.accept = value
            elif name == b"accept-encoding":
                self.encoding = value
            elif name == b"if-none-match":
                self.if_none_match += b"," + value


class _Recorder:
    """Sends a response on with its ETag, and caches it if it is complete, 200 and not too large."""

    __slots__ = (
        *("_cache", "_headers", "_key", "_parts", "_scope", "_send", "_size", "_tag", "_version"),
    )

    def __init__(
        self,
        cache: ResponseCache,
        version: str,
        key: Key,
        tag: str,
        scope: Scope,
        send: Send,
    ) -> None:
        self._cache, self._version, self._key = cache, version, key
        self._tag, self._scope, self._send = tag, scope, send
        self._headers: tuple[tuple[bytes, bytes], ...] | None = None
        self._parts: list[bytes] = []
        self._size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begin(message)
        elif self._headers is not None:
            self._add(message)
        await self._send(message)

    def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if message["status"] == 200 and headers.get("cache-control") != _NEVER_KEPT:
            headers.update(_headers(self._tag))
            if not wants_headers_only(self._scope):
                self._headers = tuple(message["headers"])

    def _add(self, message: Message) -> None:
        part = message.get("body", b"")
        self._size += len(part)
        if self._size > self._cache.largest:
            self._headers = None
            self._parts.clear()
            return
        self._parts.append(part)
        if not message.get("more_body", False) and self._headers is not None:
            response = CachedResponse(
                self._headers, b"".join(self._parts), self._scope.get("route")
            )
            self._cache.keep(self._version, self._key, response)


async def _send(cached: CachedResponse, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(cached.headers)})
    await send({"type": "http.response.body", "body": cached.body})


def _not_modified_where_found(tag: str, send: Send) -> Send:
    """A sender of 304 in place of 200: `If-None-Match: *` is false where there is anything."""
    found = False

    async def pass_on(message: Message) -> None:
        nonlocal found
        if message["type"] == "http.response.start" and message["status"] == 200:
            found = True
            unchanged = Response(status_code=304, headers=_kept_headers(message, tag))
            await send({**message, "status": 304, "headers": unchanged.raw_headers})
        elif not found:
            await send(message)
        elif not message.get("more_body", False):
            await send({"type": "http.response.body", "body": b""})

    return pass_on


def _kept_headers(message: Message, tag: str) -> dict[str, str]:
    cache_control = MutableHeaders(scope=message).get("cache-control")
    return {"Cache-Control": _NEVER_KEPT} if cache_control == _NEVER_KEPT else _headers(tag)


def _headers(tag: str) -> dict[str, str]:
    # Whether compressed or not: small responses never are, but a 304 says what the 200 would.
    return {"ETag": tag, "Cache-Control": _CACHE_CONTROL, "Vary": "Accept-Encoding"}
