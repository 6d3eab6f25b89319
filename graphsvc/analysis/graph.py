"""The graph that networkx dispatches on: compressed rows, node ids, and attributes in columns."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from networkx.classes.function import frozen as frozen_

from graphsvc.analysis.adjacency import Adjacency, merged_rows
from graphsvc.analysis.generations import Generations, generations
from graphsvc.analysis.kernels import rows
from graphsvc.analysis.views import (
    AdjacencyView,
    DegreeView,
    EdgeView,
    FrozenAttributes,
    NeighbourView,
    NodeView,
    summable,
)

Node = Hashable


class Graph:
    """A graph that does not change, directed or not, without parallel edges.

    networkx's functions take it as they take their own graphs: `nx.pagerank(G)`. What this
    package computes itself is listed in `docs/analysis.md`; for the rest, `to_networkx()`, or set
    `networkx.config.fallback_to_nx = True`.

    Parameters
    ----------
    nodes
        The nodes, in order: a list, or an array of numbers.
    out
        Row `i` are the successors of node `i`; of an undirected graph, its neighbours.
    directed
        Whether edges have a direction.
    attributes
        Of edges, by name: an array with a value for each entry of `out`.
    node_attributes
        Of nodes, by name: a list with a value for each node, or `Absent`.

    Notes
    -----
    It is frozen: writing to it, or to attributes of nodes, edges or the graph, raises
    `networkx.NetworkXError`, as for graphs that `networkx.freeze` has frozen.
    """

    __networkx_backend__ = "graphsvc"

    frozen = True
    add_node = add_nodes_from = remove_node = remove_nodes_from = frozen_
    add_edge = add_edges_from = add_weighted_edges_from = remove_edge = remove_edges_from = frozen_
    update = clear = clear_edges = frozen_

    def __init__(
        self,
        nodes: list[Node] | np.ndarray,
        out: Adjacency,
        *,
        directed: bool,
        attributes: Mapping[str, np.ndarray] | None = None,
        node_attributes: Mapping[str, list[Any]] | None = None,
        into: Adjacency | None = None,
    ) -> None:
        self._nodes = nodes
        self.out = out
        self.directed = directed
        self.attributes = dict(attributes or {})
        self.node_attributes = dict(node_attributes or {})
        self.graph: dict[str, Any] = FrozenAttributes()
        self._into = into
        self.__networkx_cache__: dict[str, Any] = {}

    # --- what algorithms use ----------------------------------------------------------------------

    @property
    def into(self) -> Adjacency:
        """Row `i` are the predecessors of node `i`; of an undirected graph, `out` itself."""
        if not self.directed:
            return self.out
        if self._into is None:
            self._into = self.out.transposed()
        return self._into

    @cached_property
    def generations(self) -> Generations | None:
        """The nodes by the longest path to each; None where there is a cycle."""
        return generations(self.out, self.into) if self.directed else None

    @cached_property
    def node_list(self) -> list[Node]:
        """The nodes, by position."""
        return self._nodes.tolist() if isinstance(self._nodes, np.ndarray) else self._nodes

    @cached_property
    def index(self) -> dict[Node, int]:
        """The position of each node."""
        return {node: position for position, node in enumerate(self.node_list)}

    def position(self, node: Node) -> int:
        """Where a node stands.

        Raises
        ------
        networkx.NodeNotFound
            When the graph does not have it.
        """
        try:
            return self.index[node]
        except (KeyError, TypeError):
            raise nx.NodeNotFound(f"Node {node} is not in the graph") from None

    def positions(self, nodes: Iterable[Node]) -> np.ndarray:
        """Where these nodes stand; raises as `position` does."""
        return np.array([self.position(node) for node in nodes], np.int32)

    def values(self, name: str | None) -> np.ndarray | None:
        """An attribute of edges by entry of `out`; None where edges do not have it."""
        return None if name is None else self.attributes.get(name)

    def into_values(self, name: str | None) -> np.ndarray | None:
        """The same by entry of `into`."""
        found, entry = self.values(name), self.into.entry
        return found if found is None or entry is None else found[entry]

    def by_node(self, values: np.ndarray) -> dict[Node, Any]:
        """A value for each node, as networkx returns it: plain numbers in the order of nodes."""
        found = self._without_values.copy()
        found.update(zip(self.node_list, values.tolist(), strict=True))
        return found

    @cached_property
    def _without_values(self) -> dict[Node, Any]:
        # A copy has its size from the start: a third less time for each mapping but the first.
        return dict.fromkeys(self.node_list)

    # --- what networkx's graphs have --------------------------------------------------------------

    def __iter__(self) -> Iterator[Node]:
        return iter(self.node_list)

    def __len__(self) -> int:
        return self.out.nodes

    def __contains__(self, node: object) -> bool:
        try:
            return node in self.index
        except TypeError:
            return False

    def __getitem__(self, node: Node) -> NeighbourView:
        return self.adj[node]

    def __str__(self) -> str:
        what = "DiGraph" if self.directed else "Graph"
        return f"{what} with {len(self)} nodes and {self.number_of_edges()} edges"

    def is_directed(self) -> bool:
        """Whether edges have a direction."""
        return self.directed

    def is_multigraph(self) -> bool:
        """Never: parallel edges were made one when the graph was built."""
        return False

    def number_of_nodes(self) -> int:
        """How many nodes."""
        return len(self)

    order = number_of_nodes

    @cached_property
    def loops(self) -> np.ndarray:
        """The entries of `out` that are loops."""
        return np.flatnonzero(self.out.sources == self.out.indices)

    def number_of_edges(self) -> int:
        """How many edges; an undirected one counts once."""
        entries = self.out.entries
        return entries if self.directed else (entries + self.loops.size) // 2

    def size(self, weight: str | None = None) -> float:
        """How many edges, or the sum of their weights."""
        values = self.values(weight)
        if values is None:
            return self.number_of_edges()
        values = summable(values)
        total = values.sum()
        both = total if self.directed else (total + values[self.loops].sum()) / 2
        return float(both)

    @property
    def nodes(self) -> NodeView:
        """The nodes; `G.nodes[node]` are its attributes."""
        return NodeView(self)

    @property
    def edges(self) -> EdgeView:
        """The edges; `G.edges(data=True)` with their attributes."""
        return EdgeView(self)

    @property
    def adj(self) -> AdjacencyView:
        """`G.adj[node][neighbour]` are the attributes of an edge."""
        return AdjacencyView(self)

    @cached_property
    def degree(self) -> DegreeView:
        """How many edges each node has, or `G.degree(weight=...)` their weight; loops twice."""
        return DegreeView(self, "both")

    @cached_property
    def in_degree(self) -> DegreeView:
        """How many edges come to each node."""
        return DegreeView(self, "in")

    @cached_property
    def out_degree(self) -> DegreeView:
        """How many edges leave each node."""
        return DegreeView(self, "out")

    def has_node(self, node: object) -> bool:
        """Whether the graph has a node."""
        return node in self

    def has_edge(self, source: Node, target: Node) -> bool:
        """Whether the graph has an edge."""
        if source not in self or target not in self:
            return False
        return bool((self.out.row(self.index[source]) == self.index[target]).any())

    def successors(self, node: Node) -> Iterator[Node]:
        """The nodes that edges lead to from here.

        Raises
        ------
        networkx.NetworkXError
            When the graph does not have the node.
        """
        return self._named(self.out.row(self._known(node)))

    neighbors = successors

    def predecessors(self, node: Node) -> Iterator[Node]:
        """The nodes that edges come from; raises as `successors` does."""
        return self._named(self.into.row(self._known(node)))

    def _known(self, node: Node) -> int:
        if node not in self:
            raise nx.NetworkXError(f"The node {node} is not in the graph.")
        return self.index[node]

    def _named(self, positions: np.ndarray) -> Iterator[Node]:
        return (self.node_list[position] for position in positions.tolist())

    # --- graphs made from this one ----------------------------------------------------------------

    def copy(self) -> Graph:
        """The graph itself: it does not change."""
        return self

    def reverse(self, copy: bool = True) -> Graph:  # noqa: ARG002 - as networkx has it
        """The graph with every edge turned round."""
        if not self.directed:
            raise nx.NetworkXError("An undirected graph cannot be reversed.")
        into = Adjacency(self.into.indptr, self.into.indices)
        entry = self.into.entry
        attributes = {name: values[entry] for name, values in self.attributes.items()}
        return self._like(into, attributes, directed=True)

    def to_undirected(self) -> Graph:
        """The graph without directions.

        Of two edges that were opposite, the one from the later node leaves its attributes, as in
        networkx. To add them up, build the graph anew with `directed=False`.
        """
        if not self.directed:
            return self
        merged = merged_rows(self.out.sources, self.out.indices, len(self), directed=False)
        attributes = {
            name: merged.values(values, rows.LAST) for name, values in self.attributes.items()
        }
        return self._like(merged.adjacency, attributes, directed=False)

    def to_directed(self) -> Graph:
        """The graph with each undirected edge as two."""
        return self if self.directed else self._like(self.out, self.attributes, directed=True)

    def subgraph(self, nodes: Iterable[Node]) -> Graph:
        """The graph of these nodes and the edges among them; nodes that are not here do not count.

        Nodes keep their order.
        """
        chosen = np.zeros(len(self), np.bool_)
        chosen[[self.index[node] for node in nodes if node in self]] = True
        kept = np.flatnonzero(chosen)
        place = np.full(len(self), -1, np.int32)
        place[kept] = np.arange(kept.size, dtype=np.int32)
        indptr, entries = rows.within(self.out.indptr, self.out.indices, place)
        part = Graph(
            [self.node_list[position] for position in kept.tolist()],
            Adjacency(indptr, place[self.out.indices[entries]]),
            directed=self.directed,
            attributes={name: values[entries] for name, values in self.attributes.items()},
            node_attributes={
                name: [values[position] for position in kept.tolist()]
                for name, values in self.node_attributes.items()
            },
        )
        part.graph = self.graph
        return part

    def _like(
        self, out: Adjacency, attributes: Mapping[str, np.ndarray], *, directed: bool
    ) -> Graph:
        made = Graph(
            self._nodes,
            out,
            directed=directed,
            attributes=attributes,
            node_attributes=self.node_attributes,
        )
        made.graph = self.graph
        return made
