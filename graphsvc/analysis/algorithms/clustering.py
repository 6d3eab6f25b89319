"""Whether neighbours are neighbours: triangles, clustering and transitivity."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphsvc.analysis.adjacency import Adjacency, merged_rows
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import orientation
from graphsvc.analysis.kernels.parallel import most_threads
from graphsvc.analysis.kernels.rows import transposed
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched
from graphsvc.analysis.views import nodes_in

_PARTS = 8


@dispatched()
def triangles(G: Graph, nodes: Any = None) -> Any:
    """In how many triangles each node is.

    At most edges to the power of 3/2, mostly far less.
    """
    counts = _triangles(G.out, None)
    return _for_nodes(G, nodes, counts.tolist())


@dispatched()
def transitivity(G: Graph) -> float:
    """How many of all pairs of edges that meet are closed to a triangle; loops do not count.

    Of a directed graph, as in networkx, pairs of edges that leave one node, closed by an edge from
    one of their ends to the other. At most edges to the power of 3/2, mostly far less; of a
    directed graph the sum over edges of the out-degree of the node they lead to.
    """
    degrees = _degrees(G.out)
    pairs = int((degrees * (degrees - 1)).sum())
    closed = _closed(G.out) if G.directed else 2 * int(_triangles(G.out, None).sum())
    return closed / pairs if closed else 0


def _closed(out: Adjacency) -> int:
    """How many paths of two edges, neither a loop, end where an edge from their begin does."""
    progress = current()
    found = orientation.closed_paths(out.indptr, out.indices, progress.begin(out.nodes))
    progress.check()
    return int(found)


@dispatched()
def clustering(G: Graph, nodes: Any = None, weight: str | None = None) -> Any:
    """How many of the pairs of a node's neighbours are neighbours; 0 where there are no pairs.

    With weights the geometric mean of a triangle's three weights counts, by the largest weight of
    all; in directed graphs all eight directions of a triangle count (Fagiolo).

    References
    ----------
    .. [1] J. Saramaki et al., Generalizations of the Clustering Coefficient to Weighted Complex
       Networks, Physical Review E 75 (2007).
    .. [2] G. Fagiolo, Clustering in Complex Directed Networks, Physical Review E 76 (2007).
    """
    sides = _sides(G, weight)
    twice = 2 * _triangles(sides.rows, sides.values)
    degrees = sides.degrees
    if G.directed:
        mutual = degrees - _degrees(sides.rows)
        pairs = 2 * (degrees * (degrees - 1) - 2 * mutual)
    else:
        pairs = degrees * (degrees - 1)
    shares = np.divide(twice, pairs, out=np.zeros(len(G)), where=twice != 0)
    return _for_nodes(G, nodes, [share or 0 for share in shares.tolist()])


@dispatched()
def average_clustering(
    G: Graph, nodes: Any = None, weight: str | None = None, count_zeros: bool = True
) -> float:
    """The mean of `clustering`, over all or over those where it is not 0."""
    values = list(clustering(G, nodes, weight).values())
    if not count_zeros:
        values = [value for value in values if abs(value) > 0]
    return float(sum(values) / len(values))


class _Sides(NamedTuple):
    """Neighbours without regard to direction, what each side is worth, and edges of each node."""

    rows: Adjacency
    values: np.ndarray | None
    degrees: np.ndarray


def _sides(G: Graph, weight: str | None) -> _Sides:
    values = G.values(weight)
    if weight is not None and values is None:
        values = np.ones(G.out.entries)
    # The cube root of a product is the product of cube roots, and so it can be summed by side.
    roots = None if values is None or not values.size else np.cbrt(values / values.max())
    if not G.directed:
        return _Sides(G.out, roots, _degrees(G.out))
    merged = merged_rows(G.out.sources, G.out.indices, len(G), directed=False)
    each = np.ones(G.out.entries) if roots is None else roots
    both = _degrees(G.out) + _degrees(G.into)
    return _Sides(merged.adjacency, merged.values(each), both)


def _degrees(rows: Adjacency) -> np.ndarray:
    """How many other nodes are in each row."""
    degrees = rows.lengths.astype(np.int64)
    np.subtract.at(degrees, rows.sources[rows.sources == rows.indices], 1)
    return degrees


def _triangles(rows: Adjacency, values: np.ndarray | None) -> np.ndarray:
    number, node_of = orientation.by_degree(rows.indptr)
    begins, neighbours, entry = orientation.upward_rows(rows.indptr, rows.indices, number, node_of)
    progress = current()
    state = progress.begin(rows.nodes)
    if values is None:
        parts = min(_PARTS, most_threads())
        found = orientation.triangles(begins, neighbours, parts, state)
    else:
        found = orientation.weighted_triangles(begins, neighbours, values[entry], _PARTS, state)
    progress.check()
    by_node: np.ndarray = found[number]
    return by_node


def edge_support(rows: Adjacency) -> np.ndarray:
    """In how many triangles the edge of each entry is; rows are symmetric."""
    number, node_of = orientation.by_degree(rows.indptr)
    begins, neighbours, entry = orientation.upward_rows(rows.indptr, rows.indices, number, node_of)
    support = orientation.support(begins, neighbours)
    below = transposed(begins, neighbours)
    found: np.ndarray = orientation.both_ways(
        rows.indptr, rows.indices, number, begins, entry, *below, support
    )
    return found


def _for_nodes(G: Graph, nodes: Any, values: list[Any]) -> Any:
    if nodes is None:
        return dict(zip(G.node_list, values, strict=True))
    if nodes in G:
        return values[G.index[nodes]]
    found: dict[Node, Any] = {node: values[G.index[node]] for node in nodes_in(G, nodes)}
    return found
