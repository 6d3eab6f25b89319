"""Real faults: processes killed in the middle, databases that are absent or refuse us."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from neo4j import Query
from neo4j.exceptions import Neo4jError
from prometheus_client import REGISTRY

from graphsvc.app import create_app
from graphsvc.errors import SettingsError, StoreTimeoutError, StoreUnavailableError
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings, load_settings
from graphsvc.store import reading, writing
from graphsvc.store.database import Database
from graphsvc.store.engine import engine_status
from graphsvc.store.state import read_state, require_ready
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.usecases.loading import first_load as filling
from graphsvc.usecases.loading import load as loading
from graphsvc.usecases.loading.dump import dump
from graphsvc.usecases.loading.load import load
from graphsvc.usecases.loading.restore import restore
from tests.conftest import Cypher
from tests.neo4j_server import Neo4jServer
from tests.store.large_load import large

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("calm")]

RUNAWAY = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n"
PROGRAM = str(Path(__file__).resolve().parent / "large_load.py")


def loader(environment: dict[str, str], facts: int) -> subprocess.Popen[str]:
    """A process that is about to load; it has said so."""
    process = subprocess.Popen(
        [sys.executable, PROGRAM, str(facts)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    return process


def restorer(environment: dict[str, str], dump: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "graphsvc", "restore", str(dump)]
    return subprocess.Popen(command, env=environment, text=True)


@pytest.mark.faults
@pytest.mark.parametrize("after_s", [0.1, 0.6, 1.5])
async def test_a_load_into_a_graph_in_use_that_is_killed_leaves_the_old_graph_or_the_new_one(
    database: Database, harbor: Seed, environment: dict[str, str], after_s: float
) -> None:
    await load(database, harbor)
    wanted = large(harbor, 4_000)

    with loader(environment, 4_000) as process:
        await asyncio.sleep(after_s)
        process.kill()

    held = set(await reading.held_facts(database))
    assert held in (set(harbor.facts), set(wanted.facts))
    await require_ready(database)
    await load(database, wanted)
    assert set(await reading.held_facts(database)) == set(wanted.facts)


async def until_half_written(database: Database, ended: Callable[[], object]) -> None:
    """Until the first batch of a first load stands in the graph, and not its last."""
    while (state := await read_state(database)) is None or state.beat == 0:
        assert not ended(), "the first load ended before it could be interrupted"
        await asyncio.sleep(0.01)
    assert state.phase == "loading"


async def killed_when_half_written(process: subprocess.Popen[str], database: Database) -> None:
    with process:
        await until_half_written(database, lambda: process.poll() is not None)
        process.kill()


async def assert_every_read_is_refused(database: Database, settings: Settings) -> None:
    with pytest.raises(StoreUnavailableError, match="has not finished"):
        await require_ready(database)
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        paths = set(app.openapi()["paths"]) - {"/health"}
        assert {"/ready", "/v1/relationships", "/v1/facts/{id}"} <= paths
        for path in paths:
            answer = await client.get(re.sub(r"\{\w+\}", "x", path))
            assert (answer.status_code, answer.json()["reason"]) == (503, "loading"), path


@pytest.mark.faults
async def test_a_first_load_that_is_killed_refuses_reads_until_the_next_load_has_finished_it(
    database: Database,
    harbor: Seed,
    settings: Settings,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filling, "SILENCE_S", 3)

    await killed_when_half_written(loader(environment, 26_000), database)

    await assert_every_read_is_refused(database, settings)
    await load(database, harbor)
    assert set(await reading.held_facts(database)) == set(harbor.facts)
    await require_ready(database)


@pytest.mark.faults
async def test_a_restore_that_is_killed_refuses_reads_until_the_next_restore_has_finished_it(
    database: Database,
    harbor: Seed,
    settings: Settings,
    environment: dict[str, str],
    cypher: Cypher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filling, "SILENCE_S", 3)
    wanted = large(harbor, 18_000)
    await load(database, wanted)
    file = tmp_path / "large.ndjson"
    with file.open("wb") as out:
        dumped = await dump(database, out)
    cypher("MATCH (n) DETACH DELETE n")

    await killed_when_half_written(restorer(environment, file), database)

    await assert_every_read_is_refused(database, settings)
    with file.open("rb") as source:
        counts = await restore(database, source)
    assert counts == dumped
    assert set(await reading.held_facts(database)) == set(wanted.facts)
    await require_ready(database)


async def kill_engine(settings: Settings) -> None:
    status = await engine_status(settings.data_dir)
    assert status is not None
    assert status.database_pid is not None
    os.kill(status.database_pid, signal.SIGKILL)


@pytest.mark.faults
@pytest.mark.embedded_only
@pytest.mark.parametrize("kills", [1, 3])
async def test_a_load_whose_engine_is_killed_is_done_again_as_a_whole_and_says_so(
    database: Database,
    harbor: Seed,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    kills: int,
) -> None:
    await load(database, harbor)
    wanted = large(harbor, 1_000)
    said: list[str] = []
    write = writing.create_relationships

    async def kill_in_the_transaction(*written: Any) -> None:
        if len(said) < kills:
            await kill_engine(settings)
        await write(*written)

    monkeypatch.setattr(writing, "create_relationships", kill_in_the_transaction)
    await load(database, wanted, say=said.append)

    assert set(await reading.held_facts(database)) == set(wanted.facts)
    assert len(said) == kills
    assert all("again as a whole" in line for line in said)


@pytest.mark.faults
@pytest.mark.embedded_only
async def test_a_first_load_whose_engine_is_killed_is_done_again_as_a_whole(
    database: Database, harbor: Seed, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "SILENCE_S", 1)
    monkeypatch.setattr(loading, "ONE_TRANSACTION", 1_000)
    monkeypatch.setattr(writing, "BATCH", 100)
    wanted = large(harbor, 2_000)

    task = asyncio.create_task(load(database, wanted))
    await until_half_written(database, task.done)
    await kill_engine(settings)
    await task

    assert set(await reading.held_facts(database)) == set(wanted.facts)
    await require_ready(database)


@pytest.mark.faults
@pytest.mark.neo4j_only
async def test_a_load_whose_neo4j_is_killed_leaves_the_old_graph_or_the_new_one(
    database: Database,
    harbor: Seed,
    neo4j_server: Neo4jServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await load(database, harbor)
    wanted = large(harbor, 1_000)
    in_the_transaction = asyncio.Event()
    write = writing.create_relationships

    async def announce(*written: Any) -> None:
        in_the_transaction.set()
        await write(*written)

    monkeypatch.setattr(writing, "create_relationships", announce)
    task = asyncio.create_task(load(database, wanted))
    await in_the_transaction.wait()
    neo4j_server.kill()
    await asyncio.to_thread(neo4j_server.start)
    # The driver tries a transaction that lost its server again for a while, and may succeed.
    with suppress(StoreUnavailableError):
        await task

    held = set(await reading.held_facts(database))
    assert held in (set(harbor.facts), set(wanted.facts))
    await require_ready(database)
    await load(database, wanted)
    assert set(await reading.held_facts(database)) == set(wanted.facts)


@pytest.mark.faults
@pytest.mark.smoke
async def test_a_runaway_read_is_stopped_and_the_next_read_works(
    database: Database, statements: StatementExecutor, harbor: Seed
) -> None:
    await load(database, harbor)

    with pytest.raises(StoreTimeoutError, match=r"ran past its (1 seconds|time) and was stopped"):
        await statements.query(RUNAWAY, timeout_s=1)

    assert (await statements.query("MATCH (e:Entity) RETURN count(e) AS n")).rows == [
        [len(harbor.entities)]
    ]


@pytest.mark.faults
@pytest.mark.embedded_only
async def test_a_read_in_flight_while_a_runaway_is_stopped_is_answered(
    database: Database, statements: StatementExecutor, harbor: Seed
) -> None:
    await load(database, harbor)

    async def reads() -> None:
        for _ in range(40):
            assert await database.read("read/node_count", {"label": "Document"}) == [
                {"nodes": len(harbor.documents)}
            ]
            await asyncio.sleep(0.1)

    runaway, _ = await asyncio.gather(
        statements.query(RUNAWAY, timeout_s=0.5), reads(), return_exceptions=True
    )

    assert isinstance(runaway, StoreTimeoutError)


@pytest.mark.faults
@pytest.mark.neo4j_only
async def test_a_statement_is_ended_from_another_connection_than_its_own(
    database: Database,
) -> None:
    async def run(mark: str) -> Any:
        async with database.reader_session(10) as session:
            result = await session.run(Query(RUNAWAY, metadata={"graphsvc": mark}, timeout=600))
            return await result.single()

    ended, other = (asyncio.ensure_future(run(mark)) for mark in ("ended", "other"))
    await asyncio.sleep(1)
    await database.terminate("ended")
    with pytest.raises(Neo4jError, match="Terminated"):
        await ended

    assert not other.done()
    await database.terminate("other")
    await asyncio.wait({other})
    assert other.exception()


@pytest.mark.faults
@pytest.mark.embedded_only
async def test_rows_in_an_order_go_on_where_a_killed_engine_broke_them_off(
    database: Database, settings: Settings, cypher: Cypher
) -> None:
    cypher(
        "UNWIND range(1, 5000) AS i CREATE (:Buoy {id: toString(1000000 + i),"
        " content_hash: 'none', recorded_at: '2031-01-01T00:00:00Z'})"
    )
    ids = []
    async for row in database.stream("read/walking/ids_in_order", {"label": "Buoy"}):
        ids.append(row["id"])
        if len(ids) in (1, 1500):
            await kill_engine(settings)
    cypher("MATCH (n:Buoy) DELETE n")

    assert ids == [str(1_000_000 + number) for number in range(1, 5001)]


@pytest.mark.faults
@pytest.mark.embedded_only
async def test_closing_ends_what_the_engine_computes_for_nobody(database: Database) -> None:
    assert database.engine is not None
    before = database.engine.address.generation
    async with StatementExecutor(database) as statements:
        runaway = asyncio.ensure_future(statements.query(RUNAWAY, timeout_s=600))
        while not REGISTRY.get_sample_value("graphsvc_database_sessions"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        runaway.cancel()
        await asyncio.wait({runaway})

    assert (await database.engine.ready()).generation > before


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def test_an_absent_neo4j_is_named_with_what_to_check() -> None:
    settings = load_settings(uri=f"bolt://127.0.0.1:{free_port()}", password="x")

    with pytest.raises(StoreUnavailableError, match=r"No database answers at bolt://127\.0\.0\.1"):
        await Database.open(settings)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:7687", "127.0.0.1:7687", "bolt://", "bolt:"])
async def test_an_address_that_is_none_is_named_with_the_form_it_should_have(uri: str) -> None:
    with pytest.raises(SettingsError, match=r"GRAPHSVC_URI: .*bolt://host:port"):
        load_settings(uri=uri, password="x")


@pytest.mark.neo4j_only
async def test_a_wrong_password_is_told_apart_from_an_absent_server(settings: Settings) -> None:
    wrong = load_settings(uri=settings.uri, user=settings.user, password="not this one")

    with pytest.raises(StoreUnavailableError, match="refused the user name or password"):
        await Database.open(wrong)


@pytest.mark.neo4j_only
async def test_an_unknown_database_name_is_told(settings: Settings) -> None:
    wrong = load_settings(
        uri=settings.uri,
        user=settings.user,
        password=settings.neo4j_password(),
        database="nosuchdatabase",
    )

    with pytest.raises(StoreUnavailableError, match="GRAPHSVC_DATABASE"):
        async with await Database.open(wrong) as database:
            await read_state(database)
