"""Loops over arrays, compiled by numba when an analysis first calls them, and kept on disk.

Every kernel releases the GIL. A long one takes the `state` of a `Progress`: it adds to `state[0]`
what it has done, and ends early (its result is then thrown away) when `state[1]` is not 0. What
runs in parallel splits its work and adds up its parts in an order that does not depend on the
number of threads (see `parallel`), so that the same input gives the same bits.

Whoever calls a measure for the first time waits while its kernels are compiled. So they are loops
over arrays that are made outside by numpy: what makes, copies, sorts or adds up a whole array takes
the compiler longer than the loop, and each type of an argument compiles a kernel once more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba

from graphsvc.analysis.kernel_cache import keep
from graphsvc.analysis.kernels.compiling import log_compiling

Kernel = Callable[..., Any]

log_compiling()


def kernel(function: Kernel) -> Kernel:
    """Compile when first called."""
    compiled: Kernel = numba.njit(nogil=True, error_model="numpy")(function)
    return keep(compiled)


def inner(function: Kernel) -> Kernel:
    """Compile as a part of the kernels that call it, which takes half the time of one more kernel.

    Python cannot call it. What is kept on disk is in those kernels.
    """
    compiled: Kernel = numba.njit(  # type: ignore[call-overload] # its stubs lack the last two
        error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)
    return compiled
