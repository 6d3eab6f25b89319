"""What overwhelms the embedded engine is ended, and nothing else is."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from graphsvc.errors import StoreBusyError, StoreTimeoutError
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.engine import engine_status
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.usecases.loading.doctor import diagnose

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.faults,
    pytest.mark.embedded_only,
    pytest.mark.usefixtures("calm"),
]

RUNAWAY = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n"
LONG = "UNWIND range(1, 4000) AS a UNWIND range(1, 4000) AS b RETURN count(*) AS n"


async def generation(database: Database) -> int:
    assert database.engine is not None
    return (await database.engine.ready()).generation


async def test_what_kept_the_engine_from_answering_is_ended_and_the_others_run_again(
    database: Database, statements: StatementExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await generation(database)
    look_up = database.look_up

    async def unanswered_at_first() -> None:
        if await generation(database) == before:
            await asyncio.Event().wait()
        await look_up()

    monkeypatch.setattr(database, "look_up", unanswered_at_first)
    runaway = asyncio.ensure_future(statements.query(RUNAWAY, timeout_s=60))
    await asyncio.sleep(1)
    others = [statements.query(LONG, timeout_s=60) for _ in range(2)]
    rows = [result.rows for result in await asyncio.gather(*others)]

    assert rows == [[[16_000_000]], [[16_000_000]]]
    with pytest.raises(StoreTimeoutError, match="kept the database from answering"):
        await runaway
    assert await generation(database) == before + 1


async def suspended(settings: Settings) -> None:
    """The engine stands still, as on a machine that is suspended or waits for its disk."""
    status = await engine_status(settings.data_dir)
    assert status is not None
    assert status.database_pid is not None
    os.kill(status.database_pid, signal.SIGSTOP)
    await asyncio.sleep(6)
    os.kill(status.database_pid, signal.SIGCONT)


async def blocked(_: Settings) -> None:
    """This process stands still, as one does that has too much to do."""
    time.sleep(6)  # noqa: ASYNC251 - that is what it is about


@pytest.mark.parametrize("stand_still", [suspended, blocked])
async def test_what_stands_still_for_a_while_is_not_ended(
    database: Database,
    statements: StatementExecutor,
    settings: Settings,
    stand_still: Callable[[Settings], Awaitable[None]],
) -> None:
    before = await generation(database)

    running = asyncio.ensure_future(statements.query(LONG, timeout_s=60))
    await asyncio.sleep(0.5)
    await stand_still(settings)

    assert (await running).rows == [[16_000_000]]
    assert await generation(database) == before


async def test_after_two_runaways_peoples_statements_wait_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHSVC_DATA_DIR", str(tmp_path))
    settings = Settings(engine_memory_mb=256)
    said: list[str] = []
    async with await Database.open(settings) as database, StatementExecutor(database) as statements:
        statements.places.warn = said.append
        for _ in range(2):
            assert (await statements.query("RETURN 1 AS n")).rows == [[1]]
            with pytest.raises(StoreTimeoutError):
                await statements.query(RUNAWAY, timeout_s=0.1)
            await generation(database)
        with pytest.raises(StoreBusyError, match="twice within a minute") as refused:
            await statements.query("RETURN 1 AS n")

        assert 0 < refused.value.retry_after_s <= 60
        assert (await statements.query("RETURN 1 AS n", from_file=True)).rows == [[1]]
        assert await database.read("read/node_count", {"label": "Entity"}) == [{"nodes": 0}]
        assert any("wait a minute" in line for line in said)
        findings = await diagnose(os.environ, seed_dir=None, port=0)
    assert any("wait" in finding.what for finding in findings if finding.about == "engine")
    assert "people's statements wait 60 s" in (tmp_path / "engine.log").read_text()
