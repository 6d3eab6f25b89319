"""Reads all nodes and relationships in a fixed order, a batch of nodes at a time.

The embedded engine sorts in its heap: 250,000 relationships with all they carry are more than it
takes, their ids are not. So the ids of a label are read first, and kept (about 80 bytes each);
then its nodes, or what leaves them, batch by batch. No statement lasts long, so that a slow reader
runs into no timeout.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from graphsvc.model.vocabulary import ENTITY
from graphsvc.store.database import Database, Row
from graphsvc.store.writing import batches

STEP = 500
"""Nodes of one statement: what leaves a batch of hubs must still fit."""


async def ids_of(database: Database, label: str) -> list[str]:
    """The ids of all nodes of a label, in order."""
    return [
        row["id"] async for row in database.stream("read/walking/ids_in_order", {"label": label})
    ]


async def nodes_of(
    database: Database, label: str, ids: Sequence[str] | None = None
) -> AsyncIterator[Row]:
    """Nodes of a label in the order of ids: all, or those of these ids that there are.

    Rows have `properties`.
    """
    for batch in batches(await ids_of(database, label) if ids is None else ids, STEP):
        rows = await database.read("read/by_id/nodes_by_id", {"label": label}, ids=batch)
        for row in sorted(rows, key=lambda row: row["properties"]["id"]):
            yield row


async def links_of(
    database: Database, start: str, type_name: str, end: str, ids: Sequence[str] | None = None
) -> AsyncIterator[Row]:
    """Relationships of a type by batches of where they start, each batch in the order of ids.

    Rows have `start`, `end` and `properties`. `ids` saves reading those of the starting label.
    """
    slots = {"start": start, "type": type_name, "end": end}
    for batch in batches(await ids_of(database, start) if ids is None else ids, STEP):
        async for row in database.stream("read/walking/links_from", slots, ids=batch):
            yield row


async def relationship_facts(
    database: Database, ids: Sequence[str] | None = None
) -> AsyncIterator[Row]:
    """Relationship facts by batches of subjects (all, or these), each batch by type and id.

    Rows have `subject`, `type`, `object` and `properties`.
    """
    for batch in batches(await ids_of(database, ENTITY) if ids is None else ids, STEP):
        async for row in database.stream("read/walking/relationships_from", ids=batch):
            yield row
