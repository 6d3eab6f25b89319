"""Undirected rows oriented by degree, and what is found where the rows of neighbours meet.

Nodes are numbered anew by degree, the least first, and each edge stands in the row of its lesser
node. Each triangle is then found once, from its least node, and no row that is walked is longer
than the square root of twice the edges. M. Latapy, Main-memory Triangle Computations for Very Large
(Sparse (Power-Law)) Graphs, TCS 407 (2008).
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel
from graphsvc.analysis.kernels.parallel import in_parts, in_ranges

_STEPS = 1024
"""Nodes between two looks at the progress, which all threads share and so wait for."""

_SIEVE = 4095
"""The last place of a sieve, which in the nearest cache rules most nodes out of a row."""


def by_degree(indptr: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The new number of each node, and the node of each number; equal degrees keep their order."""
    number, node_of = np.empty((2, indptr.size - 1), np.int32)
    begins = np.append(0, np.cumsum(np.bincount(np.diff(indptr)))).astype(np.int32)
    _number_by_degree(indptr, begins, number, node_of)
    return number, node_of


@kernel
def _number_by_degree(indptr, begins, number, node_of):
    for node in range(number.size):
        degree = indptr[node + 1] - indptr[node]
        number[node] = begins[degree]
        node_of[begins[degree]] = node
        begins[degree] += 1


