"""What two nodes share: for pairs of nodes, their neighbours in common, and weights of those."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.kernels import inner, kernel


@kernel
def in_common(indptr, indices, sources, targets, worth, seen):
    """How many neighbours each pair has in common, what these are worth, and all neighbours.

    The two nodes themselves are in common neither; they are among all neighbours. `seen` holds -1
    for each node.
    """
    shared = np.empty(sources.size, np.int64)
    worths = np.empty(sources.size)
    either = np.empty(sources.size, np.int64)
    marked = -1
    for pair in range(sources.size):
        source, target = sources[pair], targets[pair]
        if source != marked:
            _mark(indptr, indices, marked, seen, -1)
            _mark(indptr, indices, source, seen, source)
            marked = source
        count, both, total = 0, 0, 0.0
        for i in range(indptr[target], indptr[target + 1]):
            node = indices[i]
            if seen[node] >= 0:
                both += 1
                if node != source and node != target:
                    count += 1
                    total += worth[node]
        shared[pair], worths[pair] = count, total
        either[pair] = indptr[source + 1] - indptr[source] + indptr[target + 1] - indptr[target]
        either[pair] -= both
    return shared, worths, either


@inner
def _mark(indptr, indices, node, seen, mark):
    if node >= 0:
        for i in range(indptr[node], indptr[node + 1]):
            seen[indices[i]] = mark


@kernel
def steps_from(indptr, indices, source, steps, queue):
    """How many edges the shortest path to each node has, into `steps`; -1 where there is none."""
    steps[:] = -1
    steps[source] = 0
    queue[0] = source
    count = 1
    for turn in range(steps.size):
        if turn == count:
            break
        node = queue[turn]
        for i in range(indptr[node], indptr[node + 1]):
            if steps[indices[i]] < 0:
                steps[indices[i]] = steps[node] + 1
                queue[count] = indices[i]
                count += 1
