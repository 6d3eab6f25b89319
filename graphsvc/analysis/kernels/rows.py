"""From columns of edges to compressed sparse rows, by counting sorts that keep the order."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

SUM, LAST = 0, 1
"""What becomes of the values of parallel edges: their sum, or the value that came last."""


_PARTS = 2
"""Into which edges are cut, however many threads there are; each counts for itself."""


@kernel
def number_ends(source, target, low, positions, order, count):
    """The positions of both ends: ids are numbered as networkx meets them, edge by edge.

    `positions` is indexed by id less `low` and -1 where an id was not seen; ids go to `order`.
    """
    ends = np.empty((2, source.size), np.int32)
    for i in range(source.size):
        for end in range(2):
            id_ = source[i] if end == 0 else target[i]
            position = positions[id_ - low]
            if position < 0:
                position = count
                positions[id_ - low] = position
                order[count] = id_
                count += 1
            ends[end, i] = position
    return ends[0], ends[1], count


@parallel_kernel
def rows_of(source, target, n, both_ways, edges):
    """Rows of neighbours in the order of edges; with `edges`, the edge that made each entry."""
    m = source.size
    free = np.zeros((_PARTS, n), np.int32)
    for part in numba.prange(_PARTS):
        mine = free[part]
        for i in range(m * part // _PARTS, m * (part + 1) // _PARTS):
            mine[source[i]] += 1
            if both_ways and source[i] != target[i]:
                mine[target[i]] += 1
    indptr = _begins(free)
    indices = np.empty(indptr[n], np.int32)
    edge = np.empty(indptr[n] if edges else 0, np.int32)
    for part in numba.prange(_PARTS):
        mine = free[part]
        for i in range(m * part // _PARTS, m * (part + 1) // _PARTS):
            s, t = source[i], target[i]
            indices[mine[s]] = t
            if edges:
                edge[mine[s]] = i
            mine[s] += 1
            if both_ways and s != t:
                indices[mine[t]] = s
                if edges:
                    edge[mine[t]] = i
                mine[t] += 1
    return indptr, indices, edge


@kernel
def _begins(counts):
    """Where rows begin; the counts of parts become where each part writes its own."""
    parts, n = counts.shape
    indptr = np.empty(n + 1, np.int32)
    total = 0
    for node in range(n):
        indptr[node] = total
        for part in range(parts):
            count = counts[part, node]
            counts[part, node] = total
            total += count
    indptr[n] = total
    return indptr


@kernel
def count_parallel(indptr, indices):
    """Keep each neighbour of a row once, in place; returns how often each was there."""
    n = indptr.size - 1
    place = np.full(n, -1, np.int32)
    times = np.empty(indices.size, np.int32)
    kept = 0
    begin = indptr[0]
    for row in range(n):
        first = kept
        end = indptr[row + 1]
        for i in range(begin, end):
            neighbour = indices[i]
            if place[neighbour] < first:
                place[neighbour] = kept
                indices[kept], times[kept] = neighbour, 1
                kept += 1
            else:
                times[place[neighbour]] += 1
        begin = end
        indptr[row + 1] = kept
    return times[:kept]


@kernel
def merge_parallel(indptr, indices):
    """Keep each neighbour of a row once, in place; returns where each entry went, and how many."""
    n = indptr.size - 1
    place = np.full(n, -1, np.int32)
    went = np.empty(indices.size, np.int32)
    kept = 0
    begin = indptr[0]
    for row in range(n):
        first = kept
        end = indptr[row + 1]
        for i in range(begin, end):
            neighbour = indices[i]
            if place[neighbour] < first:
                place[neighbour] = kept
                indices[kept] = neighbour
                kept += 1
            went[i] = place[neighbour]
        begin = end
        indptr[row + 1] = kept
    return went, kept


@kernel
def merged_values(values, edge, went, kept, rule):
    """Values of the entries that are left, from the values of edges."""
    merged = np.zeros(kept, values.dtype)
    for i in range(went.size):
        if rule == SUM:
            merged[went[i]] += values[edge[i]]
        else:
            merged[went[i]] = values[edge[i]]
    return merged


@kernel
def transposed(indptr, indices):
    """Rows of predecessors, and for each entry its place among the entries it came from."""
    n = indptr.size - 1
    turned = np.zeros(n + 1, np.int32)
    for i in range(indices.size):
        turned[indices[i] + 1] += 1
    for node in range(n):
        turned[node + 1] += turned[node]
    free = turned[:-1].copy()
    sources = np.empty(indices.size, np.int32)
    entry = np.empty(indices.size, np.int32)
    for row in range(n):
        for i in range(indptr[row], indptr[row + 1]):
            at = free[indices[i]]
            sources[at] = row
            entry[at] = i
            free[indices[i]] += 1
    return turned, sources, entry


@kernel
def sources_of(indptr):
    """The row of each entry."""
    rows = np.empty(indptr[-1], np.int32)
    for row in range(indptr.size - 1):
        for i in range(indptr[row], indptr[row + 1]):
            rows[i] = row
    return rows


@kernel
def within(indptr, indices, place):
    """The rows and entries among chosen nodes; `place` is a node's new position or -1."""
    chosen = 0
    for row in range(place.size):
        chosen += place[row] >= 0
    new = np.zeros(chosen + 1, np.int32)
    entries = np.empty(indices.size, np.int32)
    kept = 0
    row_at = 0
    for row in range(place.size):
        if place[row] < 0:
            continue
        for i in range(indptr[row], indptr[row + 1]):
            if place[indices[i]] >= 0:
                entries[kept] = i
                kept += 1
        row_at += 1
        new[row_at] = kept
    return new, entries[:kept]
