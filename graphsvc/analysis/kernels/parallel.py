"""One computation by several threads, each in a compiled loop that has released the GIL.

How work is split never depends on the number of threads, or each piece stands for itself: so that
the same input gives the same bits. numba's own parallel loops take many times as long to compile.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

import numba

WORTH_THREADS = 50_000
"""Steps of a loop, below which a thread would be woken for longer than it then works."""


def most_threads() -> int:
    """As many as the process has processors, or `NUMBA_NUM_THREADS` says."""
    threads: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
    return threads


def in_parts(parts: int, run: Callable[[int], None], *, steps: int) -> None:
    """Call `run` with each number below `parts`, by as many threads as pay for so many `steps`.

    What one call raises is raised here, when all have ended.
    """
    threads = min(parts, most_threads()) if steps >= WORTH_THREADS else 1
    left = iter(range(parts))  # one for all threads: each takes what comes next

    def work() -> None:
        for part in left:
            run(part)

    if threads <= 1:
        work()
        return
    others = [_pool(threads - 1).submit(work) for _ in range(threads - 1)]
    try:
        work()
    finally:
        wait(others)
    for other in others:
        other.result()


def in_ranges(count: int, run: Callable[[int, int], None], *, steps: int) -> None:
    """Call `run` with the bounds of ranges that make up all numbers below `count`, as `in_parts`.

    Each number has to stand for itself, since there are as many ranges as threads.
    """
    pieces = max(1, min(count, most_threads())) if steps >= WORTH_THREADS else 1
    in_parts(
        pieces,
        lambda piece: run(count * piece // pieces, count * (piece + 1) // pieces),
        steps=steps,
    )


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers, thread_name_prefix="graphsvc-kernel")


# Threads do not live on in a forked process; it makes its own when it first needs them.
os.register_at_fork(after_in_child=_pool.cache_clear)
