"""What a node's neighbours leave open between each other: constraint and effective size.

References
----------
.. [1] R. S. Burt, Structural Holes: The Social Structure of Competition, 1992.
.. [2] R. S. Burt, Structural Holes and Good Ideas, American J. of Sociology 110 (2004).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from graphsvc.analysis.adjacency import merged_rows
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import orientation
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched

_PARTS = 8


def _by_choice(G: Graph, nodes: Any = None, weight: str | None = None) -> str | None:
    """Networkx has other formulas for chosen nodes, which differ where these occur."""
    if nodes is None:
        return None
    values = G.values(weight) if isinstance(G, Graph) else None
    loops = isinstance(G, Graph) and G.loops.size > 0
    if loops or (values is not None and bool((values <= 0).any())):
        return "chosen nodes in a graph with loops, or with weights that are not positive"
    return None


@dispatched(unless=_by_choice)
def constraint(
    G: Graph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> dict[Node, float]:
    """How much of a node's ties lead, directly or by others, to the same neighbours.

    The tie between two nodes is what they have for each other in both directions. NaN where a node
    has no neighbours. The cost is the sum over edges of the smaller of both rows.
    """
    ties = _ties(G, weight)
    factors = np.divide(1.0, ties.sums, out=np.zeros(len(G)), where=ties.sums != 0)
    through = _shared(ties, factors)
    both = np.where(ties.values > 0, np.square(ties.values + through), 0.0)
    found = ties.row_sums(both) * np.square(factors)
    with np.errstate(invalid="ignore"):
        alone = ties.sums - 2 * ties.loops * factors == 0
    return _without(G, nodes, ties, found, alone)


@dispatched(unless=_by_choice)
def effective_size(
    G: Graph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> dict[Node, float]:
    """How many neighbours a node has, less what they have in common; NaN where it has none.

    What j and q have in common is by the largest tie of j in Burt's definition, which is used for
    chosen `nodes`. For all nodes networkx (3.6, with scipy) takes the largest tie of q, and so does
    this; without weights, both are the same.
    """
    ties, n = _ties(G, weight), len(G)
    most = ties.row_largest()
    scale = ties.sums[ties.rows]
    if nodes is None:
        common = _shared(ties, np.divide(1.0, most, out=np.zeros(n), where=most != 0))
    else:
        common = _shared(ties, np.ones(n))
        scale = scale * most[ties.neighbours]
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(ties.values / ties.sums[ties.rows] > 0, 1 - common / scale, 0.0)
        alone = 1 - ties.loops / ties.sums == 0
    found = ties.row_sums(apart)
    return _without(G, nodes, ties, found, alone | (ties.sums == 0))


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


def _without(
    G: Graph, nodes: Iterable[Node] | None, ties: _Ties, found: np.ndarray, alone: np.ndarray
) -> dict[Node, float]:
    by_node = np.where(alone, np.nan, found)[ties.number]
    if nodes is None:
        return G.by_node(by_node)
    # For chosen nodes networkx looks at successors alone to say that a node has no neighbours.
    by_node[G.out.lengths == 0] = np.nan
    return {node: by_node[G.position(node)].item() for node in nodes}
