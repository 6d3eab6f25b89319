"""Single flight: one computation at a time for all who wait for it, and a cache of results."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_MOST = 8
_MOST_BYTES = 256 * 2**20


class SingleFlight(Generic[T]):
    """One call at a time: whoever asks while it runs awaits that call's result."""

    def __init__(self, call: Callable[[], Awaitable[T]]) -> None:
        self._call = call
        self._task: asyncio.Future[T] | None = None

    async def __call__(self) -> T:
        """The result of the call that runs, or of one begun now."""
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._call())
        return await asyncio.shield(self._task)

    async def cancel(self) -> None:
        """Cancel the call that runs, and wait for its end."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})


class SingleFlightCache:
    """Results by key, each computed once however many ask for it at the same time.

    Parameters
    ----------
    most, most_bytes
        Of the results whose size is told: how many are kept, and how large all may be together.
    """

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._works: dict[Hashable, _SharedWork[Any]] = {}
        self._sizes: OrderedDict[Hashable, int] = OrderedDict()

    async def get(
        self,
        key: Hashable,
        make: Callable[[], Coroutine[Any, Any, T]],
        size: Callable[[T], int] | None = None,
    ) -> T:
        """The result under this key, computed by `make` where it is not known.

        Work that nobody waits for any more is cancelled. A failure is not kept: the next one who
        asks tries again. Where keys come from requests there is no end of them: then `size` tells
        how many bytes a result takes, and those that were asked for last are kept.
        """
        work: _SharedWork[T] | None = self._works.get(key)
        if work is None:
            work = self._works[key] = _SharedWork(asyncio.ensure_future(make()))
            work.task.add_done_callback(retrieve_exception)
        work.waiting += 1
        try:
            result = await asyncio.shield(work.task)
        except BaseException:
            await self._stop_waiting(key, work)
            raise
        finally:
            work.waiting -= 1
        if size is not None and self._works.get(key) is work:
            self._keep(key, self._sizes.get(key) or size(result))
        return result

    async def _stop_waiting(self, key: Hashable, work: _SharedWork[Any]) -> None:
        """Forget work that failed; cancel and forget work whose last waiter was cancelled."""
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
class _SharedWork(Generic[T]):
    task: asyncio.Future[T]
    waiting: int = 0


def retrieve_exception(task: asyncio.Future[Any]) -> None:
    """Mark the exception of a task as retrieved, lest asyncio logs that it never was."""
    if not task.cancelled():
        task.exception()
