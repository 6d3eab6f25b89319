"""From columns of edges to compressed sparse rows, by counting sorts that keep the order."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel

SUM, LAST = 0, 1
"""What becomes of the values of parallel edges: their sum, or the value that came last."""


@kernel
def first_seen(source, target, low, positions, order, count):
    """Number integer ids as networkx would: each edge's source, then its target.

    `positions` is indexed by id less `low` and -1 where an id was not seen; ids go to `order`.
    """
    for i in range(source.size):
        for id_ in (source[i], target[i]):
            if positions[id_ - low] < 0:
                positions[id_ - low] = count
                order[count] = id_
                count += 1
    return count


@kernel
def numbered(ids, low, positions):
    """The position of each id."""
    found = np.empty(ids.size, np.int32)
    for i in range(ids.size):
        found[i] = positions[ids[i] - low]
    return found


@kernel
def rows_of(source, target, n, both_ways):
    """Rows of neighbours in the order of edges; `edge` is the edge that made each entry."""
    indptr = np.zeros(n + 1, np.int32)
    for i in range(source.size):
        indptr[source[i] + 1] += 1
        if both_ways and source[i] != target[i]:
            indptr[target[i] + 1] += 1
    for node in range(n):
        indptr[node + 1] += indptr[node]
    indices = np.empty(indptr[n], np.int32)
    edge = np.empty(indptr[n], np.int32)
    free = indptr[:-1].copy()
    for i in range(source.size):
        s, t = source[i], target[i]
        indices[free[s]] = t
        edge[free[s]] = i
        free[s] += 1
        if both_ways and s != t:
            indices[free[t]] = s
            edge[free[t]] = i
            free[t] += 1
    return indptr, indices, edge


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
