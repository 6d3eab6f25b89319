"""Writes nodes and relationships in batches of bounded size; functions that take a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, TypeVar

from graphsvc.errors import StoreError
from graphsvc.model.vocabulary import ENTITY, GENERATED_TYPES, RECORD_LABELS, Vocabulary
from graphsvc.store.database import Database, Transaction
from graphsvc.store.rows import NodeRow, RelationshipRow

BATCH = 2_000
"""Rows of one statement: large enough to hide the round trip, small enough for a few MB."""

T = TypeVar("T")

_SOUGHT = ((ENTITY, "name"), ("FactVersion", "fact_id"), ("EntityVersion", "entity_id"))


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


async def ensure_schema(database: Database, vocabulary: Vocabulary) -> None:
    """Create the constraints and indexes that a vocabulary needs; those there are left alone."""
    for statement, slots in schema_statements(vocabulary):
        await database.change_schema(f"schema/{statement}", slots)


def schema_statements(vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, str]]]:
    """The schema statements that a vocabulary needs, each with its slots.

    `Entity` and the records have unique ids. A kind has a plain index: every node of a kind is
    an `Entity`, and on the embedded engine a second unique constraint on the same id would keep
    an entity from changing its kind.
    """
    for label in (ENTITY, *sorted(RECORD_LABELS)):
        yield "unique_node", {"name": f"{label}_id".lower(), "label": label}
    for label in vocabulary.kinds:
        yield "node_index", {"name": f"{label}_id".lower(), "label": label, "property": "id"}
    for type_name in (*vocabulary.types, *sorted(GENERATED_TYPES)):
        yield "unique_relationship", {"name": f"{type_name}_id".lower(), "type": type_name}
    for label, name in _SOUGHT:
        yield "node_index", {"name": f"{label}_{name}".lower(), "label": label, "property": name}


async def create_nodes(transaction: Transaction, rows: Iterable[NodeRow]) -> None:
    """Create nodes, each with all its labels at once."""
    for labels, group in _grouped(rows, attrgetter("labels")):
        for batch in batches(group):
            await transaction.run(
                "load/create_nodes", {"labels": labels}, rows=[row.properties for row in batch]
            )


async def create_relationships(transaction: Transaction, rows: Iterable[RelationshipRow]) -> None:
    """Create relationships.

    Raises
    ------
    StoreError
        When an end is missing; the transaction must then not be committed.
    """
    for (type_name, start, end), group in _grouped(
        rows, lambda row: (row.type, row.start[0], row.end[0])
    ):
        for batch in batches(group):
            await create_batch(transaction, (type_name, start, end), batch)


async def create_batch(
    transaction: Transaction, ends: tuple[str, str, str], batch: Sequence[RelationshipRow]
) -> None:
    """Create relationships that share type, start label and end label."""
    type_name, start, end = ends
    created = await transaction.run(
        "load/create_relationships",
        {"type": type_name, "start": start, "end": end},
        rows=[
            {"start": row.start[1], "end": row.end[1], "properties": row.properties}
            for row in batch
        ],
    )
    if created[0]["created"] != len(batch):
        raise StoreError(
            f"{len(batch) - created[0]['created']} {type_name} relationships have an end that"
            " is not in the graph; nothing was written.",
            mend="Run `graphsvc doctor`.",
        )


async def delete_rows(
    transaction: Transaction, nodes: Iterable[NodeRow], relationships: Iterable[RelationshipRow]
) -> None:
    """Delete what was made of facts; what is gone already is no error."""
    for type_name, links in _grouped(relationships, attrgetter("type")):
        for link_batch in batches(links):
            ids = [row.properties["id"] for row in link_batch]
            await transaction.run("load/delete_relationships", {"type": type_name}, ids=ids)
    for labels, carriers in _grouped(nodes, attrgetter("labels")):
        await delete_nodes(transaction, labels[0], [row.properties["id"] for row in carriers])


async def delete_nodes(transaction: Transaction, label: str, ids: Iterable[str]) -> None:
    """Delete nodes of a label by id, with their relationships."""
    for batch in batches(ids):
        await transaction.run("load/delete_nodes", {"label": label}, ids=batch)


async def replace_properties(
    transaction: Transaction, label: str, rows: Iterable[dict[str, Any]]
) -> None:
    """Give nodes of a label new properties in place of all they had."""
    for batch in batches(rows):
        await transaction.run("load/replace_node_properties", {"label": label}, rows=batch)


async def delete_some(label: str, transaction: Transaction) -> int:
    """Delete some nodes of a label, a bounded number of them; how many there were."""
    rows = await transaction.run("load/delete_some", {"label": label}, limit=5 * BATCH)
    return int(rows[0]["deleted"])


def _grouped(rows: Iterable[T], key: Any) -> Iterator[tuple[Any, list[T]]]:
    ordered = sorted(rows, key=key)
    return ((value, list(group)) for value, group in groupby(ordered, key=key))
