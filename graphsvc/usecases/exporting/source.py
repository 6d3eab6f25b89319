"""Reads what an export holds from the graph, row by row and in an order that is always the same.

Facts are read from what carries them (a relationship, a funding, an observation); the nodes and
relationships that they make are made from them again. What was held at an instant and is held no
more follows what is held still.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Any

from graphsvc.model.entity import Document, Entity
from graphsvc.model.period import period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import ENTITY
from graphsvc.store import reading, walking
from graphsvc.store.database import Database, Row
from graphsvc.store.rows import (
    NodeRow,
    Properties,
    RelationshipRow,
    document_row,
    entity_properties,
    fact_from_json,
    fact_rows,
)
from graphsvc.store.state import GraphState
from graphsvc.store.writing import batches
from graphsvc.usecases.exporting.parts import Part
from graphsvc.usecases.lists.views import carrier_of

_HISTORY = ("FactVersion", "EntityVersion", "DocumentVersion", "Load")


class Section(StrEnum):
    """What can be read: nodes, relationships (as rows of the store), or carriers of facts."""

    NODES = "nodes"
    """Things, then fundings."""
    OBSERVATIONS = "observations"
    DOCUMENTS = "documents"
    """All of them, or in a part and at an instant those that its facts name."""
    HISTORY = "history"
    """What was superseded, the loads, and last the graph's state; of the whole graph alone."""
    RELATIONSHIPS = "relationships"
    """Those between things, then those of each funding."""
    OBSERVED = "observed"
    """From things to their observations."""
    MENTIONS = "mentions"
    """From documents to things; of the whole graph alone."""
    FACTS = "facts"
    """What carries each fact: relationships, fundings, observations."""


