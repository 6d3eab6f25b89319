"""What an analysis of the funding network sees: a graph, what its nodes are, and its facts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from graphsvc.analysis.graph import Graph


@dataclass(frozen=True)
class Edges:
    """One row a relationship, before parallel ones are made one edge of the graph.

    `source` and `target` (int32) are positions of nodes; `type` (int16) indexes `types`;
    `amount_krw` (float64) is NaN where no sum of its own is stated; `first_day` and `last_day`
    (datetime64[D]) bound its period and are NaT where it is open; `fact` indexes `facts`, the ids
    of the facts that state it.
    """

    source: np.ndarray
    target: np.ndarray
    type: np.ndarray
    amount_krw: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    fact: np.ndarray
    types: list[str]
    facts: list[str]


@dataclass(frozen=True)
class Network:
    """A graph with the kinds and names of its nodes, by position, and its edges as rows.

    `graph_version` and `asked` say which graph and which filter it came from.
    """

    graph: Graph
    kinds: list[str]
    names: list[str]
    edges: Edges
    graph_version: int | None = None
    asked: dict[str, object] = field(default_factory=dict)
