"""Nodes by generation: how long the longest path is that ends at each."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel


def generations(
    indptr: np.ndarray, indices: np.ndarray, arriving: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Nodes that no cycle leads to, oldest first, and where each generation begins among them.

    `arriving` is the number of edges to each node, and is used up. A. B. Kahn, Topological Sorting
    of Large Networks, Communications of the ACM 5 (1962).
    """
    order, first = np.empty(arriving.size, np.int32), np.empty(arriving.size + 1, np.int64)
    count, last = _generations(indptr, indices, arriving, order, first)
    return order[:count], first[: last + 1].copy()


@kernel
def _generations(indptr, indices, arriving, order, first):
    """How many nodes there are, and generations."""
    count, last = 0, 0
    for node in range(arriving.size):
        if arriving[node] == 0:
            order[count] = node
            count += 1
    first[0] = 0
    while first[last] < count:
        begin, end = first[last], count
        last += 1
        first[last] = end
        for place in range(begin, end):
            node = order[place]
            for i in range(indptr[node], indptr[node + 1]):
                neighbour = indices[i]
                arriving[neighbour] -= 1
                if arriving[neighbour] == 0:
                    order[count] = neighbour
                    count += 1
    return count, last


def rows_by_place(
    indptr: np.ndarray,
    indices: np.ndarray,
    order: np.ndarray,
    place: np.ndarray,
    into_indptr: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the transpose in another order of nodes, each with the source of last place first.

    For each entry: the place of its source, and which entry of the graph it is.
    """
    sources, entries = np.empty((2, indices.size), np.int32)
    _fill_by_place(indptr, indices, order, place, into_indptr[:-1].copy(), sources, entries)
    return sources, entries


@kernel
def _fill_by_place(indptr, indices, order, place, free, sources, entries):
    for source in range(order.size - 1, -1, -1):
        node = order[source]
        for i in range(indptr[node], indptr[node + 1]):
            row = place[indices[i]]
            sources[free[row]], entries[free[row]] = source, i
            free[row] += 1
