"""Dijkstra's algorithm: from some nodes, from both ends, or from each node for sums of distances.

Ties, zero weights, weights that are no numbers and the order of settling are as in networkx.
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel
from graphsvc.analysis.kernels.heap import pop, push
from graphsvc.analysis.kernels.parallel import in_parts

UNKNOWN, SEEN, SETTLED = 0, 1, 2
_ZERO = np.int64(0)


def dijkstra(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    sources: np.ndarray,
    target: int,
    most: float,
    state: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, bool]:
    """Nodes in the order of settling, distances and parents by node, and whether all went well.

    Ends at `target` (or never, at -1), and leaves out what is farther than `most`. It has not gone
    well where a path to a settled node was shorter: a weight is negative.
    """
    n = indptr.size - 1
    order, distance, parent, phase, keys, items = _room(n, indices.size + sources.size)
    count, good = _search(
        *(indptr, indices, weights, sources, target, most),
        *(order, distance, parent, phase, keys, items, state),
    )
    return order[:count], distance, parent, good


def _room(n: int, pushes: int) -> tuple[np.ndarray, ...]:
    """The arrays of a search; an edge is pushed at most once, and pages unused cost nothing."""
    return (
        np.empty(n, np.int32),
        np.full(n, np.inf),
        np.full(n, -1, np.int32),
        np.full(n, UNKNOWN, np.int8),
        np.empty(pushes),
        np.empty((pushes, 2), np.int64),
    )


@kernel
def _search(
    indptr, indices, weights, sources, target, most, order, distance, parent, phase, keys, items,
    state,
):  # fmt: skip
    """How many nodes are settled, in `order`, and whether all went well."""
    count, size, pushed = _ZERO, _ZERO, _ZERO
    for i in range(sources.size):
        source = sources[i]
        distance[source], phase[source] = 0.0, SEEN
        size = push(keys, items, size, 0.0, pushed, np.int64(source))
        pushed += 1
    while size and not state[1]:
        node = items[0, 1]
        reached = keys[0]
        size = pop(keys, items, size)
        if phase[node] == SETTLED:
            continue
        phase[node], distance[node] = SETTLED, reached
        order[count] = node
        count += 1
        if node == target:
            break
        for i in range(indptr[node], indptr[node + 1]):
            neighbour, length = indices[i], reached + weights[i]
            if length > most:
                continue
            if phase[neighbour] == SETTLED:
                if length < distance[neighbour]:
                    return count, False
            elif phase[neighbour] == UNKNOWN or length < distance[neighbour]:
                distance[neighbour], phase[neighbour], parent[neighbour] = length, SEEN, node
                size = push(keys, items, size, length, pushed, np.int64(neighbour))
                pushed += 1
    return count, True


@inner
def _whole_search(
    indptr, indices, weights, source, order, distance, parent, phase, keys, items, state
):
    """A search to the end; the phases are made unknown again, the order and distances kept."""
    count, good = _search(
        *(indptr, indices, weights, source, -1, np.inf),
        *(order, distance, parent, phase, keys, items, state),
    )
    if good:
        for i in range(count):
            phase[order[i]] = UNKNOWN
    else:
        for node in range(phase.size):
            phase[node] = UNKNOWN
    return count, good


def from_each(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    nodes: np.ndarray,
    counted: np.ndarray,
    parts: int,
    state: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """For each of these nodes: the sum of distances, how many are reached, inverses, the largest.

    The inverses are only of what is `counted` and not at distance 0. Each node is on its own, so
    the order of threads does not matter. The last values are whether its search went well.
    """
    sums, reached = np.zeros(nodes.size), np.zeros(nodes.size, np.int64)
    inverses, largest = np.zeros(nodes.size), np.zeros(nodes.size)
    good = np.ones(nodes.size, np.bool_)
    in_parts(
        parts,
        lambda part: _from_some(
            *(indptr, indices, weights, nodes, counted, part, parts),
            *(sums, reached, inverses, largest, good),
            *(*_room(indptr.size - 1, indices.size + 1), state),
        ),
        steps=nodes.size * indices.size,
    )
    return sums, reached, inverses, largest, good


@kernel
def _from_some(
    indptr, indices, weights, nodes, counted, part, parts, sums, reached, inverses, largest, good,
    order, distance, parent, phase, keys, items, state,
):  # fmt: skip
    for place in range(part, nodes.size, parts):
        if state[1]:
            return
        count, good[place] = _whole_search(
            *(indptr, indices, weights, nodes[place : place + 1]),
            *(order, distance, parent, phase, keys, items, state),
        )
        for i in range(count):
            node = order[i]
            sums[place] += distance[node]
            # As Python's max: what is no number takes no other's place.
            if distance[node] > largest[place]:
                largest[place] = distance[node]
            if counted[node] and distance[node] != 0:
                inverses[place] += 1 / distance[node]
        reached[place] = count
        state[0] += 1


def onto_each(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    sources: np.ndarray,
    parts: int,
    state: np.ndarray,
) -> tuple[np.ndarray, bool]:
    """The sum of the inverse distances from all sources to each node, and if all went well.

    Part `p` takes the sources p, p + parts, ...; parts are added up in their order.
    """
    n = indptr.size - 1
    inverses, good = np.zeros((parts, n)), np.ones(parts, np.bool_)
    in_parts(
        parts,
        lambda part: _onto_all(
            *(indptr, indices, weights, sources, part, parts, inverses[part], good),
            *(*_room(n, indices.size + 1), state),
        ),
        steps=sources.size * indices.size,
    )
    for part in range(1, parts):
        inverses[0] += inverses[part]
    return inverses[0], bool(good.all())


@kernel
def _onto_all(
    indptr, indices, weights, sources, part, parts, inverses, good, order, distance, parent, phase,
    keys, items, state,
):  # fmt: skip
    for place in range(part, sources.size, parts):
        if state[1] or not good[part]:
            return
        count, good[part] = _whole_search(
            *(indptr, indices, weights, sources[place : place + 1]),
            *(order, distance, parent, phase, keys, items, state),
        )
        for i in range(count):
            node = order[i]
            if distance[node] != 0:
                inverses[node] += 1 / distance[node]
        state[0] += 1


def meet(
    out_indptr: np.ndarray,
    out_indices: np.ndarray,
    out_weights: np.ndarray,
    in_indptr: np.ndarray,
    in_indices: np.ndarray,
    in_weights: np.ndarray,
    source: int,
    target: int,
    state: np.ndarray,
) -> tuple[float, int, np.ndarray, np.ndarray]:
    """Search from both ends in turn: the length, the meeting place, parents from either side.

    The meeting place is -1 without a path, and -2 where a weight is seen to be negative.
    """
    n = out_indptr.size - 1
    _, ahead, before, *ahead_room = _room(n, out_indices.size + 1)
    _, back, behind, *back_room = _room(n, in_indices.size + 1)
    best, place = _meet(
        *(out_indptr, out_indices, out_weights, in_indptr, in_indices, in_weights, source, target),
        *(ahead, before, *ahead_room, back, behind, *back_room, state),
    )
    return best, place, before, behind


@kernel
def _meet(
    out_indptr, out_indices, out_weights, in_indptr, in_indices, in_weights, source, target,
    ahead, before, ahead_phase, ahead_keys, ahead_items,
    back, behind, back_phase, back_keys, back_items, state,
):  # fmt: skip
    ahead[source], ahead_phase[source] = 0.0, SEEN
    back[target], back_phase[target] = 0.0, SEEN
    ahead_size = push(ahead_keys, ahead_items, _ZERO, 0.0, _ZERO, source)
    back_size = push(back_keys, back_items, _ZERO, 0.0, _ZERO + 1, target)
    pushed, best, place, forward = _ZERO + 2, np.inf, _ZERO - 1, False
    while ahead_size and back_size and not state[1]:
        forward = not forward
        if forward:
            ahead_size, pushed, best, place, done = _expand(
                *(out_indptr, out_indices, out_weights, ahead, before, ahead_phase),
                *(ahead_keys, ahead_items, ahead_size, back, back_phase, pushed, best, place),
            )
        else:
            back_size, pushed, best, place, done = _expand(
                *(in_indptr, in_indices, in_weights, back, behind, back_phase),
                *(back_keys, back_items, back_size, ahead, ahead_phase, pushed, best, place),
            )
        if done:
            return best, place
    return best, -1


@inner
def _expand(
    indptr, indices, weights, distance, parent, phase, keys, items, size, other, other_phase,
    pushed, best, place,
):  # fmt: skip
    """Settle the next node of one side; the last value is whether the search is at its end."""
    node, reached = items[0, 1], keys[0]
    size = pop(keys, items, size)
    if phase[node] == SETTLED:
        return size, pushed, best, place, False
    phase[node], distance[node] = SETTLED, reached
    if other_phase[node] == SETTLED:
        return size, pushed, best, place, True
    for i in range(indptr[node], indptr[node + 1]):
        neighbour, length = indices[i], reached + weights[i]
        if phase[neighbour] == SETTLED:
            if length < distance[neighbour]:
                return size, pushed, best, _ZERO - 2, True
        elif phase[neighbour] == UNKNOWN or length < distance[neighbour]:
            distance[neighbour], phase[neighbour], parent[neighbour] = length, SEEN, node
            size = push(keys, items, size, length, pushed, np.int64(neighbour))
            pushed += 1
            if other_phase[neighbour] != UNKNOWN:
                through = length + other[neighbour]
                if place < 0 or best > through:
                    best, place = through, np.int64(neighbour)
    return size, pushed, best, place, False
