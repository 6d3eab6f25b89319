"""What a node's neighbours leave open between each other: constraint and effective size.

References
----------
.. [1] R. S. Burt, Structural Holes: The Social Structure of Competition, 1992.
.. [2] R. S. Burt, Structural Holes and Good Ideas, American J. of Sociology 110 (2004).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from graphsvc.analysis.adjacency import merged_rows
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import orientation
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched, takes_no_functions

_PARTS = 8


@dispatched(unless=takes_no_functions)
def constraint(
    G: Graph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> dict[Node, float]:
    """How much of a node's ties lead, directly or by others, to the same neighbours.

    The tie between two nodes is what they have for each other in both directions. NaN where a node
    has no neighbours. The cost is the sum over edges of the smaller of both rows.
    """
    ties = _ties(G, weight)
    factors = _inverse(ties.sums)
    both = np.square(ties.values + _shared(ties, factors))
    if nodes is None:
        both[ties.values <= 0] = 0
    found = ties.row_sums(both) * np.square(factors)
    if nodes is not None:
        return _chosen(G, nodes, ties, found, G.out.lengths == 0)
    alone = ties.sums - 2 * ties.loops * factors == 0
    return G.by_node(np.where(alone, np.nan, found)[ties.number])


@dispatched(unless=takes_no_functions)
def effective_size(
    G: Graph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> dict[Node, float]:
    """How many neighbours a node has, less what they have in common; NaN where it has none.

    What j and q have in common is by the largest tie of j in Burt's definition, which is used for
    chosen `nodes`. For all nodes networkx (3.6, with scipy) takes the largest tie of q, and so does
    this; without weights, both are the same.
    """
    ties = _ties(G, weight)
    most = _inverse(ties.row_largest())
    inverse = _inverse(ties.sums)
    if nodes is None:
        apart = 1 - _shared(ties, most) * inverse[ties.rows]
        apart[ties.values * inverse[ties.rows] <= 0] = 0
        alone = (1 - ties.loops * inverse == 0) | (ties.sums == 0)
        return G.by_node(np.where(alone, np.nan, ties.row_sums(apart))[ties.number])
    if not G.directed and weight is None:
        return {node: _size_by_ego(G, G.position(node)) for node in nodes}
    common = _shared(ties, np.ones(len(G))) * inverse[ties.rows] * most[ties.neighbours]
    alone = G.out.lengths == 0
    alone[G.out.indices[G.loops]] |= G.out.lengths[G.out.indices[G.loops]] == 1
    return _chosen(G, nodes, ties, ties.row_sums(1 - common), alone)


def _size_by_ego(G: Graph, position: int) -> float:
    """Neighbours, less twice the edges among them by neighbour (Borgatti 1997)."""
    around = np.setdiff1d(G.out.row(position), [position])
    if not around.size:
        return float("nan")
    among = sum(
        int(np.isin(row, around).sum()) + int((row == neighbour).sum())
        for neighbour, row in ((neighbour, G.out.row(neighbour)) for neighbour in around.tolist())
    )
    return around.size - among / around.size


def _inverse(values: np.ndarray) -> np.ndarray:
    """1 / value; 0 where that is nothing."""
    inverse: np.ndarray = np.divide(1.0, values, out=np.zeros(values.size), where=values != 0)
    return inverse


def _chosen(
    G: Graph, nodes: Iterable[Node], ties: _Ties, found: np.ndarray, alone: np.ndarray
) -> dict[Node, float]:
    """For chosen nodes networkx looks at successors to say that a node has no neighbours."""
    by_node = np.where(alone, np.nan, found[ties.number])
    return {node: by_node[G.position(node)].item() for node in nodes}


class _Ties(NamedTuple):
    """What any two nodes have for each other, in symmetric rows sorted by degree.

    `number` is the row of each node; the rest is by row or by entry.
    """

    number: np.ndarray
    begins: np.ndarray
    neighbours: np.ndarray
    rows: np.ndarray
    values: np.ndarray
    sums: np.ndarray
    loops: np.ndarray

    def row_sums(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.rows, weights=values, minlength=self.sums.size)

    def row_largest(self) -> np.ndarray:
        largest = np.zeros(self.sums.size)
        np.maximum.at(largest, self.rows, self.values)
        return largest


def _ties(G: Graph, weight: str | None) -> _Ties:
    out, values = G.out, G.values(weight)
    given = np.ones(out.entries) if values is None else values.astype(np.float64)
    if G.directed:
        merged = merged_rows(out.sources, out.indices, len(G), directed=False)
        rows, mutual = merged.adjacency, merged.values(given)
        mutual[rows.sources == rows.indices] *= 2
    else:
        rows, mutual = out, 2 * given
    number, node_of = orientation.by_degree(rows.indptr)
    begins, neighbours, entry = orientation.sorted_rows(
        rows.indptr, rows.indices, number, node_of, False
    )
    sources = np.repeat(np.arange(len(G), dtype=np.int32), np.diff(begins))
    values = mutual[entry]
    sums = np.bincount(sources, weights=values, minlength=len(G))
    loops = np.zeros(len(G))
    own = sources == neighbours
    loops[sources[own]] = values[own]
    return _Ties(number, begins, neighbours, sources, values, sums, loops)


def _shared(ties: _Ties, factors: np.ndarray) -> np.ndarray:
    progress = current()
    state = progress.begin(ties.sums.size)
    found: np.ndarray = orientation.shared(
        ties.begins, ties.neighbours, ties.values, factors, _PARTS, state
    )
    progress.check()
    return found
