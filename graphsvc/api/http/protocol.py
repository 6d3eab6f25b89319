"""The service's side of a connection: uvicorn's protocol, with limits on time, size and number.

uvicorn has none of them but for idle connections: docs/decisions/connections.md says what was
measured, and why they stand here. What is refused before it is a request gets a problem document
all the same. Bodies are limited in middleware.py, which reads them.
"""

from __future__ import annotations

import asyncio
import resource
import uuid
from typing import Any

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from graphsvc.api.http.middleware import request_log
from graphsvc.api.http.problems import MEDIA_TYPE, RETRY_AFTER_S, problem_content
from graphsvc.api.http.safety_headers import SAFETY_HEADERS

HEAD_S = 10.0
"""Seconds for the head of a request: from the connection's begin, or from its first byte."""

MAX_HEAD = 64 * 2**10
"""Most bytes of a request's head: address and headers."""

ANSWER_S = 30.0
"""Seconds within which a client takes another part of an answer that waits for it."""

_LEAST_TAKEN = 16 * 2**10
_LINGER_S = 2.0
"""How long a refused client's further words are read and dropped, so that it sees the answer."""


def _most_open() -> int:
    """Most connections that are open: half of the files that the process may have open."""
    return max(64, min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2))


MOST_OPEN = _most_open()


class LimitedProtocol(HttpToolsProtocol):
    """One connection.

    A connection on which no request is at work counts for nothing: where there are as many as may
    be, the one that has been silent longest makes room for a new one.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the head of a request, if there is room."""
        self._in_head = False
        self._begun = 0
        self._head_bytes = 0
        self._refused = False
        self._late: asyncio.TimerHandle | None = None
        self._slow: asyncio.TimerHandle | None = None
        self._silent_since = self.loop.time()
        super().connection_made(transport)
        self._log = request_log()
        if len(self.connections) > MOST_OPEN and not self._make_room():
            self._refuse("overloaded", "As many connections are open as may be.", "Try again.")
            return
        self._expect_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._cancel_timers()
        super().connection_lost(exc)

    # --- the head of a request ---------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Read on, and see that the head does not grow without end."""
        if self._refused or self.transport.is_closing():
            return
        was_in_head, self._begun = self._in_head, 0
        between = self._is_waiting() and not was_in_head
        if between and self._late is None:
            self._expect_rest()
        super().data_received(data)
        if not self._in_head or self._refused:
            return
        if was_in_head and not self._begun:
            self._head_bytes += len(data)
        elif between and self._begun == 1:
            self._head_bytes = len(data)
        if self._head_bytes > MAX_HEAD:
            self._refuse_head()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head = True
        self._begun += 1
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """The head is there; the rest of the request is awaited by who reads it."""
        self._in_head = False
        self._cancel(self._late)
        self._late = None
        length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if length > MAX_HEAD:
            self._refuse_head()
        if not self._refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._cancel(self._late)
        self._late = None
        if not self._refused:
            super().on_message_complete()

    def _expect_rest(self) -> None:
        self._late = self.loop.call_later(HEAD_S, self._is_late)

    def _is_late(self) -> None:
        self._late = None
        if self._in_head:
            detail = f"The head of the request did not come within {HEAD_S:g} seconds."
            self._refuse("request-timeout", detail, "Send it at once.")
        else:
            self.transport.close()

    def _refuse_head(self) -> None:
        detail = f"Address and headers have more than {MAX_HEAD} bytes."
        self._refuse("headers-too-large", detail, "Send fewer or shorter headers.")

    # --- the answer --------------------------------------------------------------------------

    def pause_writing(self) -> None:
        """The client takes the answer slower than it is made."""
        super().pause_writing()
        self._expect_taking()

    def resume_writing(self) -> None:
        """The client took most of what waited for it."""
        super().resume_writing()
        self._cancel(self._slow)
        self._slow = None

    def on_response_complete(self) -> None:
        """The answer is written; what the client has not taken yet waits for a while."""
        super().on_response_complete()
        self._silent_since = self.loop.time()
        if self.transport.get_write_buffer_size() and self._slow is None:
            self._expect_taking()
        if self.cycle.response_complete and self.cycle.more_body and self._late is None:
            # The answer did not wait for the whole body, of which nobody reads the rest.
            self._expect_rest()

    def _expect_taking(self) -> None:
        self._cancel(self._slow)
        waiting = self.transport.get_write_buffer_size()
        self._slow = self.loop.call_later(ANSWER_S, self._see_what_was_taken, waiting)

    def _see_what_was_taken(self, before: int) -> None:
        self._slow = None
        waiting = self.transport.get_write_buffer_size()
        if not waiting:
            return
        if waiting > before - _LEAST_TAKEN:
            self.transport.abort()
        else:
            self._expect_taking()

    # --- too many, and what is no request -----------------------------------------------------

    def _is_waiting(self) -> bool:
        """Whether no request is at work on it."""
        return (self.cycle is None or self.cycle.response_complete) and not self.pipeline

    def _make_room(self) -> bool:
        others = (each for each in self.connections if each is not self)
        silent = [
            each for each in others if isinstance(each, LimitedProtocol) and each._is_waiting()
        ]
        if not silent:
            return False
        longest = min(silent, key=lambda each: each._silent_since)
        self.connections.discard(longest)
        longest.transport.abort()
        return True

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words
        """Answer what cannot be read as HTTP."""
        self._refuse(
            "malformed-request",
            "This cannot be read as an HTTP request.",
            "Write the address in percent-encoded ASCII (curl -G --data-urlencode does it).",
        )

    def _refuse(self, slug: str, detail: str, mend: str) -> None:
        """Answer with a problem, hear the client out for a moment, and hang up."""
        self._refused = True
        self._in_head = False
        self._cancel_timers()
        self._unset_keepalive_if_required()
        if not self._is_waiting():
            self.transport.abort()  # an answer to an earlier request is on its way
            return
        instance = str(uuid.uuid4())
        content = problem_content(slug, detail, instance, mend=mend)
        status = content["status"]
        self._log.warning("request refused", status=status, detail=detail, request_id=instance)
        self.transport.write(_written(status, to_json(content), instance))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._late = self.loop.call_later(_LINGER_S, self.transport.abort)

    def _cancel_timers(self) -> None:
        for timer in (self._late, self._slow):
            self._cancel(timer)
        self._late = self._slow = None

    def _cancel(self, timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def _written(status: int, body: bytes, instance: str) -> bytes:
    headers: dict[str, Any] = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": len(body),
        "Cache-Control": "no-store",
        "X-Request-ID": instance,
        **({"Retry-After": RETRY_AFTER_S} if status == 503 else {}),
        **SAFETY_HEADERS,
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return STATUS_LINE[status] + lines.encode("ascii") + b"\r\n" + body
