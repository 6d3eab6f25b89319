"""A directed graph without cycles, with its nodes by generation: the longest path to each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.kernels import generations as kernels

_MOST_PARTS = 16
"""A node of generation g has g + 1 numbers; so many for a node on average are held in memory."""


@dataclass(frozen=True)
class Generations:
    """The transpose by generation.

    `order` has the nodes, oldest first, and `first` where each generation begins among them.
    `rows` is the transpose in that order, each row with its youngest source first, and `entry` the
    place of each of its entries among those of the graph. `weights` is for who computes on it to
    keep, by the name of an attribute, what it read of the weights.
    """

    order: np.ndarray
    first: np.ndarray
    rows: Adjacency
    entry: np.ndarray
    weights: dict[str | None, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @cached_property
    def parts(self) -> int:
        """How many numbers it takes to hold one for each node and path length up to the longest."""
        return parts_of(self.first)


def parts_of(first: np.ndarray) -> int:
    """The sum over nodes of their generation and one."""
    return int((first[-1] - first[:-1]).sum())


def generations(out: Adjacency, into: Adjacency) -> Generations | None:
    """The generations; None where there is a cycle, or where paths are too long to pay.

    Linear in nodes and edges.
    """
    n = out.nodes
    order, first = kernels.generations(out.indptr, out.indices, into.lengths.copy())
    if order.size < n or parts_of(first) > _MOST_PARTS * n:
        return None
    place = np.empty(n, np.int32)
    place[order] = np.arange(n, dtype=np.int32)
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(into.lengths[order], out=indptr[1:])
    sources, entries = kernels.rows_by_place(out.indptr, out.indices, order, place, indptr)
    return Generations(order, first, Adjacency(indptr, sources), entries)
