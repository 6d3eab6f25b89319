"""From columns of edges to compressed sparse rows, by counting sorts that keep the order.

A few edges are left to numpy: `few_rows` gives the same arrays, and nothing is compiled for it.
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import few_rows, kernel
from graphsvc.analysis.kernels.parallel import in_parts

SUM, LAST = 0, 1
"""What becomes of the values of parallel edges: their sum, or the value that came last."""


_PARTS = 2
"""Into which edges are cut, however many threads there are; each counts for itself."""


def number_ends(
    source: np.ndarray,
    target: np.ndarray,
    low: int,
    positions: np.ndarray,
    order: np.ndarray,
    count: int,
) -> tuple[np.ndarray, np.ndarray, int]:
    """The positions of both ends: ids are numbered as networkx meets them, edge by edge.

    `positions` is indexed by id less `low` and -1 where an id was not seen; ids go to `order`.
    """
    ends = np.empty((2, source.size), np.int32)
    count = _number_ends(source, target, low, positions, order, count, ends)
    return ends[0], ends[1], count


@kernel
def _number_ends(source, target, low, positions, order, count, ends):
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
    return count


def rows_of(
    source: np.ndarray, target: np.ndarray, n: int, both_ways: bool, edges: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of neighbours in the order of edges; if `edges` are asked for, that of each entry."""
    if source.size <= few_rows.MOST:
        return few_rows.rows_of(source, target, n, both_ways)
    free = np.zeros((_PARTS, n), np.int32)
    indptr = np.empty(n + 1, np.int32)
    in_parts(
        _PARTS,
        lambda part: _count_ends(source, target, both_ways, free[part], *_bounds(source, part)),
        steps=source.size,
    )
    _begin_rows(free, indptr)
    indices = np.empty(indptr[n], np.int32)
    edge = np.empty(indptr[n] if edges else 0, np.int32)
    in_parts(
        _PARTS,
        lambda part: _fill_rows(
            *(source, target, both_ways, free[part], indices, edge), *_bounds(source, part)
        ),
        steps=source.size,
    )
    return indptr, indices, edge


def _bounds(source: np.ndarray, part: int) -> tuple[int, int]:
    return source.size * part // _PARTS, source.size * (part + 1) // _PARTS


@kernel
def _count_ends(source, target, both_ways, counts, low, high):
    for i in range(low, high):
        counts[source[i]] += 1
        if both_ways and source[i] != target[i]:
            counts[target[i]] += 1


@kernel
def _begin_rows(counts, indptr):
    """Where rows begin; the counts of parts become where each part writes its own."""
    parts, n = counts.shape
    total = 0
    for node in range(n):
        indptr[node] = total
        for part in range(parts):
            count = counts[part, node]
            counts[part, node] = total
            total += count
    indptr[n] = total


@kernel
def _fill_rows(source, target, both_ways, free, indices, edge, low, high):
    for i in range(low, high):
        s, t = source[i], target[i]
        indices[free[s]] = t
        if edge.size:
            edge[free[s]] = i
        free[s] += 1
        if both_ways and s != t:
            indices[free[t]] = s
            if edge.size:
                edge[free[t]] = i
            free[t] += 1


def count_parallel(indptr: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Keep each neighbour of a row once, in place; returns how often each was there."""
    if indices.size <= few_rows.MOST:
        went, kept = few_rows.merge_parallel(indptr, indices)
        return np.bincount(went, minlength=kept).astype(np.int32)
    times = np.empty(indices.size, np.int32)
    kept = _count_parallel(indptr, indices, np.full(indptr.size - 1, -1, np.int32), times)
    return times[:kept]


@kernel
def _count_parallel(indptr, indices, place, times):
    kept = 0
    begin = indptr[0]
    for row in range(place.size):
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
    return kept


def merge_parallel(indptr: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, int]:
    """Keep each neighbour of a row once, in place; returns where each entry went, and how many."""
    if indices.size <= few_rows.MOST:
        return few_rows.merge_parallel(indptr, indices)
    went = np.empty(indices.size, np.int32)
    kept = _merge_parallel(indptr, indices, np.full(indptr.size - 1, -1, np.int32), went)
    return went, kept


@kernel
def _merge_parallel(indptr, indices, place, went):
    kept = 0
    begin = indptr[0]
    for row in range(place.size):
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
    return kept


def merged_values(
    values: np.ndarray, edge: np.ndarray, went: np.ndarray, kept: int, rule: int
) -> np.ndarray:
    """Values of the entries that are left, from the values of edges."""
    if went.size <= few_rows.MOST:
        return few_rows.merged_values(values, edge, went, kept, last=rule == LAST)
    merged = np.zeros(kept, values.dtype)
    _merge_values(values, edge, went, rule, merged)
    return merged


@kernel
def _merge_values(values, edge, went, rule, merged):
    for i in range(went.size):
        if rule == SUM:
            merged[went[i]] += values[edge[i]]
        else:
            merged[went[i]] = values[edge[i]]


def transposed(
    indptr: np.ndarray, indices: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of predecessors, and for each entry its place among the entries it came from."""
    if indices.size <= few_rows.MOST:
        return few_rows.transposed(indptr, indices)
    turned = few_rows.begins_of(indices, indptr.size - 1)
    sources, entry = np.empty((2, indices.size), np.int32)
    _transpose(indptr, indices, turned[:-1].copy(), sources, entry)
    return turned, sources, entry


@kernel
def _transpose(indptr, indices, free, sources, entry):
    for row in range(indptr.size - 1):
        for i in range(indptr[row], indptr[row + 1]):
            at = free[indices[i]]
            sources[at] = row
            entry[at] = i
            free[indices[i]] += 1


def within(
    indptr: np.ndarray, indices: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rows and entries among chosen nodes; `place` is a node's new position or -1."""
    rows = few_rows.sources_of(indptr)
    entries = np.flatnonzero((place[rows] >= 0) & (place[indices] >= 0)).astype(np.int32)
    return few_rows.begins_of(place[rows[entries]], int((place >= 0).sum())), entries
