"""The least and largest eccentricity of an undirected graph from few searches, by bounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import distance
from graphsvc.analysis.progress import current

Decided = Callable[[np.ndarray, np.ndarray], bool]
"""Whether lower and upper bounds of all eccentricities suffice."""


def diameter_known(lower: np.ndarray, upper: np.ndarray) -> bool:
    """No node can be farther from another than some node is."""
    return bool(lower.max() == upper.max())


def radius_known(lower: np.ndarray, upper: np.ndarray) -> bool:
    """No node can be nearer to all others than some node is."""
    return bool(lower.min() == upper.min())


def periphery_known(lower: np.ndarray, upper: np.ndarray) -> bool:
    """Each node has the largest eccentricity, or cannot have it."""
    most = lower.max()
    return bool(((lower == most) | (upper < most)).all()) and diameter_known(lower, upper)


def center_known(lower: np.ndarray, upper: np.ndarray) -> bool:
    """Each node has the least eccentricity, or cannot have it."""
    least = upper.min()
    return bool(((upper == least) | (lower > least)).all()) and radius_known(lower, upper)


def bounds(graph: Graph, decided: Decided) -> tuple[np.ndarray, np.ndarray] | None:
    """Bounds of the eccentricities of a connected graph that suffice; None where it takes too long.

    Each search from a node of eccentricity `e` bounds that of every node at distance `d` from it:
    it is at least `max(d, e - d)` and at most `e + d`. Searches start by turns where the upper
    bound is largest and the lower bound least. Networks that are not rings or lattices need few.

    References
    ----------
    .. [1] F. W. Takes, W. A. Kosters, Determining the Diameter of Small World Networks, CIKM 2011.
    .. [2] F. W. Takes, W. A. Kosters, Computing the Eccentricity Distribution of Large Graphs,
       Algorithms 6 (2013).
    """
    n, rows = len(graph), graph.out
    lower, upper = np.zeros(n, np.int32), np.full(n, n, np.int32)
    most = 64 + n // 32
    progress = current()
    state = progress.begin(most)
    node = int(rows.lengths.argmax())
    for turn in range(most):
        order, level, _ = distance.breadth_first(rows.indptr, rows.indices, node, n)
        farthest = level[order[-1]]
        np.maximum(lower, np.maximum(level, farthest - level), out=lower)
        np.minimum(upper, farthest + level, out=upper)
        if decided(lower, upper):
            return lower, upper
        state[0] += 1
        progress.check()
        node = _next(rows.lengths, lower, upper, high=turn % 2 == 0)
    return None


def _next(degree: np.ndarray, lower: np.ndarray, upper: np.ndarray, *, high: bool) -> int:
    """Of the nodes whose bounds differ the most extreme one; of equals that of highest degree."""
    open_ = np.flatnonzero(lower < upper)
    values = -upper[open_] if high else lower[open_]
    best = open_[values == values.min()]
    return int(best[degree[best].argmax()])
