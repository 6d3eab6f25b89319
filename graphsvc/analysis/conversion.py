"""Graphs to and from networkx, scipy and igraph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis.adjacency import Adjacency
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.views import Absent, FrozenAttributes
from graphsvc.errors import InvalidInputError

_FIRST = object()


def from_networkx(graph: nx.Graph, edge_attributes: Mapping[str, Any] | None = None) -> Graph:
    """The same graph in compressed rows; nodes, neighbours and node attributes keep their order.

    Parameters
    ----------
    edge_attributes
        Which attributes of edges to take, with what stands for each where an edge lacks it.
        Without it, every numeric attribute that some edge has; `weight` is 1 where it is missing,
        and others are left out where an edge lacks them.

    Raises
    ------
    NotImplementedError
        When it is a multigraph, or an attribute that was asked for is not a number throughout.
    """
    if graph.is_multigraph():
        raise NotImplementedError("A multigraph: its parallel edges would have to be made one.")
    nodes = list(graph)
    index = {node: position for position, node in enumerate(nodes)}
    out = _rows(graph.adj, index)
    into = _rows(graph.pred, index) if graph.is_directed() else None
    if into is not None:
        into = _with_entries(out, into)
    if edge_attributes is None:
        edge_attributes = _numeric_attributes(graph)
    attributes = {name: _column(graph, name, default) for name, default in edge_attributes.items()}
    names = dict.fromkeys(name for _, data in graph.nodes(data=True) for name in data)
    made = Graph(
        nodes,
        out,
        directed=graph.is_directed(),
        attributes={name: column for name, column in attributes.items() if column is not None},
        node_attributes={
            name: [data.get(name, Absent) for _, data in graph.nodes(data=True)] for name in names
        },
        into=into,
    )
    made.graph = FrozenAttributes(graph.graph)
    return made


def _rows(neighbours: Mapping[Any, Iterable[Any]], index: Mapping[Any, int]) -> Adjacency:
    indptr = np.zeros(len(index) + 1, np.int32)
    np.cumsum([len(row) for row in neighbours.values()], out=indptr[1:])  # type: ignore[arg-type]
    indices = (index[node] for row in neighbours.values() for node in row)
    return Adjacency(indptr, np.fromiter(indices, np.int32, int(indptr[-1])))


def _with_entries(out: Adjacency, into: Adjacency) -> Adjacency:
    """`into`, in its own order, and the entry of `out` that each of its entries is."""
    by_row = out.transposed()
    # Both hold the same pairs: sort each by (row, neighbour) and set them side by side.
    mine = np.lexsort((into.indices, into.sources))
    theirs = np.lexsort((by_row.indices, by_row.sources))
    entry = np.empty(into.entries, np.int32)
    entry[mine] = np.asarray(by_row.entry)[theirs]
    return Adjacency(into.indptr, into.indices, entry)


def _numeric_attributes(graph: nx.Graph) -> dict[str, Any]:
    found: dict[str, int] = {}
    for _, _, data in graph.edges(data=True):
        for name, value in data.items():
            if isinstance(value, (int, float, np.number)):
                found[name] = found.get(name, 0) + 1
    edges = graph.number_of_edges()
    return {name: 1 for name, times in found.items() if times == edges or name == "weight"}


def _column(graph: nx.Graph, name: str, default: Any) -> np.ndarray | None:
    """An attribute by entry; None where no edge has it, and it is the same for all by default."""
    values = [data.get(name, _FIRST) for row in graph.adj.values() for data in row.values()]
    if all(value is _FIRST for value in values) and default == 1:
        return None
    filled = [default if value is _FIRST else value for value in values]
    if not all(isinstance(value, (bool, int, float, np.integer, np.floating)) for value in filled):
        raise NotImplementedError(f"The attribute {name!r} of an edge is not a number.")
    whole = all(isinstance(value, (int, np.integer)) for value in filled)
    try:
        return np.array(filled, np.int64 if whole else np.float64)
    except OverflowError as error:
        raise NotImplementedError(f"The attribute {name!r} has numbers beyond 64 bits.") from error


def to_networkx(graph: Graph) -> nx.Graph:
    """The same graph as networkx holds it; about a kilobyte an edge.

    The filter that a graph of a database came from is JSON in it, so that every format of file that
    networkx writes can hold it.
    """
    made = nx.DiGraph() if graph.directed else nx.Graph()
    for name, value in graph.graph.items():
        made.graph[name] = json.dumps(value) if isinstance(value, FrozenAttributes) else value
    made.add_nodes_from(graph.nodes(data=True))
    made.add_edges_from(graph.edges(data=True))
    return made


def to_scipy(graph: Graph, weight: str | None = "weight") -> Any:
    """The adjacency matrix as a `scipy.sparse.csr_array`: row to column, in the order of nodes.

    Raises
    ------
    InvalidInputError
        When scipy is not installed.
    """
    try:
        from scipy.sparse import csr_array
    except ImportError:
        raise _missing("scipy") from None
    values = graph.values(weight)
    values = np.ones(graph.out.entries, np.int64) if values is None else values
    shape = (len(graph), len(graph))
    return csr_array((values, graph.out.indices, graph.out.indptr), shape=shape)


def to_igraph(graph: Graph) -> Any:
    """The graph as an `igraph.Graph`: vertex attribute `name`, edge attributes as here.

    Raises
    ------
    InvalidInputError
        When igraph is not installed.
    """
    try:
        import igraph
    except ImportError:
        raise _missing("igraph") from None
    sources, targets = graph.out.sources, graph.out.indices
    entries = np.arange(graph.out.entries) if graph.directed else graph.out.each_once
    made = igraph.Graph(
        n=len(graph),
        edges=np.column_stack((sources[entries], targets[entries])),
        directed=graph.directed,
    )
    made.vs["name"] = graph.node_list
    for name, column in graph.attributes.items():
        made.es[name] = column[entries].tolist()
    return made


def _missing(package: str) -> InvalidInputError:
    return InvalidInputError(f"{package} is not installed.", mend=f"pip install {package}")
