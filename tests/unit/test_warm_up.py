"""Warm-up: of the newest version alone, shared with requests, cancelled at shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graphsvc.api.http.live_graph import GraphVersion
from graphsvc.api.http.warm_up import warm_up_each_version
from graphsvc.errors import StoreTimeoutError, StoreUnavailableError


class Version(GraphVersion):
    """A version of a graph that needs no database."""

    def __init__(self, number: int) -> None:
        super().__init__(None, None, None, None, None)  # type: ignore[arg-type]
        object.__setattr__(self, "number", number)

    @property
    def version(self) -> int:
        return self.number  # type: ignore[attr-defined,no-any-return]


class Graph:
    """Has the versions that a test makes it see."""

    def __init__(self, first: int | None = 1) -> None:
        self.on_version: Callable[[GraphVersion], None] = lambda _: None
        self._first = first

    async def now(self) -> GraphVersion:
        if self._first is None:
            raise StoreUnavailableError("The graph is empty.", reason="empty")
        return self.see(self._first)

    def see(self, number: int) -> Version:
        at = Version(number)
        self.on_version(at)
        return at


class Index:
    """Is made when it is let; tells for which versions that was begun, ended and done."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.done: list[int] = []
        self.let = asyncio.Event()

    async def of(self, at: GraphVersion) -> str:
        async def make() -> str:
            self.begun.append(at.version)
            try:
                await self.let.wait()
            except asyncio.CancelledError:
                self.ended.append(at.version)
                raise
            self.done.append(at.version)
            return f"of {at.version}"

        return await at.compute_once("index", make)


class Log:
    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []

    def warning(self, event: str, **more: Any) -> None:
        self.said.append((event, more["version"]))

    exception = warning


async def a_moment() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def run(work: Callable[[Index, Log], Awaitable[None]]) -> list[tuple[str, Any]]:
    """Run the work; asyncio must have nothing to say of tasks nobody looked at. What was logged."""
    heard: list[Any] = []
    log = Log()

    async def listening() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, said: heard.append(said))
        await work(Index(), log)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(listening())
    assert heard == []
    return log.said


def test_it_begins_with_the_start_and_with_each_other_version() -> None:
    async def work(index: Index, log: Log) -> None:
        graph: Any = Graph()
        index.let.set()
        async with warm_up_each_version(graph, index.of, log):
            await a_moment()
            assert index.done == [1]
            graph.see(2)
            await a_moment()
            assert index.done == [1, 2]
        graph.see(3)
        await a_moment()
        assert index.begun == [1, 2]

    assert run(work) == []


def test_where_there_is_no_graph_it_waits_for_one() -> None:
    async def work(index: Index, log: Log) -> None:
        graph: Any = Graph(first=None)
        async with warm_up_each_version(graph, index.of, log):
            await a_moment()
            assert index.begun == []
            graph.see(1)
            await a_moment()
            assert index.begun == [1]

    assert run(work) == []


def test_a_version_that_another_follows_is_given_up() -> None:
    async def work(index: Index, log: Log) -> None:
        graph: Any = Graph()
        async with warm_up_each_version(graph, index.of, log):
            await a_moment()
            for number in (2, 3):
                graph.see(number)
            await a_moment()
            index.let.set()
            await a_moment()
        assert (index.begun, index.ended, index.done) == ([1, 3], [1], [3])

    assert run(work) == []


def test_a_request_shares_it_and_gets_it_though_another_version_follows() -> None:
    async def work(index: Index, log: Log) -> None:
        graph: Any = Graph(first=None)
        async with warm_up_each_version(graph, index.of, log):
            at = graph.see(1)
            await a_moment()
            request = asyncio.ensure_future(index.of(at))
            await a_moment()
            graph.see(2)
            await a_moment()
            index.let.set()
            assert await request == "of 1"
            await a_moment()
        assert (index.begun, index.done) == ([1, 2], [1, 2])

    assert run(work) == []


def test_the_end_ends_it() -> None:
    async def work(index: Index, log: Log) -> None:
        graph: Any = Graph()
        async with warm_up_each_version(graph, index.of, log):
            await a_moment()
            assert index.begun == [1]
        assert (index.ended, index.done) == ([1], [])

    assert run(work) == []


@pytest.mark.parametrize(
    ("error", "event"),
    [(StoreTimeoutError("Too slow."), "warm-up failed"), (KeyError("name"), "internal error")],
)
def test_a_failure_is_logged_and_the_next_version_tried(error: Exception, event: str) -> None:
    tried: list[int] = []

    async def fail(at: GraphVersion) -> None:
        tried.append(at.version)
        raise error

    async def work(_: Index, log: Log) -> None:
        graph: Any = Graph()
        async with warm_up_each_version(graph, fail, log):
            await a_moment()
            graph.see(2)
            await a_moment()

    assert run(work) == [(event, 1), (event, 2)]
    assert tried == [1, 2]
