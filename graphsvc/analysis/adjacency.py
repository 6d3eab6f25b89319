"""Compressed sparse rows: who is next to whom, as three arrays.

Row `i` of an adjacency is `indices[indptr[i]:indptr[i + 1]]`: the positions of the neighbours of
the node at position `i`, each once, in the order in which their edges were first given, which is
the order of networkx.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from graphsvc.analysis.kernels import few_rows, rows

_MOST_ENTRIES = 2**31 - 1


@dataclass(frozen=True)
class Adjacency:
    """Rows of neighbours; int32 throughout.

    `entry` is None, or, in a transpose, the place of each entry among those it was made from: what
    is known of the entries of the one is looked up for the other by it.
    """

    indptr: np.ndarray
    indices: np.ndarray
    entry: np.ndarray | None = None

    @property
    def nodes(self) -> int:
        """How many rows."""
        return int(self.indptr.size - 1)

    @property
    def entries(self) -> int:
        """How many neighbours all rows have."""
        return int(self.indices.size)

    @cached_property
    def lengths(self) -> np.ndarray:
        """How many neighbours each node has."""
        return np.diff(self.indptr)

    @cached_property
    def sources(self) -> np.ndarray:
        """The row of each entry."""
        return few_rows.sources_of(self.indptr)

    @property
    def each_once(self) -> np.ndarray:
        """Of symmetric rows, one entry for each edge: the one in the row of its first end."""
        return np.flatnonzero(self.sources <= self.indices)

    def row(self, position: int) -> np.ndarray:
        """The neighbours of one node."""
        return self.indices[self.indptr[position] : self.indptr[position + 1]]

    def transposed(self) -> Adjacency:
        """Rows of predecessors."""
        return Adjacency(*rows.transposed(self.indptr, self.indices))


@dataclass(frozen=True)
class Merged:
    """Rows made from edges, where parallel ones are one entry, and how to merge their values."""

    adjacency: Adjacency
    edge: np.ndarray
    went: np.ndarray

    def values(self, of_edges: np.ndarray, rule: int = rows.SUM) -> np.ndarray:
        """What each entry has, from what the edges had; sums in the order of edges."""
        kept = self.adjacency.entries
        merged: np.ndarray = rows.merged_values(of_edges, self.edge, self.went, kept, rule)
        return merged


def merged_rows(source: np.ndarray, target: np.ndarray, n: int, *, directed: bool) -> Merged:
    """Rows from the positions (int32) of the ends of edges.

    Undirected edges stand in the rows of both ends, loops once. Linear in nodes and edges.

    Raises
    ------
    OverflowError
        When there are more entries than 32 bits can number.
    """
    _check_entries(source, directed)
    indptr, indices, edge = rows.rows_of(source, target, n, not directed, True)
    went, kept = rows.merge_parallel(indptr, indices)
    return Merged(Adjacency(indptr, _trimmed(indices, kept)), edge, went)


def counted_rows(
    source: np.ndarray, target: np.ndarray, n: int, *, directed: bool
) -> tuple[Adjacency, np.ndarray]:
    """The same where edges have no values: rows, and how many edges each entry was made from."""
    _check_entries(source, directed)
    indptr, indices, _ = rows.rows_of(source, target, n, not directed, False)
    times = rows.count_parallel(indptr, indices)
    return Adjacency(indptr, _trimmed(indices, times.size)), times


def _check_entries(source: np.ndarray, directed: bool) -> None:
    if source.size * (1 if directed else 2) > _MOST_ENTRIES:
        raise OverflowError(f"A graph holds at most {_MOST_ENTRIES:,} entries.")


def _trimmed(indices: np.ndarray, kept: int) -> np.ndarray:
    """A copy, so that what parallel edges took is given back."""
    return indices if kept == indices.size else indices[:kept].copy()
