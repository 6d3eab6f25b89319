"""Things: listed by what they are called, what they are and where; and each one whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from graphsvc.errors import NotFoundError
from graphsvc.model.period import period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import ENTITY, Vocabulary
from graphsvc.store.cypher_files import any_of
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import entities_by_id, names_of
from graphsvc.store.rows import entity_of
from graphsvc.usecases.lists.pages import ListPage, Position, cut, total_of
from graphsvc.usecases.lists.unknown_ids import no_such_node
from graphsvc.usecases.lists.views import fact_view, named_in

EntitySort = Literal["name", "degree", "recency"]
_SORT_KEYS = {
    "name": ("no_key", "name_of_entity"),
    "degree": ("degree_of_entity", "name_of_entity"),
    "recency": ("recency_of_entity", "name_of_entity"),
}
"""Fragments of the descending and the ascending key; the id decides what is left."""


@dataclass(frozen=True)
class EntityFilter:
    """Which things are meant; what is None does not matter. `prefix` is in lower case."""

    kinds: frozenset[str] | None = None
    prefix: str | None = None
    place: str | None = None


async def entities(
    database: Database,
    vocabulary: Vocabulary,
    wanted: EntityFilter,
    *,
    sort: EntitySort,
    start: Position | None,
    limit: int,
) -> ListPage:
    """One page: by name, by number of relationships (most first), or by what was recorded last.

    Cost: one read, and a count where the first page does not hold all.
    """
    fragment = database.catalog.fragment
    slots: dict[str, Any] = {
        "match": fragment("entity_anywhere" if wanted.place is None else "entity_in_place"),
        "filter": fragment("entity_filter"),
        "label": ENTITY if wanted.kinds is None else any_of(sorted(wanted.kinds)),
    }
    down, up = _SORT_KEYS[sort]
    after_down, after_up, after_id = start.after if start else (None, None, None)
    asked = {"prefix": wanted.prefix, "place": wanted.place}
    rows = await database.read(
        "read/lists/entities",
        {**slots, "down": fragment(down), "up": fragment(up)},
        **asked,
        after_down=after_down,
        after_up=after_up,
        after_id=after_id,
        limit=limit + 1,
    )

    async def count() -> int:
        return int((await database.read("read/lists/entity_count", slots, **asked))[0]["total"])

    page, more = cut(rows, limit)
    total = await total_of(start, rows, limit, count)
    items = [entity_view(row, vocabulary) for row in page]
    last = page[-1] if more else None
    keys = (last["down"], last["up"], last["properties"]["id"]) if last else ()
    return ListPage(items, Position(keys, total) if more else None, total)


def entity_view(row: Row, vocabulary: Vocabulary) -> dict[str, Any]:
    """What lists show of a thing; its labels go from the most general to the most exact."""
    properties = row["properties"]
    return {
        "id": properties["id"],
        "kind": properties["kind"],
        "labels": list(vocabulary.labels(properties["kind"])),
        "name": properties["name"],
        "name_en": properties["name_en"],
        "name_en_translated": bool(properties.get("name_en_translated")),
        "aliases": list(properties.get("aliases") or ()),
    }


async def entity_detail(
    database: Database,
    vocabulary: Vocabulary,
    id_: str,
    *,
    time: TimeQuestion = ANY_TIME,
) -> dict[str, Any]:
    """One thing with all that is held of it, its observations and its number of relationships.

    `time` chooses among the observations.

    Raises
    ------
    NotFoundError
        When nothing has this id; its `merged_into` names the thing that stands for it now.
    """
    found = await database.read(
        "read/lists/entity_whole",
        {"holds": database.catalog.fragment("holds")},
        id=id_,
        **time.parameters(),
    )
    if not found:
        raise await no_such_entity(database, id_)
    rows: list[Row] = [{"properties": carried} for carried in found[0]["observations"]]
    names = await names_of(database, named_in(rows), known=[found[0]["properties"]])
    entity = entity_of(found[0]["properties"])
    observations = [fact_view(row, names) for row in rows]
    if time.as_of is not None:
        for observation in observations:
            observation["holds"] = period_of(observation["period"]).holds_on(time.as_of)
    return {
        **entity_view(found[0], vocabulary),
        "document_aliases": {
            document: list(words) for document, words in entity.document_aliases.items()
        },
        "merged_ids": list(entity.merged_ids),
        "note": entity.note,
        "recorded_at": found[0]["properties"]["recorded_at"],
        "relationship_counts": _by_type(found[0]["counts"]),
        "observations": observations,
    }


async def relationship_counts(database: Database, id_: str) -> list[dict[str, Any]]:
    """How many relationships of each type leave and reach a thing, in the order of types."""
    return _by_type(await database.read("read/lists/entity_relationship_counts", id=id_))


def _by_type(rows: list[Row]) -> list[dict[str, Any]]:
    counts: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row["relationships"]:
            continue
        count = counts.setdefault(row["type"], {"type": row["type"], "outgoing": 0, "incoming": 0})
        count["outgoing" if row["outgoing"] else "incoming"] = row["relationships"]
    return list(counts.values())


async def require_entities(database: Database, *, ever: bool = False, **ids: str | None) -> None:
    """Refuse ids that no thing has (with `ever`: or had): an empty answer would mislead.

    Raises
    ------
    NotFoundError
        Naming the parameter at fault and what may have been meant.
    """
    asked = {field: id_ for field, id_ in ids.items() if id_ is not None}
    look_up = names_of if ever else entities_by_id
    known = await look_up(database, list(asked.values()))
    for field, id_ in asked.items():
        if id_ not in known:
            raise await no_such_entity(database, id_, field)


def merged_away(id_: str, into: str, field: str | None = None) -> NotFoundError:
    """The error for an id that another thing stands for."""
    return NotFoundError(
        f"{id_!r} was merged into {into!r}.", mend=f"Use {into}.", field=field, merged_into=into
    )


async def no_such_entity(database: Database, id_: str, field: str | None = None) -> NotFoundError:
    """The error for an id that nothing has: where it went, or what is near.

    Looks through all things.
    """
    if merged := await database.read("read/lists/entity_merged_from", id=id_):
        return merged_away(id_, merged[0]["id"], field)
    rows = await database.read("read/by_id/entity_versions", ids=[id_])
    if rows:
        removed_at = rows[0]["properties"]["superseded_at"]
        return NotFoundError(
            f"The entity {id_!r} is held no more since {removed_at}.",
            mend=f"Its past is in /v1/entities/{id_}/history, and in other reads by known_at.",
            field=field,
        )
    return await no_such_node(database, ENTITY, "entity", id_, field)
