"""Breadth first from one node, from both ends of a path, or from some nodes each on its own."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel
from graphsvc.analysis.kernels.parallel import in_parts


def breadth_first(
    indptr: np.ndarray, indices: np.ndarray, source: int, most_levels: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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


def meet(
    out_indptr: np.ndarray,
    out_indices: np.ndarray,
    in_indptr: np.ndarray,
    in_indices: np.ndarray,
    source: int,
    target: int,
) -> tuple[np.ndarray, np.ndarray, int]:
    """Search from both ends, the smaller fringe first: parents from either side, the meeting place.

    -2 is a parent that is none, -1 a node that was not found; the meeting place is -1 without path.
    """
    n = out_indptr.size - 1
    before, behind = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    before[source], behind[target] = -2, -2
    if source == target:
        return before, behind, source
    fringes = np.empty(n, np.int32), np.empty(n, np.int32)
    place: int = _meet(
        *(out_indptr, out_indices, in_indptr, in_indices, source, target, before, behind, *fringes)
    )
    return before, behind, place


@kernel
def _meet(
    out_indptr, out_indices, in_indptr, in_indices, source, target, before, behind, forward,
    backward,
):  # fmt: skip
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
                        return neighbour
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
                        return neighbour
    return -1


def from_each(
    indptr: np.ndarray,
    indices: np.ndarray,
    nodes: np.ndarray,
    counted: np.ndarray,
    parts: int,
    state: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For each of these nodes: the sum of distances, how many are reached, inverses, the largest.

    The inverses are only of what is `counted`. Each node is on its own, so the order of threads
    does not matter; parts share the arrays of their searches.
    """
    n = indptr.size - 1
    counts, inverses = np.zeros((nodes.size, 3), np.int64), np.zeros(nodes.size)
    in_parts(
        parts,
        lambda part: _from_some(
            *(indptr, indices, nodes, counted, part, parts, counts, inverses),
            *(np.empty(n, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int32), state),
        ),
        steps=nodes.size * indices.size,
    )
    return counts[:, 0], counts[:, 1], inverses, counts[:, 2]


@kernel
def _from_some(
    indptr, indices, nodes, counted, part, parts, counts, inverses, order, level, parent, state
):
    for place in range(part, nodes.size, parts):
        if state[1]:
            return
        reached = _search(indptr, indices, nodes[place], level.size, order, level, parent)
        counts[place, 1], counts[place, 2] = reached, level[order[reached - 1]]
        for i in range(reached):
            node = order[i]
            counts[place, 0] += level[node]
            if counted[node] and level[node] > 0:
                inverses[place] += 1 / level[node]
            level[node] = -1
        state[0] += 1
