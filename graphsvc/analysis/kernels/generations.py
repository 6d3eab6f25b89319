"""Nodes by generation: how long the longest path is that ends at each."""

from __future__ import annotations

import numba
import numpy as np

from graphsvc.analysis.kernels import kernel, parallel_kernel

_BLOCK = 4096


@kernel
def generations(indptr, indices, arriving):
    """Nodes that no cycle leads to, oldest first, and where each generation begins among them.

    `arriving` is the number of edges to each node, and is used up. A. B. Kahn, Topological Sorting
    of Large Networks, Communications of the ACM 5 (1962).
    """
    order = np.empty(arriving.size, np.int32)
    count = 0
    for node in range(arriving.size):
        if arriving[node] == 0:
            order[count] = node
            count += 1
    first = [0]
    while first[-1] < count:
        begin, end = first[-1], count
        first.append(end)
        for place in range(begin, end):
            node = order[place]
            for i in range(indptr[node], indptr[node + 1]):
                neighbour = indices[i]
                arriving[neighbour] -= 1
                if arriving[neighbour] == 0:
                    order[count] = neighbour
                    count += 1
    return order[:count], np.array(first)


@parallel_kernel
def rows_by_place(indptr, indices, entry, order, place, new_indptr):
    """Rows of the transpose in another order of nodes, each with the source of last place first.

    For each entry: the place of its source, and which entry of the graph it is.
    """
    sources = np.empty(indices.size, np.int32)
    entries = np.empty(indices.size, np.int32)
    for block in numba.prange((order.size + _BLOCK - 1) // _BLOCK):
        for row in range(block * _BLOCK, min(order.size, (block + 1) * _BLOCK)):
            begin, node = new_indptr[row], order[row]
            end = begin + indptr[node + 1] - indptr[node]
            _sorted_row(
                place,
                indices[indptr[node] : indptr[node + 1]],
                entry[indptr[node] : indptr[node + 1]],
                sources[begin:end],
                entries[begin:end],
            )
    return sources, entries


@kernel
def _sorted_row(place, indices, entry, sources, entries):
    if indices.size > 32:
        by_place = np.argsort(-place[indices], kind="mergesort")
        sources[:] = place[indices[by_place]]
        entries[:] = entry[by_place]
        return
    for row in range(indices.size):
        i, source, which = row, place[indices[row]], entry[row]
        while i > 0 and sources[i - 1] < source:
            sources[i], entries[i] = sources[i - 1], entries[i - 1]
            i -= 1
        sources[i], entries[i] = source, which
