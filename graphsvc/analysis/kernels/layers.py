"""Acyclic graphs by depth: how many edges the longest path to a node has."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

_BLOCK = 2048


@kernel
def depths(indptr, indices):
    """The depth of each node; -1 for those that lie on a cycle or behind one."""
    n = indptr.size - 1
    waiting, depth, order = np.zeros(n, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int32)
    for i in range(indices.size):
        waiting[indices[i]] += 1
    count = 0
    for node in range(n):
        if waiting[node] == 0:
            order[count], depth[node] = node, 0
            count += 1
    at = 0
    while at < count:
        node = order[at]
        at += 1
        for i in range(indptr[node], indptr[node + 1]):
            neighbour = indices[i]
            waiting[neighbour] -= 1
            if waiting[neighbour] == 0:
                order[count], depth[neighbour] = neighbour, depth[node] + 1
                count += 1
    return depth


@kernel
def deepest_first(depth, layers):
    """Nodes by falling depth, the place of each, and how many are at least so deep."""
    at_least = np.zeros(layers + 1, np.int32)
    for node in range(depth.size):
        at_least[depth[node]] += 1
    for layer in range(layers - 1, -1, -1):
        at_least[layer] += at_least[layer + 1]
    free = at_least[1:].copy()
    order, place = np.empty(depth.size, np.int32), np.empty(depth.size, np.int32)
    for node in range(depth.size):
        place[node] = free[depth[node]]
        order[place[node]] = node
        free[depth[node]] += 1
    return order, place, at_least[:layers]


@kernel
def rows_by_depth(indptr, indices, order, place):
    """Rows of predecessors by place, each with its deepest first, and the entry of each."""
    n = order.size
    begins = np.zeros(n + 1, np.int32)
    for i in range(indices.size):
        begins[place[indices[i]] + 1] += 1
    for row in range(n):
        begins[row + 1] += begins[row]
    free = begins[:-1].copy()
    sources, entry = np.empty(indices.size, np.int32), np.empty(indices.size, np.int32)
    for at in range(n):
        node = order[at]
        for i in range(indptr[node], indptr[node + 1]):
            row = place[indices[i]]
            sources[free[row]], entry[free[row]] = at, i
            free[row] += 1
    return begins, sources, entry


@parallel_kernel
def passed_on(begins, sources, weights, share, at_least, offsets):
    """What a unit at every node comes to after 0, 1, 2, ... edges, by place, one after the other.

    After k edges only nodes of depth k or more have anything, and only their rows are read, as far
    as their predecessors had something.
    """
    values = np.empty(offsets[-1])
    values[: at_least[0]] = 1.0
    weighted = weights.size > 0
    sent = share.copy()
    for layer in range(1, at_least.size):
        size, before, offset = at_least[layer], at_least[layer - 1], offsets[layer]
        for block in numba.prange((size + _BLOCK - 1) // _BLOCK):
            for row in range(block * _BLOCK, min((block + 1) * _BLOCK, size)):
                total = 0.0
                for i in range(begins[row], begins[row + 1]):
                    if sources[i] >= before:
                        break
                    total += weights[i] * sent[sources[i]] if weighted else sent[sources[i]]
                values[offset + row] = total
        for row in range(size):
            sent[row] = values[offset + row] * share[row]
    return values


@parallel_kernel
def combined(values, at_least, offsets, factors):
    """The sum of what is passed on, each number of edges with its factor, by place."""
    n = at_least[0]
    found = np.empty(n)
    for block in numba.prange((n + _BLOCK - 1) // _BLOCK):
        first = block * _BLOCK
        for row in range(first, min(first + _BLOCK, n)):
            found[row] = factors[0]
        for layer in range(1, at_least.size):
            last = min(first + _BLOCK, at_least[layer])
            if last <= first or layer >= factors.size:
                break
            for row in range(first, last):
                found[row] += factors[layer] * values[offsets[layer] + row]
    return found
