"""Breadth first from 256 nodes at once, with the masks of the searches as bits.

Many searches share their edges: M. Then et al., The More the Merrier: Efficient Multi-Source Graph
Traversal, PVLDB 8 (2014). Here nothing is kept by source: what all sources together say of a node
is counted from the bits that are new in each step, so that the counts are whole numbers. A step
goes along the edges that leave its fringe or, where these are many, looks from each node back at
the fringe until nothing is missing (S. Beamer et al., Direction-Optimizing Breadth-First Search,
SC 2012).
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

WORDS = 4
LANES = 64 * WORDS

# Divided by every number up to 22: so long the inverses of distances are counted as whole numbers.
_ONE = 232_792_560
_EXACT = 22

# A fringe that has this share of all edges is looked back at.
_MANY = 0.25


@parallel_kernel
def from_many(out_indptr, out_indices, in_indptr, in_indices, sources, parts, state):
    """What the distances from all sources to each node come to.

    Their sum, how many sources reach it (itself included), the sum of their inverses, and the
    largest. Part `p` takes the batches p, p + parts, ...; parts are added up in their order. The
    sum of inverses is exact but for one rounding where no distance is above 22.
    """
    n, batches = out_indptr.size - 1, (sources.size + LANES - 1) // LANES
    counts = np.zeros((parts, n, 4), np.int64)
    inverses = np.zeros((parts, n))
    for part in numba.prange(parts):
        seen, front = np.empty((n, WORDS), np.uint64), np.empty((n, WORDS), np.uint64)
        following = np.empty((n, WORDS), np.uint64)
        for batch in range(part, batches, parts):
            first = batch * LANES
            chosen = sources[first : min(first + LANES, sources.size)]
            _batch(
                *(out_indptr, out_indices, in_indptr, in_indices),
                *(chosen, seen, front, following, counts[part], inverses[part], state),
            )
            state[0] += chosen.size
    for part in range(1, parts):
        for node in range(n):
            counts[0, node, 0] += counts[part, node, 0]
            counts[0, node, 1] += counts[part, node, 1]
            counts[0, node, 2] = max(counts[0, node, 2], counts[part, node, 2])
            counts[0, node, 3] += counts[part, node, 3]
            inverses[0, node] += inverses[part, node]
    for node in range(n):
        inverses[0, node] += counts[0, node, 3] / _ONE
    return counts[0, :, 0], counts[0, :, 1], inverses[0], counts[0, :, 2]


@kernel
def _batch(
    out_indptr, out_indices, in_indptr, in_indices, chosen, seen, front, following, counts,
    inverses, state,
):  # fmt: skip
    seen[:], front[:], following[:] = 0, 0, 0
    everyone = np.zeros(WORDS, np.uint64)
    fringe, found = np.empty(seen.shape[0], np.int32), np.empty(seen.shape[0], np.int32)
    size, leaving = chosen.size, 0
    for lane in range(size):
        node, word, bit = chosen[lane], lane // 64, np.uint64(1) << np.uint64(lane % 64)
        seen[node, word] |= bit
        front[node, word] |= bit
        everyone[word] |= bit
        fringe[lane] = node
        counts[node, 1] += 1
        leaving += out_indptr[node + 1] - out_indptr[node]
    distance = 0
    while size and not state[1]:
        distance += 1
        if leaving > _MANY * out_indices.size:
            reached = _pull(in_indptr, in_indices, seen, front, following, everyone, found)
        else:
            reached = _push(out_indptr, out_indices, seen, front, following, fringe[:size], found)
        # The old fringe's masks are cleared, to gather those of the step after this.
        for i in range(size):
            for word in range(WORDS):
                front[np.uint32(fringe[i]), word] = 0
        fringe, found, size = found, fringe, reached
        front, following = following, front
        leaving = _count(out_indptr, seen, front, fringe[:size], distance, counts, inverses)


@kernel
def _push(indptr, indices, seen, front, following, fringe, found):
    """From the fringe along its edges; returns how many nodes were found."""
    reached = 0
    for node in fringe:
        own = front[np.uint32(node)]
        for j in range(indptr[node], indptr[node + 1]):
            neighbour = np.uint32(indices[j])
            new, waiting = np.uint64(0), np.uint64(0)
            for word in range(WORDS):
                fresh = own[word] & ~seen[neighbour, word]
                before = following[neighbour, word]
                new |= fresh
                waiting |= before
                following[neighbour, word] = before | fresh
            if waiting == 0 and new != 0:
                found[reached] = neighbour
                reached += 1
    return reached


@kernel
def _pull(indptr, indices, seen, front, following, everyone, found):
    """From each node that some search has not seen back to the fringe, until none is missing."""
    reached = 0
    for node in range(indptr.size - 1):
        missing = np.uint64(0)
        for word in range(WORDS):
            missing |= everyone[word] & ~seen[node, word]
        j, new = indptr[node], np.uint64(0)
        while missing != 0 and j < indptr[node + 1]:
            neighbour = np.uint32(indices[j])
            missing, new = np.uint64(0), np.uint64(0)
            for word in range(WORDS):
                fresh = following[node, word] | (front[neighbour, word] & ~seen[node, word])
                following[node, word] = fresh
                new |= fresh
                missing |= everyone[word] & ~(seen[node, word] | fresh)
            j += 1
        if new != 0:
            found[reached] = node
            reached += 1
    return reached


@kernel
def _count(indptr, seen, front, fringe, distance, counts, inverses):
    """Add the new fringe to what was seen and counted; returns how many edges leave it."""
    leaving = 0
    inverse, rest = (_ONE // distance, 0.0) if distance <= _EXACT else (0, 1 / distance)
    for node in fringe:
        times = 0
        for word in range(WORDS):
            fresh = front[np.uint32(node), word]
            seen[np.uint32(node), word] |= fresh
            times += _bits(fresh)
        counts[node, 0] += distance * times
        counts[node, 1] += times
        counts[node, 2] = max(counts[node, 2], distance)
        counts[node, 3] += inverse * times
        inverses[node] += rest * times
        leaving += indptr[node + 1] - indptr[node]
    return leaving


@kernel
def _bits(word):
    """How many bits are set; compilers know this for the instruction that counts them."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
