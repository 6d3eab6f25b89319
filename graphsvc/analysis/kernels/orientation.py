"""Undirected rows sorted by degree, and what is found where the rows of neighbours meet.

Nodes are numbered anew by degree, the least first. Each triangle is then found once, from its least
node, and no row that is walked is longer than the square root of twice the edges. M. Latapy,
Main-memory Triangle Computations for Very Large (Sparse (Power-Law)) Graphs, TCS 407 (2008).
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel


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


@kernel
def sorted_rows(indptr, indices, number, node_of, upward):
    """Rows by new numbers, each in rising order, with the entry that each came from.

    With `upward` only neighbours with a larger number, so that each edge stands once; no loops.
    """
    n = indptr.size - 1
    begins = np.zeros(n + 1, np.int32)
    for node in range(n):
        for i in range(indptr[node], indptr[node + 1]):
            if not upward or number[node] < number[indices[i]]:
                begins[number[node] + 1] += 1
    for node in range(n):
        begins[node + 1] += begins[node]
    free = begins[:-1].copy()
    neighbours, entry = np.empty(begins[n], np.int32), np.empty(begins[n], np.int32)
    # Rows are symmetric: walked in rising order, each node is appended to its neighbours' rows.
    for new in range(n):
        node = node_of[new]
        for i in range(indptr[node], indptr[node + 1]):
            row = number[indices[i]]
            if not upward or row < new:
                neighbours[free[row]] = new
                entry[free[row]] = i
                free[row] += 1
    return begins, neighbours, entry


@parallel_kernel
def triangles(begins, neighbours, parts, state):
    """In how many triangles each node is."""
    n = begins.size - 1
    counts = np.zeros((parts, n), np.int64)
    for part in numba.prange(parts):
        mark = np.full(n, -1, np.int32)
        mine = counts[part]
        for u in range(part, n, parts):
            if state[1]:
                break
            for i in range(begins[u], begins[u + 1]):
                mark[neighbours[i]] = u
            for i in range(begins[u], begins[u + 1]):
                v = neighbours[i]
                found = 0
                for j in range(begins[v], begins[v + 1]):
                    if mark[neighbours[j]] == u:
                        found += 1
                        mine[neighbours[j]] += 1
                mine[u] += found
                mine[v] += found
            state[0] += 1
    total = np.zeros(n, np.int64)
    for part in range(parts):
        total += counts[part]
    return total


@parallel_kernel
def weighted_triangles(begins, neighbours, values, parts, state):
    """For each node the products of the three values, added up over its triangles."""
    n = begins.size - 1
    sums = np.zeros((parts, n))
    for part in numba.prange(parts):
        mark, side = np.full(n, -1, np.int32), np.zeros(n)
        mine = sums[part]
        for u in range(part, n, parts):
            if state[1]:
                break
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
            state[0] += 1
    total = np.zeros(n)
    for part in range(parts):
        total += sums[part]
    return total


@parallel_kernel
def shared(begins, neighbours, values, factors, parts, state):
    """For each entry (u, v): the sum over w of `values[u, w] * values[w, v] * factors[w]`.

    Symmetric, so each pair is worked out once, from its node of higher degree along the row of the
    lower one, and copied to its mirror image. Loops count like any neighbour.
    """
    n = begins.size - 1
    sums = np.zeros(neighbours.size)
    for part in numba.prange(parts):
        side = np.zeros(n)
        for u in range(part, n, parts):
            if state[1]:
                break
            for i in range(begins[u], begins[u + 1]):
                side[neighbours[i]] = values[i]
            for i in range(begins[u], begins[u + 1]):
                v = neighbours[i]
                if v > u:
                    break
                total = 0.0
                for j in range(begins[v], begins[v + 1]):
                    w = neighbours[j]
                    total += values[j] * side[w] * factors[w]
                sums[i] = total
            for i in range(begins[u], begins[u + 1]):
                side[neighbours[i]] = 0.0
            state[0] += 1
    _mirror(begins, neighbours, sums)
    return sums


@kernel
def _mirror(begins, neighbours, sums):
    free = begins[:-1].copy()
    for u in range(begins.size - 1):
        for i in range(begins[u], begins[u + 1]):
            v = neighbours[i]
            if v >= u:
                break
            # Rows are walked in rising order, so u is the next in v's row that is above v.
            while neighbours[free[v]] != u:
                free[v] += 1
            sums[free[v]] = sums[i]


@kernel
def share_no_neighbour(indptr, indices):
    """Whether the two ends of each entry have no common neighbour; rows are symmetric."""
    n = indptr.size - 1
    apart = np.ones(indices.size, np.bool_)
    mark = np.full(n, -1, np.int32)
    for u in range(n):
        for i in range(indptr[u], indptr[u + 1]):
            mark[indices[i]] = u
        for i in range(indptr[u], indptr[u + 1]):
            for j in range(indptr[indices[i]], indptr[indices[i] + 1]):
                if mark[indices[j]] == u:
                    apart[i] = False
                    break
    return apart


@kernel
def truss(indptr, indices, k):
    """Which entries are left when edges in fewer than k - 2 triangles are taken away for good."""
    n = indptr.size - 1
    alive = np.ones(indices.size, np.bool_)
    mark = np.full(n, -1, np.int32)
    gone = True
    while gone:
        gone = False
        dropped = np.zeros(indices.size, np.bool_)
        mark[:] = -1
        for u in range(n):
            for i in range(indptr[u], indptr[u + 1]):
                if alive[i]:
                    mark[indices[i]] = u
            for i in range(indptr[u], indptr[u + 1]):
                if not alive[i]:
                    continue
                v, count = indices[i], 0
                for j in range(indptr[v], indptr[v + 1]):
                    count += alive[j] and mark[indices[j]] == u
                if count < k - 2:
                    dropped[i] = True
                    gone = True
        alive &= ~dropped
    return alive
