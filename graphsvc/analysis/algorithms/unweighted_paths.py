"""Shortest paths by the number of edges, from one node, to one node, or between two."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import distance
from graphsvc.analysis.registry import dispatched

_FAR = np.iinfo(np.int32).max


@dispatched()
def single_source_shortest_path_length(
    G: Graph, source: Node, cutoff: float | None = None
) -> dict[Node, int]:
    """How many edges it takes to each node that can be reached; nearest first."""
    _require(G, source, "Source {} is not in G")
    return _lengths(G, G.out, source, cutoff)


@dispatched()
def single_target_shortest_path_length(
    G: Graph, target: Node, cutoff: float | None = None
) -> dict[Node, int]:
    """How many edges it takes from each node that can reach the target; nearest first."""
    _require(G, target, "Target {} is not in G")
    return _lengths(G, G.into, target, cutoff)


@dispatched()
def all_pairs_shortest_path_length(
    G: Graph, cutoff: float | None = None
) -> Iterator[tuple[Node, dict[Node, int]]]:
    """`single_source_shortest_path_length` of each node in turn."""
    for node in G:
        yield node, _lengths(G, G.out, node, cutoff)


@dispatched()
def single_source_shortest_path(
    G: Graph, source: Node, cutoff: float | None = None
) -> dict[Node, list[Node]]:
    """A shortest path to each node that can be reached."""
    _require(G, source, "Source {} not in G")
    return _paths(G, G.out, source, cutoff)


@dispatched()
def single_target_shortest_path(
    G: Graph, target: Node, cutoff: float | None = None
) -> dict[Node, list[Node]]:
    """A shortest path from each node that can reach the target."""
    _require(G, target, "Target {} not in G")
    return {node: path[::-1] for node, path in _paths(G, G.into, target, cutoff).items()}


@dispatched()
def all_pairs_shortest_path(
    G: Graph, cutoff: float | None = None
) -> Iterator[tuple[Node, dict[Node, list[Node]]]]:
    """`single_source_shortest_path` of each node in turn."""
    for node in G:
        yield node, _paths(G, G.out, node, cutoff)


@dispatched()
def bidirectional_shortest_path(G: Graph, source: Node, target: Node) -> list[Node]:
    """One shortest path between two nodes, by searching from both.

    Raises
    ------
    networkx.NetworkXNoPath
        When there is none.
    """
    _require(G, source, "Source {} is not in G")
    _require(G, target, "Target {} is not in G")
    before, behind, met = distance.meet(
        *(G.out.indptr, G.out.indices, G.into.indptr, G.into.indices),
        *(G.index[source], G.index[target]),
    )
    if met < 0:
        raise nx.NetworkXNoPath(f"No path between {source} and {target}.")
    return [
        G.node_list[i] for i in (*chain_to_end(before, met)[::-1], *chain_to_end(behind, met)[1:])
    ]


@dispatched()
def has_path(G: Graph, source: Node, target: Node) -> bool:
    """Whether a path leads from one node to the other."""
    try:
        bidirectional_shortest_path(G, source, target)
    except nx.NetworkXNoPath:
        return False
    return True


def _require(G: Graph, node: Node, message: str) -> None:
    if node not in G:
        raise nx.NodeNotFound(message.format(node))


def _levels(cutoff: float | None) -> int:
    # networkx goes on while the level is below the cutoff, which may be a fraction.
    return _FAR if cutoff is None else int(min(max(np.ceil(cutoff), 0), _FAR))


def _lengths(G: Graph, rows: Adjacency, source: Node, cutoff: float | None) -> dict[Node, int]:
    order, level, _ = distance.breadth_first(
        rows.indptr, rows.indices, G.index[source], _levels(cutoff)
    )
    nodes = G.node_list
    return dict(zip((nodes[i] for i in order.tolist()), level[order].tolist(), strict=True))


def _paths(G: Graph, rows: Adjacency, source: Node, cutoff: float | None) -> dict[Node, list[Node]]:
    order, _, parent = distance.breadth_first(
        rows.indptr, rows.indices, G.index[source], _levels(cutoff)
    )
    nodes = G.node_list
    paths = {source: [source]}
    for position, before in zip(order[1:].tolist(), parent[order[1:]].tolist(), strict=True):
        paths[nodes[position]] = [*paths[nodes[before]], nodes[position]]
    return paths


def chain_to_end(parent: np.ndarray, begin: int) -> list[int]:
    """From a node to the end that its search began at."""
    chain = [begin]
    while (following := int(parent[chain[-1]])) >= 0:
        chain.append(following)
    return chain
