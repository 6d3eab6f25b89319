"""Loops over arrays, compiled by numba when an analysis first calls them, and kept on disk.

Every kernel releases the GIL. A long one takes the `state` of a `Progress`: it adds to `state[0]`
what it has done, and ends early (its result is then thrown away) when `state[1]` is not 0. What
runs in parallel splits its work and adds up its parts in an order that does not depend on the
number of threads, so that the same input gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba

from graphsvc.analysis.kernel_cache import keep

Kernel = Callable[..., Any]


def kernel(function: Kernel) -> Kernel:
    """Compile for one thread."""
    compiled: Kernel = numba.njit(nogil=True, error_model="numpy")(function)
    return keep(compiled)


def parallel_kernel(function: Kernel) -> Kernel:
    """Compile for all threads that numba may use (`NUMBA_NUM_THREADS`): loops by `prange`."""
    compiled: Kernel = numba.njit(nogil=True, error_model="numpy", parallel=True)(function)
    return keep(compiled)


_WORTH_THREADS = 10_000


@contextmanager
def threads_that_pay(size: int) -> Iterator[None]:
    """Within, one thread where a graph has few nodes and edges, and the bits are the same.

    To wake the others takes longer than a step over a small graph: a hundred PageRanks of thirty
    nodes take a second with them, and a twentieth without.
    """
    before = numba.get_num_threads()
    if size < _WORTH_THREADS:
        numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)
