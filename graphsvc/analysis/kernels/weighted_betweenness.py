"""Brandes' accumulation of dependencies by weighted distance, as networkx does it."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel
from graphsvc.analysis.kernels.heap import pop, push

_UNSEEN = -np.inf  # no distance is that
_ZERO = np.int64(0)


def add_weighted(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    sources: np.ndarray,
    of_edges: bool,
    endpoints: bool,
    scores: np.ndarray,
    state: np.ndarray,
) -> None:
    """Add what depends on each node or entry, by Dijkstra's algorithm from each source.

    Paths are as long as each other where their sums are equal floats.
    """
    n, m = indptr.size - 1, indices.size
    seen, settled, depends = np.full(n, _UNSEEN), np.zeros(n, np.bool_), np.zeros(n)
    paths, order = np.zeros(n), np.empty(n, np.int32)
    # Entries that lead to a node on a shortest path, as linked lists; `before` is their source.
    head, following, before = np.full(n, -1, np.int32), np.empty(m, np.int32), np.empty(m, np.int32)
    keys, items = np.empty(m + 1), np.empty((m + 1, 2), np.int64)
    _add_sources(
        *(indptr, indices, weights, sources, of_edges, endpoints, scores),
        *(seen, settled, depends, paths, order, head, following, before, keys, items, state),
    )


@kernel
def _add_sources(
    indptr, indices, weights, sources, of_edges, endpoints, scores, seen, settled, depends, paths,
    order, head, following, before, keys, items, state,
):  # fmt: skip
    for turn in range(sources.size):
        source = sources[turn]
        size = push(keys, items, _ZERO, 0.0, _ZERO, _ZERO - 1)
        pushed, count = _ZERO + 1, 0
        seen[source], paths[source] = 0.0, 1.0
        while size and state[1] == 0:
            distance, entry = keys[0], items[0, 1]
            size = pop(keys, items, size)
            node = source if entry < 0 else indices[entry]
            if settled[node]:
                continue
            if entry >= 0:
                paths[node] += paths[before[entry]]
            settled[node], order[count] = True, node
            count += 1
            for j in range(indptr[node], indptr[node + 1]):
                neighbour, reach = indices[j], distance + weights[j]
                before[j] = node
                first = seen[neighbour] == _UNSEEN
                if not settled[neighbour] and (first or reach < seen[neighbour]):
                    seen[neighbour], paths[neighbour] = reach, 0.0
                    head[neighbour], following[j] = j, -1
                    size = push(keys, items, size, reach, pushed, np.int64(j))
                    pushed += 1
                elif reach == seen[neighbour]:
                    paths[neighbour] += paths[node]
                    following[j], head[neighbour] = head[neighbour], j
        if state[1]:
            return
        if endpoints:
            scores[source] += count - 1
        for i in range(count - 1, -1, -1):
            node = order[i]
            share = (1.0 + depends[node]) / paths[node]
            j = head[node]
            while j >= 0:
                one = paths[before[j]] * share
                depends[before[j]] += one
                if of_edges:
                    scores[j] += one
                j = following[j]
            if node != source and not of_edges:
                scores[node] += depends[node] + endpoints
        for i in range(count):
            node = order[i]
            seen[node], settled[node], head[node] = _UNSEEN, False, -1
            paths[node] = depends[node] = 0.0
        state[0] += 1
