"""Brandes' accumulation of dependencies, for eight sources at a time.

What eight sources know of a node fills one line of the cache, and which of them have reached it are
the bits of one byte, so that a row is read once for all that come to it in the same step. Sariyuce
et al., Regularizing Graph Centrality Computations, J. Parallel and Distributed Computing 76 (2015).
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel
from graphsvc.analysis.kernels.weighted_betweenness import add_weighted

LANES = 8
_NONE = np.uint8(0)
_NOTHING = (0.0,) * LANES
_FACTORS = np.array([[mask >> lane & 1 for lane in range(LANES)] for mask in range(256)], float)
"""Of each mask, 1 for the lanes in it: adding by a product is quicker than choosing bit by bit."""


@kernel
def reached(indptr, indices, sources):
    """The rows that some source reaches, renumbered as a breadth first search meets them.

    Near nodes get near numbers, and what is not reached takes no room. Returns the nodes by new
    number, the new rows (their entries in the order they had), and the sources' new numbers.
    """
    n = indptr.size - 1
    place, order = np.full(n, -1, np.int32), np.empty(n, np.int32)
    count, head, entries = 0, 0, 0
    for source in sources:
        if place[source] < 0:
            place[source], order[count] = count, source
            count += 1
        while head < count:
            node = order[head]
            head += 1
            entries += indptr[node + 1] - indptr[node]
            for j in range(indptr[node], indptr[node + 1]):
                neighbour = indices[j]
                if place[neighbour] < 0:
                    place[neighbour], order[count] = count, neighbour
                    count += 1
    begins, rows = np.zeros(count + 1, np.int32), np.empty(entries, np.int32)
    entry = 0
    for i in range(count):
        node = order[i]
        for j in range(indptr[node], indptr[node + 1]):
            rows[entry] = place[indices[j]]
            entry += 1
        begins[i + 1] = entry
    return order[:count].copy(), begins, rows, place[sources]


@kernel
def one_by_one(indptr, indices, weights, sources, of_edges, endpoints, sums, state):
    """Sums over sources of what depends on each node, or on each entry, into rows of `sums`.

    Row `p` takes the batches p, p + rows, ... of sources. Without weights they are None.
    """
    for part in range(sums.shape[0]):
        _add_part(indptr, indices, weights, sources, part, of_edges, endpoints, sums, state)


@parallel_kernel
def at_once(indptr, indices, weights, sources, of_edges, endpoints, sums, state):
    """The same with a thread for each row; to wake them takes longer than a small graph does."""
    for part in numba.prange(sums.shape[0]):
        _add_part(indptr, indices, weights, sources, part, of_edges, endpoints, sums, state)


@kernel
def _add_part(indptr, indices, weights, sources, part, of_edges, endpoints, sums, state):
    parts, scores = sums.shape[0], sums[part]
    if weights is None:
        add_unweighted(indptr, indices, sources, part, parts, of_edges, endpoints, scores, state)
    else:
        add_weighted(
            indptr, indices, weights, sources[part::parts], of_edges, endpoints, scores, state
        )


@kernel
def add_unweighted(indptr, indices, sources, part, parts, of_edges, endpoints, scores, state):
    """Add what depends on each node or entry, over the batches part, part + parts, ..."""
    n = indptr.size - 1
    seen, level = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    values = np.zeros((n, LANES))
    order, lanes = np.empty(2 * n + LANES, np.int32), np.empty(2 * n + LANES, np.uint8)
    for first in range(part * LANES, sources.size, parts * LANES):
        batch = sources[first : first + LANES]
        order, lanes, begins = _outwards(
            indptr, indices, batch, seen, level, values, order, lanes, state
        )
        if state[1]:
            return
        if endpoints:
            _count_ends(batch, order, lanes, begins, scores)
        _inwards(indptr, indices, order, lanes, begins, level, values, of_edges, scores, state)
        if state[1]:
            return
        for i in range(begins[-1]):
            node = order[i]
            seen[node] = level[node] = _NONE
            _write(values, node, _NOTHING)
        state[0] += batch.size


@kernel
def _outwards(indptr, indices, sources, seen, level, paths, order, lanes, state):
    """Breadth first from all sources at once, counting shortest paths.

    Returns the nodes step by step, once for each step that some lane reaches them in, with those
    lanes, and where each step begins. Between steps, `level` has the lanes that have just come.
    """
    begins, count = [0], 0
    for lane in range(sources.size):
        source = sources[lane]
        order[count] = source
        count += level[source] == _NONE
        level[source] |= np.uint8(1 << lane)
        paths[source, lane] = 1.0
    while begins[-1] < count and state[1] == 0:
        begin, end = begins[-1], count
        begins.append(end)
        if order.size < end + seen.size + 1:
            order, lanes = _grown(order, end + seen.size), _grown(lanes, end + seen.size)
        for i in range(begin, end):
            node = order[i]
            lanes[i] = level[node]
            seen[node] |= level[node]
            level[node] = _NONE
        for i in range(begin, end):
            if state[1]:
                break
            node, mask = order[i], lanes[i]
            ours = _read(paths, node)
            for j in range(indptr[node], indptr[node + 1]):
                neighbour = indices[j]
                new = mask & ~seen[neighbour]
                if new != _NONE:
                    order[count] = neighbour
                    count += level[neighbour] == _NONE
                    level[neighbour] |= new
                    _write(paths, neighbour, _plus(_read(paths, neighbour), ours, _FACTORS[new]))
    return order, lanes, np.array(begins)


@kernel
def _inwards(indptr, indices, order, lanes, begins, level, values, of_edges, scores, state):
    """Back from the farthest step, adding up what depends on each node or entry.

    In `values` a lane's path count gives way to (1 + what depends on the node) / (its paths) as the
    step is done; `level` has the lanes of the step before this one, which is one farther.
    """
    for depth in range(begins.size - 2, -1, -1):
        begin, end = begins[depth], begins[depth + 1]
        for i in range(begin, end):
            if state[1]:
                return
            node, mask = order[i], lanes[i]
            ours, total = _read(values, node), _NOTHING
            for j in range(indptr[node], indptr[node + 1]):
                neighbour = indices[j]
                both = mask & level[neighbour]
                if both != _NONE:
                    theirs = _read(values, neighbour)
                    total = _plus(total, theirs, _FACTORS[both])
                    if of_edges:
                        scores[j] += _sum(_times(ours, theirs, _FACTORS[both]))
            depends = _times(ours, total, _FACTORS[mask])
            if depth > 0 and not of_edges:
                scores[node] += _sum(depends)
            _settle(values, node, depends, mask)
        if depth + 2 < begins.size:
            for i in range(end, begins[depth + 2]):
                level[order[i]] = _NONE
        for i in range(begin, end):
            level[order[i]] = lanes[i]


@kernel
def _count_ends(sources, order, lanes, begins, scores):
    """Each path counts for both of its ends, as networkx does with `endpoints`."""
    reached_by = np.zeros(LANES)
    for i in range(begins[1], begins[-1]):
        for lane in range(sources.size):
            if lanes[i] >> lane & 1:
                scores[order[i]] += 1.0
                reached_by[lane] += 1.0
    for lane in range(sources.size):
        scores[sources[lane]] += reached_by[lane]


@kernel
def _grown(array, size):
    longer = np.empty(size + size // 2 + 1, array.dtype)
    longer[: array.size] = array
    return longer


# Tuples of the eight lanes, which the compiler keeps in vector registers. A loop over the lanes of
# two rows it would not vectorize, since it cannot know that the rows are not the same.


@kernel
def _read(v, i):
    return v[i, 0], v[i, 1], v[i, 2], v[i, 3], v[i, 4], v[i, 5], v[i, 6], v[i, 7]


@kernel
def _write(v, i, a):
    v[i, 0], v[i, 1], v[i, 2], v[i, 3] = a[0], a[1], a[2], a[3]
    v[i, 4], v[i, 5], v[i, 6], v[i, 7] = a[4], a[5], a[6], a[7]


@kernel
def _plus(a, b, factor):
    return (
        a[0] + b[0] * factor[0],
        a[1] + b[1] * factor[1],
        a[2] + b[2] * factor[2],
        a[3] + b[3] * factor[3],
        a[4] + b[4] * factor[4],
        a[5] + b[5] * factor[5],
        a[6] + b[6] * factor[6],
        a[7] + b[7] * factor[7],
    )


@kernel
def _times(a, b, factor):
    return (
        a[0] * b[0] * factor[0],
        a[1] * b[1] * factor[1],
        a[2] * b[2] * factor[2],
        a[3] * b[3] * factor[3],
        a[4] * b[4] * factor[4],
        a[5] * b[5] * factor[5],
        a[6] * b[6] * factor[6],
        a[7] * b[7] * factor[7],
    )


@kernel
def _sum(a):
    return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]))


@kernel
def _settle(values, i, depends, mask):
    for lane in range(LANES):
        if mask >> lane & 1:
            values[i, lane] = (1.0 + depends[lane]) / values[i, lane]
