"""The history of one thing: its versions, its merges, and the changes of facts that name it."""

from __future__ import annotations

import asyncio
from typing import Any

from graphsvc.errors import NotFoundError
from graphsvc.model.entity import Entity
from graphsvc.model.time_question import ANY_TIME, TimeQuestion, known_by
from graphsvc.model.vocabulary import ENTITY, Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import find_carrier
from graphsvc.store.rows import entity_of
from graphsvc.usecases.history.events import RANKS, Event, Events, complete_facts, event_views
from graphsvc.usecases.history.fact_carriers import (
    Beside,
    Scope,
    carriers_in_order,
    others_held,
    version_rows_of,
)
from graphsvc.usecases.lists.entities import merged_away, no_such_entity
from graphsvc.usecases.lists.names_then import NOW, merged_then
from graphsvc.usecases.lists.pages import ListPage, Position, cut

_RANK = RANKS["fact"]


async def entity_history(
    database: Database,
    vocabulary: Vocabulary,
    id_: str,
    *,
    beside: Beside,
    time: TimeQuestion = ANY_TIME,
    known_at: str | None,
    start: Position | None,
    limit: int,
) -> tuple[ListPage, dict[str, Any]]:
    """One page of its changes and of those of the facts that name it, oldest first; and its state.

    A fact belongs here when it names the thing before or after the change, and is there such as
    `time` asks for. With `known_at` as that instant saw it: changes that came later are left out.
    `beside` is what `facts_beside` has for the graph.

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
    carriers = await carriers_in_order(
        database, scope, "recorded_key", time=time, rank=_RANK, after=after, limit=limit + 1
    )
    versions = await version_rows_of(database, scope, time=time)
    own.add_begun("fact", versions)
    own.add_ended(
        "fact",
        (row for row in versions if known_by(known_at, row["superseded_at"])),
    )
    total = start.total if start else await _total(database, scope, time, own)
    own.add_held("fact", carriers)
    page, more = cut(own.first(limit + 1, after), limit)
    await complete_facts(database, scope, page)
    await _find_what_names_it_no_more(database, vocabulary, page)
    loads = await database.read("read/history/loads", since=None, until=known_at)
    numbers = {row["properties"]["at"]: row["properties"]["version"] for row in loads}
    items = await event_views(database, page, numbers, as_of=time.as_of)
    return ListPage(items, Position(page[-1].keys, total) if more else None, total), state


async def _own_history(
    database: Database, id_: str, known_at: str | None
) -> tuple[Events, dict[str, Any]]:
    """The thing's own changes, with the ends of what was merged into it, and how it stands."""
    found, rows = await asyncio.gather(
        database.read("read/by_id/node_by_id", {"label": ENTITY}, id=id_),
        database.read("read/by_id/entity_versions", ids=[id_]),
    )
    versions = [row["properties"] for row in rows]
    live = [row for row in found if known_by(known_at, row["properties"]["recorded_at"])]
    begun = [version for version in versions if known_by(known_at, version["recorded_at"])]
    ended = [version for version in begun if known_by(known_at, version["superseded_at"])]
    if not live and not begun:
        raise await _not_held(database, id_, known_at, ever=bool(found or versions))
    is_held = bool(live) or len(ended) < len(begun)
    if not is_held:
        then = id_, known_at or NOW
        if into := (await merged_then(database, [then])).get(then):
            raise merged_away(id_, into)
    entity = _latest(live, begun)
    events = Events()
    events.add_held("entity", live)
    events.add_begun("entity", begun)
    events.add_ended("entity", ended)
    if merged_ids := _ever_merged(live, begun):
        merged = await database.read("read/by_id/entity_versions", ids=merged_ids)
        gone = (row["properties"] for row in merged if row["properties"]["change"] == "retracted")
        events.add_ended(
            "entity", (row for row in gone if known_by(known_at, row["superseded_at"]))
        )
    return events, {
        "id": id_,
        "status": "live" if is_held else "retracted",
        "retracted_at": None if is_held else ended[0]["superseded_at"],
        "entity": entity.model_dump(mode="json"),
    }


def _latest(live: list[Row], begun: list[dict[str, Any]]) -> Entity:
    """What is held, else what was held last; the latest version is the first."""
    if live:
        return entity_of(live[0]["properties"])
    return Entity.model_validate_json(begun[0]["entity"])


def _ever_merged(live: list[Row], begun: list[dict[str, Any]]) -> list[str]:
    """What any state of the thing says was merged into it, be that undone since."""
    states = [entity_of(row["properties"]) for row in live]
    states += [Entity.model_validate_json(version["entity"]) for version in begun]
    return sorted({id_ for state in states for id_ in state.merged_ids})


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


async def _total(database: Database, scope: Scope, time: TimeQuestion, known: Events) -> int:
    """All events: those that are known, and in the database those of what is held."""
    changed = {(event.at, event.id) for event in known.values() if event.ended == "changed"}
    return len(known) + await others_held(database, scope, time, changed)


async def _find_what_names_it_no_more(
    database: Database, vocabulary: Vocabulary, page: list[Event]
) -> None:
    """What is held of facts that turned to another thing: nothing leads there but their ids."""
    for event in page:
        if event.what == "fact" and event.ended == "changed" and event.after is None:
            event.after = await find_carrier(database, vocabulary.types, event.id)
