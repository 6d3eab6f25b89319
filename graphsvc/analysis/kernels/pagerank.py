"""PageRank: steps that pull along the rows of the transpose, and, without cycles, a series.

Where no node reaches itself, what comes to a node from `i` edges away does not change from step to
step: it is found once, by pulls that grow shorter, and every step of the power iteration is a sum
of such parts.
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

BLOCK = 4096
"""Rows that are added up together: a fixed number, so that sums do not depend on threads."""
_MANY = 16 * BLOCK


@parallel_kernel
def step(indptr, indices, weights, passed, share, lost_to, lost, teleport, jump, x, sums):
    """One step of the power iteration: `x`, in place, and what each node passes on in the next.

    A row becomes what it pulls of `passed`, and its part of what was `lost` and of the `jump`. Into
    `sums` go, for each block of rows, how much they changed, and what those hold that pass nothing
    on.
    """
    passing = np.empty(x.size)
    for block in numba.prange(sums.shape[0]):
        sums[block] = _step(
            *(indptr, indices, weights, passed, share),
            *(lost_to, lost, teleport, jump, x, passing, block),
        )
    return passing


@kernel
def _step(
    indptr, indices, weights, passed, share, lost_to, lost, teleport, jump, x, passing, block
):
    changed, held = 0.0, 0.0
    for row in range(block * BLOCK, min(x.size, (block + 1) * BLOCK)):
        pulled = 0.0
        if weights.size:
            for i in range(indptr[row], indptr[row + 1]):
                pulled += weights[i] * passed[indices[i]]
        else:
            for i in range(indptr[row], indptr[row + 1]):
                pulled += passed[indices[i]]
        value = pulled + lost * lost_to[row] + jump * teleport[row]
        changed += abs(value - x[row])
        x[row] = value
        passing[row] = value * share[row]
        if share[row] == 0.0:
            held += value
    return changed, held


@kernel
def series(first, indptr, sources, weights, share, parts, sums, held, state):
    """What comes to each node from `i` edges away where every node holds 1, as `parts`.

    Nodes stand by generation. Part `i` has a number for each from generation `i` on, since no path
    of that length leads to an older one; rows have their youngest source first, so that those
    which count come first. For each part, `sums` adds up blocks of nodes, and `held` those of them
    that pass nothing on.
    """
    n = share.size
    passed, passing = np.empty(n), np.empty(n)
    begin = 0
    for part in range(first.size - 1):
        if state[1]:
            return
        mine = parts[begin : begin + n - first[part]]
        youngest = first[part - 1] if part else n
        # What is small is not worth waiting for another thread.
        if mine.size > _MANY:
            _in_parallel(
                *(indptr, sources, weights, share, passed, passing),
                *(mine, youngest, sums[part], held[part]),
            )
        else:
            _in_turn(
                *(indptr, sources, weights, share, passed, passing),
                *(mine, youngest, sums[part], held[part]),
            )
        passed, passing = passing, passed
        begin += mine.size
        state[0] += 1


@parallel_kernel
def _in_parallel(indptr, sources, weights, share, passed, passing, mine, youngest, sums, held):
    low = (share.size - mine.size) // BLOCK
    for block in numba.prange(low, sums.size):
        sums[block], held[block] = _part(
            indptr, sources, weights, share, passed, passing, mine, youngest, block
        )


@kernel
def _in_turn(indptr, sources, weights, share, passed, passing, mine, youngest, sums, held):
    low = (share.size - mine.size) // BLOCK
    for block in range(low, sums.size):
        sums[block], held[block] = _part(
            indptr, sources, weights, share, passed, passing, mine, youngest, block
        )


@kernel
def _part(indptr, sources, weights, share, passed, passing, mine, youngest, block):
    n = share.size
    low = n - mine.size
    total, held = 0.0, 0.0
    for row in range(max(low, block * BLOCK), min(n, (block + 1) * BLOCK)):
        value = 1.0 if youngest == n else 0.0
        i, end = indptr[row], indptr[row + 1]
        while i < end and sources[i] >= youngest:
            value += weights[i] * passed[sources[i]]
            i += 1
        mine[row - low] = value
        passing[row] = value * share[row]
        total += value
        if share[row] == 0.0:
            held += value
    return total, held


@parallel_kernel
def assembled(first, order, parts, given, more, x):
    """The ranks after a step, into `x`, and how much that step changed them, by blocks.

    `given[i]` is what every node was given `i` steps ago, and `more[i]` how much more that was
    than the step before.
    """
    changed = np.empty((order.size + BLOCK - 1) // BLOCK)
    for block in numba.prange(changed.size):
        changed[block] = _assembled(first, order, parts, given, more, x, block)
    return changed


@kernel
def _assembled(first, order, parts, given, more, x, block):
    n = order.size
    low, high = block * BLOCK, min(n, (block + 1) * BLOCK)
    value, change = np.zeros(high - low), np.zeros(high - low)
    begin = 0
    for part in range(first.size - 1):
        if first[part] >= high:
            break
        row = max(low, first[part])
        mine = parts[begin + row - first[part] : begin + high - first[part]]
        value[row - low :] += given[part] * mine
        change[row - low :] += more[part] * mine
        begin += n - first[part]
    for row in range(low, high):
        x[order[row]] = value[row - low]
    return np.abs(change).sum()
