"""What a node's neighbours leave open between each other: constraint and effective size.

References
----------
.. [1] R. S. Burt, Structural Holes: The Social Structure of Competition, 1992.
.. [2] R. S. Burt, Structural Holes and Good Ideas, American J. of Sociology 110 (2004).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import merged_rows
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import orientation
from graphsvc.analysis.kernels.few_rows import sources_of
from graphsvc.analysis.kernels.rows import transposed
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched, takes_no_functions

_PARTS = 8


@dispatched(unless=takes_no_functions)
def constraint(
    G: Graph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> dict[Node, float]:
    """How much of a node's ties lead, directly or by others, to the same neighbours.

    The tie between two nodes is what they have for each other in both directions. NaN where a node
    has no neighbours. At most edges to the power of 3/2, mostly far less.
    """
    ties = _ties(G, weight)
    share = _inverse(ties.sums)
    both, loops = ties.shared(share)
    both, loops = np.square(ties.values + both), np.square(ties.loops + loops)
    if nodes is not None:
        found = (ties.at_ends(both, both) + loops) * np.square(share)
        return _chosen(G, nodes, ties, found, G.out.lengths == 0)
    found = ties.at_ends(*ties.positive(both, both, share)) + loops * (ties.loops * share > 0)
    found *= np.square(share)
    alone = ties.sums - 2 * ties.loops * share == 0
    return G.by_node(np.where(alone, np.nan, found)[ties.number])


@dispatched(unless=takes_no_functions)
def local_constraint(G: Graph, u: Node, v: Node, weight: str | None = None) -> float:
    """How much of the ties of u lead, directly or by others, to v.

    Costs the rows of u and of its neighbours.
    """
    if u not in G:
        raise nx.NetworkXError(f"The node {u} is not in the graph.")
    ties = _mutual(G, G.index[u], weight)
    end = G.index.get(v, -1)
    total = sum(ties.values())
    indirect = 0.0
    for between, tie in ties.items():
        onward = _mutual(G, between, weight)
        indirect += _share(tie, total) * _share(onward.get(end, 0), sum(onward.values()))
    return float((_share(ties.get(end, 0), total) + indirect) ** 2)


def _mutual(G: Graph, position: int, weight: str | None) -> dict[int, float]:
    """What a node and each of its neighbours have for each other."""
    ties: dict[int, float] = {}
    for rows, values in ((G.out, G.values(weight)), (G.into, G.into_values(weight))):
        entries = slice(rows.indptr[position], rows.indptr[position + 1])
        given = np.ones(rows.lengths[position]) if values is None else values[entries]
        for neighbour, value in zip(rows.row(position).tolist(), given.tolist(), strict=True):
            ties[neighbour] = ties.get(neighbour, 0) + value
    return ties


def _share(value: float, total: float) -> float:
    return value / total if total else 0.0


@dispatched(unless=takes_no_functions)
def effective_size(
    G: Graph, nodes: Iterable[Node] | None = None, weight: str | None = None
) -> dict[Node, float]:
    """How many neighbours a node has, less what they have in common; NaN where it has none.

    What j and q have in common is by the largest tie of j in Burt's definition, which is used for
    chosen `nodes`. For all nodes networkx (3.6, with scipy) takes the largest tie of q, and so does
    this; without weights and directions, both are the same. Burt's for all is
    `burts_effective_size`.
    """
    ties = _ties(G, weight)
    most, share = _inverse(ties.largest()), _inverse(ties.sums)
    if nodes is None:
        common, loops = ties.shared(most)
        lower, upper = 1 - common * share[ties.rows], 1 - common * share[ties.neighbours]
        found = ties.at_ends(*ties.positive(lower, upper, share))
        found += (1 - loops * share) * (ties.loops * share > 0)
        # Not by `share`: a product with an inverse may miss 1 by a rounding.
        alone = ties.loops == ties.sums
        return G.by_node(np.where(alone, np.nan, found)[ties.number])
    if not G.directed and weight is None:
        return {node: _size_by_ego(G, G.position(node)) for node in nodes}
    common, loops = ties.shared(np.ones(len(G)))
    found = ties.at_ends(
        1 - common * share[ties.rows] * most[ties.neighbours],
        1 - common * share[ties.neighbours] * most[ties.rows],
    )
    found += (1 - loops * share * most) * ties.looped
    alone = G.out.lengths == 0
    alone[G.out.indices[G.loops]] |= G.out.lengths[G.out.indices[G.loops]] == 1
    return _chosen(G, nodes, ties, found, alone)


def burts_effective_size(G: Graph, weight: str | None = None) -> np.ndarray:
    """How many neighbours each node has, less what they have in common, as Burt defines it.

    The sum over neighbours j of `1 - sum(p_iq * m_jq)` over all others q: `p_iq` is the share of
    q in the ties of i, and `m_jq` what j and q have for each other by the largest tie of j.
    Loops do not count. NaN where a node has no neighbours. At most edges to the power of 3/2.

    References
    ----------
    .. [1] R. S. Burt, Structural Holes: The Social Structure of Competition, 1992, chapter 2.
    .. [2] M. G. Everett, S. P. Borgatti, Unpacking Burt's Constraint Measure, Social Networks 62
       (2020). https://doi.org/10.1016/j.socnet.2020.02.001
    """
    ties = _ties(G, weight)
    nothing = np.zeros(len(G))
    ties = ties._replace(sums=ties.sums - ties.loops, loops=nothing, looped=nothing > 0)
    share, most = _inverse(ties.sums), _inverse(ties.largest())
    common, _ = ties.shared(np.ones(len(G)))
    lower = 1 - common * share[ties.rows] * most[ties.neighbours]
    upper = 1 - common * share[ties.neighbours] * most[ties.rows]
    found = ties.at_ends(*ties.positive(lower, upper, share))
    sizes: np.ndarray = np.where(ties.sums == 0, np.nan, found)[ties.number]
    return sizes


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
    """What any two nodes have for each other, each pair once, by rows that are oriented by degree.

    `number` is the row of each node; `values` is by entry, what follows by row.
    """

    number: np.ndarray
    begins: np.ndarray
    neighbours: np.ndarray
    rows: np.ndarray
    values: np.ndarray
    sums: np.ndarray
    loops: np.ndarray
    looped: np.ndarray

    def at_ends(self, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
        """Sums by row of what each entry gives to its lower and to its upper end."""
        return _at_ends(self.rows, self.neighbours, lower, upper, self.sums.size)

    def positive(
        self, lower: np.ndarray, upper: np.ndarray, share: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What entries give to their ends, but nothing where the tie is no positive share."""
        if not self.values.size or (self.values.min() > 0 and self.loops.min() >= 0):
            return lower, upper
        return (
            np.where(self.values * share[self.rows] > 0, lower, 0),
            np.where(self.values * share[self.neighbours] > 0, upper, 0),
        )

    def largest(self) -> np.ndarray:
        """The largest tie of each row."""
        largest: np.ndarray = np.maximum(self.loops, 0)
        np.maximum.at(largest, self.rows, self.values)
        np.maximum.at(largest, self.neighbours, self.values)
        return largest

    def shared(self, factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each entry, and for each loop: what `orientation.shared` says, loops among it."""
        progress = current()
        state = progress.begin(self.sums.size)
        below = transposed(self.begins, self.neighbours)
        sums = orientation.shared(
            self.begins, self.neighbours, self.values, *below, factors, _PARTS, state
        )
        progress.check()
        if not self.looped.any():
            return sums, np.zeros(self.sums.size)
        loops = self.loops * factors
        sums += self.values * (loops[self.rows] + loops[self.neighbours])
        square = np.square(self.values)
        own = self.at_ends(square * factors[self.neighbours], square * factors[self.rows])
        return sums, np.where(self.looped, own + self.loops * loops, 0)


def _at_ends(
    rows: np.ndarray, neighbours: np.ndarray, lower: np.ndarray, upper: np.ndarray, n: int
) -> np.ndarray:
    # Of no entries at all, bincount makes whole numbers.
    sums: np.ndarray = np.bincount(rows, lower, n) + np.bincount(neighbours, upper, n)
    return sums.astype(np.float64, copy=False)


def _ties(G: Graph, weight: str | None) -> _Ties:
    out, values = G.out, G.values(weight)
    given = np.ones(out.entries) if values is None else values.astype(np.float64)
    if G.directed:
        merged = merged_rows(out.sources, out.indices, len(G), directed=False)
        rows, mutual = merged.adjacency, merged.values(given)
    else:
        rows, mutual = out, 2 * given
    number, node_of = orientation.by_degree(rows.indptr)
    begins, neighbours, entry = orientation.upward_rows(rows.indptr, rows.indices, number, node_of)
    sources, values = sources_of(begins), mutual[entry]
    loops, looped = np.zeros(len(G)), np.zeros(len(G), np.bool_)
    own = number[out.indices[G.loops]]
    loops[own], looped[own] = 2 * given[G.loops], True
    sums = _at_ends(sources, neighbours, values, values, len(G)) + loops
    return _Ties(number, begins, neighbours, sources, values, sums, loops, looped)
