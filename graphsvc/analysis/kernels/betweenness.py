"""Brandes' accumulation of dependencies: eight sources at a time, or one by Dijkstra's algorithm.

The eight lanes of a node fill one line of the cache: whatever reaches a node for one source is at
hand for the other seven. Which sources have reached it are the bits of one byte. Sariyuce et al.,
Regularizing Graph Centrality Computations, J. Parallel and Distributed Computing 76 (2015).
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel
from graphsvc.analysis.kernels.heap import pop, push

LANES = 8
_ZERO = np.uint8(0)


@parallel_kernel
def dependencies(indptr, indices, sources, parts, of_edges, endpoints, state):
    """Sums over sources of what depends on each node, or on each entry; unweighted.

    Part `p` takes the batches p, p + parts, ...; parts are added up in their order.
    """
    n, batches = indptr.size - 1, (sources.size + LANES - 1) // LANES
    sums = np.zeros((parts, indices.size if of_edges else n))
    for part in numba.prange(parts):
        _part(indptr, indices, sources, part, parts, batches, of_edges, endpoints, sums, state)
    total = np.zeros(sums.shape[1])
    for part in range(parts):
        total += sums[part]
    return total


@kernel
def _part(indptr, indices, sources, part, parts, batches, of_edges, endpoints, sums, state):
    n = indptr.size - 1
    seen = np.zeros(n, np.uint8)
    level = np.zeros(n, np.uint8)  # lanes that reach the node at the level at work
    paths = np.zeros((n, LANES))
    shared = np.zeros((n, LANES))  # what neighbours read: paths going out, dependencies coming in
    # Nodes level by level, once for each level that some lane reaches them at, and with its lanes.
    order = np.empty(2 * n + LANES, np.int32)
    lanes = np.empty(2 * n + LANES, np.uint8)
    kept = np.empty((max(n, 1), LANES))
    for batch in range(part, batches, parts):
        if state[1]:
            return
        first = batch * LANES
        last = min(first + LANES, sources.size)
        order, lanes, begins = _outwards(
            indptr, indices, sources[first:last], seen, level, paths, shared, order, lanes
        )
        scores = sums[part]
        if endpoints:
            _count_ends(sources[first:last], order, lanes, begins, scores)
        _inwards(
            indptr, indices, order, lanes, begins, level, paths, shared, kept, of_edges, scores
        )
        for i in range(begins[-1]):
            seen[order[i]] = _ZERO
        state[0] += last - first


@kernel
def _outwards(indptr, indices, sources, seen, level, paths, shared, order, lanes):
    """Breadth first from all sources at once, counting shortest paths."""
    begins = [0]
    count = 0
    for lane in range(sources.size):
        source = sources[lane]
        if level[source] == _ZERO:
            order[count] = source
            count += 1
            paths[source] = 0.0
        level[source] |= np.uint8(1 << lane)
        paths[source, lane] = 1.0
    for i in range(count):
        lanes[i] = level[order[i]]
    while begins[-1] < count:
        begin, end = begins[-1], count
        begins.append(end)
        if order.size < end + seen.size:
            order, lanes = _grown(order, end + seen.size), _grown(lanes, end + seen.size)
        for i in range(begin, end):
            seen[order[i]] |= lanes[i]
            level[order[i]] = _ZERO
        for i in range(begin, end):
            node, mask = order[i], lanes[i]
            for j in range(indptr[node], indptr[node + 1]):
                neighbour = indices[j]
                new = mask & ~seen[neighbour]
                if new == _ZERO:
                    continue
                if level[neighbour] == _ZERO:
                    order[count] = neighbour
                    count += 1
                level[neighbour] |= new
                for lane in range(LANES):
                    if new >> lane & 1:
                        shared[neighbour, lane] += paths[node, lane]
        for i in range(end, count):
            node = order[i]
            mask = level[node]
            lanes[i] = mask
            if seen[node] == _ZERO:
                paths[node] = 0.0
            for lane in range(LANES):
                if mask >> lane & 1:
                    paths[node, lane] = shared[node, lane]
                shared[node, lane] = 0.0
    for i in range(count):
        level[order[i]] = _ZERO
    return order, lanes, np.array(begins)


@kernel
def _grown(array, size):
    longer = np.empty(size + size // 2, array.dtype)
    longer[: array.size] = array
    return longer


@kernel
def _inwards(indptr, indices, order, lanes, begins, level, paths, shared, kept, of_edges, scores):
    """Back from the farthest level, adding up what depends on each node or entry."""
    total = np.zeros(LANES)
    for depth in range(begins.size - 2, -1, -1):
        begin, end = begins[depth], begins[depth + 1]
        for i in range(begin, end):
            node, mask = order[i], lanes[i]
            total[:] = 0.0
            for j in range(indptr[node], indptr[node + 1]):
                neighbour = indices[j]
                both = mask & level[neighbour]
                if both == _ZERO:
                    continue
                here = 0.0
                for lane in range(LANES):
                    if both >> lane & 1:
                        total[lane] += shared[neighbour, lane]
                        here += paths[node, lane] * shared[neighbour, lane]
                if of_edges:
                    scores[j] += here
            depends = 0.0
            for lane in range(LANES):
                kept[i - begin, lane] = 0.0
                if mask >> lane & 1:
                    one = paths[node, lane] * total[lane]
                    depends += one
                    kept[i - begin, lane] = (1.0 + one) / paths[node, lane]
            if depth > 0 and not of_edges:
                scores[node] += depends
        if depth + 2 < begins.size:
            for i in range(end, begins[depth + 2]):
                level[order[i]] = _ZERO
                shared[order[i]] = 0.0
        if depth > 0:
            for i in range(begin, end):
                level[order[i]] = lanes[i]
                shared[order[i]] = kept[i - begin]


@kernel
def _count_ends(sources, order, lanes, begins, scores):
    """Each path counts for both of its ends, as networkx does with `endpoints`."""
    reached = np.zeros(LANES)
    for i in range(begins[1], begins[-1]):
        for lane in range(sources.size):
            if lanes[i] >> lane & 1:
                scores[order[i]] += 1.0
                reached[lane] += 1.0
    for lane in range(sources.size):
        scores[sources[lane]] += reached[lane]


@parallel_kernel
def weighted_dependencies(indptr, indices, weights, sources, parts, of_edges, endpoints, state):
    """The same by weighted distance, one source after the other."""
    n = indptr.size - 1
    sums = np.zeros((parts, indices.size if of_edges else n))
    for part in numba.prange(parts):
        for i in range(part, sources.size, parts):
            if state[1]:
                break
            _weighted(indptr, indices, weights, sources[i], of_edges, endpoints, sums[part])
            state[0] += 1
    total = np.zeros(sums.shape[1])
    for part in range(parts):
        total += sums[part]
    return total


@kernel
def _weighted(indptr, indices, weights, source, of_edges, endpoints, scores):
    """One source. Paths are as long as each other where their sums are equal floats."""
    n, m = indptr.size - 1, indices.size
    settled, seen = np.zeros(n, np.bool_), np.full(n, np.inf)
    paths, order, count = np.zeros(n), np.empty(n, np.int32), 0
    # Entries that lead to a node on a shortest path, as linked lists; `before` is their source.
    head, following, before = np.full(n, -1, np.int32), np.empty(m, np.int32), np.empty(m, np.int32)
    keys, items, size = np.empty(m + 1), np.empty((m + 1, 2), np.int64), 0
    paths[source], seen[source] = 1.0, 0.0
    size = push(keys, items, size, 0.0, 0, -1)
    pushed = 1
    while size:
        distance, entry = keys[0], items[0, 1]
        size = pop(keys, items, size)
        node = source if entry < 0 else indices[entry]
        if settled[node]:
            continue
        if entry >= 0:
            paths[node] += paths[before[entry]]
        settled[node] = True
        order[count] = node
        count += 1
        for j in range(indptr[node], indptr[node + 1]):
            neighbour, reach = indices[j], distance + weights[j]
            before[j] = node
            if not settled[neighbour] and reach < seen[neighbour]:
                seen[neighbour] = reach
                size = push(keys, items, size, reach, pushed, j)
                pushed += 1
                paths[neighbour] = 0.0
                head[neighbour], following[j] = j, -1
            elif reach == seen[neighbour]:
                paths[neighbour] += paths[node]
                following[j], head[neighbour] = head[neighbour], j
    depends = np.zeros(n)
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
