"""How many edges nodes have, and how many those have that they are next to."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import power
from graphsvc.analysis.registry import dispatched
from graphsvc.analysis.views import DegreeView, nodes_in

_WAYS = ("in", "out", "in+out")


@dispatched()
def degree_centrality(G: Graph) -> dict[Node, float]:
    """The share of other nodes that each node has an edge with; linear in nodes.

    References
    ----------
    .. [1] L. C. Freeman, Centrality in Social Networks: Conceptual Clarification, Social Networks
       1 (1978). https://doi.org/10.1016/0378-8733(78)90021-7
    """
    return _share_of_others(G, G.degree)


@dispatched()
def in_degree_centrality(G: Graph) -> dict[Node, float]:
    """The share of other nodes that have an edge to each node; linear in nodes."""
    return _share_of_others(G, G.in_degree)


@dispatched()
def out_degree_centrality(G: Graph) -> dict[Node, float]:
    """The share of other nodes that each node has an edge to; linear in nodes."""
    return _share_of_others(G, G.out_degree)


def _share_of_others(G: Graph, degree: DegreeView) -> dict[Node, float]:
    if len(G) <= 1:
        return dict.fromkeys(G, 1)
    return G.by_node(degree.array * (1.0 / (len(G) - 1.0)))


@dispatched()
def average_neighbor_degree(
    G: Graph,
    source: str = "out",
    target: str = "out",
    nodes: Iterable[Node] | None = None,
    weight: str | None = None,
) -> dict[Node, float]:
    """The mean degree of the nodes next to each node; with weights, the weighted mean.

    Neighbours are those that edges of `source` lead to, and their degree is that of `target`, which
    is never weighted. Linear in edges.

    Raises
    ------
    networkx.NetworkXError
        When `source` or `target` is not one of in, out and in+out, or is given for an undirected
        graph.

    References
    ----------
    .. [1] A. Barrat, M. Barthelemy, R. Pastor-Satorras, A. Vespignani, The Architecture of Complex
       Weighted Networks, PNAS 101 (2004). https://doi.org/10.1073/pnas.0400087101
    """
    _check_ways(G, source, target, otherwise="out")
    if nodes is not None and nodes in G:
        raise TypeError("nodes is a node; give a list of nodes")
    of_neighbours = _degree(G, target).array
    sums = np.zeros(len(G))
    if "out" in source or not G.directed:
        sums += _sums(G.out, G.values(weight), of_neighbours)
    if "in" in source:
        sums += _sums(G.into, G.into_values(weight), of_neighbours)
    own = _degree(G, source)(weight=weight).array
    means = np.divide(sums, own, out=np.zeros(len(G)), where=own != 0)
    if nodes is None:
        return G.by_node(means)
    return {node: means[G.index[node]].item() for node in nodes_in(G, nodes)}


@dispatched()
def average_degree_connectivity(
    G: Graph,
    source: str = "in+out",
    target: str = "in+out",
    nodes: Iterable[Node] | Node | None = None,
    weight: str | None = None,
) -> dict[int, float]:
    """The mean degree of what is next to nodes of each degree; with weights, the weighted mean.

    As networkx has it, the neighbours of a node in a directed graph are its successors for the
    source "in+out" too. Linear in edges.

    Raises
    ------
    networkx.NetworkXError
        As for `average_neighbor_degree`.

    References
    ----------
    .. [1] R. Pastor-Satorras, A. Vazquez, A. Vespignani, Dynamical and Correlation Properties of
       the Internet, Physical Review Letters 87 (2001).
    """
    _check_ways(G, source, target, otherwise="in+out")
    chosen = G.positions(nodes_in(G, nodes))
    inwards = G.directed and source == "in"
    values = G.into_values(weight) if inwards else G.values(weight)
    sums = _sums(G.into if inwards else G.out, values, _degree(G, target).array)[chosen]
    degree = _degree(G, source)
    norms = degree(weight=weight).array[chosen]
    found, first, which = np.unique(degree.array[chosen], return_index=True, return_inverse=True)
    total = np.bincount(which, sums, found.size)
    norm = np.bincount(which, norms, found.size)
    whole = values is None or values.dtype.kind == "i"
    return {
        found[k].item(): (
            (total[k] / norm[k]).item()
            if norm[k]
            else (int(total[k]) if whole else total[k].item())
        )
        for k in np.argsort(first).tolist()
    }


def _check_ways(G: Graph, source: str, target: str, *, otherwise: str) -> None:
    if not G.directed and (source != otherwise or target != otherwise):
        raise nx.NetworkXError("source and target arguments are only supported for directed graphs")
    for name, way in (("source", source), ("target", target)):
        if way not in _WAYS:
            raise nx.NetworkXError(f"{name} argument {way} must be 'in', 'out' or 'in+out'")


def _degree(G: Graph, way: str) -> DegreeView:
    if not G.directed:
        return G.degree
    return {"in": G.in_degree, "out": G.out_degree, "in+out": G.degree}[way]


def _sums(rows: Adjacency, values: np.ndarray | None, x: np.ndarray) -> np.ndarray:
    weights = power.NO_WEIGHTS if values is None else values.astype(np.float64)
    found: np.ndarray = power.product(rows.indptr, rows.indices, weights, x.astype(np.float64))
    return found
