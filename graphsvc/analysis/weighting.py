"""Relationships as rows, and the graph that they make once parallel ones are one edge.

What an edge weighs is said by a rule:

- `count`: how many relationships it stands for, which is how many facts.
- `amount_krw`: the sum of what they state in won. A relationship without a sum of its own, or with
  a sum of zero, is left out: it has no weight. So are those that a funding of several parties
  makes, since nobody knows whose share is what (docs/money.md).
- `log_amount`: log10(1 + that sum), so that one large sum does not drown the rest.

Each edge also has a `distance`, 1 / weight, for measures that take long for far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from graphsvc.analysis.adjacency import merged_rows
from graphsvc.analysis.graph import Graph
from graphsvc.model.choices import Weight


@dataclass(frozen=True)
class Edges:
    """One row a relationship, before parallel ones are made one edge of the graph.

    `source` and `target` (int32) are positions of nodes; `type` (int16) indexes `types`;
    `amount_krw` (float64) is NaN where no sum of its own is stated; `first_day` and `last_day`
    (datetime64[D]) bound its period and are NaT where it is open; `fact` indexes `facts`, the ids
    of the facts that state it. Relationships of the types in `symmetric` lead both ways.
    `document` (int32) is by place in `facts`: the first document that states the fact, as a place
    in `documents`, or -1 for none; it is empty where documents are not known.
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
    symmetric: frozenset[str] = frozenset()
    document: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    documents: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return int(self.source.size)

    def at(self, rows: np.ndarray) -> Edges:
        """These rows; only types and facts that one of them has are left."""
        types, type_ = _used(self.types, self.type[rows])
        facts, fact = _used(self.facts, self.fact[rows])
        document, documents = self.document, self.documents
        if document.size and len(facts) < len(self.facts):
            kept = np.zeros(document.size, np.bool_)
            kept[self.fact[rows]] = True
            documents, document = _used_or_none(documents, document[kept])
        return Edges(
            source=self.source[rows],
            target=self.target[rows],
            type=type_,
            amount_krw=self.amount_krw[rows],
            first_day=self.first_day[rows],
            last_day=self.last_day[rows],
            fact=fact,
            types=types,
            facts=facts,
            symmetric=self.symmetric & frozenset(types),
            document=document,
            documents=documents,
        )

    def without_rows(self) -> Edges:
        """No rows, but the facts."""
        return replace(
            self.at(np.empty(0, np.int64)),
            facts=self.facts,
            document=self.document,
            documents=self.documents,
        )

    def units(self, *, documents: bool) -> np.ndarray:
        """By fact, the number of what is drawn with it: its document, or the fact alone.

        A fact whose document is not known stands alone. Numbers are from 0, without gaps.
        """
        facts = np.arange(len(self.facts))
        if not documents or not self.document.size:
            return facts
        stated_by = np.where(self.document < 0, len(self.documents) + facts, self.document)
        found: np.ndarray = np.unique(stated_by, return_inverse=True)[1]
        return found

    def both_ways(self) -> np.ndarray:
        """Whether each row leads both ways."""
        of_types = np.array([name in self.symmetric for name in self.types], np.bool_)
        found: np.ndarray = of_types[self.type]
        return found


def _used(names: list[str], places: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The names that some row has, and where each row's stands among them."""
    used = np.zeros(len(names), np.bool_)
    used[places] = True
    if used.all():
        return names, places
    place = np.cumsum(used, dtype=places.dtype) - places.dtype.type(1)
    return [names[at] for at in np.flatnonzero(used).tolist()], place[places]


def _used_or_none(names: list[str], places: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The same where -1 stands for no name."""
    known = places >= 0
    names, places[known] = _used(names, places[known])
    return names, places


def counted(edges: Edges, weight: Weight) -> np.ndarray:
    """Which rows have a weight by a rule."""
    if weight == Weight.COUNT:
        return np.ones(len(edges), np.bool_)
    return edges.amount_krw > 0  # not where it is NaN


def weighted_graph(
    nodes: list[Any],
    edges: Edges,
    *,
    weight: Weight = Weight.COUNT,
    directed: bool = True,
    node_attributes: Mapping[str, list[Any]] | None = None,
    times: np.ndarray | None = None,
) -> Graph:
    """The graph of these nodes and of the rows that have a weight by a rule.

    Parameters
    ----------
    directed
        Whether edges have a direction; without, both directions of a pair add up.
    times
        How often each fact stands; without it, once.

    Notes
    -----
    Linear. Sums are added in the order of rows, so the same rows give the same bits.
    """
    chosen = counted(edges, weight)
    if times is not None:
        chosen &= times[edges.fact] > 0
    rows = np.flatnonzero(chosen)
    source, target = edges.source[rows], edges.target[rows]
    if directed:
        back = np.flatnonzero(edges.both_ways()[rows])
        source, target = (
            np.concatenate((source, target[back])),
            np.concatenate((target, source[back])),
        )
        rows = np.concatenate((rows, rows[back]))
    merged = merged_rows(source, target, len(nodes), directed=directed)
    each = np.ones(rows.size, np.int64) if weight == Weight.COUNT else edges.amount_krw[rows]
    if times is not None:
        each = each * times[edges.fact[rows]]
    weights = merged.values(each)
    if weight == Weight.LOG_AMOUNT:
        weights = np.log10(1 + weights)
    attributes = {"weight": weights, "distance": 1 / weights}
    return Graph(
        nodes,
        merged.adjacency,
        directed=directed,
        attributes=attributes,
        node_attributes=node_attributes,
    )
