"""Shortest paths by the sum of weights: Dijkstra's algorithm in networkx's many forms.

References
----------
.. [1] E. W. Dijkstra, A Note on Two Problems in Connexion with Graphs, Numerische Mathematik 1
   (1959).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis.algorithms.unweighted_paths import chain_to_end
from graphsvc.analysis.distances import contradictory
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import dijkstra as kernels
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched, takes_no_functions

Lengths = dict[Node, Any]
Paths = dict[Node, list[Node]]


@dispatched(unless=takes_no_functions)
def single_source_dijkstra_path_length(
    G: Graph, source: Node, cutoff: float | None = None, weight: str | None = "weight"
) -> Lengths:
    """The distance to each node that can be reached; nearest first."""
    return multi_source_dijkstra_path_length(G, {source}, cutoff=cutoff, weight=weight)


@dispatched(unless=takes_no_functions)
def multi_source_dijkstra_path_length(
    G: Graph, sources: Iterable[Node], cutoff: float | None = None, weight: str | None = "weight"
) -> Lengths:
    """The distance to each node from the nearest of some."""
    return _search(G, sources, weight, cutoff=cutoff).lengths()


@dispatched(unless=takes_no_functions)
def all_pairs_dijkstra_path_length(
    G: Graph, cutoff: float | None = None, weight: str | None = "weight"
) -> Iterator[tuple[Node, Lengths]]:
    """`single_source_dijkstra_path_length` of each node in turn."""
    for node in G:
        yield node, single_source_dijkstra_path_length(G, node, cutoff, weight)


@dispatched(unless=takes_no_functions)
def single_source_dijkstra_path(
    G: Graph, source: Node, cutoff: float | None = None, weight: str | None = "weight"
) -> Paths:
    """A shortest path to each node that can be reached."""
    return multi_source_dijkstra_path(G, {source}, cutoff=cutoff, weight=weight)


@dispatched(unless=takes_no_functions)
def multi_source_dijkstra_path(
    G: Graph, sources: Iterable[Node], cutoff: float | None = None, weight: str | None = "weight"
) -> Paths:
    """A shortest path to each node from the nearest of some."""
    return _search(G, sources, weight, cutoff=cutoff).paths()


@dispatched(unless=takes_no_functions)
def all_pairs_dijkstra_path(
    G: Graph, cutoff: float | None = None, weight: str | None = "weight"
) -> Iterator[tuple[Node, Paths]]:
    """`single_source_dijkstra_path` of each node in turn."""
    for node in G:
        yield node, single_source_dijkstra_path(G, node, cutoff, weight)


@dispatched(unless=takes_no_functions)
def single_source_dijkstra(
    G: Graph,
    source: Node,
    target: Node | None = None,
    cutoff: float | None = None,
    weight: str | None = "weight",
) -> tuple[Any, Any]:
    """Distances and paths to all nodes, or to the target alone."""
    return multi_source_dijkstra(G, {source}, target=target, cutoff=cutoff, weight=weight)


@dispatched(unless=takes_no_functions)
def multi_source_dijkstra(
    G: Graph,
    sources: Iterable[Node],
    target: Node | None = None,
    cutoff: float | None = None,
    weight: str | None = "weight",
) -> tuple[Any, Any]:
    """Distances and paths from the nearest of some to all nodes, or to the target alone.

    Raises
    ------
    networkx.NetworkXNoPath
        When the target cannot be reached.
    """
    _require(G, sources)
    if target in sources:
        return 0, [target]
    found = _search(G, sources, weight, cutoff=cutoff, target=target)
    if target is None:
        return found.lengths(), found.paths()
    if not found.reaches(target):
        raise nx.NetworkXNoPath(f"No path to {target}.")
    return found.length(target), found.path(target)


@dispatched(unless=takes_no_functions)
def dijkstra_path(
    G: Graph, source: Node, target: Node, weight: str | None = "weight"
) -> list[Node]:
    """A shortest path between two nodes."""
    path: list[Node] = single_source_dijkstra(G, source, target=target, weight=weight)[1]
    return path


@dispatched(unless=takes_no_functions)
def dijkstra_path_length(
    G: Graph, source: Node, target: Node, weight: str | None = "weight"
) -> Any:
    """The distance between two nodes."""
    _require(G, [source])
    if source == target:
        return 0
    found = _search(G, [source], weight, target=target)
    if not found.reaches(target):
        raise nx.NetworkXNoPath(f"Node {target} not reachable from {source}")
    return found.length(target)


@dispatched(unless=takes_no_functions)
def bidirectional_dijkstra(
    G: Graph, source: Node, target: Node, weight: str | None = "weight"
) -> tuple[Any, list[Node]]:
    """Distance and path between two nodes, by searching from both."""
    for node, what in ((source, "Source"), (target, "Target")):
        if node not in G:
            raise nx.NodeNotFound(f"{what} {node} is not in G")
    if source == target:
        return 0, [source]
    progress = current()
    length, met, before, behind = kernels.meet(
        *(G.out.indptr, G.out.indices, _weights(G, G.values(weight))),
        *(G.into.indptr, G.into.indices, _weights(G, G.into_values(weight))),
        *(G.index[source], G.index[target], progress.begin(1)),
    )
    progress.check()
    if met == -1:
        raise nx.NetworkXNoPath(f"No path between {source} and {target}.")
    if met < 0:
        raise ValueError("Contradictory paths found: negative weights?")
    chain = (*chain_to_end(before, met)[::-1], *chain_to_end(behind, met)[1:])
    return int(length) if _is_whole(G, weight) else length, [G.node_list[i] for i in chain]


@dataclass(frozen=True)
class _Search:
    """What one search has found; `order` are positions, nearest first."""

    graph: Graph
    sources: list[Node]
    order: np.ndarray
    distance: np.ndarray
    parent: np.ndarray
    whole: bool

    def reaches(self, node: Node) -> bool:
        return node in self.graph and bool((self.order == self.graph.index[node]).any())

    def length(self, node: Node) -> Any:
        found = self.distance[self.graph.index[node]].item()
        return int(found) if self.whole else found

    def lengths(self) -> Lengths:
        values = self.distance[self.order]
        nodes = [self.graph.node_list[i] for i in self.order.tolist()]
        found = values.astype(np.int64).tolist() if self.whole else values.tolist()
        # The distance of what the search began at is a whole number in networkx.
        begins = set(self.sources)
        return {
            node: 0 if node in begins else value for node, value in zip(nodes, found, strict=True)
        }

    def paths(self) -> Paths:
        nodes = self.graph.node_list
        paths: Paths = {source: [source] for source in self.sources}
        for position in self.order[len(paths) :].tolist():
            paths[nodes[position]] = [*paths[nodes[self.parent[position]]], nodes[position]]
        return paths

    def path(self, node: Node) -> list[Node]:
        chain = chain_to_end(self.parent, self.graph.index[node])
        return [self.graph.node_list[position] for position in reversed(chain)]


def _weights(G: Graph, values: np.ndarray | None) -> np.ndarray:
    return np.ones(G.out.entries) if values is None else np.asarray(values, np.float64)


def _is_whole(G: Graph, weight: str | None) -> bool:
    values = G.values(weight)
    return values is None or values.dtype.kind == "i"


def _require(G: Graph, sources: Iterable[Node]) -> None:
    if not sources:
        raise ValueError("sources must not be empty")
    for source in sources:
        if source not in G:
            raise nx.NodeNotFound(f"Node {source} not found in graph")


def _search(
    G: Graph,
    sources: Iterable[Node],
    weight: str | None,
    *,
    cutoff: float | None = None,
    target: Node | None = None,
) -> _Search:
    _require(G, sources)
    begins = list(dict.fromkeys(sources))
    progress = current()
    order, distance, parent, good = kernels.dijkstra(
        *(G.out.indptr, G.out.indices, _weights(G, G.values(weight)), G.positions(begins)),
        G.index[target] if target is not None and target in G else -1,
        np.inf if cutoff is None else float(cutoff),
        progress.begin(1),
    )
    progress.check()
    if not good:
        raise contradictory()
    return _Search(G, begins, order, distance, parent, _is_whole(G, weight))
