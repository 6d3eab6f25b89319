"""Brandes' accumulation of dependencies, for eight sources at a time.

What eight sources know of a node fills one line of the cache, and which of them have reached it are
the bits of one byte, so that a row is read once for all that come to it in the same step. Sariyuce
et al., Regularizing Graph Centrality Computations, J. Parallel and Distributed Computing 76 (2015).
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel
from graphsvc.analysis.kernels.parallel import in_parts
from graphsvc.analysis.kernels.weighted_betweenness import add_weighted

LANES = 8
_NONE = np.uint8(0)
_NOTHING = (0.0,) * LANES
_FACTORS = np.array([[mask >> lane & 1 for lane in range(LANES)] for mask in range(256)], float)
"""Of each mask, 1 for the lanes in it: adding by a product is quicker than choosing bit by bit."""


def reached(
    indptr: np.ndarray, indices: np.ndarray, sources: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The rows that some source reaches, renumbered as a breadth first search meets them.

    Near nodes get near numbers, and what is not reached takes no room. Returns the nodes by new
    number, the new rows (their entries in the order they had), and the sources' new numbers.
    """
    n = indptr.size - 1
    place, order = np.full(n, -1, np.int32), np.empty(n, np.int32)
    count, entries = _number(indptr, indices, sources, place, order)
    begins, rows = np.zeros(count + 1, np.int32), np.empty(entries, np.int32)
    _renumber(indptr, indices, place, order, begins, rows)
    return order[:count].copy(), begins, rows, place[sources]


@kernel
def _number(indptr, indices, sources, place, order):
    """How many nodes are reached, and how many entries their rows have."""
    count, head, entries = 0, 0, 0
    for i in range(sources.size):
        source = sources[i]
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
    return count, entries


@kernel
def _renumber(indptr, indices, place, order, begins, rows):
    entry = 0
    for i in range(begins.size - 1):
        node = order[i]
        for j in range(indptr[node], indptr[node + 1]):
            rows[entry] = place[indices[j]]
            entry += 1
        begins[i + 1] = entry


def add_dependencies(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray | None,
    sources: np.ndarray,
    of_edges: bool,
    endpoints: bool,
    sums: np.ndarray,
    state: np.ndarray,
) -> None:
    """Sums over sources of what depends on each node, or on each entry, into rows of `sums`.

    Without weights, row `p` takes the batches p, p + rows, ... of eight sources, otherwise the
    sources p, p + rows, ...
    """
    parts = sums.shape[0]

    def run(part: int) -> None:
        if weights is None:
            _add_unweighted(
                indptr, indices, sources, part, parts, of_edges, endpoints, sums[part], state
            )
        else:
            add_weighted(
                *(indptr, indices, weights, np.ascontiguousarray(sources[part::parts])),
                *(of_edges, endpoints, sums[part], state),
            )

    in_parts(parts, run, steps=sources.size * indices.size)


def _add_unweighted(
    indptr: np.ndarray, indices: np.ndarray, sources: np.ndarray, part: int, parts: int,
    of_edges: bool, endpoints: bool, scores: np.ndarray, state: np.ndarray,
) -> None:  # fmt: skip
    n = indptr.size - 1
    # Each lane comes to a node once; memory that is not needed is not taken.
    _add_batches(
        *(indptr, indices, sources, part, parts, of_edges, endpoints, scores),
        *(np.zeros(n, np.uint8), np.zeros(n, np.uint8), np.zeros((n, LANES))),
        *(np.empty(LANES * n + 1, np.int32), np.empty(LANES * n + 1, np.uint8)),
        *(np.empty(n + 2, np.int64), np.empty(LANES), state),
    )


@kernel
def _add_batches(
    indptr, indices, sources, part, parts, of_edges, endpoints, scores, seen, level, values, order,
    lanes, begins, reached_by, state,
):  # fmt: skip
    for first in range(part * LANES, sources.size, parts * LANES):
        batch = sources[first : min(first + LANES, sources.size)]
        steps = _outwards(indptr, indices, batch, seen, level, values, order, lanes, begins, state)
        if state[1]:
            return
        if endpoints:
            _count_ends(batch, order, lanes, begins, steps, reached_by, scores)
        _inwards(
            indptr, indices, order, lanes, begins, steps, level, values, of_edges, scores, state
        )
        if state[1]:
            return
        for i in range(begins[steps]):
            node = order[i]
            seen[node] = level[node] = _NONE
            for lane in range(LANES):
                values[node, lane] = 0.0
        state[0] += batch.size


@inner
def _outwards(indptr, indices, sources, seen, level, paths, order, lanes, begins, state):
    """Breadth first from all sources at once, counting shortest paths.

    Into `order` go the nodes step by step, once for each step that some lane reaches them in, into
    `lanes` those lanes, and into `begins` where each step begins; returns how many steps there are.
    Between steps, `level` has the lanes that have just come.
    """
    steps, count = 0, 0
    begins[0] = 0
    for lane in range(sources.size):
        source = sources[lane]
        order[count] = source
        count += level[source] == _NONE
        level[source] |= np.uint8(1 << lane)
        paths[source, lane] = 1.0
    while begins[steps] < count and state[1] == 0:
        begin, end = begins[steps], count
        steps += 1
        begins[steps] = end
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
    return steps


@inner
def _inwards(indptr, indices, order, lanes, begins, steps, level, values, of_edges, scores, state):
    """Back from the farthest step, adding up what depends on each node or entry.

    In `values` a lane's path count gives way to (1 + what depends on the node) / (its paths) as the
    step is done; `level` has the lanes of the step before this one, which is one farther.
    """
    for depth in range(steps - 1, -1, -1):
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
        if depth + 2 <= steps:
            for i in range(end, begins[depth + 2]):
                level[order[i]] = _NONE
        for i in range(begin, end):
            level[order[i]] = lanes[i]


@inner
def _count_ends(sources, order, lanes, begins, steps, reached_by, scores):
    """Each path counts for both of its ends, as networkx does with `endpoints`."""
    for lane in range(LANES):
        reached_by[lane] = 0.0
    for i in range(begins[1], begins[steps]):
        for lane in range(sources.size):
            if lanes[i] >> lane & 1:
                scores[order[i]] += 1.0
                reached_by[lane] += 1.0
    for lane in range(sources.size):
        scores[sources[lane]] += reached_by[lane]


# Tuples of the eight lanes, which the compiler keeps in vector registers. A loop over the lanes of
# two rows it would not vectorize, since it cannot know that the rows are not the same.


@inner
def _read(v, i):
    return v[i, 0], v[i, 1], v[i, 2], v[i, 3], v[i, 4], v[i, 5], v[i, 6], v[i, 7]


@inner
def _write(v, i, a):
    v[i, 0], v[i, 1], v[i, 2], v[i, 3] = a[0], a[1], a[2], a[3]
    v[i, 4], v[i, 5], v[i, 6], v[i, 7] = a[4], a[5], a[6], a[7]


@inner
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


@inner
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


@inner
def _sum(a):
    return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]))


@inner
def _settle(values, i, depends, mask):
    for lane in range(LANES):
        if mask >> lane & 1:
            values[i, lane] = (1.0 + depends[lane]) / values[i, lane]
