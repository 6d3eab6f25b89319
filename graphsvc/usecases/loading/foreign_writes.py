"""Finds what something other than graphsvc wrote under our labels and relationship types."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphsvc.model.vocabulary import ENTITY, GENERATED_TYPES, RECORD_LABELS
from graphsvc.store.database import Database
from graphsvc.store.state import GraphState
from graphsvc.usecases.loading.expected_rows import Difference, ExpectedRows

_CHECKED = (ENTITY, *sorted(RECORD_LABELS - {"GraphState"}))


@dataclass
class ForeignWrites:
    """What was found: a line each, and the numbers of documents, entities and facts seen."""

    lines: list[str] = field(default_factory=list)
    documents: int = 0
    entities: int = 0
    facts: int = 0


async def find_foreign_writes(database: Database, state: GraphState) -> ForeignWrites:
    """Compare the whole graph with what its facts make, and its facts with the rules of a seed.

    Reads everything once; keeps entities, facts, and 16 bytes and an id for each relationship.
    """
    vocabulary = state.vocabulary()
    rows = ExpectedRows(vocabulary)
    for label in _CHECKED:
        async for row in database.stream("read/loading/labelled_nodes", {"label": label}):
            rows.node(label, row["labels"], row["properties"])
    for type_name in (*vocabulary.types, *sorted(GENERATED_TYPES)):
        async for row in database.stream("read/loading/typed_relationships", {"type": type_name}):
            rows.relationship(type_name, row["start"], row["end"], row["properties"])
    lines = [_line(difference) for difference in rows.end()]
    for label in vocabulary.kinds:
        found = await database.read("read/loading/kindless_nodes", {"label": label})
        lines += [f"{label} node {row['id']!r} is no {ENTITY}" for row in found]
    return ForeignWrites(lines, rows.documents, rows.entities, rows.facts)


def _line(difference: Difference) -> str:
    said = {
        "missing": "is missing",
        "wrong": "breaks a rule of seeds",
    }.get(difference.how, f"was {difference.how}")
    reason = f" ({difference.reason})" if difference.reason else ""
    return f"{difference.what} {said}{reason}"
