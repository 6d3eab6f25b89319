"""How far it is to the farthest: eccentricity and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis.distances import all_distances
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.registry import dispatched, takes_no_functions
from graphsvc.analysis.views import nodes_in


@dispatched(unless=takes_no_functions)
def eccentricity(G: Graph, v: Any = None, sp: Any = None, weight: str | None = None) -> Any:
    """The distance from each node to the one that is farthest from it.

    Raises
    ------
    networkx.NetworkXError
        When some node cannot be reached.
    """
    nodes = nodes_in(G, v)
    found = _given(G, nodes, sp) if sp is not None else _computed(G, nodes, weight)
    return found[v] if v in G else found


def _computed(G: Graph, nodes: list[Node], weight: str | None) -> dict[Node, Any]:
    distances = all_distances(G, weight, towards=False, nodes=G.positions(nodes))
    if (distances.reached < len(G)).any():
        raise _not_connected(G)
    largest = distances.largest
    values = G.values(weight)
    if values is None or values.dtype.kind == "i":
        largest = largest.astype(np.int64)
    return dict(zip(nodes, largest.tolist(), strict=True))


def _given(G: Graph, nodes: list[Node], sp: Any) -> dict[Node, Any]:
    found = {}
    for node in nodes:
        try:
            lengths = sp[node]
            reached = len(lengths)
        except TypeError as error:
            raise nx.NetworkXError('Format of "sp" is invalid.') from error
        if reached != len(G):
            raise _not_connected(G)
        found[node] = max(lengths.values())
    return found


def _not_connected(G: Graph) -> nx.NetworkXError:
    what = "digraph is not strongly" if G.directed else "graph is not"
    return nx.NetworkXError(f"Found infinite path length because the {what} connected")


def _given_or_computed(
    G: Graph, e: Mapping[Node, Any] | None, weight: str | None
) -> Mapping[Node, Any]:
    if e is not None:
        return e
    return _computed(G, G.node_list, weight)


@dispatched(unless=takes_no_functions)
def diameter(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,  # noqa: ARG001 - a way of networkx to the same value
    weight: str | None = None,
) -> Any:
    """The largest eccentricity."""
    return max(_given_or_computed(G, e, weight).values())


@dispatched(unless=takes_no_functions)
def radius(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,  # noqa: ARG001
    weight: str | None = None,
) -> Any:
    """The least eccentricity."""
    return min(_given_or_computed(G, e, weight).values())


@dispatched(unless=takes_no_functions)
def center(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,  # noqa: ARG001
    weight: str | None = None,
) -> list[Node]:
    """The nodes of least eccentricity."""
    far = _given_or_computed(G, e, weight)
    least = min(far.values())
    return [node for node, value in far.items() if value == least]


@dispatched(unless=takes_no_functions)
def periphery(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,  # noqa: ARG001
    weight: str | None = None,
) -> list[Node]:
    """The nodes of largest eccentricity."""
    far = _given_or_computed(G, e, weight)
    most = max(far.values())
    return [node for node, value in far.items() if value == most]
