"""What is held, read back as model values: for plans, listings of everything and history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import chain
from typing import Any

from graphsvc.errors import StoreError
from graphsvc.model.entity import Document, Entity
from graphsvc.model.fact import AnyFact
from graphsvc.model.time_question import known_by
from graphsvc.model.vocabulary import ENTITY
from graphsvc.store import walking
from graphsvc.store.cypher_files import DEFAULT_TIMEOUT_S
from graphsvc.store.database import Database, Row
from graphsvc.store.rows import document_of, entity_of, fact_of
from graphsvc.store.writing import batches

Known = dict[str, tuple[str, str]]
"""By id: the content hash, and the instant of recording."""

CARRIER_LABELS = ("Funding", "Observation")
"""Labels of the nodes that carry a fact; relationship facts are carried by a relationship."""


async def held_nodes(database: Database, label: str) -> Known:
    """What is held of the nodes of a label."""
    return _known(await database.read("read/loading/held_nodes", {"label": label}))


async def held_facts(database: Database) -> Known:
    """What is held of every fact, of any form."""
    relationships, *nodes = await asyncio.gather(
        database.read("read/loading/held_relationship_facts"),
        *(database.read("read/loading/held_nodes", {"label": label}) for label in CARRIER_LABELS),
    )
    return _known(chain(relationships, *nodes))


def _known(rows: Iterable[Row]) -> Known:
    return {row["id"]: (row["hash"], row["recorded_at"]) for row in rows}


async def carriers(database: Database) -> AsyncIterator[Row]:
    """What carries each fact: relationships, then fundings, then observations.

    Rows have `properties`, and `subject`, `type` and `object` where a relationship carries it.
    They come as `walking` reads them.
    """
    async for row in walking.relationship_facts(database):
        yield row
    for label in CARRIER_LABELS:
        async for row in walking.nodes_of(database, label):
            yield row


async def carriers_by_id(
    database: Database, types: Iterable[str], ids: Sequence[str]
) -> AsyncIterator[Row]:
    """What carries these facts, as `carriers` has it, relationships of these types in no order.

    They are found through the indexes of nodes and of relationship types, a batch at a time.
    """
    statement = database.catalog["read/by_id/relationships_by_id"]
    text = statement.for_each("type", types)
    for batch in batches(ids, walking.STEP):
        for row in await database.run_read(text, {"ids": batch}, statement.timeout_s):
            yield row
    for label in CARRIER_LABELS:
        async for row in walking.nodes_of(database, label, ids):
            yield row


def fact_of_carrier(row: Row) -> AnyFact:
    """The fact that a carrier stands for.

    Raises
    ------
    StoreError
        When somebody else changed it to what is no fact.
    """
    ends = {name: row[name] for name in ("subject", "type", "object") if name in row}
    try:
        return fact_of(row["properties"], **ends)
    except ValueError as error:
        raise _not_ours(f"Fact {row['properties'].get('fact_id')!r}") from error


async def facts_by_id(
    database: Database, types: Iterable[str], ids: Sequence[str]
) -> dict[str, AnyFact]:
    """The live facts with these ids; those that are not held are left out.

    `types` are those of the relationships that are held.
    """
    facts = [fact_of_carrier(row) async for row in carriers_by_id(database, types, ids)]
    return {fact.id: fact for fact in facts}


async def find_carrier(database: Database, types: Iterable[str], id_: str) -> Row | None:
    """What carries one fact, found through the unique indexes of nodes and relationship types."""
    by_id = database.catalog["read/by_id/relationships_by_id"]
    found = await asyncio.gather(
        database.run_read(by_id.for_each("type", types), {"ids": [id_]}, DEFAULT_TIMEOUT_S),
        *(
            database.read("read/by_id/node_by_id", {"label": label}, id=id_)
            for label in CARRIER_LABELS
        ),
    )
    return next(chain.from_iterable(found), None)


async def entities_by_id(database: Database, ids: list[str]) -> dict[str, Entity]:
    """The entities with these ids; those that are not held are left out."""
    if not ids:
        return {}
    rows = await database.read("read/by_id/nodes_by_id", {"label": ENTITY}, ids=ids)
    return {row["properties"]["id"]: _entity(row["properties"]) for row in rows}


async def documents_by_id(database: Database, ids: list[str]) -> dict[str, Document]:
    """The documents with these ids; those that are not held are left out."""
    if not ids:
        return {}
    rows = await database.read("read/by_id/nodes_by_id", {"label": "Document"}, ids=ids)
    try:
        documents = [document_of(row["properties"]) for row in rows]
    except ValueError as error:
        raise _not_ours("A document") from error
    return {document.id: document for document in documents}


def _entity(properties: dict[str, Any]) -> Entity:
    try:
        return entity_of(properties)
    except ValueError as error:
        raise _not_ours(f"Entity {properties.get('id')!r}") from error


def _not_ours(what: str) -> StoreError:
    return StoreError(
        f"{what} in the graph was changed by somebody else and cannot be read.",
        mend="Run `graphsvc doctor`.",
    )


async def mentions(database: Database) -> set[tuple[str, str]]:
    """Pairs of document and entity that the graph joins by MENTIONS."""
    return {
        (row["document"], row["entity"]) for row in await database.read("read/loading/mentions")
    }


async def names_of(
    database: Database,
    ids: Iterable[str],
    known: Iterable[dict[str, Any]] = (),
    known_at: str | None = None,
) -> dict[str, dict[str, Any]]:
    """What to show beside ids: `id`, `kind`, `name`, `name_en`, `aliases` of each.

    An entity that was removed is shown as its last version was. With `known_at` each is shown as
    that instant knew it. `known` are properties of entities that were read already; where they
    are all that is asked for, nothing is read.
    """
    names = {properties["id"]: summary(properties) for properties in known}
    wanted = sorted(set(ids) - names.keys())
    if not wanted:
        return names
    held = await database.read("read/by_id/nodes_by_id", {"label": ENTITY}, ids=wanted)
    names |= {
        row["properties"]["id"]: summary(row["properties"])
        for row in held
        if known_by(known_at, row["properties"]["recorded_at"])
    }
    if missing := [id_ for id_ in wanted if id_ not in names]:
        for row in await database.read("read/by_id/entity_versions", ids=missing):
            if known_by(known_at, row["properties"]["recorded_at"]):
                entity = Entity.model_validate_json(row["properties"]["entity"])
                names.setdefault(entity.id, summary(entity.model_dump()))
    return names


async def all_names(database: Database) -> dict[str, dict[str, Any]]:
    """`names_of` for every entity that is held."""
    rows = database.stream("read/walking/entity_summaries")
    return {row["properties"]["id"]: summary(row["properties"]) async for row in rows}


def summary(properties: dict[str, Any]) -> dict[str, Any]:
    """The few fields of an entity that stand beside its id."""
    return {
        "id": properties["id"],
        "kind": properties["kind"],
        "name": properties["name"],
        "name_en": properties["name_en"],
        "aliases": list(properties.get("aliases") or ()),
    }
