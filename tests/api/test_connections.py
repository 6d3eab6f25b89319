"""Clients that hold a connection and do not talk, over real sockets."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr

from graphsvc.api.http import middleware, protocol
from graphsvc.app import create_app
from graphsvc.settings import Settings

pytestmark = pytest.mark.faults

Address = tuple[str, int]
Client = Callable[[socket.socket], None]

GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /v1/cypher HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LONGEST_S = 60


@pytest.fixture(scope="module")
def service() -> Iterator[Address]:
    """The service in this process, impatient and without a database; its address."""
    settings = Settings(uri="bolt://127.0.0.1:1", password=SecretStr("x"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol, "HEAD_S", 1.0)
        patch.setattr(protocol, "ANSWER_S", 1.0)
        patch.setattr(middleware, "BODY_S", 1.0)
        patch.setattr(protocol, "MOST_OPEN", 40)
        with _running(create_app(settings)) as address:
            yield address


@contextmanager
def _running(app: Any) -> Iterator[Address]:
    config = uvicorn.Config(app, http=protocol.LimitedProtocol, ws="none", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        running = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        running.start()
        try:
            while not server.started:
                assert running.is_alive()
                time.sleep(0.01)
            yield address
        finally:
            server.should_exit = server.force_exit = True
            running.join(LONGEST_S)


def _answer(connection: socket.socket) -> tuple[int, Any]:
    """The status and body that come before the end of the connection; 0 where it just ends."""
    connection.settimeout(LONGEST_S)
    said = b""
    try:
        while part := connection.recv(65_536):
            said += part
    except ConnectionResetError:
        pass
    head, _, body = said.partition(b"\r\n\r\n")
    return (int(head.split()[1]), json.loads(body)) if head else (0, None)


def _ask(address: Address) -> int:
    """An honest request, on a connection of its own."""
    with socket.create_connection(address, timeout=LONGEST_S) as connection:
        connection.sendall(GET + b"Connection: close\r\n\r\n")
        return _answer(connection)[0]


def silent(connection: socket.socket) -> None:
    pass


def empty_lines(connection: socket.socket) -> None:
    _drip(connection, b"\r\n")


def half_a_head(connection: socket.socket) -> None:
    connection.sendall(GET)


def endless_head(connection: socket.socket) -> None:
    connection.sendall(GET)
    _drip(connection, b"X-A: b\r\n")


def half_a_second_head(connection: socket.socket) -> None:
    connection.sendall(GET + b"\r\n")
    time.sleep(0.3)
    connection.recv(65_536)
    connection.sendall(GET)


def huge_header(connection: socket.socket) -> None:
    connection.sendall(GET + b"X-A: ")
    _flood(connection)


def huge_address(connection: socket.socket) -> None:
    connection.sendall(b"GET /")
    _flood(connection)


def many_headers(connection: socket.socket) -> None:
    connection.sendall(GET)
    _flood(connection, b"X-A: b\r\n" * 8192)


def a_head_that_is_whole_and_too_large(connection: socket.socket) -> None:
    connection.sendall(GET + b"X-A: " + b"a" * protocol.MAX_HEAD + b"\r\n\r\n")


def dripped_body(connection: socket.socket) -> None:
    connection.sendall(POST + b"Content-Length: 100000\r\n\r\n{")
    _drip(connection, b" ")


def half_a_body(connection: socket.socket) -> None:
    connection.sendall(POST + b"Content-Length: 10\r\n\r\n{")


def dripped_chunks(connection: socket.socket) -> None:
    connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
    _drip(connection, b"1\r\n \r\n")


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")


def raw_text_in_the_address(connection: socket.socket) -> None:
    connection.sendall("GET /v1/search?q=강원 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


def _drip(connection: socket.socket, drop: bytes) -> None:
    connection.settimeout(0.1)
    try:
        for _ in range(10 * LONGEST_S):
            connection.sendall(drop)
            try:
                if connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) is not None:
                    return
            except BlockingIOError:
                time.sleep(0.1)
    except OSError:
        return


def _flood(connection: socket.socket, block: bytes = b"a" * 65_536) -> None:
    """128 MiB, or what of it the service takes."""
    try:
        for _ in range(2**27 // len(block)):
            connection.sendall(block)
            try:
                connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            except BlockingIOError:
                continue
            return
    except OSError:
        return


HELD: list[tuple[Client, int, str]] = [
    (silent, 0, ""),
    (empty_lines, 0, ""),
    (half_a_head, 408, "request-timeout"),
    (endless_head, 408, "request-timeout"),
    (half_a_second_head, 408, "request-timeout"),
    (huge_header, 431, "headers-too-large"),
    (huge_address, 431, "headers-too-large"),
    (many_headers, 431, "headers-too-large"),
    (a_head_that_is_whole_and_too_large, 431, "headers-too-large"),
    (dripped_body, 408, "request-timeout"),
    (half_a_body, 408, "request-timeout"),
    (dripped_chunks, 408, "request-timeout"),
    (no_http, 400, "malformed-request"),
    (raw_text_in_the_address, 400, "malformed-request"),
]


@pytest.mark.parametrize(
    ("client", "status", "slug"), [pytest.param(*row, id=row[0].__name__) for row in HELD]
)
def test_who_holds_a_connection_is_told_why_it_ends_and_keeps_nobody_out(
    service: Address, client: Client, status: int, slug: str
) -> None:
    with socket.create_connection(service) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        acting = threading.Thread(target=client, args=(connection,))
        acting.start()
        assert _ask(service) == 200
        acting.join(2 * LONGEST_S)
        answered, problem = _answer(connection)
    assert answered == status
    if slug:
        assert problem["type"] == f"/docs/errors#{slug}"
        assert problem["status"] == status
        assert problem["mend"]
    assert _ask(service) == 200


def test_an_idle_connection_ends(service: Address) -> None:
    with socket.create_connection(service) as connection:
        connection.sendall(GET + b"\r\n")
        assert _answer(connection)[0] == 200


def test_a_slow_client_that_sends_steadily_is_waited_for(service: Address) -> None:
    """Longer than a body may take without moving, each second with enough of it."""
    body = b'{"statement": "RETURN 1 AS n"' + b" " * 60_000 + b"}"
    with socket.create_connection(service) as connection:
        connection.sendall(
            POST + f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        for begin in range(0, len(body), 6_000):
            connection.sendall(body[begin : begin + 6_000])
            time.sleep(0.2)
        status, problem = _answer(connection)
    assert (status, problem["type"]) == (503, "/docs/errors#store-unavailable")


def test_any_number_of_silent_connections_makes_room_for_who_asks(service: Address) -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    with ExitStack() as held:
        for _ in range(min(600, limit // 4)):
            held.enter_context(socket.create_connection(service))
        assert [_ask(service) for _ in range(20)] == [200] * 20


def test_connections_at_work_are_not_ended_for_new_ones(service: Address) -> None:
    with ExitStack() as held:
        working = [
            held.enter_context(socket.create_connection(service)) for _ in range(protocol.MOST_OPEN)
        ]
        for connection in working:
            connection.sendall(POST + b"Content-Length: 40000\r\n\r\n" + b" " * 30_000)
        time.sleep(0.3)
        with socket.create_connection(service) as another:
            status, problem = _answer(another)
        assert (status, problem["type"]) == (503, "/docs/errors#overloaded")
        assert {_answer(connection)[0] for connection in working} == {408}
    assert _ask(service) == 200


async def _endless(_scope: Any, _receive: Any, send: Any) -> None:
    if _scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"a" * 2**16, "more_body": True})
        await asyncio.sleep(0)


async def _large(_scope: Any, _receive: Any, send: Any) -> None:
    if _scope["type"] != "http":
        return
    headers = [(b"content-length", str(2**26).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"a" * 2**26})


@pytest.mark.parametrize("app", [_endless, _large])
def test_who_does_not_read_its_answer_is_left(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ANSWER_S", 0.5)
    with _running(app) as address, socket.create_connection(address) as connection:
        connection.sendall(GET + b"\r\n")
        time.sleep(2.5)
        taken = 0
        connection.settimeout(LONGEST_S)
        with suppress(ConnectionResetError):
            while part := connection.recv(2**20):
                taken += len(part)
        assert taken < 2**26


def test_who_reads_its_answer_slowly_gets_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "ANSWER_S", 0.5)
    with _running(_large) as address, socket.create_connection(address) as connection:
        connection.sendall(GET + b"Connection: close\r\n\r\n")
        taken = 0
        while part := connection.recv(2**20):
            taken += len(part)
            time.sleep(0.03)
        assert taken > 2**26


def test_more_requests_than_may_be_worked_at_are_told_to_come_back() -> None:
    import httpx
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def main() -> list[httpx.Response]:
        release = asyncio.Event()

        async def wait(_: Any) -> PlainTextResponse:
            await release.wait()
            return PlainTextResponse("done")

        app = Starlette(
            routes=[Route("/wait", wait), Route("/health", lambda _: PlainTextResponse("alive"))],
            middleware=[
                Middleware(middleware.RequestLog),
                Middleware(middleware.Places, most=2),
            ],
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            waiting = [asyncio.create_task(client.get("/wait")) for _ in range(2)]
            await asyncio.sleep(0.05)
            refused, alive = await client.get("/wait"), await client.get("/health")
            release.set()
            return [refused, alive, *await asyncio.gather(*waiting), await client.get("/wait")]

    refused, *answered = asyncio.run(main())
    assert [each.status_code for each in answered] == [200] * 4
    assert refused.status_code == 503
    assert refused.json()["type"] == "/docs/errors#overloaded"
    assert refused.headers["retry-after"]
