"""How a network is mixed: how many nodes have each degree, and what flows between kinds."""

from __future__ import annotations

from typing import Literal

import numpy as np

from graphsvc.analysis.network import Network
from graphsvc.analysis.table import Table

Direction = Literal["both", "in", "out"]


def degree_distribution(network: Network, direction: Direction = "both") -> Table:
    """How many nodes have each degree, and the share of all that have at least it (CCDF).

    A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Review 51 (2009),
    https://doi.org/10.1137/070710111. Linear in nodes and edges.

    Parameters
    ----------
    direction
        Which edges of a directed network count; an undirected one has no choice.

    Returns
    -------
    Table
        `degree`, `nodes`, `share`, `share_at_least`; the smallest degree first.
    """
    graph = network.graph
    views = {"both": graph.degree, "in": graph.in_degree, "out": graph.out_degree}
    degrees, counts = np.unique(views[direction].array, return_counts=True)
    return Table(
        {
            "degree": degrees,
            "nodes": counts,
            "share": counts / counts.sum(),
            "share_at_least": counts[::-1].cumsum()[::-1] / counts.sum(),
        }
    )


def kind_flow(network: Network) -> Table:
    """The edges from each kind to each kind, and their weight.

    The mixing matrix of M. E. J. Newman, Physical Review E 67 (2003),
    https://doi.org/10.1103/PhysRevE.67.026126, not divided by its sum. Linear in edges.

    Returns
    -------
    Table
        `source_kind`, `target_kind`, `edges`, `weight`; pairs without an edge are left out. An
        undirected edge counts once, for the pair of its kinds in the order of the alphabet.
    """
    graph = network.graph
    kinds, of_node = np.unique(np.array(network.kinds), return_inverse=True)
    weights = graph.values("weight")
    counted = np.arange(graph.out.entries) if graph.directed else graph.out.each_once
    ends = np.stack((of_node[graph.out.sources], of_node[graph.out.indices]))[:, counted]
    if not graph.directed:
        ends = np.sort(ends, axis=0)
    pairs, place = np.unique(ends[0] * kinds.size + ends[1], return_inverse=True)
    edges = np.bincount(place, minlength=pairs.size)
    weight = edges if weights is None else np.bincount(place, weights[counted], pairs.size)
    return Table(
        {
            "source_kind": kinds[pairs // kinds.size].tolist(),
            "target_kind": kinds[pairs % kinds.size].tolist(),
            "edges": edges,
            "weight": weight.astype(np.float64),
        }
    )
