"""Sparse products for power iterations, row by row, so that a row's sum has one order."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import parallel_kernel


@parallel_kernel
def pull(indptr, indices, weights, x, y):
    """`y[i]`: the weighted sum of `x` over row `i`; without weights each entry weighs 1."""
    weighted = weights.size > 0
    for row in numba.prange(indptr.size - 1):
        total = 0.0
        for i in range(indptr[row], indptr[row + 1]):
            if weighted:
                total += weights[i] * x[indices[i]]
            else:
                total += x[indices[i]]
        y[row] = total


NO_WEIGHTS = np.empty(0)
