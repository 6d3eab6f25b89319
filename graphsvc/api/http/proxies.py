"""Behind a proxy: the prefix, the protocol and the client of the request that it passed on.

A prefix stands in front of every path that clients have; `path_within` is a path without it, and
`path_for_clients` one with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_PREFIX = re.compile(rb"(?:/[A-Za-z0-9._~-]+)+")

_ROOT: ContextVar[str] = ContextVar("root_path", default="")


def path_for_clients(path: str) -> str:
    """A path of this service as the client of this request has it."""
    return _ROOT.get() + path


def path_within(scope: Scope) -> str:
    """The path of a request without the prefix under which the service is reached."""
    path: str = scope["path"]
    return path[len(scope.get("root_path", "")) :]


class Proxies:
    """Puts the prefix before the path, as ASGI wants it, and tells the client and the protocol.

    The prefix is `root_path`, or what a trusted proxy says in X-Forwarded-Prefix; whether the proxy
    took it from the path or left it there makes no difference. X-Forwarded-Proto and
    X-Forwarded-For are read by uvicorn's middleware, from trusted proxies as well.

    Parameters
    ----------
    root_path
        The prefix where no proxy names one, without a slash at its end.
    trusted
        Addresses and networks of the proxies that are believed; `*` is any.
    """

    def __init__(self, app: ASGIApp, root_path: str, trusted: Sequence[str]) -> None:
        self._root_path = root_path
        self._app = app
        self._forwarded = ProxyHeadersMiddleware(cast("Any", app), list(trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        root = self._prefix(scope) or self._root_path
        token = _ROOT.set(root)
        try:
            if root:
                _put_before(scope, root)
            await self._forwarded(cast("Any", scope), cast("Any", receive), cast("Any", send))
        finally:
            _ROOT.reset(token)

    def _prefix(self, scope: Scope) -> str:
        given = [value for name, value in scope["headers"] if name == b"x-forwarded-prefix"]
        client = scope.get("client")
        if len(given) != 1 or client is None or client[0] not in self._forwarded.trusted_hosts:
            return ""
        prefix: bytes = given[0].rstrip(b"/")
        return prefix.decode("ascii") if _PREFIX.fullmatch(prefix) else ""


def _put_before(scope: Scope, root: str) -> None:
    scope["root_path"] = root
    path: str = scope["path"]
    if path != root and not path.startswith(f"{root}/"):
        scope["path"] = root + path
        if "raw_path" in scope:
            scope["raw_path"] = root.encode() + scope["raw_path"]
