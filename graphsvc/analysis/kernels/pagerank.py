"""PageRank: steps that pull along the rows of the transpose, and, without cycles, a series.

Where no node reaches itself, what comes to a node from `i` edges away does not change from step to
step: it is found once, by pulls that grow shorter, and every step of the power iteration is a sum
of such parts.
"""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel
from graphsvc.analysis.kernels.parallel import in_ranges

BLOCK = 4096
"""Rows that are added up together: a fixed number, so that sums do not depend on threads."""
_MANY = 16 * BLOCK


def step(
    indptr: np.ndarray,
    indices: np.ndarray,
    weights: np.ndarray,
    passed: np.ndarray,
    share: np.ndarray,
    lost_to: np.ndarray,
    lost: float,
    teleport: np.ndarray,
    jump: float,
    x: np.ndarray,
    sums: np.ndarray,
) -> np.ndarray:
    """One step of the power iteration: `x`, in place, and what each node passes on in the next.

    A row becomes what it pulls of `passed`, and its part of what was `lost` and of the `jump`. Into
    `sums` go, for each block of rows, how much they changed, and what those hold that pass nothing
    on.
    """
    passing = np.empty(x.size)
    in_ranges(
        sums.shape[0],
        lambda low, high: _step(
            *(indptr, indices, weights, passed, share, lost_to, lost, teleport, jump),
            *(x, passing, sums, low, high),
        ),
        steps=x.size + indices.size,
    )
    return passing


@kernel
def _step(
    indptr, indices, weights, passed, share, lost_to, lost, teleport, jump, x, passing, sums, low,
    high,
):  # fmt: skip
    weighted = weights.size > 0
    for block in range(low, high):
        changed, held = 0.0, 0.0
        for row in range(block * BLOCK, min(x.size, (block + 1) * BLOCK)):
            pulled = 0.0
            if weighted:
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
        sums[block, 0], sums[block, 1] = changed, held


def series(
    first: np.ndarray,
    indptr: np.ndarray,
    sources: np.ndarray,
    weights: np.ndarray,
    share: np.ndarray,
    parts: np.ndarray,
    sums: np.ndarray,
    held: np.ndarray,
    state: np.ndarray,
) -> None:
    """What comes to each node from `i` edges away where every node holds 1, as `parts`.

    Nodes stand by generation. Part `i` has a number for each from generation `i` on, since no path
    of that length leads to an older one; rows have their youngest source first, so that those
    which count come first. For each part, `sums` adds up blocks of nodes, and `held` those of them
    that pass nothing on.
    """
    n, all_parts = share.size, first.size - 1
    passed, passing = np.empty(n), np.empty(n)
    begin, part = 0, 0
    # What is small is not worth waiting for another thread, and parts grow smaller.
    while part < all_parts and n - first[part] > _MANY:
        _wide_part(
            *(first, indptr, sources, weights, share, passed, passing),
            *(parts, begin, part, sums, held),
        )
        begin += n - int(first[part])
        passed, passing = passing, passed
        part += 1
        state[0] += 1
        if state[1]:
            return
    _remaining_parts(
        *(first, indptr, sources, weights, share, passed, passing),
        *(parts, begin, part, sums, held, state),
    )


def _wide_part(
    first: np.ndarray, indptr: np.ndarray, sources: np.ndarray, weights: np.ndarray,
    share: np.ndarray, passed: np.ndarray, passing: np.ndarray, parts: np.ndarray, begin: int,
    part: int, sums: np.ndarray, held: np.ndarray,
) -> None:  # fmt: skip
    low = int(first[part]) // BLOCK
    in_ranges(
        sums.shape[1] - low,
        lambda begins, ends: _part(
            *(first, indptr, sources, weights, share, passed, passing),
            *(parts, begin, part, low + begins, low + ends, sums, held),
        ),
        steps=share.size,
    )


@kernel
def _remaining_parts(
    first, indptr, sources, weights, share, passed, passing, parts, begin, part, sums, held, state
):
    n = share.size
    while part < first.size - 1 and state[1] == 0:
        low = first[part] // BLOCK
        _part(
            *(first, indptr, sources, weights, share, passed, passing),
            *(parts, begin, part, low, sums.shape[1], sums, held),
        )
        begin += n - first[part]
        passed, passing = passing, passed
        part += 1
        state[0] += 1


@kernel
def _part(
    first, indptr, sources, weights, share, passed, passing, parts, begin, part, low, high, sums,
    held,
):  # fmt: skip
    n = share.size
    youngest = first[part - 1] if part > 0 else n
    for block in range(low, high):
        total, lost = 0.0, 0.0
        for row in range(max(first[part], block * BLOCK), min(n, (block + 1) * BLOCK)):
            value = 1.0 if youngest == n else 0.0
            i, end = indptr[row], indptr[row + 1]
            while i < end and sources[i] >= youngest:
                value += weights[i] * passed[sources[i]]
                i += 1
            parts[begin + row - first[part]] = value
            passing[row] = value * share[row]
            total += value
            if share[row] == 0.0:
                lost += value
        sums[part, block], held[part, block] = total, lost


def assembled(
    first: np.ndarray,
    order: np.ndarray,
    parts: np.ndarray,
    given: np.ndarray,
    more: np.ndarray,
    x: np.ndarray,
) -> np.ndarray:
    """The ranks after a step, into `x`, and how much that step changed them, by blocks.

    `given[i]` is what every node was given `i` steps ago, and `more[i]` how much more that was
    than the step before.
    """
    changed = np.empty(-(-order.size // BLOCK))
    in_ranges(
        changed.size,
        lambda low, high: _assembled(
            *(first, order, parts, given, more, x, changed, low, high),
            *np.empty((2, BLOCK)),
        ),
        steps=parts.size,
    )
    return changed


@kernel
def _assembled(first, order, parts, given, more, x, changed, low, high, value, change):
    n = order.size
    for block in range(low, high):
        begins, ends = block * BLOCK, min(n, (block + 1) * BLOCK)
        for i in range(ends - begins):
            value[i] = change[i] = 0.0
        begin = 0
        for part in range(first.size - 1):
            if first[part] >= ends:
                break
            for row in range(max(begins, first[part]), ends):
                mine = parts[begin + row - first[part]]
                value[row - begins] += given[part] * mine
                change[row - begins] += more[part] * mine
            begin += n - first[part]
        total = 0.0
        for row in range(begins, ends):
            x[order[row]] = value[row - begins]
            total += abs(change[row - begins])
        changed[block] = total
