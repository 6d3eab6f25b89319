"""Who to start with, and whether the rich keep to themselves: VoteRank, rich clubs."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.conversion import to_networkx
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import rows
from graphsvc.analysis.kernels import voterank as kernels
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched


@dispatched()
def voterank(G: Graph, number_of_nodes: int | None = None) -> list[Node]:
    """Nodes elected one after the other, the voters of each losing ability to vote for the next.

    Of directed graphs, nodes vote for those that have edges to them. Among equal votes the first
    node wins, as in networkx. Votes are counted anew only near the elected: a round is linear in
    the edges two steps around it.

    References
    ----------
    .. [1] J.-X. Zhang, D.-B. Chen, Q. Dong, Z.-D. Zhao, Identifying a Set of Influential Spreaders
       in Complex Networks, Scientific Reports 6 (2016). https://doi.org/10.1038/srep27823
    """
    n = len(G)
    most = n if number_of_nodes is None else max(0, min(number_of_nodes, n))
    degrees = int((G.out_degree if G.directed else G.degree).array.sum())
    if not degrees or not most:
        return []
    voters = G.out if G.directed else _in_order_of_edges(G)
    voted_for = G.into if G.directed else G.out
    progress = current()
    chosen = kernels.elected(
        *(voters.indptr, voters.indices, voted_for.indptr, voted_for.indices),
        *(int(np.ceil(most)), 1 / (degrees / n), progress.begin(most)),
    )
    progress.check()
    return [G.node_list[position] for position in chosen.tolist()]


def _in_order_of_edges(G: Graph) -> Adjacency:
    """Rows in the order in which `G.edges` comes to their edges, with loops twice."""
    kept = G.out.each_once
    ends = np.stack((G.out.sources[kept], G.out.indices[kept]), axis=1)
    one, other = ends.ravel(), ends[:, ::-1].ravel()
    indptr, indices, _ = rows.rows_of(one, other, len(G), False, False)
    return Adjacency(indptr, indices)


@dispatched()
def rich_club_coefficient(
    G: Graph, normalized: bool = True, Q: float = 100, seed: Any = None
) -> dict[int, float]:
    """For each degree, how dense the edges are among the nodes of a larger one.

    Linear in edges. Normalized: by the same of a graph whose edges were swapped at random by
    networkx `Q` times over, which is slow, and is networkx's own for the same seed.

    Raises
    ------
    networkx.NetworkXError
        When there are fewer than four nodes to normalize by.

    References
    ----------
    .. [1] J. J. McAuley, L. da Fontoura Costa, T. S. Caetano, Rich-Club Phenomenon across Complex
       Network Hierarchies, Applied Physics Letters 91 (2007). https://doi.org/10.1063/1.2773951
    """
    if G.loops.size:
        raise Exception("rich_club_coefficient is not implemented for graphs with self loops.")
    found = _rich_club(G.out)
    if not normalized:
        return found
    swapped = to_networkx(G)
    swaps = Q * G.number_of_edges()
    nx.double_edge_swap(swapped, swaps, max_tries=swaps * 10, seed=seed)
    index = {node: place for place, node in enumerate(swapped)}
    lengths = np.array([len(row) for row in swapped.adj.values()])
    ends = (index[node] for row in swapped.adj.values() for node in row)
    indices = np.fromiter(ends, np.int32, int(lengths.sum()))
    by_chance = _rich_club(Adjacency(np.append(0, np.cumsum(lengths)).astype(np.int32), indices))
    return {degree: value / by_chance[degree] for degree, value in found.items()}


def _rich_club(rows_: Adjacency) -> dict[int, float]:
    if not rows_.entries:
        return {}
    degrees = rows_.lengths
    lower = np.minimum(degrees[rows_.sources], degrees[rows_.indices])
    longest = int(degrees.max())
    nodes = rows_.nodes - np.cumsum(np.bincount(degrees, minlength=longest + 1))
    edges = (rows_.entries - np.cumsum(np.bincount(lower, minlength=longest + 1))) // 2
    return {
        degree: 2 * m / (n * (n - 1))
        for degree, (n, m) in enumerate(zip(nodes.tolist(), edges.tolist(), strict=True))
        if n > 1
    }
