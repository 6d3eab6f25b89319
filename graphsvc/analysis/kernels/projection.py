"""Who shares how much with whom: walks from each member over what it belongs to, and back."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import kernel


@kernel
def partners(indptr, indices, back_indptr, back_indices, state):
    """How many others each member shares something with."""
    members = indptr.size - 1
    found = np.zeros(members, np.int64)
    seen = np.full(members, -1, np.int32)
    for one in range(members):
        if state[1]:
            break
        for i in range(indptr[one], indptr[one + 1]):
            common = indices[i]
            for j in range(back_indptr[common], back_indptr[common + 1]):
                other = back_indices[j]
                if other != one and seen[other] != one:
                    seen[other] = one
                    found[one] += 1
        state[0] += 1
    return found


def shares(
    indptr: np.ndarray,
    indices: np.ndarray,
    back_indptr: np.ndarray,
    back_indices: np.ndarray,
    rows: np.ndarray,
    state: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of partners in their order, how many things each shares, and Newman's weight of it.

    Things stand in the same order in all rows, so that both of two partners add up the same sum.
    """
    members, entries = indptr.size - 1, int(rows[-1])
    neighbours = np.empty(entries, np.int32)
    shared, newman = np.empty(entries, np.int64), np.empty(entries)
    _share(
        *(indptr, indices, back_indptr, back_indices, rows[:-1].copy()),
        *(np.empty(members, np.int32), np.zeros(members, np.int64), np.zeros(members)),
        *(neighbours, shared, newman, state),
    )
    return neighbours, shared, newman


@kernel
def _share(
    indptr, indices, back_indptr, back_indices, free, met, times, weight, neighbours, shared,
    newman, state,
):  # fmt: skip
    for one in range(free.size):
        if state[1]:
            break
        count = 0
        for i in range(indptr[one], indptr[one + 1]):
            common = indices[i]
            begin, end = back_indptr[common], back_indptr[common + 1]
            for j in range(begin, end):
                other = back_indices[j]
                if other == one:
                    continue
                if times[other] == 0:
                    met[count] = other
                    count += 1
                times[other] += 1
                weight[other] += 1.0 / (end - begin - 1)
        # Into the rows of the partners: these come to be in order, since members are gone through
        # in order.
        for k in range(count):
            other = met[k]
            at = free[other]
            free[other] += 1
            neighbours[at], shared[at], newman[at] = one, times[other], weight[other]
            times[other], weight[other] = 0, 0.0
        state[0] += 1
