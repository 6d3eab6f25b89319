"""Dijkstra's algorithm: from some nodes, or from each in turn for what its distances come to."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel
from graphsvc.analysis.kernels.heap import pop, push


@kernel
def dijkstra(indptr, indices, weights, sources, target, most):
    """Nodes in the order of settling, distances and parents by node, and whether all went well.

    Ends at `target` (or never, at -1), and leaves out what is farther than `most`. It has not gone
    well where a path to a settled node was shorter: a weight is negative.
    """
    n = indptr.size - 1
    order, count = np.empty(n, np.int32), 0
    settled, seen = np.zeros(n, np.bool_), np.full(n, np.inf)
    known, parent = np.zeros(n, np.bool_), np.full(n, -1, np.int32)
    room = 16
    keys, items, size, pushed = np.empty(room), np.empty((room, 2), np.int64), 0, 0
    for source in sources:
        if size == room:
            room, keys, items = _larger(room, keys, items)
        seen[source], known[source] = 0.0, True
        size = push(keys, items, size, 0.0, pushed, source)
        pushed += 1
    while size:
        distance, node = keys[0], items[0, 1]
        size = pop(keys, items, size)
        if settled[node]:
            continue
        settled[node] = True
        order[count] = node
        count += 1
        if node == target:
            break
        for i in range(indptr[node], indptr[node + 1]):
            neighbour, reach = indices[i], distance + weights[i]
            if reach > most:
                continue
            if settled[neighbour]:
                if reach < seen[neighbour]:
                    return order[:count], seen, parent, False
            elif not known[neighbour] or reach < seen[neighbour]:
                seen[neighbour], known[neighbour], parent[neighbour] = reach, True, node
                if size == room:
                    room, keys, items = _larger(room, keys, items)
                size = push(keys, items, size, reach, pushed, neighbour)
                pushed += 1
    return order[:count], seen, parent, True


@kernel
def _larger(room, keys, items):
    more_keys, more_items = np.empty(2 * room), np.empty((2 * room, 2), np.int64)
    more_keys[:room] = keys
    more_items[:room] = items
    return 2 * room, more_keys, more_items


@parallel_kernel
def from_each(indptr, indices, weights, nodes, counted, state):
    """For each of these nodes: the sum of distances, how many are reached, inverses, the largest.

    The inverses are only of what is `counted` and not at distance 0. Each node is on its own, so
    the order of threads does not matter. The last value is whether all went well.
    """
    sums, reached = np.zeros(nodes.size), np.zeros(nodes.size, np.int64)
    inverses, largest = np.zeros(nodes.size), np.zeros(nodes.size)
    good = np.ones(nodes.size, np.bool_)
    for place in numba.prange(nodes.size):
        if state[1] == 0:
            order, distance, _, good[place] = dijkstra(
                indptr, indices, weights, nodes[place : place + 1], -1, np.inf
            )
            for node in order:
                sums[place] += distance[node]
                largest[place] = max(largest[place], distance[node])
                if counted[node] and distance[node] != 0:
                    inverses[place] += 1 / distance[node]
            reached[place] = order.size
            state[0] += 1
    return sums, reached, inverses, largest, good.all()
