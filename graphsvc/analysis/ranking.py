"""Ranks: 1 is the highest value, and equal values share the mean of their places."""

from __future__ import annotations

import numpy as np


def ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each value, from 1; NaN comes last. `[5, 9, 5]` are ranked 2.5, 1, 2.5."""
    order = np.where(np.isnan(values), np.inf, -values)
    _, which, times = np.unique(order, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    shared: np.ndarray = ((last - times + 1 + last) / 2)[which]
    return shared
