"""The single-flight cache: one computation for all who wait, and only so many results kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graphsvc.api.http.single_flight import SingleFlightCache


def run(work: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Run the work; what asyncio has to say of tasks and failures that nobody looked at."""
    heard: list[Any] = []

    async def listening() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, said: heard.append(said))
        await work()

    asyncio.run(listening())
    return heard


class Maker:
    """Makes numbers, one after the other, when it is let."""

    def __init__(self) -> None:
        self.made = 0
        self.ended = 0
        self.let = asyncio.Event()

    async def __call__(self) -> int:
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.ended += 1
            raise
        self.made += 1
        return self.made


async def begun(kept: SingleFlightCache, make: Maker) -> asyncio.Task[int]:
    task = asyncio.ensure_future(kept.get("key", make))
    await asyncio.sleep(0)
    return task


def test_all_who_ask_meanwhile_share_one_result() -> None:
    async def work() -> None:
        kept, make = SingleFlightCache(), Maker()
        asking = [await begun(kept, make) for _ in range(5)]
        make.let.set()

        assert await asyncio.gather(*asking) == [1] * 5
        assert await kept.get("key", make) == 1
        assert await kept.get("other", make) == 2

    assert run(work) == []


def test_who_stops_waiting_ends_nothing_for_the_others() -> None:
    async def work() -> None:
        kept, make = SingleFlightCache(), Maker()
        first, second = await begun(kept, make), await begun(kept, make)
        first.cancel()
        await asyncio.wait({first})
        make.let.set()

        assert await second == 1
        assert (first.cancelled(), make.ended) == (True, 0)

    assert run(work) == []


def test_work_that_nobody_waits_for_is_ended_before_they_are_gone() -> None:
    async def work() -> None:
        kept, make = SingleFlightCache(), Maker()
        asking = [await begun(kept, make), await begun(kept, make)]
        for task in asking:
            task.cancel()
        await asyncio.wait(asking)
        assert make.ended == 1

        make.let.set()
        assert await kept.get("key", make) == 1

    assert run(work) == []


def test_who_comes_while_work_is_being_ended_has_it_begun_anew() -> None:
    async def work() -> None:
        kept, make = SingleFlightCache(), Maker()
        first = await begun(kept, make)
        first.cancel()
        await asyncio.sleep(0)
        second = await begun(kept, make)
        make.let.set()

        assert await second == 1

    assert run(work) == []


@pytest.mark.parametrize("gone", [False, True])
def test_a_failure_is_not_kept_nor_forgotten_where_nobody_waits(gone: bool) -> None:
    async def fail() -> int:
        try:
            await asyncio.sleep(0.001 if not gone else 10)
        finally:
            raise ValueError

    async def work() -> None:
        kept, make = SingleFlightCache(), Maker()
        asking = asyncio.ensure_future(kept.get("key", fail))
        await asyncio.sleep(0)
        if gone:
            asking.cancel()
        await asyncio.wait({asking})
        assert gone or isinstance(asking.exception(), ValueError)

        make.let.set()
        assert await kept.get("key", make) == 1

    assert run(work) == []


async def fill(kept: SingleFlightCache, *sizes: int) -> Callable[[int], Awaitable[bool]]:
    """Keep a result of each size; says then whether the one of a place is still there."""

    async def make() -> object:
        return object()

    made = [await kept.get(key, make, lambda _, size=size: size) for key, size in enumerate(sizes)]

    async def is_there(key: int) -> bool:
        return await kept.get(key, make) is made[key]

    return is_there


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ((1, 1, 1), [True, True, True]),
        ((1, 1, 1, 1), [False, True, True, True]),
        ((6, 3, 4), [False, True, True]),
        ((4, 4, 9), [False, False, True]),
        ((4, 4, 11), [True, True, False]),
    ],
)
def test_of_results_with_a_size_the_last_few_are_kept(
    sizes: tuple[int, ...], left: list[bool]
) -> None:
    async def work() -> None:
        is_there = await fill(SingleFlightCache(most=3, most_bytes=10), *sizes)

        assert [await is_there(key) for key in range(len(sizes))] == left

    assert run(work) == []


def test_what_is_asked_for_again_stays_longer() -> None:
    async def work() -> None:
        kept = SingleFlightCache(most=2)

        async def make() -> object:
            return object()

        def size(_: object) -> int:
            return 1

        first = await kept.get("first", make, size)
        second = await kept.get("second", make, size)
        assert await kept.get("first", make, size) is first
        await kept.get("third", make, size)

        assert await kept.get("first", make, size) is first
        assert await kept.get("second", make, size) is not second

    assert run(work) == []
