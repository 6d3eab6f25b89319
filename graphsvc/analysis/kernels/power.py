"""Steps of power iterations: each row is pulled together in one order, block after block.

A block's rows add up its own change, and blocks are added in their order, so that sums have the
same bits for any number of threads.
"""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import parallel_kernel

NO_WEIGHTS = np.empty(0)
BLOCK = 1024


@parallel_kernel
def pull(indptr, indices, weights, x, y):
    """`y[i]`: the weighted sum of `x` over row `i`; without weights each entry weighs 1."""
    n = indptr.size - 1
    weighted = weights.size > 0
    for block in numba.prange((n + BLOCK - 1) // BLOCK):
        for row in range(block * BLOCK, min((block + 1) * BLOCK, n)):
            total = 0.0
            if weighted:
                for i in range(indptr[row], indptr[row + 1]):
                    total += weights[i] * x[indices[i]]
            else:
                for i in range(indptr[row], indptr[row + 1]):
                    total += x[indices[i]]
            y[row] = total


@parallel_kernel
def rank_step(indptr, indices, weights, share, alpha, lost, lost_to, teleport, x, z, next_z):
    """One step of PageRank: `x` becomes the new ranks, `next_z` what each passes on along an edge.

    `z` is `x * share`, and `lost` the rank of those who pass nothing on. Returns the change (L1)
    and what is lost now.
    """
    n = indptr.size - 1
    blocks = (n + BLOCK - 1) // BLOCK
    changes, losses = np.empty(blocks), np.empty(blocks)
    weighted = weights.size > 0
    for block in numba.prange(blocks):
        change, gone = 0.0, 0.0
        for row in range(block * BLOCK, min((block + 1) * BLOCK, n)):
            total = 0.0
            if weighted:
                for i in range(indptr[row], indptr[row + 1]):
                    total += weights[i] * z[indices[i]]
            else:
                for i in range(indptr[row], indptr[row + 1]):
                    total += z[indices[i]]
            to = row if lost_to.size > 1 else 0
            at = row if teleport.size > 1 else 0
            rank = alpha * (total + lost * lost_to[to]) + (1 - alpha) * teleport[at]
            change += abs(rank - x[row])
            if share[row] == 0:
                gone += rank
            x[row] = rank
            next_z[row] = rank * share[row]
        changes[block], losses[block] = change, gone
    return _in_order(changes), _in_order(losses)


@numba.njit(cache=True, nogil=True)
def _in_order(parts):
    total = 0.0
    for part in parts:
        total += part
    return total
