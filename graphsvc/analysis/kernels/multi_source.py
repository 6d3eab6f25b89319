"""Breadth first from 256 nodes at once, with the masks of the searches as bits.

Many searches share their edges: M. Then et al., The More the Merrier: Efficient Multi-Source Graph
Traversal, PVLDB 8 (2014). Here nothing is kept by source: what all sources together say of a node
is counted from the bits that are new in each step, so that the counts are whole numbers. A step
goes along the edges that leave its fringe or, where these are many, looks from each node back at
the fringe until nothing is missing (S. Beamer et al., Direction-Optimizing Breadth-First Search,
SC 2012).
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel
from graphsvc.analysis.kernels.parallel import in_parts

WORDS = 4
LANES = 64 * WORDS

# Divided by every number up to 22: so long the inverses of distances are counted as whole numbers.
_ONE = 232_792_560
_EXACT = 22

# A fringe that has this share of all edges is looked back at.
_MANY = 0.25


def from_many(
    out_indptr: np.ndarray,
    out_indices: np.ndarray,
    in_indptr: np.ndarray,
    in_indices: np.ndarray,
    sources: np.ndarray,
    parts: int,
    state: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What the distances from all sources to each node come to.

    Their sum, how many sources reach it (itself included), the sum of their inverses, and the
    largest. Part `p` takes the batches p, p + parts, ...; parts are added up in their order. The
    sum of inverses is exact but for one rounding where no distance is above 22.
    """
    n = out_indptr.size - 1
    counts, inverses = np.zeros((parts, n, 4), np.int64), np.zeros((parts, n))

    def run(part: int) -> None:
        _batches(
            *(out_indptr, out_indices, in_indptr, in_indices, sources, part, parts),
            *np.empty((3, n, WORDS), np.uint64),
            *np.empty((2, n), np.int32),
            *(counts[part], inverses[part], state),
        )

    in_parts(parts, run, steps=sources.size * out_indices.size // LANES)
    total, all_inverses = counts[0], inverses[0]
    largest = total[:, 2].copy()
    for part in range(1, parts):
        np.maximum(largest, counts[part, :, 2], out=largest)
        total += counts[part]
        all_inverses += inverses[part]
    all_inverses += total[:, 3] / _ONE
    return total[:, 0], total[:, 1], all_inverses, largest


@kernel
def _batches(
    out_indptr, out_indices, in_indptr, in_indices, sources, part, parts, seen, front, following,
    fringe, found, counts, inverses, state,
):  # fmt: skip
    for first in range(part * LANES, sources.size, parts * LANES):
        chosen = sources[first : min(first + LANES, sources.size)]
        _batch(
            *(out_indptr, out_indices, in_indptr, in_indices, chosen),
            *(seen, front, following, fringe, found, counts, inverses, state),
        )
        state[0] += chosen.size


@inner
def _batch(
    out_indptr, out_indices, in_indptr, in_indices, chosen, seen, front, following, fringe, found,
    counts, inverses, state,
):  # fmt: skip
    for node in range(seen.shape[0]):
        for word in range(WORDS):
            seen[node, word] = front[node, word] = following[node, word] = 0
    everyone = np.empty(WORDS, np.uint64)
    for word in range(WORDS):
        everyone[word] = 0
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


@inner
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


@inner
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


@inner
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


@inner
def _bits(word):
    """How many bits are set; compilers know this for the instruction that counts them."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    pairs = np.uint64(0x3333333333333333)
    word = (word & pairs) + ((word >> np.uint64(2)) & pairs)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
