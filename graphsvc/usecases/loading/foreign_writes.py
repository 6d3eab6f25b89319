"""Finds what something other than graphsvc wrote under our labels and relationship types.

Everything that graphsvc writes can be worked out again from what it stands for: a fact from its
carrier, and from the fact every node and relationship that it makes. What differs, is missing or
is there without a fact was written by somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from graphsvc.model.entity import Document, Entity
from graphsvc.model.fact import AnyFact
from graphsvc.model.vocabulary import ENTITY, GENERATED_TYPES, Vocabulary
from graphsvc.store import reading, walking
from graphsvc.store.database import Database
from graphsvc.store.rows import (
    NodeRow,
    RelationshipRow,
    document_of,
    document_row,
    entity_of,
    entity_row,
    fact_from_json,
    fact_of,
    fact_rows,
    mention_rows,
    mentions_of,
)
from graphsvc.store.state import GraphState

Properties = Mapping[str, Any]


@dataclass
class ForeignWrites:
    """What was found: a line each, and the numbers of documents, entities and facts seen."""

    lines: list[str] = field(default_factory=list)
    documents: int = 0
    entities: int = 0
    facts: int = 0


async def find_foreign_writes(database: Database, state: GraphState) -> ForeignWrites:
    """Compare the whole graph with what its facts make.

    Reads everything once; keeps 16 bytes and an id for each relationship.
    """
    vocabulary = state.vocabulary()
    found = ForeignWrites()
    await _check_entities(database, vocabulary, found)
    await _check_documents(database, found)
    facts = await _check_facts(database, found)
    await _check_versions(database, found)
    await _check_relationships(database, vocabulary, facts, found)
    return found


async def _check_entities(database: Database, vocabulary: Vocabulary, found: ForeignWrites) -> None:
    def expected(properties: Properties) -> NodeRow:
        return entity_row(entity_of(properties), vocabulary, properties["recorded_at"])

    found.entities = await _check_nodes(database, ENTITY, expected, found)
    for label in vocabulary.kinds:
        for row in await database.read("read/loading/kindless_nodes", {"label": label}):
            found.lines.append(f"{label} node {row['id']!r} is no {ENTITY}")


async def _check_documents(database: Database, found: ForeignWrites) -> None:
    def expected(properties: Properties) -> NodeRow:
        return document_row(document_of(properties), properties["recorded_at"])

    found.documents = await _check_nodes(database, "Document", expected, found)


async def _check_facts(database: Database, found: ForeignWrites) -> list[tuple[AnyFact, str]]:
    """Each fact that its carrier stands for, and when it was recorded."""
    facts: list[tuple[AnyFact, str]] = []

    def expected(properties: Properties) -> NodeRow:
        fact = fact_of(properties)
        recorded_at = properties["recorded_at"]
        node = fact_rows(fact, recorded_at)[0][0]
        facts.append((fact, recorded_at))
        return node

    for label in reading.CARRIER_LABELS:
        await _check_nodes(database, label, expected, found)
    async for row in walking.relationship_facts(database):
        try:
            facts.append((reading.fact_of_carrier(row), row["properties"]["recorded_at"]))
        except (KeyError, TypeError, ValueError):
            continue  # told when all relationships are looked at
    found.facts = len(facts)
    return facts


async def _check_nodes(
    database: Database,
    label: str,
    expected: Callable[[Properties], NodeRow],
    found: ForeignWrites,
) -> int:
    """Compare every node of a label with what graphsvc would have written; returns their number."""
    count = 0
    async for row in database.stream("read/loading/labelled_nodes", {"label": label}):
        count += 1
        properties = row["properties"]
        try:
            wanted = expected(properties)
        except (KeyError, TypeError, ValueError):
            found.lines.append(f"{label} node {properties.get('id')!r} was added")
            continue
        if wanted.properties != properties or set(wanted.labels) != set(row["labels"]):
            found.lines.append(f"{label} node {properties.get('id')!r} was changed")
    return count


async def _check_versions(database: Database, found: ForeignWrites) -> None:
    readers: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
        ("FactVersion", "fact", fact_from_json),
        ("EntityVersion", "entity", Entity.model_validate_json),
        ("DocumentVersion", "document", Document.model_validate_json),
    )
    for label, carried, read in readers:
        async for row in database.stream("read/loading/labelled_nodes", {"label": label}):
            try:
                read(row["properties"][carried])
            except (KeyError, TypeError, ValueError):
                found.lines.append(f"{label} node {row['properties'].get('id')!r} was changed")


async def _check_relationships(
    database: Database,
    vocabulary: Vocabulary,
    facts: list[tuple[AnyFact, str]],
    found: ForeignWrites,
) -> None:
    wanted = {(row.type, row.properties["id"]): _digest_of(row) for row in _made_of(facts)}
    for type_name in (*vocabulary.types, *sorted(GENERATED_TYPES)):
        async for row in database.stream("read/loading/typed_relationships", {"type": type_name}):
            id_ = row["properties"].get("id")
            digest = wanted.pop((type_name, id_), None)
            if digest is None:
                found.lines.append(f"{type_name} relationship {id_!r} was added")
            elif digest != _digest(row["start"], row["end"], row["properties"]):
                found.lines.append(f"{type_name} relationship {id_!r} was changed")
    found.lines += [f"{type_name} relationship {id_!r} is missing" for type_name, id_ in wanted]


def _made_of(facts: list[tuple[AnyFact, str]]) -> list[RelationshipRow]:
    made = [row for fact, recorded_at in facts for row in fact_rows(fact, recorded_at)[1]]
    mentions = mentions_of(fact for fact, _ in facts)
    return made + mention_rows(sorted(mentions))


def _digest_of(row: RelationshipRow) -> bytes:
    return _digest(row.start[1], row.end[1], row.properties)


def _digest(start: str, end: str, properties: Properties) -> bytes:
    text = json.dumps([start, end, properties], sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=16).digest()
