"""Louvain's local moving: each node to the community next to it that gains the most."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel

_OFTEN = 1 << 14
_ROUNDING = 1e-10
"""Of a node's degree: what sums of many weights may be wrong by, so that no node moves for ever."""


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


@kernel
def settled(indptr, indices, weights, order, community, degrees, size, resolution, state):
    """Move nodes, in place, until none that waits gains by moving; returns whether any did.

    All wait at first, in this order; later those do again whose neighbour has moved away from
    them. `degrees` has a line for each node, outward and inward, else as for `moved`.
    N. Ozaki, H. Tezuka, M. Inaba, A Simple Acceleration Method for the Louvain Algorithm, Int. J.
    of Computer and Electrical Engineering 8 (2016); Traag et al. 2019 for the queue.
    """
    n = order.size
    totals = np.zeros((n, 2))
    widest = 0
    for node in range(n):
        totals[community[node], 0] += degrees[node, 0]
        totals[community[node], 1] += degrees[node, 1]
        widest = max(widest, indptr[node + 1] - indptr[node])
    near, toward = np.empty(widest + 1, np.int32), np.empty(widest + 1)
    met = np.full(n, -1, np.int32)
    queue, waits = order.copy(), np.ones(n, np.bool_)
    first, waiting, looks = 0, n, 0
    any_moved = False
    while waiting > 0:
        if looks % _OFTEN == 0:
            state[0] = max(state[0], n - waiting)
            if state[1]:
                break
        looks += 1
        node = queue[first]
        first = first + 1 if first + 1 < n else 0
        waiting -= 1
        waits[node] = False
        own = community[node]
        count = _weigh(indptr, indices, weights, community, node, near, toward, met)
        best = _settle(near[:count], toward, degrees[node], totals, size, resolution)
        if best == own:
            continue
        for way in range(2):
            totals[own, way] -= degrees[node, way]
            totals[best, way] += degrees[node, way]
        community[node] = best
        any_moved = True
        for i in range(indptr[node], indptr[node + 1]):
            other = indices[i]
            if not waits[other] and community[other] != best:
                waits[other] = True
                place = first + waiting
                queue[place if place < n else place - n] = other
                waiting += 1
    return any_moved


@kernel
def _weigh(indptr, indices, weights, community, node, near, toward, met):
    """What the node's edges to each community weigh, side by side; its own is the first."""
    near[0], toward[0], met[community[node]] = community[node], 0.0, 0
    count = 1
    for i in range(indptr[node], indptr[node + 1]):
        if indices[i] == node:
            continue
        other = community[indices[i]]
        at = met[other]
        if at < 0:
            near[count], toward[count], met[other] = other, weights[i], count
            count += 1
        else:
            toward[at] += weights[i]
    for at in range(count):
        met[near[at]] = -1
    return count


@kernel
def _settle(near, toward, degree, totals, size, resolution):
    """The community of the largest gain; the own one unless another gains more than rounding."""
    out, in_ = degree[0], degree[1]
    factor = resolution / size
    own = best = near[0]
    most = toward[0] - factor * (out * (totals[own, 1] - in_) + in_ * (totals[own, 0] - out))
    most += _ROUNDING * (out + in_)
    for at in range(1, near.size):
        gain = toward[at] - factor * (out * totals[near[at], 1] + in_ * totals[near[at], 0])
        if gain > most:
            best, most = near[at], gain
    return best
