"""HEAD: the status and headers of the GET, without its body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS_ONLY = "headers_only"
_ASKED_BY = "method"


def method_of(scope: Scope) -> str:
    """The method that a client used, by which requests are logged and counted."""
    method: str = scope["state"].get(_ASKED_BY, scope["method"])
    return method


def headers_only(request: Request) -> bool:
    """Whether nobody reads the body: what costs much to make may be left empty."""
    return wants_headers_only(request.scope)


def wants_headers_only(scope: Scope) -> bool:
    """The same, asked of a scope."""
    return bool(scope["state"].get(_HEADERS_ONLY))


def want_headers_only(scope: Scope) -> None:
    """Say so of a request whose body nobody will read."""
    scope["state"][_HEADERS_ONLY] = True


async def nothing() -> AsyncGenerator[bytes, None]:
    """The body of a stream that nobody reads: its headers are those of one that has something."""
    yield b""


class HeadRequests:
    """Has a HEAD answered as a GET, and sends no body; it stands around all that looks at one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        # A copy, because the server goes by the method when it ends the answer.
        inner = {**scope, "method": "GET", "state": {**scope.get("state", {}), _ASKED_BY: "HEAD"}}
        want_headers_only(inner)
        await self._app(inner, receive, _without_body(send))


def _without_body(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
        elif not message.get("more_body", False):
            await send({"type": "http.response.body", "body": b""})

    return pass_on
