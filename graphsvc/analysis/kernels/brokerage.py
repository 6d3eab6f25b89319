"""Open two-paths, counted for the node in the middle."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel


@kernel
def roles(indptr, indices, group, state):
    """For each node, in how many open two-paths it plays each of the five roles.

    One after the other: coordinator, itinerant, representative, gatekeeper, liaison.
    """
    n = indptr.size - 1
    counts = np.zeros((n, 5), np.int64)
    reached = np.full(n, -1, np.int32)
    for a in range(n):
        if state[1]:
            break
        for i in range(indptr[a], indptr[a + 1]):
            reached[indices[i]] = a
        for i in range(indptr[a], indptr[a + 1]):
            b = indices[i]
            if b == a:
                continue
            for j in range(indptr[b], indptr[b + 1]):
                c = indices[j]
                if c == a or c == b or reached[c] == a:
                    continue
                counts[b, _role(group[a], group[b], group[c])] += 1
        state[0] += 1
    return counts


@inner
def _role(a, b, c):
    if a == c:
        return 0 if a == b else 1
    if a == b:
        return 2
    return 3 if b == c else 4