def upward_rows(
    indptr: np.ndarray, indices: np.ndarray, number: np.ndarray, node_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows by new numbers, of neighbours with a larger number; and the entry each came from.

    Each edge stands once, loops do not.
    """
    n = indptr.size - 1
    begins = np.zeros(n + 1, np.int32)
    in_ranges(
        n,
        lambda low, high: _count_upward(indptr, indices, number, node_of, begins, low, high),
        steps=indices.size,
    )
    np.cumsum(begins, out=begins)
    neighbours, entry = np.empty((2, begins[n]), np.int32)
    in_ranges(
        n,
        lambda low, high: _fill_upward(
            indptr, indices, number, node_of, begins, neighbours, entry, low, high
        ),
        steps=indices.size,
    )
    return begins, neighbours, entry


@kernel
def _count_upward(indptr, indices, number, node_of, begins, low, high):
    for u in range(low, high):
        node = node_of[u]
        for i in range(indptr[node], indptr[node + 1]):
            begins[u + 1] += number[indices[i]] > u


@kernel
def _fill_upward(indptr, indices, number, node_of, begins, neighbours, entry, low, high):
    for u in range(low, high):
        node, at = node_of[u], begins[u]
        for i in range(indptr[node], indptr[node + 1]):
            v = number[indices[i]]
            if v > u:
                neighbours[at], entry[at] = v, i
                at += 1


def triangles(
    begins: np.ndarray, neighbours: np.ndarray, parts: int, state: np.ndarray
) -> np.ndarray:
    """In how many triangles each node is; the same whatever the number of parts."""
    n = begins.size - 1
    counts = np.zeros((parts, n), np.int64)
    in_parts(
        parts,
        lambda part: _triangles(
            *(begins, neighbours, part, parts, counts[part]),
            *(np.full(_SIEVE + 1, -1, np.int32), np.full(n, -1, np.int32), state),
        ),
        steps=neighbours.size,
    )
    return _added_up(counts)


def _added_up(parts: np.ndarray) -> np.ndarray:
    """The sum of rows in their order, in the first."""
    total: np.ndarray = parts[0]
    for part in parts[1:]:
        total += part
    return total


@kernel
def _triangles(begins, neighbours, part, parts, mine, sieve, mark, state):
    n = begins.size - 1
    for u in range(part, n, parts):
        if (u - part) // parts % _STEPS == 0:
            if state[1]:
                break
            state[0] += _STEPS
        begin, end = begins[u], begins[u + 1]
        if end - begin < 2:
            continue
        for i in range(begin, end):
            sieve[neighbours[i] & _SIEVE] = u
        for i in range(begin, end):
            v = neighbours[i]
            found = 0
            for j in range(begins[v], begins[v + 1]):
                w = neighbours[j]
                if sieve[w & _SIEVE] != u:
                    continue
                if mark[v] != u:
                    _mark(mark, neighbours, begin, end, u)
                if mark[w] == u:
                    found += 1
                    mine[w] += 1
            mine[u] += found
            mine[v] += found


@inner
def _mark(mark, neighbours, begin, end, u):
    for i in range(begin, end):
        mark[neighbours[i]] = u


def weighted_triangles(
    begins: np.ndarray, neighbours: np.ndarray, values: np.ndarray, parts: int, state: np.ndarray
) -> np.ndarray:
    """For each node the products of the three values, added up over its triangles."""
    n = begins.size - 1
    sums = np.zeros((parts, n))
    in_parts(
        parts,
        lambda part: _weighted_triangles(
            *(begins, neighbours, values, part, parts, sums[part]),
            *(np.full(n, -1, np.int32), np.zeros(n), state),
        ),
        steps=neighbours.size,
    )
    return _added_up(sums)


@kernel
def _weighted_triangles(begins, neighbours, values, part, parts, mine, mark, side, state):
    n = begins.size - 1
    for u in range(part, n, parts):
        if (u - part) // parts % _STEPS == 0:
            if state[1]:
                break
            state[0] += _STEPS
        for i in range(begins[u], begins[u + 1]):
            mark[neighbours[i]], side[neighbours[i]] = u, values[i]
        for i in range(begins[u], begins[u + 1]):
            v = neighbours[i]
            for j in range(begins[v], begins[v + 1]):
                w = neighbours[j]
                if mark[w] == u:
                    product = values[i] * values[j] * side[w]
                    mine[u] += product
                    mine[v] += product
                    mine[w] += product


def shared(
    begins: np.ndarray,
    neighbours: np.ndarray,
    values: np.ndarray,
    down_begins: np.ndarray,
    below: np.ndarray,
    down_entry: np.ndarray,
    factors: np.ndarray,
    parts: int,
    state: np.ndarray,
) -> np.ndarray:
    """For each entry (u, v): the sum over w of `values[u, w] * values[w, v] * factors[w]`.

    Two of the sides of a triangle stand in the row of its least node, the third in that of the
    middle one. Each row is written by one thread only, so each triangle is looked for twice.
    """
    n = begins.size - 1
    sums, middle = np.zeros(neighbours.size), np.zeros(n, np.bool_)
    in_parts(
        parts,
        lambda part: _add_from_least(
            *(begins, neighbours, values, factors, part, parts, sums, middle),
            *(np.full(_SIEVE + 1, -1, np.int32), np.full(n, -1, np.int32), state),
        ),
        steps=neighbours.size,
    )
    in_parts(
        parts,
        lambda part: _add_from_middle(
            *(begins, neighbours, values, down_begins, below, down_entry, factors, part, parts),
            *(sums, middle, np.full(n, -1, np.int32), state),
        ),
        steps=neighbours.size,
    )
    return sums


@kernel
def _add_from_least(
    begins, neighbours, values, factors, part, parts, sums, middle, sieve, place, state
):
    n = begins.size - 1
    for u in range(part, n, parts):
        if (u - part) // parts % _STEPS == 0:
            if state[1]:
                break
            state[0] += _STEPS
        begin, end = begins[u], begins[u + 1]
        if end - begin < 2:
            continue
        for i in range(begin, end):
            sieve[neighbours[i] & _SIEVE] = u
        for i in range(begin, end):
            v = neighbours[i]
            for j in range(begins[v], begins[v + 1]):
                w = neighbours[j]
                if sieve[w & _SIEVE] != u:
                    continue
                at = _place(place, neighbours, begin, end, w, v)
                if at >= 0:
                    sums[i] += values[at] * values[j] * factors[w]
                    sums[at] += values[i] * values[j] * factors[v]
                    middle[v] = True


@kernel
def _add_from_middle(
    begins, neighbours, values, down_begins, below, down_entry, factors, part, parts, sums, middle,
    place, state,
):  # fmt: skip
    n = begins.size - 1
    for u in range(part, n, parts):
        if state[1]:
            break
        if not middle[u]:
            continue
        begin, end = begins[u], begins[u + 1]
        for i in range(begin, end):
            place[neighbours[i]] = i
        for k in range(down_begins[u], down_begins[u + 1]):
            t = below[k]
            for j in range(begins[t], begins[t + 1]):
                at = place[neighbours[j]]
                if begin <= at < end:
                    sums[at] += values[down_entry[k]] * values[j] * factors[t]


@inner
def _place(place, neighbours, begin, end, w, v):
    """Where w stands in a row that has v, or -1; the row is noted when first asked of."""
    if not begin <= place[v] < end:
        for i in range(begin, end):
            place[neighbours[i]] = i
    at = place[w]
    return at if begin <= at < end else -1


def support(begins: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """In how many triangles the edge of each entry is."""
    n = begins.size - 1
    counts = np.zeros(neighbours.size, np.int32)
    _support(begins, neighbours, np.full(n, -1, np.int32), np.empty(n, np.int32), counts)
    return counts


@kernel
def _support(begins, neighbours, mark, place, counts):
    for u in range(mark.size):
        for i in range(begins[u], begins[u + 1]):
            mark[neighbours[i]], place[neighbours[i]] = u, i
        for i in range(begins[u], begins[u + 1]):
            for j in range(begins[neighbours[i]], begins[neighbours[i] + 1]):
                if mark[neighbours[j]] == u:
                    counts[i] += 1
                    counts[j] += 1
                    counts[place[neighbours[j]]] += 1


def both_ways(
    indptr: np.ndarray,
    indices: np.ndarray,
    number: np.ndarray,
    begins: np.ndarray,
    entry: np.ndarray,
    down_begins: np.ndarray,
    below: np.ndarray,
    down_entry: np.ndarray,
    values: np.ndarray,
) -> np.ndarray:
    """Values of the edges, by entry of upward rows, for both entries of each; loops have 0."""
    found = np.zeros(indices.size, values.dtype)
    _spread(
        *(indptr, indices, number, begins, entry, down_begins, below, down_entry, values),
        *(np.empty(number.size, np.int32), found),
    )
    return found


@kernel
def _spread(
    indptr, indices, number, begins, entry, down_begins, below, down_entry, values, place, found
):
    for node in range(indptr.size - 1):
        u = number[node]
        for i in range(indptr[node], indptr[node + 1]):
            place[number[indices[i]]] = i
        for j in range(begins[u], begins[u + 1]):
            found[entry[j]] = values[j]
        for j in range(down_begins[u], down_begins[u + 1]):
            found[place[below[j]]] = values[down_entry[j]]


@kernel
def closed_paths(indptr, indices, state):
    """How many paths a, b, c of directed rows, all different, have an edge from a to c."""
    n = indptr.size - 1
    reached = np.full(n, -1, np.int32)
    closed = 0
    for a in range(n):
        if a % _STEPS == 0 and state[1]:
            break
        for i in range(indptr[a], indptr[a + 1]):
            reached[indices[i]] = a
        for i in range(indptr[a], indptr[a + 1]):
            b = indices[i]
            if b == a:
                continue
            for j in range(indptr[b], indptr[b + 1]):
                c = indices[j]
                if c != a and c != b and reached[c] == a:
                    closed += 1
        state[0] = a + 1
    return closed
