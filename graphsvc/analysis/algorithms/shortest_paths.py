"""Shortest paths and their lengths, with or without weights, for one pair, one end or all pairs."""

from __future__ import annotations

from typing import Any

import networkx as nx

from graphsvc.analysis.algorithms import unweighted_paths as unweighted
from graphsvc.analysis.algorithms import weighted_paths as weighted
from graphsvc.analysis.distances import all_connected, all_distances
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.registry import dispatched, takes_no_functions

_SINGLE_SOURCE = ("unweighted", "dijkstra", "bellman-ford")
_ALL_PAIRS = ("floyd-warshall", "floyd-warshall-numpy")


def _by_other_method(
    G: Graph,
    source: Node | None = None,
    target: Node | None = None,
    weight: Any = None,
    method: str = "dijkstra",
) -> str | None:
    if method == "bellman-ford" and weight is not None:
        return "only Dijkstra's method is compiled"
    return takes_no_functions(G, source, target, weight)


@dispatched(unless=_by_other_method)
def shortest_path(
    G: Graph,
    source: Node | None = None,
    target: Node | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> Any:
    """Shortest paths: one, those from a source, those to a target, or all, node after node."""
    _require_method(method)
    if source is not None and target is not None:
        if weight is None:
            return unweighted.bidirectional_shortest_path(G, source, target)
        return weighted.bidirectional_dijkstra(G, source, target, weight)[1]
    if source is not None:
        return _paths_from(G, source, weight)
    if target is not None:
        turned = G.reverse() if G.directed else G
        return {node: path[::-1] for node, path in _paths_from(turned, target, weight).items()}
    if weight is None:
        return unweighted.all_pairs_shortest_path(G)
    return weighted.all_pairs_dijkstra_path(G, weight=weight)


def _paths_from(G: Graph, source: Node, weight: str | None) -> dict[Node, list[Node]]:
    if weight is None:
        return unweighted.single_source_shortest_path(G, source)
    return weighted.single_source_dijkstra_path(G, source, weight=weight)


@dispatched(unless=_by_other_method)
def shortest_path_length(
    G: Graph,
    source: Node | None = None,
    target: Node | None = None,
    weight: str | None = None,
    method: str = "dijkstra",
) -> Any:
    """Distances: one, those from a source, those to a target, or all, node after node."""
    _require_method(method)
    if source is not None and target is not None:
        if weight is None:
            return len(unweighted.bidirectional_shortest_path(G, source, target)) - 1
        return weighted.dijkstra_path_length(G, source, target, weight)
    if source is not None:
        return _lengths_from(G, source, weight)
    if target is not None:
        return _lengths_from(G.reverse() if G.directed else G, target, weight)
    if weight is None:
        return unweighted.all_pairs_shortest_path_length(G)
    return weighted.all_pairs_dijkstra_path_length(G, weight=weight)


def _lengths_from(G: Graph, source: Node, weight: str | None) -> dict[Node, Any]:
    if weight is None:
        return unweighted.single_source_shortest_path_length(G, source)
    return weighted.single_source_dijkstra_path_length(G, source, weight=weight)


def _require_method(method: str) -> None:
    if method not in ("dijkstra", "bellman-ford"):
        raise ValueError(f"method not supported: {method}")


def _by_function(G: Graph, weight: Any = None, method: str | None = None) -> str | None:
    if method in ("bellman-ford", *_ALL_PAIRS):
        return "only Dijkstra's method is compiled"
    return takes_no_functions(G, weight)


@dispatched(unless=_by_function)
def average_shortest_path_length(
    G: Graph, weight: str | None = None, method: str | None = None
) -> float:
    """The mean distance of two different nodes.

    Raises
    ------
    networkx.NetworkXPointlessConcept
        When there are no nodes.
    networkx.NetworkXError
        When some node cannot be reached from another.
    """
    if method is not None and method not in (*_SINGLE_SOURCE, *_ALL_PAIRS):
        raise ValueError(f"method not supported: {method}")
    n = len(G)
    if n == 0:
        raise nx.NetworkXPointlessConcept(
            "the null graph has no paths, thus there is no average shortest path length"
        )
    if n == 1:
        return 0
    if not all_connected(G):
        what = "strongly connected" if G.directed else "connected"
        raise nx.NetworkXError(f"Graph is not {what}.")
    by = None if method == "unweighted" else weight
    distances = all_distances(G, by, towards=False).require_sound()
    return float(distances.total.sum()) / (n * (n - 1))
