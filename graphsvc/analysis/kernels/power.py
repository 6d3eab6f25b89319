"""Products of a sparse matrix and a vector, row by row, so that a row's sum has one order."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel
from graphsvc.analysis.kernels.parallel import in_ranges

NO_WEIGHTS = np.empty(0)


def product(
    indptr: np.ndarray, indices: np.ndarray, weights: np.ndarray, x: np.ndarray
) -> np.ndarray:
    """The sum of `x` over each row, weighted where there are weights."""
    found = np.empty(indptr.size - 1)
    in_ranges(
        found.size,
        lambda low, high: _product(indptr, indices, weights, x, found, low, high),
        steps=found.size + indices.size,
    )
    return found


@kernel
def _product(indptr, indices, weights, x, found, low, high):
    weighted = weights.size > 0
    for row in range(low, high):
        total = 0.0
        if weighted:
            for i in range(indptr[row], indptr[row + 1]):
                total += weights[i] * x[indices[i]]
        else:
            for i in range(indptr[row], indptr[row + 1]):
                total += x[indices[i]]
        found[row] = total


def row_sums(indptr: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weights of each row added up."""
    found = np.empty(indptr.size - 1)
    in_ranges(
        found.size,
        lambda low, high: _row_sums(indptr, weights, found, low, high),
        steps=found.size + weights.size,
    )
    return found


@kernel
def _row_sums(indptr, weights, found, low, high):
    for row in range(low, high):
        total = 0.0
        for i in range(indptr[row], indptr[row + 1]):
            total += weights[i]
        found[row] = total


def taken(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The values at these places, as floats."""
    found = np.empty(places.size)
    in_ranges(
        places.size,
        lambda low, high: _taken(values, places, found, low, high),
        steps=places.size,
    )
    return found


@kernel
def _taken(values, places, found, low, high):
    for i in range(low, high):
        found[i] = values[places[i]]
