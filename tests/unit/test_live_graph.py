"""The graph as requests see it, while its database is not there yet."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc.api.http import live_graph as api_graph
from graphsvc.api.http.live_graph import LiveGraph
from graphsvc.errors import SettingsError, StoreUnavailableError
from graphsvc.settings import Settings


def run_and_hear(work: Callable[[], Awaitable[None]]) -> list[dict[str, Any]]:
    """Run the work; what asyncio has to say of failures that nobody looked at."""
    heard: list[dict[str, Any]] = []

    async def listening() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, said: heard.append(said))
        await work()
        gc.collect()

    asyncio.run(listening())
    gc.collect()
    return heard


@pytest.mark.parametrize("hangs_up", [True, False])
def test_a_database_that_does_not_come_in_time_is_no_forgotten_failure(monkeypatch, hangs_up):
    monkeypatch.setattr(api_graph, "_START_WAIT_S", 0.01)
    called = asyncio.Event()
    hang_up = asyncio.Event()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await hang_up.wait()
        writer.close()

    async def work() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        graph = LiveGraph(Settings(uri=f"bolt://127.0.0.1:{port}", password="unused"))
        await graph.start()
        if hangs_up:
            hang_up.set()
            with pytest.raises(StoreUnavailableError):
                await graph.database()
        else:
            await called.wait()
        await graph.close()
        hang_up.set()
        server.close()

    assert run_and_hear(work) == []


def test_a_bad_setting_stops_the_start(tmp_path: Path):
    (tmp_path / "file").touch()
    graph = LiveGraph(Settings(data_dir=tmp_path / "file"))

    async def work() -> None:
        with pytest.raises(SettingsError):
            await graph.start()
        await graph.close()

    assert run_and_hear(work) == []


def test_a_bad_setting_found_after_the_start_is_a_database_that_is_not_there(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setattr(api_graph, "_START_WAIT_S", 0)
    (tmp_path / "file").touch()
    graph = LiveGraph(Settings(data_dir=tmp_path / "file"))

    async def work() -> None:
        await graph.start()
        with pytest.raises(StoreUnavailableError, match="data"):
            await graph.database()
        await graph.close()

    assert run_and_hear(work) == []
