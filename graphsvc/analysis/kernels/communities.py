"""Louvain's local moving: each node in turn to the community next to it that gains the most."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel

_OFTEN = 1 << 14


@kernel
def moved(indptr, indices, weights, order, outward, inward, size, resolution, state):
    """The community of each node after passes in this order until none moves, and if any did.

    Communities are numbered by the node that was alone in them at first. Rows hold the weights
    both ways added up; loops in them do not count. `outward` and `inward` are degrees, or both the
    degree where edges have no direction, and `size` the weight of all edges. Gains are added up in
    the order of networkx, so that equal ones are told apart as it does.
    """
    n = order.size
    community = np.arange(n).astype(np.int32)
    out_total, in_total = outward.copy(), inward.copy()
    toward = np.zeros(n)
    near = np.empty(n + 1, np.int32)  # communities next to the node, as they were met
    met = np.full(n, -1, np.int32)
    any_moved = False
    moves = 1
    while moves > 0:
        moves = 0
        for turn in range(n):
            if turn % _OFTEN == 0 and state[1]:
                return community, any_moved
            node = order[turn]
            own = community[node]
            count = _gather(indptr, indices, weights, community, node, near, met, toward)
            best = _best(
                *(near[:count], toward, own, outward[node], inward[node]),
                *(out_total, in_total, size, resolution),
            )
            for i in range(count):
                toward[near[i]] = 0.0
                met[near[i]] = -1
            if best != own:
                out_total[own] -= outward[node]
                in_total[own] -= inward[node]
                out_total[best] += outward[node]
                in_total[best] += inward[node]
                community[node] = best
                moves += 1
                any_moved = True
    return community, any_moved


@kernel
def _gather(indptr, indices, weights, community, node, near, met, toward):
    """What the node's edges to each community weigh; its own counts where it has no edge to it."""
    count = 0
    for i in range(indptr[node], indptr[node + 1]):
        if indices[i] == node:
            continue
        other = community[indices[i]]
        if met[other] < 0:
            met[other] = count
            near[count] = other
            count += 1
        toward[other] += weights[i]
    if met[community[node]] < 0:
        near[count] = community[node]
        count += 1
    return count


@kernel
def _best(near, toward, own, outward, inward, out_total, in_total, size, resolution):
    """The community of the largest gain, the first of equal ones; the own one if there is none."""
    square = size**2
    own_out, own_in = out_total[own] - outward, in_total[own] - inward
    leaving = -toward[own] / size + resolution * (outward * own_in + inward * own_out) / square
    best, most = own, 0.0
    for i in range(near.size):
        other = near[i]
        there_out = own_out if other == own else out_total[other]
        there_in = own_in if other == own else in_total[other]
        lost = resolution * (outward * there_in + inward * there_out) / square
        gain = leaving + toward[other] / size - lost
        if gain > most:
            best, most = other, gain
    return best
