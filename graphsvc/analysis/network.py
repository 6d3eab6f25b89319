"""What an analysis of the funding network sees: a graph, what its nodes are, and its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from graphsvc.analysis.affiliations import Affiliations
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.views import Absent
from graphsvc.analysis.weighting import Edges, counted, weighted_graph
from graphsvc.model.choices import Weight

__all__ = ["Edges", "Network", "Nodes", "Weight", "network_of"]


@dataclass(frozen=True)
class Nodes:
    """What nodes are, by position."""

    ids: list[str]
    kinds: list[str]
    names: list[str]
    names_en: list[str]

    def at(self, positions: Sequence[int]) -> Nodes:
        """The nodes at these positions."""
        columns = (self.ids, self.kinds, self.names, self.names_en)
        return Nodes(*([column[place] for place in positions] for column in columns))

    def attributes(self) -> dict[str, list[Any]]:
        """What each node of a graph carries."""
        names_en = [name or Absent for name in self.names_en]
        return {"kind": self.kinds, "name": self.names, "name_en": names_en}


@dataclass(frozen=True)
class Network:
    """A graph with the kinds and names of its nodes, by position, and the rows it was made from.

    `weight` is the rule by which it was weighed, and `left_out` how many relationships went
    because they have no weight by it. `graph_version` and `asked` say which graph and which filter
    it came from. A projection has `affiliations`; its `edges` have no rows, since no fact states
    an edge of it, but name the facts that it rests on.
    """

    graph: Graph
    kinds: list[str]
    names: list[str]
    edges: Edges
    weight: Weight = Weight.COUNT
    left_out: int = 0
    graph_version: int | None = None
    asked: dict[str, object] = field(default_factory=dict)
    affiliations: Affiliations | None = None

    @property
    def names_en(self) -> list[str]:
        """The English names, empty where there is none, or, of a graph without, the others."""
        if "name_en" not in self.graph.node_attributes:
            return self.names
        return [name for _, name in self.graph.nodes(data="name_en", default="")]

    def with_facts(self, times: np.ndarray) -> Graph:
        """The graph as it were if each fact (by its place in `edges.facts`) stood so many times.

        It has the same nodes, in the same order, and is weighed by the same rule.
        """
        nodes, attributes = self.graph.node_list, self.graph.node_attributes
        if self.affiliations is not None:
            return self.affiliations.graph(nodes, attributes, times)
        return weighted_graph(
            nodes,
            self.edges,
            weight=self.weight,
            directed=self.graph.directed,
            node_attributes=attributes,
            times=times,
        )


def network_of(
    nodes: Nodes,
    edges: Edges,
    *,
    weight: Weight = Weight.COUNT,
    directed: bool = True,
    isolates: bool = False,
) -> Network:
    """The network of these relationships, whose ends are positions of `nodes`.

    Nodes keep their order; those that no edge joins go, unless `isolates`. Relationships that have
    no weight by the rule are left out and counted; see `weighting`.
    """
    kept = counted(edges, weight)
    rows = edges.at(np.flatnonzero(kept))
    if not isolates:
        nodes, rows = _joined(nodes, rows)
    graph = weighted_graph(
        nodes.ids, rows, weight=weight, directed=directed, node_attributes=nodes.attributes()
    )
    return Network(
        graph=graph,
        kinds=nodes.kinds,
        names=nodes.names,
        edges=rows,
        weight=weight,
        left_out=int(kept.size - np.count_nonzero(kept)),
    )


def _joined(nodes: Nodes, edges: Edges) -> tuple[Nodes, Edges]:
    """The nodes that some edge joins, and the edges by their new positions."""
    kept, place = selected(occurring(len(nodes.ids), edges.source, edges.target))
    if kept.size == len(nodes.ids):
        return nodes, edges
    ends = {"source": place[edges.source], "target": place[edges.target]}
    return nodes.at(kept.tolist()), replace(edges, **ends)


def selected(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The positions that are chosen, in order, and by old position the new place of each."""
    return np.flatnonzero(chosen), np.cumsum(chosen, dtype=np.int32) - np.int32(1)


def occurring(count: int, *columns: np.ndarray) -> np.ndarray:
    """Which of so many positions stand in one of these columns."""
    found = np.zeros(count, np.bool_)
    for column in columns:
        found[column] = True
    return found
