"""The history of one thing: what it was, what it was merged with, and what was said of it."""

from __future__ import annotations

import asyncio
from typing import Any

from graphsvc.errors import NotFoundError
from graphsvc.model.entity import Entity
from graphsvc.model.vocabulary import ENTITY, Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import find_carrier
from graphsvc.store.rows import entity_of
from graphsvc.usecases.carriers import (
    Beside,
    Scope,
    carrier_count,
    carriers_in_order,
    version_rows_of,
)
from graphsvc.usecases.entities import no_such_entity
from graphsvc.usecases.events import RANKS, Event, Events, event_views, held_state, version_state
from graphsvc.usecases.pages import Part, Position, cut

_RANK = RANKS["fact"]


async def entity_history(
    database: Database,
    vocabulary: Vocabulary,
    id_: str,
    *,
    beside: Beside,
    known_at: str | None,
    start: Position | None,
    limit: int,
) -> tuple[Part, dict[str, Any]]:
    """One page of its changes and of those of the facts that name it, oldest first; and its state.

    A fact belongs here when it names the thing before or after the change. With `known_at` as that
    instant saw it: changes that came later are left out. `beside` is what `facts_beside` has for
    the graph.

    Cost: as `carriers_in_order`, and all versions of facts are looked through.

    Raises
    ------
    NotFoundError
        When nothing has or had this id, or it was not held yet at that instant; where it was
        merged by then, `merged_into` names the thing that stands for it.
    """
    own, state = await _own_history(database, id_, known_at)
    scope = Scope(id_, beside=beside.get(id_, {}), known_at=known_at)
    after = start.after if start else None
    # What is held is read first: what a load supersedes meanwhile is then seen twice, not missed.
    held = await carriers_in_order(
        database, scope, "recorded_key", rank=_RANK, after=after, limit=limit + 1
    )
    versions = await version_rows_of(database, scope)
    own.add_begun("fact", versions)
    own.add_ended(
        "fact",
        (row for row in versions if known_at is None or row["superseded_at"] <= known_at),
    )
    total = start.total if start else await _total(database, scope, own)
    own.add_held("fact", held)
    page, more = cut(own.first(limit + 1, after), limit)
    await _complete(database, vocabulary, page)
    loads = await database.read("read/loads", since=None, until=known_at)
    numbers = {row["properties"]["at"]: row["properties"]["version"] for row in loads}
    items = await event_views(database, page, numbers, known_at)
    return Part(items, Position(page[-1].keys, total) if more else None, total), state


async def _own_history(
    database: Database, id_: str, known_at: str | None
) -> tuple[Events, dict[str, Any]]:
    """The thing's own changes, with the ends of what was merged into it, and how it stands."""
    found, rows = await asyncio.gather(
        database.read("read/node_by_id", {"label": ENTITY}, id=id_),
        database.read("read/entity_versions", ids=[id_]),
    )
    versions = [row["properties"] for row in rows]
    live = [row for row in found if _known(row["properties"]["recorded_at"], known_at)]
    begun = [version for version in versions if _known(version["recorded_at"], known_at)]
    ended = [version for version in begun if _known(version["superseded_at"], known_at)]
    if not live and not begun:
        raise await _not_held(database, id_, known_at, ever=bool(found or versions))
    is_held = bool(live) or len(ended) < len(begun)
    if not is_held and await database.read("read/entity_merged_from", id=id_):
        raise await no_such_entity(database, id_)
    entity = _latest(live, begun)
    events = Events()
    events.add_held("entity", live)
    events.add_begun("entity", begun)
    events.add_ended("entity", ended)
    if entity.merged_ids:
        merged = await database.read("read/entity_versions", ids=list(entity.merged_ids))
        gone = (row["properties"] for row in merged if row["properties"]["change"] == "retracted")
        events.add_ended("entity", (row for row in gone if _known(row["superseded_at"], known_at)))
    return events, {
        "id": id_,
        "status": "live" if is_held else "retracted",
        "retracted_at": None if is_held else ended[0]["superseded_at"],
        "entity": entity.model_dump(mode="json"),
    }


def _known(instant: str, known_at: str | None) -> bool:
    return known_at is None or instant <= known_at


def _latest(live: list[Row], begun: list[dict[str, Any]]) -> Entity:
    """What is held, else what was held last; the latest version is the first."""
    if live:
        return entity_of(live[0]["properties"])
    return Entity.model_validate_json(begun[0]["entity"])


async def _not_held(
    database: Database, id_: str, known_at: str | None, *, ever: bool
) -> NotFoundError:
    if not ever:
        return await no_such_entity(database, id_)
    return NotFoundError(
        f"The entity {id_!r} was not held yet at {known_at}.",
        mend="Ask without known_at, or for a later instant.",
        field="known_at",
    )


async def _total(database: Database, scope: Scope, before: Events) -> int:
    """All events, those of what is held counted in the database but for changes that are known."""
    changed = [event for event in before.values() if event.ended == "changed"]
    ids = sorted({event.id for event in changed if event.what == "fact"})
    count, held = await asyncio.gather(
        carrier_count(database, scope),
        carriers_in_order(
            database, scope, "recorded_key", rank=_RANK, only=ids, limit=len(ids) + 1
        ),
    )
    both = sum(
        (row["properties"]["recorded_at"] + _RANK, row["properties"]["id"]) in before
        for row in held
    )
    return len(before) + count - both


async def _complete(database: Database, vocabulary: Vocabulary, page: list[Event]) -> None:
    """The other half of a change: a fact that names the thing only before it, or only after."""
    facts = [event for event in page if event.what == "fact"]
    ids = sorted({event.id for event in facts if event.before is None or event.after is None})
    rows = await database.read("read/fact_versions_by_fact", ids=ids) if ids else []
    ended = {(row["fact_id"], row["superseded_at"]): row for row in _properties(rows)}
    begun = {(row["fact_id"], row["recorded_at"]): row for row in _properties(rows)}
    for event in facts:
        here = event.id, event.at
        if event.before is None and here in ended and ended[here]["change"] == "changed":
            event.before, event.ended = version_state("fact", ended[here]), "changed"
        elif event.ended == "changed" and event.after is None:
            if here in begun:
                event.after = version_state("fact", begun[here])
            elif row := await find_carrier(database, vocabulary.types, event.id):
                event.after = held_state("fact", row)


def _properties(rows: list[Row]) -> list[dict[str, Any]]:
    return [row["properties"] for row in rows]
