"""How far it is to the farthest: eccentricity and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis import extremes
from graphsvc.analysis.distances import all_connected, all_distances, contradictory
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
    values = G.values(weight)
    nonnegative = values is None or bool((values >= 0).all())
    if nonnegative and len(nodes) == len(G) and not all_connected(G):
        raise _not_connected(G)
    distances = all_distances(G, weight, towards=False, nodes=G.positions(nodes))
    for sound, reached in zip(distances.sound.tolist(), distances.reached.tolist(), strict=True):
        if not sound:
            raise contradictory()
        if reached < len(G):
            raise _not_connected(G)
    largest = distances.largest
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


def _by_bounds(
    G: Graph, e: Mapping[Node, Any] | None, weight: str | None, decided: extremes.Decided
) -> tuple[np.ndarray, np.ndarray] | None:
    """Bounds that suffice, where the graph has them; None where all has to be computed."""
    if e is not None or G.directed or len(G) == 0 or G.values(weight) is not None:
        return None
    if not all_connected(G):
        raise _not_connected(G)
    return extremes.bounds(G, decided)


def _given_or_computed(
    G: Graph, e: Mapping[Node, Any] | None, weight: str | None
) -> Mapping[Node, Any]:
    return _computed(G, G.node_list, weight) if e is None else e


def _where(G: Graph, chosen: np.ndarray) -> list[Node]:
    return [G.node_list[position] for position in np.flatnonzero(chosen).tolist()]


@dispatched(unless=takes_no_functions)
def diameter(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,  # noqa: ARG001 - without weights bounds are always used
    weight: str | None = None,
) -> Any:
    """The largest eccentricity.

    Of an undirected graph without weights it is found from a few searches; see `extremes.bounds`.
    """
    if found := _by_bounds(G, e, weight, extremes.diameter_known):
        return int(found[0].max())
    return max(_given_or_computed(G, e, weight).values())


@dispatched(unless=takes_no_functions)
def radius(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,  # noqa: ARG001
    weight: str | None = None,
) -> Any:
    """The least eccentricity; found as `diameter` is."""
    if found := _by_bounds(G, e, weight, extremes.radius_known):
        return int(found[1].min())
    return min(_given_or_computed(G, e, weight).values())


@dispatched(unless=takes_no_functions)
def center(
    G: Graph,
    e: Mapping[Node, Any] | None = None,
    usebounds: bool = False,
    weight: str | None = None,
) -> list[Node]:
    """The nodes of least eccentricity; found as `diameter` is."""
    if len(G) == 0 and not (G.directed or usebounds or e is not None or weight is not None):
        # networkx asks here whether the graph is a tree, and only here.
        raise nx.NetworkXPointlessConcept("G has no nodes.")
    if found := _by_bounds(G, e, weight, extremes.center_known):
        return _where(G, found[1] == found[1].min())
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
    """The nodes of largest eccentricity; found as `diameter` is."""
    if found := _by_bounds(G, e, weight, extremes.periphery_known):
        return _where(G, found[0] == found[0].max())
    far = _given_or_computed(G, e, weight)
    most = max(far.values())
    return [node for node, value in far.items() if value == most]
