"""What was worked out of one version of the graph: kept, and shared by all who ask meanwhile."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_MOST = 8
_MOST_BYTES = 256 * 2**20


class Kept:
    """Results by key.

    Parameters
    ----------
    most, most_bytes
        Of the results whose size is told: how many are kept, and how large all may be together.
    """

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._works: dict[Hashable, _Work[Any]] = {}
        self._sizes: OrderedDict[Hashable, int] = OrderedDict()

    async def get(
        self,
        key: Hashable,
        make: Callable[[], Coroutine[Any, Any, T]],
        size: Callable[[T], int] | None = None,
    ) -> T:
        """The result under this key, worked out by `make` where it is not known.

        Work that nobody waits for any more is ended. A failure is not kept: the next one who asks
        tries again. There is no end of results by what requests ask for, so `size` tells how many
        bytes each takes, and those that were asked for last are kept.
        """
        work: _Work[T] | None = self._works.get(key)
        if work is None:
            work = self._works[key] = _Work(asyncio.ensure_future(make()))
            work.task.add_done_callback(look_at)
        work.waiting += 1
        try:
            result = await asyncio.shield(work.task)
        except BaseException:
            await self._give_up(key, work)
            raise
        finally:
            work.waiting -= 1
        if size is not None and self._works.get(key) is work:
            self._keep(key, self._sizes.get(key) or size(result))
        return result

    async def _give_up(self, key: Hashable, work: _Work[Any]) -> None:
        """One who waited gets no result: because there is none, or because of being cancelled."""
        task = work.task
        nobody_waits = work.waiting == 1 and not task.done()
        failed = task.done() and (task.cancelled() or task.exception() is not None)
        if (nobody_waits or failed) and self._works.get(key) is work:
            del self._works[key]
        if nobody_waits:
            task.cancel()
            await asyncio.wait({task})

    def _keep(self, key: Hashable, size: int) -> None:
        self._sizes[key] = size
        # What is larger than all may be goes itself, and does not throw out the others.
        self._sizes.move_to_end(key, last=size <= self._most_bytes)
        while len(self._sizes) > self._most or sum(self._sizes.values()) > self._most_bytes:
            oldest, _ = self._sizes.popitem(last=False)
            del self._works[oldest]


@dataclass(slots=True)
class _Work(Generic[T]):
    task: asyncio.Future[T]
    waiting: int = 0


def look_at(task: asyncio.Future[Any]) -> None:
    """Take note of a failure that nobody waits for, lest asyncio prints it as forgotten."""
    if not task.cancelled():
        task.exception()
