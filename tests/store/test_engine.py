"""The embedded engine: one database per data folder, shared, and gone with its last client."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
from pathlib import Path

import neo4j
import pytest

from graphsvc.errors import StoreUnavailableError
from graphsvc.store.engine import Engine, EngineStatus, child, engine_status
from graphsvc.store.engine.folder import DataFolder
from tests.store.engine_processes import (
    MEMORY_MB,
    alive,
    client,
    environment_and_arguments,
    listening_ports,
    run,
    said,
    wait_until,
)

pytestmark = pytest.mark.embedded_only


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose engine lingers from test to test."""
    return tmp_path_factory.mktemp("engine") / "데이터"


async def attach(data_dir: Path) -> Engine:
    return await Engine.attach(data_dir, memory_mb=MEMORY_MB)


async def status(data_dir: Path) -> EngineStatus:
    found = await engine_status(data_dir)
    assert found is not None
    return found


def test_a_cold_folder_starts_and_answers_bolt_and_nothing_else(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            assert await run(engine.address, "RETURN 1") == 1
            found = await status(folder)
            assert (found.state, found.clients, found.generation) == ("ready", 1, 1)
            assert found.database_pid is not None
            assert listening_ports(found.database_pid) == {found.bolt_port}

    asyncio.run(main())


def test_what_it_keeps_is_for_its_owner_only(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            found = await status(folder)
            secrets = {engine.address.password, engine.address.reader_password}
            seen = environment_and_arguments(found.pid)
            seen += environment_and_arguments(found.database_pid)
            assert not any(secret in seen for secret in secrets)
            assert not any(secret in repr(engine.address) for secret in secrets)

    asyncio.run(main())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_a_second_client_shares_the_engine(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            with client(folder) as other:
                assert said(other) == {"generation": engine.address.generation}
                assert (await status(folder)).clients == 2

    asyncio.run(main())


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Tool {id: 'x'})",
        "CREATE (:NewLabel)",
        "MATCH (t:Tool) SET t.id = 'y'",
        "MATCH (t:Tool) DETACH DELETE t",
        "MERGE (t:Tool {id: 'z'}) RETURN t",
        "CREATE CONSTRAINT c FOR (t:Tool) REQUIRE t.id IS UNIQUE",
        "EXPLAIN CREATE CONSTRAINT c FOR (t:Tool) REQUIRE t.id IS UNIQUE",
        "LOAD CSV FROM '/etc/passwd' AS line RETURN line",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "SHOW USERS",
        "CREATE USER intruder SET PASSWORD 'long enough 1'",
    ],
)
def test_the_reader_cannot(folder: Path, statement: str) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            await run(engine.address, "MERGE (:Tool {id: 'hammer'})")
            with pytest.raises(neo4j.exceptions.Neo4jError):
                await run(engine.address, statement, reader=True)
            assert await run(engine.address, "MATCH (t:Tool) RETURN t.id", reader=True) == "hammer"
            assert await run(engine.address, "MATCH (n) RETURN count(n)", reader=True) == 1

    asyncio.run(main())


@pytest.mark.parametrize("url", ["/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/x"])
def test_not_even_root_loads_files_or_addresses(folder: Path, url: str) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            with pytest.raises(neo4j.exceptions.Neo4jError):
                await run(engine.address, f"LOAD CSV FROM '{url}' AS line RETURN line")

    asyncio.run(main())


def test_the_analyst_is_told_what_is_wrong_in_a_statement(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            with pytest.raises(neo4j.exceptions.CypherSyntaxError, match="line 1, column 9"):
                await run(engine.address, "RETURN x y")

    asyncio.run(main())


def test_a_detached_client_stays_detached(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            generation = engine.address.generation
        with pytest.raises(StoreUnavailableError, match="let go"):
            await engine.restart(generation)

    asyncio.run(main())


@pytest.mark.faults
def test_the_last_client_takes_both_processes_with_it(folder: Path) -> None:
    async def main() -> EngineStatus:
        async with await attach(folder):
            return await status(folder)

    found = asyncio.run(main())
    assert found.database_pid is not None
    wait_until(lambda: not alive(found.pid))
    assert not alive(found.database_pid)
    assert asyncio.run(engine_status(folder)) is None


@pytest.mark.faults
def test_a_killed_starter_does_not_take_the_engine_from_others(tmp_path: Path) -> None:
    async def main() -> EngineStatus:
        with client(tmp_path) as starter:
            said(starter)
            async with await attach(tmp_path) as engine:
                starter.kill()
                starter.wait()
                await asyncio.sleep(4)  # longer than the engine lingers without clients
                assert await run(engine.address, "RETURN 1") == 1
                assert (await status(tmp_path)).clients == 1
            with client(tmp_path) as last:
                said(last)
                last.kill()
            return await status(tmp_path)

    found = asyncio.run(main())
    assert found.generation == 1
    wait_until(lambda: not alive(found.pid) and not alive(found.database_pid or 0))


@pytest.mark.faults
def test_two_clients_of_a_cold_folder_start_one_engine(tmp_path: Path) -> None:
    with client(tmp_path) as one, client(tmp_path) as two:
        assert said(one) == said(two) == {"generation": 1}
        assert asyncio.run(status(tmp_path)).clients == 2


@pytest.mark.faults
def test_an_attaching_client_gets_a_fresh_engine_from_one_that_is_going(tmp_path: Path) -> None:
    async def main() -> None:
        async with await attach(tmp_path):
            before = await status(tmp_path)
        os.kill(before.pid, signal.SIGTERM)
        async with await attach(tmp_path) as engine:
            assert await run(engine.address, "RETURN 1") == 1
            after = await status(tmp_path)
        assert after.pid != before.pid
        # Clients' driver pools go on with the address they have.
        assert (after.bolt_port, after.generation) == (before.bolt_port, before.generation + 1)

    asyncio.run(main())


@pytest.mark.faults
def test_a_stale_record_is_seen_through_even_when_its_pid_and_port_are_in_use(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as someone_else:
        (tmp_path / "engine.lock").touch()
        stale = {
            "pid": os.getpid(),
            "control_port": someone_else.getsockname()[1],
            "token": "old",
            "graphsvc_version": "0.0.1",
            "bolt_port": 0,
            "generation": 7,
        }
        (tmp_path / "engine.json").write_text(json.dumps(stale))
        assert asyncio.run(engine_status(tmp_path)) is None

        async def main() -> None:
            async with await attach(tmp_path) as engine:
                assert engine.address.generation == 8

        asyncio.run(main())


@pytest.mark.faults
def test_a_port_that_another_takes_meanwhile_is_given_up_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(taken: int) -> None:
        seen_free = iter([taken])
        look = child.free_port
        monkeypatch.setattr(child, "free_port", lambda wanted: next(seen_free, 0) or look(wanted))
        folder = DataFolder(tmp_path)
        folder.create()
        lock = folder.acquire()
        assert lock is not None
        database = child.DatabaseProcess(folder, lock, MEMORY_MB)
        try:
            await database.start(taken)
            assert database.bolt_port != taken
            assert await database.answers()
        finally:
            await database.kill()
            os.close(lock)

    with socket.create_server(("127.0.0.1", 0)) as other:
        asyncio.run(main(other.getsockname()[1]))
