"""What holds a network together: bridges, local bridges and articulation points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.algorithms.clustering import edge_support
from graphsvc.analysis.algorithms.unweighted_paths import chain_to_end
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import dijkstra, distance, traversal
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched, takes_no_functions

Edge = tuple[Node, Node]


@dispatched()
def bridges(G: Graph, root: Node | None = None) -> Iterator[Edge]:
    """Edges without which a component falls apart; with `root`, those of its component. Linear."""
    if root is not None and root not in G:
        raise nx.NodeNotFound(f"Root node {root} is not in graph")
    _, bridge_from = traversal.cuts(G.out.indptr, G.out.indices)
    one, other = G.out.sources, G.out.indices
    leads = (bridge_from[other] == one) | (bridge_from[one] == other)
    if root is not None:
        order, _, _ = distance.breadth_first(G.out.indptr, G.out.indices, G.index[root], len(G))
        within = np.zeros(len(G), np.bool_)
        within[order] = True
        leads &= within[one]
    entries = np.flatnonzero(leads & (one < other))
    ends = zip(one[entries].tolist(), other[entries].tolist(), strict=True)
    return iter([(G.node_list[source], G.node_list[target]) for source, target in ends])


@dispatched()
def has_bridges(G: Graph, root: Node | None = None) -> bool:
    """Whether there are any."""
    return next(bridges(G, root), None) is not None


@dispatched()
def articulation_points(G: Graph) -> Iterator[Node]:
    """Nodes without which a component falls apart, in the order of nodes. Linear."""
    cut, _ = traversal.cuts(G.out.indptr, G.out.indices)
    return iter([G.node_list[position] for position in np.flatnonzero(cut).tolist()])


@dispatched()
def biconnected_component_edges(G: Graph) -> Iterator[list[Edge]]:
    """Edges by the part that no single node holds together. Linear."""
    ends, begins = traversal.biconnected(G.out.indptr, G.out.indices)
    for begin, end in pairwise(begins.tolist()):
        yield [
            (G.node_list[source], G.node_list[target])
            for source, target in ends[begin:end].tolist()
        ]


@dispatched()
def biconnected_components(G: Graph) -> Iterator[set[Node]]:
    """The nodes of each such part; an articulation point is in several. Linear."""
    ends, begins = traversal.biconnected(G.out.indptr, G.out.indices)
    for begin, end in pairwise(begins.tolist()):
        yield {G.node_list[position] for position in np.unique(ends[begin:end]).tolist()}


@dispatched()
def is_biconnected(G: Graph) -> bool:
    """Whether there is one such part, with all nodes in it."""
    ends, begins = traversal.biconnected(G.out.indptr, G.out.indices)
    return bool(begins.size == 2 and np.unique(ends).size == len(G))


@dispatched(unless=takes_no_functions)
def local_bridges(
    G: Graph, with_span: bool = True, weight: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Edges whose ends have no neighbour in common, with the distance of these without the edge.

    The span costs a search for each such edge.
    """
    out, values = G.out, G.values(weight)
    looped = np.zeros(len(G), np.bool_)
    looped[out.indices[G.loops]] = True
    # A node with a loop is its own neighbour, and so it is one of both ends.
    apart = (edge_support(out) == 0) & ~looped[out.sources] & ~looped[out.indices]
    entries = np.flatnonzero(apart & (out.sources < out.indices))
    indices = out.indices.copy()
    weights = None if values is None else values.astype(np.float64)
    for entry in entries.tolist():
        edge = (G.node_list[int(out.sources[entry])], G.node_list[int(out.indices[entry])])
        if with_span is not True:
            yield edge
        elif values is None or weights is None:
            yield (*edge, _edges_around(out, indices, entry))
        else:
            span = _span(out, weights, entry)
            yield (*edge, int(span) if values.dtype.kind == "i" and span < np.inf else span)


def _back(out: Adjacency, entry: int) -> int:
    """The entry of the same edge in the row of its other end."""
    one, other = int(out.sources[entry]), int(out.indices[entry])
    return int(out.indptr[other]) + int(np.flatnonzero(out.row(other) == one)[0])


def _edges_around(out: Adjacency, indices: np.ndarray, entry: int) -> int | float:
    """How many edges it takes between the ends of an edge when it is not there.

    `indices` are a copy of the rows' own: the edge is taken out of it meanwhile.
    """
    one, other = int(out.sources[entry]), int(out.indices[entry])
    back = _back(out, entry)
    indices[entry], indices[back] = one, other  # loops lead nowhere
    before, behind, met = distance.meet(out.indptr, indices, out.indptr, indices, one, other)
    indices[entry], indices[back] = other, one
    if met < 0:
        return float("inf")
    return len(chain_to_end(before, met)) + len(chain_to_end(behind, met)) - 2


def _span(out: Adjacency, weights: np.ndarray, entry: int) -> float:
    """The distance between the ends of an edge when it is not there.

    `weights` are a copy of the graph's: the edge is infinitely long in it meanwhile.
    """
    one, other = int(out.sources[entry]), int(out.indices[entry])
    edge = [entry, _back(out, entry)]
    held = weights[edge]
    weights[edge] = np.inf
    progress = current()
    order, reach, _, _ = dijkstra.dijkstra(
        *(out.indptr, out.indices, weights, np.array([one], np.int32), other),
        *(np.finfo(float).max, progress.begin(1)),
    )
    progress.check()
    weights[edge] = held
    return float(reach[other]) if other in order else float("inf")