class Source:
    """A part of the graph at a time; every section can be read in any order, and again."""

    def __init__(
        self, database: Database, state: GraphState, part: Part, time: TimeQuestion
    ) -> None:
        self._database = database
        self._state = state
        self.vocabulary = state.vocabulary()
        self._part = part
        self._time = time
        self._ids: list[str] | None = None

    def read(self, section: Section) -> AsyncIterator[Any]:
        """The rows of a section; keeps the ids of things, and nothing else."""
        readers: dict[Section, Callable[[], AsyncIterator[Any]]] = {
            Section.NODES: self._nodes,
            Section.OBSERVATIONS: self._observation_nodes,
            Section.DOCUMENTS: self._documents,
            Section.HISTORY: self._history,
            Section.RELATIONSHIPS: self._relationships,
            Section.OBSERVED: self._observed,
            Section.MENTIONS: self._mentions,
            Section.FACTS: self._facts,
        }
        return readers[section]()

    @property
    def _is_everything(self) -> bool:
        return self._part.is_whole and self._time == ANY_TIME

    async def _nodes(self) -> AsyncIterator[NodeRow]:
        async for properties in self._entities():
            yield NodeRow(self._labels(properties["kind"]), properties)
        async for row in self._fundings():
            yield NodeRow(("Funding",), row["properties"])

    def _labels(self, kind: str) -> tuple[str, ...]:
        # A kind of then may not be in the vocabulary of now.
        return self.vocabulary.labels(kind) if kind in self.vocabulary.kinds else (ENTITY, kind)

    async def _observation_nodes(self) -> AsyncIterator[NodeRow]:
        async for row in self._observations():
            yield NodeRow(("Observation",), row["properties"])

    async def _documents(self) -> AsyncIterator[NodeRow]:
        if self._is_everything:
            async for row in walking.nodes_of(self._database, "Document"):
                yield NodeRow(("Document",), row["properties"])
            return
        cited: set[str] = set()
        async for fact in self._facts():
            cited.update(fact["properties"]["documents"])
        async for row in walking.nodes_of(self._database, "Document", sorted(cited)):
            if self._time.knew(row["properties"]["recorded_at"]):
                yield NodeRow(("Document",), row["properties"])
        async for version in self._versions("DocumentVersion"):
            if version["document_id"] in cited:
                then = Document.model_validate_json(version["document"])
                yield document_row(then, version["recorded_at"])

    async def _history(self) -> AsyncIterator[NodeRow]:
        if not self._is_everything:
            return
        for label in _HISTORY:
            async for row in walking.nodes_of(self._database, label):
                yield NodeRow((label,), row["properties"])
        state = {"id": "graph", **self._state.properties(), "writer": "", "beat": 0}
        yield NodeRow(("GraphState",), state)

    async def _relationships(self) -> AsyncIterator[RelationshipRow]:
        async for row in self._relationship_facts():
            ends = (ENTITY, row["subject"]), (ENTITY, row["object"])
            yield RelationshipRow(row["type"], *ends, row["properties"])
        async for row in self._fundings():
            for link in self._links(row):
                yield link

    async def _observed(self) -> AsyncIterator[RelationshipRow]:
        async for row in self._observations():
            for link in self._links(row):
                yield link

    def _links(self, carrier: Row) -> list[RelationshipRow]:
        """The relationships that a funding or an observation makes within the part."""
        fact = reading.fact_of_carrier(carrier)
        _, links = fact_rows(fact, carrier["properties"]["recorded_at"])
        holds = {k: v for k, v in carrier["properties"].items() if k == "holds"}
        return [
            RelationshipRow(link.type, link.start, link.end, {**link.properties, **holds})
            for link in links
            if self._part.has(*(id_ for label, id_ in (link.start, link.end) if label == ENTITY))
        ]

    async def _mentions(self) -> AsyncIterator[RelationshipRow]:
        if not self._is_everything:
            return
        async for row in walking.links_of(self._database, "Document", "MENTIONS", ENTITY):
            ends = ("Document", row["start"]), (ENTITY, row["end"])
            yield RelationshipRow("MENTIONS", *ends, row["properties"])

    async def _facts(self) -> AsyncIterator[Row]:
        async for row in self._relationship_facts():
            yield row
        async for row in self._fundings():
            yield row
        async for row in self._observations():
            yield row

    # --- things and carriers of facts -----------------------------------------------------------

    async def _entities(self) -> AsyncIterator[Properties]:
        async for row in walking.nodes_of(self._database, ENTITY, await self._things()):
            if self._time.knew(row["properties"]["recorded_at"]):
                yield row["properties"]
        async for version in self._versions("EntityVersion"):
            if self._part.has(version["entity_id"]):
                entity = Entity.model_validate_json(version["entity"])
                yield entity_properties(entity, version["recorded_at"])

    async def _things(self) -> list[str]:
        """The ids of the part's things, in order; read once."""
        if self._ids is None:
            chosen = self._part.entities
            self._ids = (
                await walking.ids_of(self._database, ENTITY) if chosen is None else sorted(chosen)
            )
        return self._ids

    async def _relationship_facts(self) -> AsyncIterator[Row]:
        async for row in walking.relationship_facts(self._database, await self._things()):
            held = self._part.has(row["object"]) and self._time.knew(
                row["properties"]["recorded_at"]
            )
            if held and (shown := self._shown(row)):
                yield shown
        async for row in self._superseded("relationship"):
            if self._part.has(row["subject"], row["object"]) and (shown := self._shown(row)):
                yield shown

    async def _fundings(self) -> AsyncIterator[Row]:
        async for row in self._carriers("Funding", "read/exporting/fundings_to"):
            properties = row["properties"]
            goals = properties.get("recipients") or [properties.get("program")]
            if self._part.has_funding(properties.get("funders") or (), goals) and (
                shown := self._shown(row)
            ):
                yield shown

    async def _observations(self) -> AsyncIterator[Row]:
        async for row in self._carriers("Observation", "read/exporting/observations_of"):
            if self._part.has(row["properties"]["subject"]) and (shown := self._shown(row)):
                yield shown

    async def _carriers(self, label: str, of_part: str) -> AsyncIterator[Row]:
        """Fundings or observations: all, or those of the part's things, each once."""
        seen: set[str] = set()
        async for row in self._held_carriers(label, of_part):
            properties = row["properties"]
            if properties["id"] not in seen and self._time.knew(properties["recorded_at"]):
                yield {"properties": properties}
            if not self._part.is_whole:
                seen.add(properties["id"])
        async for row in self._superseded(label.lower()):
            yield row

    async def _held_carriers(self, label: str, of_part: str) -> AsyncIterator[Row]:
        if self._part.is_whole:
            async for row in walking.nodes_of(self._database, label):
                yield row
            return
        for ids in batches(await self._things(), walking.STEP):
            async for row in self._database.stream(of_part, ids=ids):
                yield row

    async def _superseded(self, form: str) -> AsyncIterator[Row]:
        """What carried the facts of a form that were held at the instant and are no more."""
        async for version in self._versions("FactVersion"):
            if version["form"] == form:
                row = carrier_of(fact_from_json(version["fact"]))
                row["properties"]["recorded_at"] = version["recorded_at"]
                yield row

    async def _versions(self, label: str) -> AsyncIterator[Properties]:
        known_at = self._time.known_at
        if known_at is None:
            return
        slots = {"label": label}
        async for row in self._database.stream(
            "read/exporting/versions_held_at", slots, known_at=known_at
        ):
            yield row["properties"]

    def _shown(self, row: Row) -> Row | None:
        """A carrier as it is exported, or None where its fact is not meant."""
        properties = row["properties"]
        if not self._part.has_fact(properties["fact_id"]):
            return None
        if not self._time.asks_for_periods:
            return row
        period = period_of(properties.get("period"))
        if not self._time.keeps(period):
            return None
        if self._time.as_of is None:
            return row
        return {**row, "properties": {**properties, "holds": period.holds_on(self._time.as_of)}}
