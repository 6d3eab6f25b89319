"""How deep in the network a node sits: cores and trusses."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.algorithms.clustering import edge_support
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import traversal
from graphsvc.analysis.registry import dispatched

_LOOPS = (
    "Input graph has self loops which is not permitted; "
    "Consider using G.remove_edges_from(nx.selfloop_edges(G))."
)


@dispatched()
def core_number(G: Graph) -> dict[Node, int]:
    """The largest k such that a node is in a part where all have at least k edges. Linear.

    In a directed graph edges in and out count alike.

    Raises
    ------
    networkx.NetworkXNotImplemented
        When there are loops.
    """
    _refuse_loops(G)
    back = G.into if G.directed else Adjacency(np.zeros_like(G.out.indptr), G.out.indices[:0])
    return G.by_node(traversal.cores(G.out.indptr, G.out.indices, back.indptr, back.indices))


# `core_number` is networkx's name for the argument as well as for the function.
_core_number = core_number


@dispatched()
def k_core(
    G: Graph,
    k: int | None = None,
    core_number: Mapping[Node, int] | None = None,
) -> Graph:
    """The part where all have at least k edges; by default the innermost."""
    found = _core_number(G) if core_number is None else core_number
    least = max(found.values()) if k is None else k
    return G.subgraph(node for node, core in found.items() if core >= least)


@dispatched()
def k_truss(G: Graph, k: int) -> Graph:
    """The part where each edge is in at least k - 2 triangles, without what is then alone.

    Each round finds the triangles that are left; there are as many as layers to peel.

    References
    ----------
    .. [1] J. Cohen, Trusses: Cohesive Subgraphs for Social Network Analysis, 2005.
    """
    _refuse_loops(G)
    rows, kept = G.out, np.arange(G.out.entries, dtype=np.int32)
    while rows.entries:
        strong = edge_support(rows) >= k - 2
        if strong.all():
            break
        begins = np.concatenate(([0], np.cumsum(strong)))[rows.indptr].astype(np.int32)
        rows, kept = Adjacency(begins, rows.indices[strong]), kept[strong]
    left = Graph(
        G.node_list,
        rows,
        directed=False,
        attributes={name: values[kept] for name, values in G.attributes.items()},
        node_attributes=G.node_attributes,
    )
    left.graph = G.graph
    return left.subgraph(
        node for node, degree in zip(left, rows.lengths.tolist(), strict=True) if degree
    )


def _refuse_loops(G: Graph) -> None:
    if G.loops.size:
        raise nx.NetworkXNotImplemented(_LOOPS)
