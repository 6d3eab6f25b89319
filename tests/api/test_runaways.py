"""Statements that would run for ever, and readers that hang up, against a server on a real port."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from anyio.from_thread import BlockingPortal

from graphsvc.api.cypher import NDJSON
from graphsvc.app import create_app
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving
from tests.conftest import Cypher

pytestmark = pytest.mark.usefixtures("calm")

RANGES = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b"
RUNAWAYS = {
    "cartesian product": "MATCH (a), (b), (c), (d), (e), (f)"
    " WHERE a.id + b.id + c.id + d.id + e.id + f.id = '-' RETURN a.id",
    "range product": f"{RANGES} WITH a, b WHERE a < 0 RETURN a",
    "range count": f"{RANGES} RETURN count(*) AS n",
    "counts within counts": "MATCH (a) WHERE COUNT { MATCH (b), (c) WHERE COUNT {"
    " MATCH (d), (e), (f) WHERE a.id + b.id + c.id + d.id + e.id = f.id } > 1 } > 1 RETURN a.id",
}
DOUBLING = f"MATCH (c:Center) WITH c.name AS s LIMIT 1 {'WITH s + s AS s ' * 28}RETURN size(s) AS n"
_PATIENCE_S = 60.0


@contextmanager
def listening(settings: Settings, portal: BlockingPortal) -> Iterator[str]:
    """The application behind a real port."""
    config = uvicorn.Config(create_app(settings), port=0, log_level="error")
    server = uvicorn.Server(config)
    running = portal.start_task_soon(server.serve)
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    running.result(_PATIENCE_S)


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def url(fresh: Settings, portal: BlockingPortal) -> Iterator[str]:
    with listening(fresh, portal) as url:
        yield url


@pytest.fixture(scope="module")
def narrow_url(fresh: Settings, portal: BlockingPortal) -> Iterator[str]:
    """A service with room for one statement at a time."""
    with listening(fresh.model_copy(update={"max_statements": 1}), portal) as url:
        yield url


def ask(url: str, statement: str, accept: str = "*/*", **members: Any) -> httpx.Response:
    return httpx.post(
        f"{url}/v1/cypher",
        json={"statement": statement, **members},
        headers={"Accept": accept},
        timeout=_PATIENCE_S,
    )


def assert_answered(url: str) -> None:
    """Another read is answered now or within five seconds.

    An engine that dies for want of memory takes with it what is read at that moment. It is read
    again once; who meets a second death is told, and has to ask again.
    """
    end = time.monotonic() + 5
    while (answer := ask(url, "MATCH (c:Center) RETURN count(c)", timeout=30)).status_code == 502:
        assert time.monotonic() < end, answer.text
    assert answer.status_code == 200, answer.text


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "accept"),
    [
        ("cartesian product", "*/*"),
        pytest.param("range product", "*/*", marks=pytest.mark.combination),
        pytest.param("range count", "*/*", marks=pytest.mark.combination),
        ("counts within counts", "*/*"),
        ("range count", NDJSON),
    ],
)
def test_a_runaway_is_stopped_and_others_are_answered(
    harbor: Api, url: str, name: str, accept: str
) -> None:
    stopped: list[httpx.Response] = []
    runaway = threading.Thread(
        target=lambda: stopped.append(ask(url, RUNAWAYS[name], accept, timeout=1))
    )
    runaway.start()
    meanwhile = 0
    while runaway.is_alive():
        assert_answered(url)
        meanwhile += 1

    assert meanwhile
    assert stopped[0].status_code in (502, 504)
    assert stopped[0].json()["type"] in ("/docs/errors#store-timeout", "/docs/errors#store-memory")
    assert ask(url, "MATCH (c:Center) RETURN count(c)", timeout=30).status_code == 200


@pytest.mark.faults
@pytest.mark.embedded_only
def test_what_exhausts_the_memory_is_told_so_and_not_tried_again(
    tmp_path: Path, portal: BlockingPortal, harbor_seed: Seed
) -> None:
    small = Settings(data_dir=tmp_path, engine_memory_mb=256)
    with serving(small, portal) as api:
        api.load(harbor_seed)
        before = generation(api)
        body = {"statement": DOUBLING, "timeout": 60}
        response = api.request("POST", "/v1/cypher", json=body)

        assert (response.status_code, response.json()["type"]) == (502, "/docs/errors#store-memory")
        assert "GRAPHSVC_ENGINE_MEMORY_MB" in response.json()["mend"]
        assert generation(api) == before + 1
        assert api.ok("/v1/entities?kind=Center")["items"]


def generation(api: Api) -> int:
    """How often the embedded engine was started."""

    async def ready() -> int:
        database = await api.app.state.graph.database()
        return (await database.engine.ready()).generation

    return api.portal.call(ready)


@contextmanager
def calling(url: str, statement: str, accept: str, timeout_s: float) -> Iterator[socket.socket]:
    """A connection on which a statement was asked, hung up at the end."""
    host, port = url.removeprefix("http://").split(":")
    body = json.dumps({"statement": statement, "timeout": timeout_s}).encode()
    head = (
        f"POST /v1/cypher HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=_PATIENCE_S) as caller:
        caller.sendall(head.encode() + body)
        yield caller


def running(cypher: Cypher) -> int:
    """How many runaways Neo4j has."""
    found = cypher("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery AS text")
    return sum("UNWIND range(1, 1000000) AS a" in row["text"] for row in found)


@pytest.mark.neo4j_only
@pytest.mark.parametrize("accept", ["application/json", NDJSON])
@pytest.mark.parametrize("name", ["range product", "range count"])
def test_who_hangs_up_ends_their_transaction(
    harbor: Api, cypher: Cypher, url: str, name: str, accept: str
) -> None:
    with calling(url, RUNAWAYS[name], accept, 60):
        until(lambda: running(cypher) == 1)

    until(lambda: running(cypher) == 0)


@pytest.mark.neo4j_only
def test_who_hangs_up_in_the_middle_of_rows_ends_their_transaction(
    harbor: Api, cypher: Cypher, url: str
) -> None:
    with calling(url, f"{RANGES} RETURN a, b", NDJSON, 60) as caller:
        assert b"200 OK" in caller.recv(4096)
        assert running(cypher) == 1

    until(lambda: running(cypher) == 0)


@pytest.mark.faults
@pytest.mark.embedded_only
@pytest.mark.parametrize(
    "accept", [pytest.param("application/json", marks=pytest.mark.combination), NDJSON]
)
def test_what_the_engine_computes_for_nobody_ends_with_its_time(
    harbor: Api, narrow_url: str, accept: str
) -> None:
    before = generation(harbor)
    with calling(narrow_url, RUNAWAYS["range count"], accept, 1):
        time.sleep(0.5)
    until(lambda: generation(harbor) > before)

    assert ask(narrow_url, "RETURN 1", timeout=30).status_code == 200
    assert generation(harbor) == before + 1


@pytest.mark.faults
def test_a_reader_who_hangs_up_in_the_middle_of_rows_leaves_a_place(
    harbor: Api, narrow_url: str
) -> None:
    with calling(narrow_url, f"{RANGES} RETURN a, b", NDJSON, 60) as caller:
        assert b"200 OK" in caller.recv(4096)

    assert ask(narrow_url, "RETURN 1", timeout=20).status_code == 200


@pytest.mark.faults
def test_rows_that_nobody_takes_end_with_their_time(harbor: Api, narrow_url: str) -> None:
    with calling(narrow_url, f"{RANGES} RETURN a, b", NDJSON, 1) as caller:
        assert b"200 OK" in caller.recv(4096)
        assert ask(narrow_url, "RETURN 1", timeout=30).status_code == 200


@pytest.mark.faults
def test_who_finds_no_place_is_told_when_to_come_again(harbor: Api, narrow_url: str) -> None:
    with calling(narrow_url, f"{RANGES} RETURN a, b", NDJSON, 60) as caller:
        assert b"200 OK" in caller.recv(4096)
        response = ask(narrow_url, "RETURN 1", timeout=0.5)

    assert (response.status_code, response.json()["type"]) == (503, "/docs/errors#store-busy")
    assert response.headers["retry-after"]


@pytest.mark.faults
def test_a_limit_cuts_what_would_never_end_and_the_engine_goes_on(harbor: Api, url: str) -> None:
    before = None if not harbor.app.state.graph.settings.embedded else generation(harbor)
    for accept in ("application/json", NDJSON):
        assert ask(url, f"{RANGES} RETURN a, b", accept, limit=1500).status_code == 200
    if before is not None:
        assert ask(url, "RETURN 1").status_code == 200
        assert generation(harbor) == before
