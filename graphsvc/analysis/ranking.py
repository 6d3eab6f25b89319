"""Which computed numbers are equal, and the ranks of those that are not.

Two nodes that stand alike in a network have values that differ in their last digits, since sums are
added up in another order. So whatever orders, ranks or counts by a computed number asks here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Tolerance(NamedTuple):
    """How far two equal values may be apart: as a part of themselves, or of the largest of all."""

    of_itself: float
    of_largest: float


ROUNDING = Tolerance(1e-12, 1e-15)
"""Of sums and quotients that are exact but for rounding."""


def tolerance_of(parameters: Any) -> Tolerance:
    """That to which a measure with these parameters is computed: its `tol`, where it iterates."""
    tol = getattr(parameters, "tol", None)
    return ROUNDING if tol is None else Tolerance(tol, tol)


def levels(
    values: np.ndarray, tolerance: Tolerance = ROUNDING, largest: float | None = None
) -> np.ndarray:
    """The number of each value's group of equal ones, from 0 for the largest; NaN come last.

    A group holds what is within the tolerance of its largest value, so that a chain of values, each
    near the next, does not become one. Whole numbers are exact and have no tolerance.

    Parameters
    ----------
    largest
        Where the values are differences: the largest of the numbers that were subtracted.
    """
    found = np.asarray(values, np.float64)
    distinct, which = np.unique(-found, return_inverse=True)  # NaN are one, and last
    distinct = -distinct
    finite = distinct[np.isfinite(distinct)]
    if not finite.size or (finite == np.floor(finite)).all():
        return which
    least = tolerance.of_largest * (np.abs(finite).max() if largest is None else largest)
    lowest = np.full(distinct.size, np.inf)  # nothing else is equal to what is not finite
    lowest[np.isfinite(distinct)] = finite - np.maximum(tolerance.of_itself * np.abs(finite), least)
    # A gap begins a group however long the one above it is.
    begins = np.append(True, ~(distinct[1:] >= lowest[:-1]))
    for begin, end in _wide(begins, distinct, lowest):
        place = begin
        while place < end:
            begins[place] = True
            # Values fall: those within the tolerance come first.
            place += int(np.searchsorted(-distinct[place:end], -lowest[place], "right"))
    group: np.ndarray = (np.cumsum(begins) - 1)[which]
    return group


def _wide(begins: np.ndarray, distinct: np.ndarray, lowest: np.ndarray) -> list[tuple[int, int]]:
    """Where groups begin and end whose last value is too far from the first."""
    first = np.flatnonzero(begins)
    end = np.append(first[1:], distinct.size)
    wide = distinct[end - 1] < lowest[first]
    wide &= end - first > 1
    return list(zip(first[wide].tolist(), end[wide].tolist(), strict=True))


def ranks(values: np.ndarray, tolerance: Tolerance = ROUNDING) -> np.ndarray:
    """The rank of each value, from 1, the mean of their places for equal ones; NaN comes last.

    `[5, 9, 5]` are ranked 2.5, 1, 2.5.
    """
    which = levels(values, tolerance)
    times = np.bincount(which)
    last = np.cumsum(times)
    shared: np.ndarray = ((last - times + 1 + last) / 2)[which]
    return shared
