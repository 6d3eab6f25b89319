"""Reads what carries facts: of those that name a thing, those of a document, or all.

A relationship, a Funding or an Observation carries a fact: its properties hold all of it. A fact
names a thing by an end of its carrier (subject, object, funder, recipient), or beside those by a
property (program, stated_by). No relationship of the thing leads to carriers of the second kind,
so they are listed once for a version of the graph: see `facts_beside`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from graphsvc.model.fact import AnyFact
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import ENTITY
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import CARRIER_LABELS
from graphsvc.store.rows import fact_from_json
from graphsvc.usecases.lists.pages import Keys

ROLES = ("subject", "object", "funder", "recipient", "program", "stated_by")
"""How a fact may name a thing."""

_OFTEN = {"funder": "funders", "recipient": "recipients"}


Beside = dict[str, dict[str, list[str]]]
"""By thing: where the carriers are that name it beside their ends. Ids of subjects under "Entity",
and of nodes under their label."""


async def facts_beside(database: Database) -> Beside:
    """Where the carriers are that name a thing as their program, or as who says so.

    Looks through all facts: worked out once for a version of the graph, and kept.
    """
    relationships, *nodes = await asyncio.gather(
        database.read("read/history/relationships_naming_beside"),
        *(
            database.read("read/history/nodes_naming_beside", {"label": label})
            for label in CARRIER_LABELS
        ),
    )
    beside: Beside = {}
    for label, rows in ((ENTITY, relationships), *zip(CARRIER_LABELS, nodes, strict=True)):
        for row in rows:
            for named in {row["program"], row["stated_by"]} - {None}:
                beside.setdefault(named, {}).setdefault(label, []).append(row["id"])
    return {
        named: {label: list(dict.fromkeys(ids)) for label, ids in places.items()}
        for named, places in beside.items()
    }


@dataclass(frozen=True)
class Scope:
    """Which facts: those that name `entity`, or that `document` states; with neither, all.

    Of them those that were recorded after `since` and by `known_at` and are held still. `beside`
    are those that `facts_beside` has for the entity.
    """

    entity: str | None = None
    document: str | None = None
    beside: Mapping[str, list[str]] = field(default_factory=dict)
    since: str | None = None
    known_at: str | None = None

    def has(self, fact: AnyFact) -> bool:
        """Whether the fact names the thing, or is stated by the document."""
        if self.entity is not None:
            return self.entity in fact.mentioned()
        return self.document is None or self.document in fact.documents


async def carriers_in_order(
    database: Database,
    scope: Scope,
    key: str,
    *,
    time: TimeQuestion = ANY_TIME,
    but_metrics: tuple[str, ...] = (),
    only: list[str] | None = None,
    rank: str | None = None,
    after: Keys | None = None,
    limit: int,
) -> list[Row]:
    """The first `limit` carriers after a position, by the key fragment, then by id.

    Cost: two reads side by side, and up to three for facts that name the thing beside. Each sorts
    what it finds, so it grows with the number of relationships of the thing, of the subjects of
    facts that name it beside, or of the things that the document mentions. All facts: a scan.
    """
    fragment = database.catalog.fragment
    after_key, after_id = after or (None, None)
    values = {**_values(scope, time), "ids": only, "rank": rank}
    values |= {"after_key": after_key, "after_id": after_id, "limit": limit}
    shared = {"key": fragment(key), **_time_slots(database)}
    but = list(but_metrics)
    parts = await asyncio.gather(
        *(
            database.read(
                "read/history/carried_by_relationships", {**shared, **match}, **values, beside=ids
            )
            for match, ids in _relationship_matches(database, scope)
        ),
        *(
            database.read(
                "read/history/carried_by_nodes",
                {**shared, **match},
                **values,
                beside=ids,
                but_metrics=but,
            )
            for match, ids in _node_matches(database, scope)
        ),
    )
    return sorted(chain.from_iterable(parts), key=keys_of)[:limit]


async def nodes_in_order(
    database: Database, label: str, scope: Scope, *, rank: str, after: Keys | None, limit: int
) -> list[Row]:
    """The first `limit` things or documents after a position, by when they were recorded."""
    fragment = database.catalog.fragment
    after_key, after_id = after or (None, None)
    return await database.read(
        "read/history/carried_by_nodes",
        {
            "match": fragment("node_of_label"),
            "label": label,
            "key": fragment("recorded_key"),
            **_time_slots(database),
        },
        **_values(scope, ANY_TIME),
        ids=None,
        beside=[],
        but_metrics=[],
        rank=rank,
        after_key=after_key,
        after_id=after_id,
        limit=limit,
    )


async def observed_dates(database: Database, scope: Scope, metrics: tuple[str, ...]) -> list[Row]:
    """All observations of these metrics, in no order."""
    parts = await asyncio.gather(
        *(
            database.read(
                "read/history/carried_dates",
                {"known": database.catalog.fragment("known"), **match},
                entity=scope.entity,
                document=scope.document,
                known_at=scope.known_at,
                beside=ids,
                metrics=list(metrics),
            )
            for match, ids in _node_matches(database, scope)
        )
    )
    return list(chain.from_iterable(parts))


async def carrier_count(
    database: Database,
    scope: Scope,
    time: TimeQuestion = ANY_TIME,
    but_metrics: tuple[str, ...] = (),
) -> int:
    """How many carriers there are; costs as much as reading them, but for the rows."""
    values, slots = _values(scope, time), _time_slots(database)
    counts = await asyncio.gather(
        *(
            database.read(
                "read/history/carried_by_relationships_count",
                {**slots, **match},
                **values,
                beside=ids,
            )
            for match, ids in _relationship_matches(database, scope)
        ),
        *(
            database.read(
                "read/history/carried_by_nodes_count",
                {**slots, **match},
                **values,
                beside=ids,
                but_metrics=list(but_metrics),
            )
            for match, ids in _node_matches(database, scope)
        ),
    )
    return sum(rows[0]["total"] for rows in counts)


async def others_held(
    database: Database, scope: Scope, time: TimeQuestion, begun: AbstractSet[tuple[str, str]]
) -> int:
    """How many carriers there are but those that began with these (an instant, and a fact's id)."""
    ids = sorted({id_ for _, id_ in begun})
    count, known = await asyncio.gather(
        carrier_count(database, scope, time),
        carriers_in_order(
            database, scope, "recorded_key", time=time, only=ids, rank="", limit=len(ids) + 1
        ),
    )
    return count - sum(keys_of(row) in begun for row in known)


def keys_of(row: Row) -> tuple[str, str]:
    """What carriers are sorted by: a key that was worked out for them, and the id of the fact."""
    return row["key"], row["properties"]["id"]


def _values(scope: Scope, time: TimeQuestion) -> dict[str, Any]:
    return {
        "entity": scope.entity,
        "document": scope.document,
        "since": scope.since,
        "known_at": scope.known_at,
        **time.parameters(),
    }


def _time_slots(database: Database) -> dict[str, Any]:
    return {name: database.catalog.fragment(name) for name in ("holds", "known")}


_Match = tuple[dict[str, Any], list[str]]
"""Slots of a statement, and the ids that it looks up."""


def _relationship_matches(database: Database, scope: Scope) -> Iterator[_Match]:
    fragment = database.catalog.fragment
    if scope.document is not None:
        yield {"match": fragment("relationship_of_document")}, []
    elif scope.entity is None:
        yield {"match": fragment("any_relationship")}, []
    else:
        yield {"match": fragment("relationship_of_entity")}, []
        if ENTITY in scope.beside:
            yield {"match": fragment("relationship_beside_entity")}, scope.beside[ENTITY]


def _node_matches(database: Database, scope: Scope) -> Iterator[_Match]:
    fragment = database.catalog.fragment
    if scope.document is not None:
        yield {"match": fragment("node_of_document")}, []
    elif scope.entity is None:
        match = fragment("node_of_label")
        yield from (({"match": match, "label": label}, []) for label in CARRIER_LABELS)
    else:
        yield {"match": fragment("node_of_entity")}, []
        match = fragment("node_beside_entity")
        for label in CARRIER_LABELS:
            if label in scope.beside:
                yield {"match": match, "label": label}, scope.beside[label]


async def version_rows_of(
    database: Database, scope: Scope, *, time: TimeQuestion = ANY_TIME, held_at: str | None = None
) -> list[dict[str, Any]]:
    """Versions of the facts of a thing or a document; with `held_at`, those that were held then.

    Looks through all versions that there are.
    """
    quoted = json.dumps(scope.entity) if scope.entity else f'"document":"{scope.document}"'
    rows = await database.read(
        "read/history/fact_versions_naming", quoted=quoted, held_at=held_at, known_at=scope.known_at
    )
    versions = [row["properties"] for row in rows]
    return [version for version in versions if _is_asked(version, scope, time)]


def _is_asked(version: dict[str, Any], scope: Scope, time: TimeQuestion) -> bool:
    fact = fact_from_json(version["fact"])
    return scope.has(fact) and time.keeps(fact.when)


def roles_of(row: Row, entity: str) -> list[str]:
    """How the fact that a carrier stands for names a thing."""
    fields = {**row["properties"], **row}
    return [
        role
        for role in ROLES
        if fields.get(role) == entity or entity in (fields.get(_OFTEN.get(role, "")) or ())
    ]
