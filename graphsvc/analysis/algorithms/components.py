"""What hangs together: connected, weakly and strongly connected components."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import networkx as nx
import numpy as np

from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import distance, traversal
from graphsvc.analysis.registry import dispatched

Parts = tuple[np.ndarray, np.ndarray]
"""Positions component by component, and where each begins."""


@dispatched()
def connected_components(G: Graph) -> Iterator[set[Node]]:
    """Sets of nodes between which paths lead, in the order of their first nodes. Linear."""
    return _sets(G, _connected(G))


@dispatched()
def number_connected_components(G: Graph) -> int:
    """How many there are."""
    return _count(_connected(G))


@dispatched()
def is_connected(G: Graph) -> bool:
    """Whether there is one.

    Raises
    ------
    networkx.NetworkXPointlessConcept
        When there are no nodes; so in all questions of this kind.
    """
    _require_nodes(G, "Connectivity")
    return _count(_connected(G)) == 1


@dispatched()
def node_connected_component(G: Graph, n: Node) -> set[Node]:
    """The component of a node."""
    if n not in G:
        raise KeyError(n)
    order, _, _ = distance.breadth_first(G.out.indptr, G.out.indices, G.index[n], len(G))
    return {G.node_list[position] for position in order.tolist()}


@dispatched()
def weakly_connected_components(G: Graph) -> Iterator[set[Node]]:
    """Components where edges lead both ways. Linear."""
    return _sets(G, _connected(G))


@dispatched()
def number_weakly_connected_components(G: Graph) -> int:
    """How many there are."""
    return _count(_connected(G))


@dispatched()
def is_weakly_connected(G: Graph) -> bool:
    """Whether there is one."""
    _require_nodes(G, "Connectivity")
    return _count(_connected(G)) == 1


@dispatched()
def strongly_connected_components(G: Graph) -> Iterator[set[Node]]:
    """Sets of nodes each of which reaches all others; in networkx's order. Linear."""
    return _sets(G, traversal.strongly_connected(G.out.indptr, G.out.indices))


@dispatched()
def number_strongly_connected_components(G: Graph) -> int:
    """How many there are."""
    return _count(traversal.strongly_connected(G.out.indptr, G.out.indices))


@dispatched()
def is_strongly_connected(G: Graph) -> bool:
    """Whether there is one."""
    _require_nodes(G, "Connectivity")
    return _count(traversal.strongly_connected(G.out.indptr, G.out.indices)) == 1


def _connected(G: Graph) -> Parts:
    found: Parts = traversal.connected(G.out.indptr, G.out.indices)
    return found


def _count(parts: Parts) -> int:
    return int(parts[1].size - 1)


def _sets(G: Graph, parts: Parts) -> Iterator[set[Node]]:
    order, begins = parts
    nodes = G.node_list
    named = [nodes[position] for position in order.tolist()]
    for begin, end in pairwise(begins.tolist()):
        yield set(named[begin:end])


def _require_nodes(G: Graph, what: str) -> None:
    if not len(G):
        raise nx.NetworkXPointlessConcept(f"{what} is undefined for the null graph.")
