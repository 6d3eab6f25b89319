"""What `rows` finds, by numpy: for a few edges, where nothing is worth waiting for a compiler."""

from __future__ import annotations

import numpy as np

MOST = 1 << 15
"""Edges or entries up to which this takes a few milliseconds at most."""


def rows_of(
    source: np.ndarray, target: np.ndarray, n: int, both_ways: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `rows.rows_of`, always with the edges."""
    row, neighbour = source, target
    edge = np.arange(source.size, dtype=np.int32)
    if both_ways:
        # An edge stands in the row of its source before it does in that of its target.
        kept = np.stack((np.ones(source.size, np.bool_), source != target), axis=1).ravel()
        row = np.stack((source, target), axis=1).ravel()[kept]
        neighbour = np.stack((target, source), axis=1).ravel()[kept]
        edge = np.repeat(edge, 2)[kept]
    order = np.argsort(row, kind="stable")
    return begins_of(row, n), neighbour[order].astype(np.int32, copy=False), edge[order]


def begins_of(row: np.ndarray, n: int) -> np.ndarray:
    """Where rows begin, from the row of each entry."""
    begins = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=n), out=begins[1:])
    return begins


def merge_parallel(indptr: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, int]:
    """As `rows.merge_parallel`, in place too."""
    n = indptr.size - 1
    row = sources_of(indptr)
    keys = row.astype(np.int64) * n + indices
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(first.size, np.int32)
    place[order] = np.arange(first.size, dtype=np.int32)
    kept = first[order]
    indices[: kept.size] = indices[kept]
    indptr[:] = begins_of(row[kept], n)
    return place[which], int(kept.size)


def merged_values(
    values: np.ndarray, edge: np.ndarray, went: np.ndarray, kept: int, *, last: bool
) -> np.ndarray:
    """As `rows.merged_values`."""
    merged = np.zeros(kept, values.dtype)
    if last:
        merged[went] = values[edge]
    else:
        np.add.at(merged, went, values[edge])
    return merged


def transposed(
    indptr: np.ndarray, indices: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `rows.transposed`."""
    entry = np.argsort(indices, kind="stable").astype(np.int32)
    return begins_of(indices, indptr.size - 1), sources_of(indptr)[entry], entry


def sources_of(indptr: np.ndarray) -> np.ndarray:
    """The row of each entry."""
    return np.repeat(np.arange(indptr.size - 1, dtype=np.int32), np.diff(indptr))
