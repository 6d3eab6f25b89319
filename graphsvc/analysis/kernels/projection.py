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


@kernel
def shares(indptr, indices, back_indptr, back_indices, rows, state):
    """Rows of partners in their order, how many things each shares, and Newman's weight of it."""
    members = indptr.size - 1
    neighbours = np.empty(rows[members], np.int32)
    shared = np.empty(rows[members], np.int64)
    newman = np.empty(rows[members], np.float64)
    times = np.zeros(members, np.int64)
    weight = np.zeros(members, np.float64)
    for one in range(members):
        if state[1]:
            break
        at = rows[one]
        for i in range(indptr[one], indptr[one + 1]):
            common = indices[i]
            begin, end = back_indptr[common], back_indptr[common + 1]
            for j in range(begin, end):
                other = back_indices[j]
                if other == one:
                    continue
                if times[other] == 0:
                    neighbours[at] = other
                    at += 1
                times[other] += 1
                weight[other] += 1.0 / (end - begin - 1)
        row = neighbours[rows[one] : at]
        row.sort()
        for i in range(rows[one], at):
            other = neighbours[i]
            shared[i], newman[i] = times[other], weight[other]
            times[other], weight[other] = 0, 0.0
        state[0] += 1
    return neighbours, shared, newman
