"""Louvain's local moving: each node to the community next to it that gains the most."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel

_OFTEN = 1 << 14
_ROUNDING = 1e-10
"""Of a node's degree: what sums of many weights may be wrong by, so that no node moves for ever."""
_PASSES = 64
"""So many go by any gain, as networkx's do; by then nodes only move in circles, by rounding."""
_LEAST = 2.0**-56
"""The least gain of modularity in the pass after these; twice as much in each that follows."""


def moved(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    order: np.ndarray,
    outward: np.ndarray,
    inward: np.ndarray,
    size: float,
    resolution: float,
    state: np.ndarray,
) -> tuple[np.ndarray, bool]:
    """The community of each node after passes in this order until none moves, and if any did.

    Communities are numbered by the node that was alone in them at first. Rows hold the weights
    both ways added up; loops in them do not count. `outward` and `inward` are degrees, or both the
    degree where edges have no direction, and `size` the weight of all edges. Gains are added up in
    the order of networkx, so that equal ones are told apart as it does. Where gains are nothing but
    rounding, networkx may go on for ever; after 64 passes a move has to gain more and more here.
    """
    n = order.size
    community = np.arange(n, dtype=np.int32)
    any_moved: bool = _move(
        *(indptr, indices, weights, order, outward, inward, size, resolution, community),
        *(outward.copy(), inward.copy(), np.zeros(n)),
        *(np.empty(n + 1, np.int32), np.full(n, -1, np.int32), state),
    )
    return community, any_moved


@kernel
def _move(
    indptr, indices, weights, order, outward, inward, size, resolution, community, out_total,
    in_total, toward, near, met, state,
):  # fmt: skip
    """Whether any moved; `near` are communities next to the node, as they were met."""
    n = order.size
    any_moved = False
    moves, passes, least = 1, 0, 0.0
    while moves > 0:
        moves = 0
        passes += 1
        if passes > _PASSES:
            least = max(2 * least, _LEAST)
        for turn in range(n):
            if turn % _OFTEN == 0 and state[1]:
                return any_moved
            node = order[turn]
            own = community[node]
            count = _gather(indptr, indices, weights, community, node, near, met, toward)
            best = _best(
                *(near[:count], toward, own, outward[node], inward[node]),
                *(out_total, in_total, size, resolution, least),
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
    return any_moved


@inner
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


@inner
def _best(near, toward, own, outward, inward, out_total, in_total, size, resolution, least):
    """The community of the largest gain above the least, the first of equal ones; else the own."""
    square = size**2
    own_out, own_in = out_total[own] - outward, in_total[own] - inward
    leaving = -toward[own] / size + resolution * (outward * own_in + inward * own_out) / square
    best, most = own, least
    for i in range(near.size):
        other = near[i]
        there_out = own_out if other == own else out_total[other]
        there_in = own_in if other == own else in_total[other]
        lost = resolution * (outward * there_in + inward * there_out) / square
        gain = leaving + toward[other] / size - lost
        if gain > most:
            best, most = other, gain
    return best


def settled(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    order: np.ndarray,
    community: np.ndarray,
    degrees: np.ndarray,
    size: float,
    resolution: float,
    state: np.ndarray,
) -> bool:
    """Move nodes, in place, until none that waits gains by moving; returns whether any did.

    All wait at first, in this order; later those do again whose neighbour has moved away from
    them. `degrees` has a line for each node, outward and inward, else as for `moved`.
    N. Ozaki, H. Tezuka, M. Inaba, A Simple Acceleration Method for the Louvain Algorithm, Int. J.
    of Computer and Electrical Engineering 8 (2016); Traag et al. 2019 for the queue.
    """
    n = order.size
    widest = int(np.diff(indptr).max(initial=0))
    any_moved: bool = _settle_all(
        *(indptr, indices, weights, community, degrees, size, resolution, np.zeros((n, 2))),
        *(np.empty(widest + 1, np.int32), np.empty(widest + 1), np.full(n, -1, np.int32)),
        *(order.copy(), np.ones(n, np.bool_), state),
    )
    return any_moved


@kernel
def _settle_all(
    indptr, indices, weights, community, degrees, size, resolution, totals, near, toward, met,
    queue, waits, state,
):  # fmt: skip
    n = queue.size
    for node in range(n):
        totals[community[node], 0] += degrees[node, 0]
        totals[community[node], 1] += degrees[node, 1]
    first, waiting, looks, slack = 0, n, 0, _ROUNDING
    any_moved = False
    while waiting > 0:
        if looks % _OFTEN == 0:
            state[0] = max(state[0], n - waiting)
            if state[1]:
                break
        looks += 1
        if looks % (_PASSES * n) == 0:
            slack *= 2  # an end for certain, whatever weights and resolution are
        node = queue[first]
        first = first + 1 if first + 1 < n else 0
        waiting -= 1
        waits[node] = False
        own = community[node]
        count = _weigh(indptr, indices, weights, community, node, near, toward, met)
        best = _settle(near[:count], toward, degrees[node], totals, size, resolution, slack)
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


@inner
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


@inner
def _settle(near, toward, degree, totals, size, resolution, slack):
    """The community of the largest gain; the own one unless another gains more than the slack."""
    out, in_ = degree[0], degree[1]
    factor = resolution / size
    own = best = near[0]
    most = toward[0] - factor * (out * (totals[own, 1] - in_) + in_ * (totals[own, 0] - out))
    most += slack * (out + in_)
    for at in range(1, near.size):
        gain = toward[at] - factor * (out * totals[near[at], 1] + in_ * totals[near[at], 0])
        if gain > most:
            best, most = near[at], gain
    return best
