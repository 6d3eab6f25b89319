"""Products of a sparse matrix and a vector, row by row, so that a row's sum has one order."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

_BLOCK = 4096
NO_WEIGHTS = np.empty(0)


@parallel_kernel
def product(indptr, indices, weights, x):
    """The sum of `x` over each row, weighted where there are weights."""
    found = np.empty(indptr.size - 1)
    for block in numba.prange((found.size + _BLOCK - 1) // _BLOCK):
        for row in range(block * _BLOCK, min(found.size, (block + 1) * _BLOCK)):
            found[row] = _row(indptr, indices, weights, x, row)
    return found


@kernel
def _row(indptr, indices, weights, x, row):
    total = 0.0
    if weights.size:
        for i in range(indptr[row], indptr[row + 1]):
            total += weights[i] * x[indices[i]]
    else:
        for i in range(indptr[row], indptr[row + 1]):
            total += x[indices[i]]
    return total


@parallel_kernel
def row_sums(indptr, weights):
    """The weights of each row added up."""
    found = np.empty(indptr.size - 1)
    for block in numba.prange((found.size + _BLOCK - 1) // _BLOCK):
        for row in range(block * _BLOCK, min(found.size, (block + 1) * _BLOCK)):
            total = 0.0
            for i in range(indptr[row], indptr[row + 1]):
                total += weights[i]
            found[row] = total
    return found


@parallel_kernel
def taken(values, places):
    """The values at these places, as floats."""
    found = np.empty(places.size)
    for i in numba.prange(places.size):
        found[i] = values[places[i]]
    return found
