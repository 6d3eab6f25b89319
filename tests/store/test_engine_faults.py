"""What goes wrong around the embedded engine, made to happen for real (for root as well)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import shutil
import signal
from pathlib import Path

import neo4j
import pytest

import graphsvc
from graphsvc.errors import SettingsError, StoreUnavailableError
from graphsvc.store.engine import Engine, EngineAddress, engine_status
from tests.store.engine_processes import MEMORY_MB, REPOSITORY, alive, client, run, said

pytestmark = pytest.mark.embedded_only

RUNAWAY = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*)"
DOUBLING = "RETURN size(reduce(l = [1], i IN range(1, 40) | l + l))"
COUNT = "MATCH (n:Thing) RETURN count(n)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose engine lingers from test to test."""
    return tmp_path_factory.mktemp("engine")


async def attach(data_dir: Path) -> Engine:
    return await Engine.attach(data_dir, memory_mb=MEMORY_MB)


async def write_until_refused(address: EngineAddress, tries: int) -> int:
    """Commit one thing at a time; how many were acknowledged."""
    acknowledged = 0
    padding = "x" * 2000
    try:
        for _ in range(tries):
            await run(address, f"UNWIND range(1, 100) AS i CREATE (:Thing {{text: '{padding}'}})")
            acknowledged += 100
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError):
        pass
    return acknowledged


@pytest.mark.faults
def test_a_restart_ends_a_runaway_once_for_all_who_ask(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine, await attach(folder) as other:
            observed = engine.address
            runaway = asyncio.create_task(run(observed, RUNAWAY))
            await asyncio.sleep(0.5)
            addresses = await asyncio.gather(
                engine.restart(observed.generation),
                engine.restart(observed.generation),
                other.restart(observed.generation),
            )
            with pytest.raises(neo4j.exceptions.DriverError):
                await runaway
            assert {address.generation for address in addresses} == {observed.generation + 1}
            assert {address.uri for address in addresses} == {observed.uri}
            assert other.address == engine.address == addresses[0]
            assert await run(engine.address, "RETURN 1") == 1

    asyncio.run(main())


@pytest.mark.faults
def test_a_killed_database_comes_back_with_all_that_was_acknowledged(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            before = engine.address
            found = await engine_status(folder)
            assert found is not None
            assert found.database_pid is not None
            writing = asyncio.create_task(write_until_refused(before, 10_000))
            while await run(before, COUNT) < 300:  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(0.05)
            os.kill(found.database_pid, signal.SIGKILL)
            acknowledged = await writing
            assert acknowledged > 0
            address = await engine.ready()
            assert (address.generation, address.uri) == (before.generation + 1, before.uri)
            # The commit in flight may have made it without its answer.
            assert await run(address, COUNT) in {acknowledged, acknowledged + 100}

    asyncio.run(main())


@pytest.mark.faults
def test_a_killed_supervisor_is_replaced_at_the_next_call(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            before = engine.address
            count = await run(before, COUNT)
            found = await engine_status(folder)
            assert found is not None
            os.kill(found.pid, signal.SIGKILL)
            address = await engine.ready()
            assert not alive(found.database_pid or 0)
            assert (address.generation, address.uri) == (before.generation + 1, before.uri)
            assert await run(address, COUNT) == count

    asyncio.run(main())


@pytest.mark.faults
def test_a_full_disk_stops_writes_says_so_and_loses_nothing(folder: Path) -> None:
    async def main() -> None:
        async with await attach(folder) as engine:
            count = await run(engine.address, COUNT)
            found = await engine_status(folder)
            assert found is not None
            processes = [found.pid, found.database_pid or 0]
            for pid in processes:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (3 * 2**20, resource.RLIM_INFINITY))
            acknowledged = await write_until_refused(engine.address, 1000)
            with pytest.raises(StoreUnavailableError, match="No room for the database"):
                await engine.restart(found.generation)
            limits = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(found.pid, resource.RLIMIT_FSIZE, limits)
            address = await engine.ready()
            # The commit that was refused may have come as far as the log, and is whole then.
            assert await run(address, COUNT) - count in {acknowledged, acknowledged + 100}

    asyncio.run(main())


@pytest.mark.faults
def test_a_database_that_dies_again_and_again_is_left_down(folder: Path) -> None:
    async def kill_whenever_ready(engine: Engine) -> None:
        while True:
            await engine.ready()
            found = await engine_status(folder)
            assert found is not None
            os.kill(found.database_pid or 0, signal.SIGKILL)

    async def main() -> None:
        async with await attach(folder) as engine:
            with pytest.raises(StoreUnavailableError, match="died 4 times in a row"):
                await kill_whenever_ready(engine)

    asyncio.run(main())


@pytest.mark.faults
def test_statements_that_exhaust_the_memory_never_leave_it_down(tmp_path: Path) -> None:
    async def main() -> None:
        async with await attach(tmp_path) as engine:
            assert not engine.address.memory_ran_out
            for _ in range(5):
                with pytest.raises(neo4j.exceptions.DriverError):
                    await run(engine.address, DOUBLING)
                assert (await engine.ready()).memory_ran_out
            assert await run(engine.address, "RETURN 1") == 1
            assert not (await engine.restart(engine.address.generation)).memory_ran_out

    asyncio.run(main())


@pytest.mark.parametrize("below", ["file/data", "file/data/deeper"])
def test_a_folder_that_cannot_be_is_a_setting_to_mend(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=re.escape(str(tmp_path / below))) as raised:
        asyncio.run(attach(tmp_path / below))
    assert raised.value.field == "data_dir"
    assert "GRAPHSVC_DATA_DIR" in raised.value.mend


def test_a_full_disk_at_the_start_is_named(tmp_path: Path) -> None:
    with client(tmp_path, file_size=2**20) as refused:
        answer = said(refused)
    assert answer["error"] == "StoreUnavailableError"
    assert f"No room for the database in {tmp_path}: File too large." in answer["text"]


def test_java_that_does_not_start_is_quoted(tmp_path: Path) -> None:
    with client(tmp_path, memory_mb=100_000_000) as refused:
        answer = said(refused)
    assert answer["error"] == "StoreUnavailableError"
    assert "Could not reserve enough space" in answer["text"]
    assert "GRAPHSVC_ENGINE_MEMORY_MB" in answer["text"]


def test_a_database_of_a_newer_engine_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "engine-version.json").write_text(json.dumps({"arcadedb": "99.1.0"}))
    with client(tmp_path) as refused:
        answer = said(refused)
    assert answer["error"] == "StoreUnavailableError"
    assert "written by ArcadeDB 99.1.0" in answer["text"]


@pytest.mark.faults
def test_another_version_is_named_while_it_is_in_use_and_followed_once_it_is_not(
    tmp_path: Path,
) -> None:
    other = tmp_path / "other"
    shutil.copytree(
        REPOSITORY / "graphsvc", other / "graphsvc", ignore=shutil.ignore_patterns("__pycache__")
    )
    package = other / "graphsvc" / "__init__.py"
    package.write_text(package.read_text().replace(graphsvc.__version__, "9.9.9"))
    data_dir = tmp_path / "data"
    with client(data_dir, root=other) as holder:
        assert said(holder) == {"generation": 1}
        with pytest.raises(StoreUnavailableError, match=r"in use by graphsvc 9\.9\.9 \(process \d"):
            asyncio.run(attach(data_dir))

    async def main() -> None:
        async with await attach(data_dir) as engine:
            assert engine.address.generation == 2
            found = await engine_status(data_dir)
            assert found is not None
            assert found.graphsvc_version == graphsvc.__version__

    asyncio.run(main())
