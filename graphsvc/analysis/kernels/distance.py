"""Breadth first from one node, from both ends of a path, or from some nodes each on its own."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel


@kernel
def breadth_first(indptr, indices, source, most_levels):
    """Nodes in the order of their finding, and their levels and parents by node (-1 if none)."""
    n = indptr.size - 1
    order, level, parent = np.empty(n, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    count = _search(indptr, indices, source, most_levels, order, level, parent)
    return order[:count], level, parent


@kernel
def _search(indptr, indices, source, most_levels, order, level, parent):
    """Fill in what is reached; returns how many nodes that are."""
    order[0], level[source], parent[source] = source, 0, -1
    count, at = 1, 0
    while at < count and count < order.size:
        node = order[at]
        at += 1
        if level[node] >= most_levels:
            break
        for i in range(indptr[node], indptr[node + 1]):
            neighbour = indices[i]
            if level[neighbour] < 0:
                level[neighbour] = level[node] + 1
                parent[neighbour] = node
                order[count] = neighbour
                count += 1
    return count


@kernel
def meet(out_indptr, out_indices, in_indptr, in_indices, source, target):
    """Search from both ends, the smaller fringe first: parents from either side, the meeting place.

    -2 is a parent that is none, -1 a node that was not found; the meeting place is -1 without path.
    """
    n = out_indptr.size - 1
    before, behind = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    before[source], behind[target] = -2, -2
    if source == target:
        return before, behind, source
    forward, backward = np.empty(n, np.int32), np.empty(n, np.int32)
    forward[0], backward[0] = source, target
    f_begin, f_end, b_begin, b_end = 0, 1, 0, 1
    while f_begin < f_end and b_begin < b_end:
        if f_end - f_begin <= b_end - b_begin:
            begin, f_begin = f_begin, f_end
            for i in range(begin, f_begin):
                node = forward[i]
                for j in range(out_indptr[node], out_indptr[node + 1]):
                    neighbour = out_indices[j]
                    if before[neighbour] == -1:
                        before[neighbour] = node
                        forward[f_end] = neighbour
                        f_end += 1
                    if behind[neighbour] != -1:
                        return before, behind, neighbour
        else:
            begin, b_begin = b_begin, b_end
            for i in range(begin, b_begin):
                node = backward[i]
                for j in range(in_indptr[node], in_indptr[node + 1]):
                    neighbour = in_indices[j]
                    if behind[neighbour] == -1:
                        behind[neighbour] = node
                        backward[b_end] = neighbour
                        b_end += 1
                    if before[neighbour] != -1:
                        return before, behind, neighbour
    return before, behind, -1


@parallel_kernel
def from_each(indptr, indices, nodes, counted, parts, state):
    """For each of these nodes: the sum of distances, how many are reached, inverses, the largest.

    The inverses are only of what is `counted`. Each node is on its own, so the order of threads
    does not matter; parts share the arrays of their searches.
    """
    counts, inverses = np.zeros((nodes.size, 3), np.int64), np.zeros(nodes.size)
    for part in numba.prange(parts):
        n = indptr.size - 1
        order, parent = np.empty(n, np.int32), np.empty(n, np.int32)
        level = np.full(n, -1, np.int32)
        for place in range(part, nodes.size, parts):
            if state[1] == 0:
                reached = _search(indptr, indices, nodes[place], n, order, level, parent)
                counts[place, 1], counts[place, 2] = reached, level[order[reached - 1]]
                for node in order[:reached]:
                    counts[place, 0] += level[node]
                    if counted[node] and level[node] > 0:
                        inverses[place] += 1 / level[node]
                    level[node] = -1
                state[0] += 1
    return counts[:, 0], counts[:, 1], inverses, counts[:, 2]
