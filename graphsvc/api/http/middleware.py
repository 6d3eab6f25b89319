"""ASGI middleware around the application: request log, Host check, limits of size and number.

In this order from the outside in. Behind them is the place for keys and per-client limits, then
conditional.py.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
import uuid
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import structlog
from pydantic_core import to_json
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.api.http.head import method_of
from graphsvc.api.http.metrics import note_request
from graphsvc.api.http.parameters import unreadable
from graphsvc.api.http.problems import RETRY_AFTER_S, internal_error, problem_response
from graphsvc.api.http.proxies import path_within
from graphsvc.errors import GraphsvcError

MAX_BODY = 2**20
MAX_DISCARDED = 32 * 2**20
MAX_ADDRESS_PART = 8 * 2**10

BODY_S = 30.0
"""Seconds that a body may take, and one more for each `BODY_BYTES_A_S` of it that came."""

BODY_BYTES_A_S = 8 * 2**10
MOST_BODY_S = 180.0
MOST_REQUESTS = 512
"""Most requests that are worked at in one process."""

_LOGGED_PATH = 500
_ALIVE = "/health"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")


def request_log() -> Any:
    """A logger that writes one line of JSON to stderr for each event."""
    logger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
    )
    return logger.bind()  # else every line would make a logger anew


def _json(event: Any, **_: Any) -> str:
    return to_json(event, fallback=repr).decode()


class RequestLog:
    """Gives each request an id, logs and counts it, and answers 500 without internals."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = request_log()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if status and (why := _known_cause(error)) is not None:
                # The answer was on its way: without its end the server breaks it off.
                self._log.warning("response aborted", detail=str(why), request_id=request_id)
                return
            self._log.exception("internal error", request_id=request_id)
            if status:
                raise
            await internal_error(request_id)(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - began
            note_request(scope, status, seconds)
            self._log.info(
                "request",
                method=method_of(scope),
                path=path_within(scope)[:_LOGGED_PATH],
                status=status,
                ms=round(1000 * seconds, 1),
                request_id=request_id,
            )


def _known_cause(error: BaseException) -> Exception | None:
    """The problem or the client's leaving that an error is, also where the framework wraps it."""
    for found in (error, error.__cause__):
        if isinstance(found, GraphsvcError | ClientDisconnect):
            return found
    return None


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


class HostCheck:
    """Refuses hosts that are not allowed, so that no web page gets in by DNS rebinding.

    Loopback is always allowed: a page from elsewhere has a name of its own.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = {host.lower() for host in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or self._allows(Headers(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
            return
        response = problem_response(
            "host-not-allowed",
            "This service does not answer for the host that the request names.",
            scope["state"]["request_id"],
            mend="Use localhost, or add the host to GRAPHSVC_ALLOWED_HOSTS.",
        )
        await response(scope, receive, send)

    def _allows(self, hosts: list[str]) -> bool:
        if "*" in self._allowed:
            return True
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        host = match[1].lower()
        return host in self._allowed or _is_loopback(host)


@lru_cache(maxsize=64)
def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Limits:
    """Refuses what is too long or cannot be read as text.

    A body that is too large is read to its end first (up to 32 MiB), so that the client sees the
    answer instead of a broken connection. One that comes too slowly is not waited for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["state"]["request_id"]
        if refusal := _address_problem(scope):
            slug, detail, mend = refusal
            await problem_response(slug, detail, request_id, mend=mend)(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        try:
            body = await _body(receive)
        except TimeoutError:
            response = problem_response(
                "request-timeout",
                "The body of the request came too slowly.",
                request_id,
                mend="Send it at once.",
                headers={"Connection": "close"},
            )
            await response(scope, receive, send)
            return
        if body is None:
            response = problem_response(
                "body-too-large",
                f"The body is larger than {MAX_BODY} bytes.",
                request_id,
                headers={"Connection": "close"},
            )
            await response(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)


def _address_problem(scope: Scope) -> tuple[str, str, str] | None:
    query = scope["query_string"]
    path = scope.get("raw_path") or scope["path"].encode()
    for part, what in ((query, "query string"), (path, "path")):
        if len(part) > MAX_ADDRESS_PART:
            detail = f"The {what} has {len(part)} bytes; at most {MAX_ADDRESS_PART} are read."
            return "address-too-long", detail, "Ask for less at a time."
    if unread := unreadable(query):
        mend = "Write parameters as percent-encoded UTF-8 text without control characters."
        return "malformed-request", unread, mend
    return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is too large (or its sender left).

    Raises
    ------
    TimeoutError
        When it comes too slowly.
    """
    parts: list[bytes] = []
    size = 0
    began = asyncio.get_running_loop().time()
    async with asyncio.timeout(BODY_S) as limit:
        while size <= MAX_DISCARDED:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size <= MAX_BODY:
                parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts) if size <= MAX_BODY else None
            limit.reschedule(began + min(BODY_S + size / BODY_BYTES_A_S, MOST_BODY_S))
    return None


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


class Places:
    """Refuses a request when as many are worked at as may; whether the service lives is told still.

    Behind the limits of bodies: a request that is not whole yet takes no place.
    """

    def __init__(self, app: ASGIApp, most: int = MOST_REQUESTS) -> None:
        self._app = app
        self._most = most
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or path_within(scope) == _ALIVE:
            await self._app(scope, receive, send)
            return
        if self._taken >= self._most:
            response = problem_response(
                "overloaded",
                f"As many requests are worked at as may be ({self._most}).",
                scope["state"]["request_id"],
                mend="Try again.",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
            await response(scope, receive, send)
            return
        self._taken += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._taken -= 1
