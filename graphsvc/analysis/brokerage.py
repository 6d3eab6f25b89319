"""Who stands between whom: brokerage roles between kinds, and structural holes."""

from __future__ import annotations

import networkx as nx
import numpy as np

from graphsvc.analysis.algorithms.structural_holes import burts_effective_size
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import brokerage as kernels
from graphsvc.analysis.network import Network
from graphsvc.analysis.progress import current
from graphsvc.analysis.table import Table

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")


def brokerage_roles(network: Network) -> Table:
    """How often each node brokers, and between which kinds: Gould and Fernandez's five roles.

    A node brokers where it is the middle of a path of two edges whose ends have no edge from the
    first to the last. By kinds of first, middle and last: `coordinator` (all the same),
    `itinerant` (the ends the same, the middle another), `representative` (first and middle the
    same), `gatekeeper` (middle and last the same), `liaison` (all different). Every such path
    counts once; weights do not matter.

    Returns
    -------
    Table
        `node`, a count for each role, and `total`.

    Notes
    -----
    Linear in the number of paths of two edges: the sum over nodes of in-degree times out-degree.

    References
    ----------
    .. [1] R. V. Gould, R. M. Fernandez, Structures of Mediation: A Formal Approach to Brokerage in
       Transaction Networks, Sociological Methodology 19 (1989).
    """
    out = network.graph.out
    _, groups = np.unique(np.array(network.kinds, np.str_), return_inverse=True)
    progress = current()
    counts = kernels.roles(out.indptr, out.indices, groups, progress.begin(out.nodes))
    progress.check()
    return Table(
        {
            "node": [str(node) for node in network.graph.node_list],
            **{role: counts[:, place] for place, role in enumerate(ROLES)},
            "total": counts.sum(axis=1),
        }
    )


def structural_holes(graph: Graph, weight: str | None = None) -> Table:
    """Burt's measures of what a node's neighbours leave open between each other.

    Returns
    -------
    Table
        `node`; `constraint`, high where neighbours are tied to each other; `effective_size`,
        neighbours less their redundancy; `efficiency`, effective size by neighbours. NaN where a
        node has none. All by the same ties: what two nodes have for each other in both directions.

    References
    ----------
    .. [1] R. S. Burt, Structural Holes: The Social Structure of Competition, 1992.
    .. [2] M. G. Everett, S. P. Borgatti, Unpacking Burt's Constraint Measure, Social Networks 62
       (2020). https://doi.org/10.1016/j.socnet.2020.02.001
    """
    constraint = np.array(list(nx.constraint(graph, weight=weight).values()), np.float64)
    size = burts_effective_size(graph, weight)
    neighbours = np.array(
        [len((set(graph.out.row(i)) | set(graph.into.row(i))) - {i}) for i in range(len(graph))],
        np.float64,
    )
    efficiency = np.divide(size, neighbours, out=np.full(len(graph), np.nan), where=neighbours > 0)
    return Table(
        {
            "node": [str(node) for node in graph.node_list],
            "constraint": constraint,
            "effective_size": size,
            "efficiency": efficiency,
        }
    )
