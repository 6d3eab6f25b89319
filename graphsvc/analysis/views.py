"""What one reads off a graph: nodes, edges, neighbours and degrees, in networkx's shapes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, Protocol

import networkx as nx
import numpy as np
from networkx.classes.function import frozen

from graphsvc.analysis.adjacency import Adjacency

Node = Hashable
_HALF_OF_64_BITS = 2.0**62


class _Viewed(Protocol):
    """What views read of a graph; `graphsvc.analysis.graph.Graph` says what each is."""

    @property
    def out(self) -> Adjacency: ...
    @property
    def into(self) -> Adjacency: ...
    @property
    def directed(self) -> bool: ...
    @property
    def attributes(self) -> Mapping[str, np.ndarray]: ...
    @property
    def node_attributes(self) -> Mapping[str, list[Any]]: ...
    @property
    def node_list(self) -> list[Node]: ...
    @property
    def index(self) -> Mapping[Node, int]: ...
    @property
    def loops(self) -> np.ndarray: ...

    def __len__(self) -> int: ...
    def __contains__(self, node: object) -> bool: ...
    def __getitem__(self, node: Node) -> NeighbourView: ...
    def has_edge(self, source: Node, target: Node) -> bool: ...
    def number_of_edges(self) -> int: ...
    def values(self, name: str | None) -> np.ndarray | None: ...
    def into_values(self, name: str | None) -> np.ndarray | None: ...


class Absent:
    """Stands, itself, in a column of attributes for what a node does not have."""


class FrozenAttributes(dict[str, Any]):
    """Attributes that cannot be written: what networkx raises for a frozen graph is raised.

    A copy of them is a dict.
    """

    __setitem__ = __delitem__ = __ior__ = frozen
    clear = pop = popitem = setdefault = update = frozen

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class NodeView(Mapping[Node, dict[str, Any]]):
    """The nodes, and the attributes of each by name."""

    def __init__(self, graph: _Viewed) -> None:
        self._graph = graph

    def __iter__(self) -> Iterator[Node]:
        return iter(self._graph.node_list)

    def __len__(self) -> int:
        return len(self._graph)

    def __contains__(self, node: object) -> bool:
        return node in self._graph

    def __getitem__(self, node: Node) -> dict[str, Any]:
        position = self._graph.index[node]
        of_node = ((name, values[position]) for name, values in self._graph.node_attributes.items())
        return FrozenAttributes((name, value) for name, value in of_node if value is not Absent)

    def __call__(self, data: bool | str = False, default: Any = None) -> Iterable[Any]:
        """The nodes, or pairs of a node and its attributes, or its one attribute."""
        if data is False:
            return self
        if data is True:
            return ((node, self[node]) for node in self)
        values = self._graph.node_attributes.get(data, [Absent] * len(self))
        found = (default if value is Absent else value for value in values)
        return zip(self, found, strict=True)

    data = __call__


class NeighbourView(Mapping[Node, dict[str, Any]]):
    """The neighbours of one node, and the attributes of the edge to each."""

    def __init__(self, graph: _Viewed, position: int) -> None:
        self._graph, self._position = graph, position

    def __iter__(self) -> Iterator[Node]:
        nodes = self._graph.node_list
        return (nodes[position] for position in self._row.tolist())

    def __len__(self) -> int:
        return int(self._row.size)

    def __getitem__(self, node: Node) -> dict[str, Any]:
        found = np.flatnonzero(self._row == self._graph.index.get(node, -1))
        if not found.size:
            raise KeyError(node)
        entry = int(self._graph.out.indptr[self._position] + found[0])
        return attributes_of(self._graph, entry)

    @property
    def _row(self) -> np.ndarray:
        return self._graph.out.row(self._position)


class AdjacencyView(Mapping[Node, NeighbourView]):
    """The neighbours of each node."""

    def __init__(self, graph: _Viewed) -> None:
        self._graph = graph

    def __iter__(self) -> Iterator[Node]:
        return iter(self._graph.node_list)

    def __len__(self) -> int:
        return len(self._graph)

    def __getitem__(self, node: Node) -> NeighbourView:
        return NeighbourView(self._graph, self._graph.index[node])


class EdgeView:
    """The edges, each once, in the order of their first node."""

    def __init__(self, graph: _Viewed) -> None:
        self._graph = graph

    def __iter__(self) -> Iterator[tuple[Node, Node]]:
        nodes, out = self._graph.node_list, self._graph.out
        entries = self._entries()
        sources, targets = out.sources[entries].tolist(), out.indices[entries].tolist()
        return ((nodes[s], nodes[t]) for s, t in zip(sources, targets, strict=True))

    def __len__(self) -> int:
        return self._graph.number_of_edges()

    def __contains__(self, edge: tuple[Node, Node]) -> bool:
        return self._graph.has_edge(*edge)

    def __getitem__(self, edge: tuple[Node, Node]) -> dict[str, Any]:
        return self._graph[edge[0]][edge[1]]

    def __call__(self, data: bool | str = False, default: Any = None) -> Iterable[Any]:
        """The edges, or triples with their attributes, or with one attribute."""
        if data is False:
            return self
        entries = self._entries().tolist()
        if data is True:
            rest: list[Any] = [attributes_of(self._graph, entry) for entry in entries]
        elif data in self._graph.attributes:
            rest = self._graph.attributes[data][entries].tolist()
        else:
            rest = [default] * len(entries)
        return ((s, t, value) for (s, t), value in zip(self, rest, strict=True))

    data = __call__

    def _entries(self) -> np.ndarray:
        out = self._graph.out
        if self._graph.directed:
            return np.arange(out.entries)
        return out.each_once


class DegreeView:
    """Degrees of nodes, or the weights of their edges."""

    def __init__(
        self, graph: _Viewed, way: Literal["in", "out", "both"], weight: str | None = None
    ) -> None:
        self._graph, self._way, self._weight = graph, way, weight

    def __call__(self, nbunch: Any = None, weight: str | None = None) -> Any:
        """The degree of one node, or degrees of some or all of them."""
        view = DegreeView(self._graph, self._way, weight)
        if nbunch is None:
            return view
        if nbunch in self._graph:
            return view[nbunch]
        return iter([(node, view[node]) for node in nbunch if node in self._graph])

    def __getitem__(self, node: Node) -> Any:
        return self.array[self._graph.index[node]].item()

    def __iter__(self) -> Iterator[tuple[Node, Any]]:
        return zip(self._graph.node_list, self.array.tolist(), strict=True)

    def __len__(self) -> int:
        return len(self._graph)

    @cached_property
    def array(self) -> np.ndarray:
        """The degree of each node, by position."""
        graph = self._graph
        if not graph.directed:
            degrees = _row_sums(graph.out.indptr, graph.values(self._weight))
            degrees += _row_sums_of_loops(graph, self._weight)
            return degrees
        outward = _row_sums(graph.out.indptr, graph.values(self._weight))
        if self._way == "out":
            return outward
        inward = _row_sums(graph.into.indptr, graph.into_values(self._weight))
        return inward if self._way == "in" else inward + outward


def _row_sums(indptr: np.ndarray, values: np.ndarray | None) -> np.ndarray:
    if values is None:
        return np.diff(indptr).astype(np.int64)
    values = summable(values)
    # Not by differences of running sums, which would carry the rounding of all rows before.
    filled = np.append(values, np.zeros(1, values.dtype))
    sums: np.ndarray = np.add.reduceat(filled, indptr[:-1])
    sums[np.diff(indptr) == 0] = 0
    return sums


def _row_sums_of_loops(graph: _Viewed, weight: str | None) -> np.ndarray:
    values = graph.values(weight)
    values = None if values is None else summable(values)
    loops = graph.loops
    sums = np.zeros(len(graph), np.int64 if values is None else values.dtype)
    sums[graph.out.indices[loops]] = 1 if values is None else values[loops]
    return sums


def summable(values: np.ndarray) -> np.ndarray:
    """The same values; as Python's numbers where the sum of some may be beyond 64 bits."""
    whole = values.dtype.kind == "i"
    beyond = whole and np.abs(values.astype(np.float64)).sum() >= _HALF_OF_64_BITS
    return values.astype(object) if beyond else values


def attributes_of(graph: _Viewed, entry: int) -> dict[str, Any]:
    """The attributes of the edge of an entry."""
    return FrozenAttributes(
        (name, column[entry].item()) for name, column in graph.attributes.items()
    )


def nodes_in(graph: _Viewed, nbunch: Any) -> list[Node]:
    """One node, some nodes or all, as networkx's `nbunch_iter` takes them.

    Raises
    ------
    networkx.NetworkXError
        When it is neither a node nor an iterable of nodes.
    """
    if nbunch is None:
        return graph.node_list
    if nbunch in graph:
        return [nbunch]
    try:
        return [node for node in nbunch if node in graph]
    except TypeError:
        raise nx.NetworkXError(f"Node {nbunch} is not in the graph.") from None
