"""Breadth first: from one node, or from 256 at once with their masks as bits.

Many searches share their edges: M. Then et al., The More the Merrier: Efficient Multi-Source Graph
Traversal, PVLDB 8 (2014). Here nothing is kept by source: what all sources together say of a node
is counted from the bits that are new in each step, so that the counts are whole numbers.
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

WORDS = 4
LANES = 64 * WORDS


@kernel
def breadth_first(indptr, indices, source, most_levels):
    """Nodes in the order of their finding, and their levels and parents by node (-1 if none)."""
    n = indptr.size - 1
    order, level, parent = np.empty(n, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    order[0], level[source] = source, 0
    count, at = 1, 0
    while at < count and count < n:
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
    return order[:count], level, parent


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
def from_many(indptr, indices, sources, parts, state):
    """What the distances from all sources to each node come to.

    Their sum, how many sources reach it (itself included), the sum of their inverses, and the
    largest. Part `p` takes the batches p, p + parts, ...; parts are added up in their order.
    """
    n, batches = indptr.size - 1, (sources.size + LANES - 1) // LANES
    counts = np.zeros((parts, n, 3), np.int64)
    inverses = np.zeros((parts, n))
    for part in numba.prange(parts):
        _many(indptr, indices, sources, part, parts, batches, counts[part], inverses[part], state)
    for part in range(1, parts):
        for node in range(n):
            counts[0, node, 0] += counts[part, node, 0]
            counts[0, node, 1] += counts[part, node, 1]
            counts[0, node, 2] = max(counts[0, node, 2], counts[part, node, 2])
            inverses[0, node] += inverses[part, node]
    return counts[0, :, 0], counts[0, :, 1], inverses[0], counts[0, :, 2]


@kernel
def _many(indptr, indices, sources, part, parts, batches, counts, inverses, state):
    n = indptr.size - 1
    # Of each node one line of the cache: who has seen it, and who comes to it in this step.
    masks = np.zeros((n, 2 * WORDS), np.uint64)
    fringe, found = np.empty(n, np.int32), np.empty(n, np.int32)
    carried = np.empty((n, WORDS), np.uint64)
    for batch in range(part, batches, parts):
        first = batch * LANES
        last = min(first + LANES, sources.size)
        for i in range(n):
            for word in range(2 * WORDS):
                masks[i, word] = 0
        size = 0
        for lane in range(last - first):
            node = sources[first + lane]
            bit = np.uint64(1) << np.uint64(lane % 64)
            masks[node, lane // 64] |= bit
            counts[node, 1] += 1
            fringe[size] = node
            for word in range(WORDS):
                carried[size, word] = 0
            carried[size, lane // 64] = bit
            size += 1
        distance = 0
        while size and not state[1]:
            distance += 1
            size = _step(
                indptr, indices, masks, fringe, carried, size, found, counts, inverses, distance
            )
        state[0] += last - first


@kernel
def _step(indptr, indices, masks, fringe, carried, size, found, counts, inverses, distance):
    """All searches one edge on; the new fringe takes the place of the old."""
    reached = 0
    for i in range(size):
        node = fringe[i]
        for j in range(indptr[node], indptr[node + 1]):
            mask = masks[indices[j]]
            new, waiting = np.uint64(0), np.uint64(0)
            for word in range(WORDS):
                fresh = carried[i, word] & ~mask[word]
                new |= fresh
                waiting |= mask[WORDS + word]
                mask[WORDS + word] |= fresh
            if waiting == 0 and new != 0:
                found[reached] = indices[j]
                reached += 1
    for i in range(reached):
        node = found[i]
        times = 0
        for word in range(WORDS):
            fresh = masks[node, WORDS + word]
            masks[node, WORDS + word] = 0
            masks[node, word] |= fresh
            carried[i, word] = fresh
            times += _bits(fresh)
        fringe[i] = node
        counts[node, 0] += distance * times
        counts[node, 1] += times
        counts[node, 2] = max(counts[node, 2], distance)
        inverses[node] += times / distance
    return reached


@kernel
def _bits(word):
    """How many bits are set; compilers know this for the instruction that counts them."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
