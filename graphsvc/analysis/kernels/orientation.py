"""Undirected rows oriented by degree, and what is found where the rows of neighbours meet.

Nodes are numbered anew by degree, the least first, and each edge stands in the row of its lesser
node. Each triangle is then found once, from its least node, and no row that is walked is longer
than the square root of twice the edges. M. Latapy, Main-memory Triangle Computations for Very Large
(Sparse (Power-Law)) Graphs, TCS 407 (2008).
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

_STEPS = 1024
"""Nodes between two looks at the progress, which all threads share and so wait for."""

_SIEVE = 4095
"""The last place of a sieve, which in the nearest cache rules most nodes out of a row."""


@kernel
def by_degree(indptr):
    """The new number of each node, and the node of each number; equal degrees keep their order."""
    n = indptr.size - 1
    most = 0
    for node in range(n):
        most = max(most, indptr[node + 1] - indptr[node])
    begins = np.zeros(most + 2, np.int32)
    for node in range(n):
        begins[indptr[node + 1] - indptr[node] + 1] += 1
    for degree in range(most + 1):
        begins[degree + 1] += begins[degree]
    number, node_of = np.empty(n, np.int32), np.empty(n, np.int32)
    for node in range(n):
        degree = indptr[node + 1] - indptr[node]
        number[node] = begins[degree]
        node_of[begins[degree]] = node
        begins[degree] += 1
    return number, node_of


@parallel_kernel
def upward_rows(indptr, indices, number, node_of):
    """Rows by new numbers, of neighbours with a larger number; and the entry each came from.

    Each edge stands once, loops do not.
    """
    n = indptr.size - 1
    begins = np.zeros(n + 1, np.int32)
    for u in numba.prange(n):
        node = node_of[u]
        for i in range(indptr[node], indptr[node + 1]):
            begins[u + 1] += number[indices[i]] > u
    for u in range(n):
        begins[u + 1] += begins[u]
    neighbours, entry = np.empty(begins[n], np.int32), np.empty(begins[n], np.int32)
    for u in numba.prange(n):
        node, at = node_of[u], begins[u]
        for i in range(indptr[node], indptr[node + 1]):
            v = number[indices[i]]
            if v > u:
                neighbours[at], entry[at] = v, i
                at += 1
    return begins, neighbours, entry


@parallel_kernel
def triangles(begins, neighbours, parts, state):
    """In how many triangles each node is; the same whatever the number of parts."""
    n = begins.size - 1
    counts = np.zeros((parts, n), np.int64)
    for part in numba.prange(parts):
        sieve, mark = np.full(_SIEVE + 1, -1, np.int32), np.full(n, -1, np.int32)
        mine = counts[part]
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
    total = counts[0]
    for part in range(1, parts):
        total += counts[part]
    return total


@kernel
def _mark(mark, neighbours, begin, end, u):
    for i in range(begin, end):
        mark[neighbours[i]] = u


@parallel_kernel
def weighted_triangles(begins, neighbours, values, parts, state):
    """For each node the products of the three values, added up over its triangles."""
    n = begins.size - 1
    sums = np.zeros((parts, n))
    for part in numba.prange(parts):
        mark, side = np.full(n, -1, np.int32), np.zeros(n)
        mine = sums[part]
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
    total = sums[0]
    for part in range(1, parts):
        total += sums[part]
    return total


@parallel_kernel
def shared(begins, neighbours, values, down_begins, below, down_entry, factors, parts, state):
    """For each entry (u, v): the sum over w of `values[u, w] * values[w, v] * factors[w]`.

    Two of the sides of a triangle stand in the row of its least node, the third in that of the
    middle one. Each row is written by one thread only, so each triangle is looked for twice.
    """
    n = begins.size - 1
    sums, middle = np.zeros(neighbours.size), np.zeros(n, np.bool_)
    for part in numba.prange(parts):
        sieve, place = np.full(_SIEVE + 1, -1, np.int32), np.full(n, -1, np.int32)
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
    for part in numba.prange(parts):
        place = np.full(n, -1, np.int32)
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
    return sums


@kernel
def _place(place, neighbours, begin, end, w, v):
    """Where w stands in a row that has v, or -1; the row is noted when first asked of."""
    if not begin <= place[v] < end:
        for i in range(begin, end):
            place[neighbours[i]] = i
    at = place[w]
    return at if begin <= at < end else -1


@kernel
def support(begins, neighbours):
    """In how many triangles the edge of each entry is."""
    n = begins.size - 1
    counts = np.zeros(neighbours.size, np.int32)
    mark, place = np.full(n, -1, np.int32), np.empty(n, np.int32)
    for u in range(n):
        for i in range(begins[u], begins[u + 1]):
            mark[neighbours[i]], place[neighbours[i]] = u, i
        for i in range(begins[u], begins[u + 1]):
            for j in range(begins[neighbours[i]], begins[neighbours[i] + 1]):
                if mark[neighbours[j]] == u:
                    counts[i] += 1
                    counts[j] += 1
                    counts[place[neighbours[j]]] += 1
    return counts


@kernel
def both_ways(indptr, indices, number, begins, entry, down_begins, below, down_entry, values):
    """Values of the edges, by entry of upward rows, for both entries of each; loops have 0."""
    found = np.zeros(indices.size, values.dtype)
    place = np.empty(indptr.size - 1, np.int32)
    for node in range(indptr.size - 1):
        u = number[node]
        for i in range(indptr[node], indptr[node + 1]):
            place[number[indices[i]]] = i
        for j in range(begins[u], begins[u + 1]):
            found[entry[j]] = values[j]
        for j in range(down_begins[u], down_begins[u + 1]):
            found[place[below[j]]] = values[down_entry[j]]
    return found
