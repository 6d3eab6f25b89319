"""What was added, changed and retracted, load by load: a feed to follow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from graphsvc.model.vocabulary import ENTITY
from graphsvc.store.database import Database, Row
from graphsvc.usecases.carriers import Scope, carriers_in_order, nodes_in_order
from graphsvc.usecases.events import RANKS, Events, What, event_views
from graphsvc.usecases.pages import Keys, Part, Position, cut

_COUNTED = {"document": "documents", "entity": "entities", "fact": "facts"}
_VERSIONS = {"document": "DocumentVersion", "entity": "EntityVersion", "fact": "FactVersion"}
_HOWS = ("added", "changed", "retracted")


async def changes(
    database: Database,
    *,
    what: What | None = None,
    since: str | None = None,
    until: str | None = None,
    known_at: str | None = None,
    start: Position | None,
    limit: int,
) -> tuple[Part, list[dict[str, Any]]]:
    """One page of the changes after `since` and up to `until`, and the loads that made them.

    Oldest first; those of one load by what changed (documents, entities, facts), then by id.

    Cost: the records of loads say how many changes there are of what. Where some are of facts, all
    facts and all their versions are looked through, once a page: no index leads to what a load
    touched. Where there are none, nothing but the loads is read.
    """
    upto = min((instant for instant in (until, known_at) if instant is not None), default=None)
    rows = await database.read("read/loads", since=since, until=upto)
    loads = [row["properties"] for row in rows]
    whats: list[What] = [what] if what else list(RANKS)
    after = start.after if start else None
    window = _window(loads, whats, after, limit + 1)
    events = Events()
    if window:
        scope = Scope(since=since, known_at=window[-1]["at"])
        await asyncio.gather(
            *(_add(database, events, each, scope, window, after, limit + 1) for each in whats)
        )
    page, more = cut(events.first(limit + 1, after), limit)
    versions = {load["at"]: load["version"] for load in loads}
    items = await event_views(database, page, versions, known_at)
    total = start.total if start else sum(_count(load, whats) for load in loads)
    shown = {event.at for event in page}
    return (
        Part(items, Position(page[-1].keys, total) if more else None, total),
        [load_view(load) for load in loads if load["at"] in shown],
    )


def load_view(load: dict[str, Any]) -> dict[str, Any]:
    """What a load did, in numbers."""
    return {
        "graph_version": load["version"],
        "at": load["at"],
        **{name: {how: load[f"{name}_{how}"] for how in _HOWS} for name in _COUNTED.values()},
    }


def _count(load: dict[str, Any], whats: list[What], hows: tuple[str, ...] = _HOWS) -> int:
    return sum(load[f"{_COUNTED[what]}_{how}"] for what in whats for how in hows)


def _window(
    loads: list[dict[str, Any]], whats: list[What], after: Keys | None, most: int
) -> list[dict[str, Any]]:
    """As many loads as fill a page; how much of the cursor's own load is left is not known."""
    reached = after[0][:-1] if after else ""
    window: list[dict[str, Any]] = []
    sure = 0
    for load in loads:
        if load["at"] >= reached and sure < most:
            window.append(load)
            sure += _count(load, whats) if load["at"] > reached else 0
    return window


async def _add(
    database: Database,
    events: Events,
    what: What,
    scope: Scope,
    window: list[dict[str, Any]],
    after: Keys | None,
    limit: int,
) -> None:
    """Each source is in the order of events, so that its first rows are enough."""

    async def versions(at: str) -> list[dict[str, Any]]:
        rows = await database.read(
            "read/versions_by_instant",
            {"label": _VERSIONS[what], "at": at, "thing": f"{what}_id"},
            rank=RANKS[what],
            since=scope.since,
            until=scope.known_at,
            after_key=after[0] if after else None,
            after_id=after[1] if after else None,
            limit=limit,
        )
        return [row["properties"] for row in rows]

    if any(_count(load, [what], ("added", "changed")) for load in window):
        # What is held is read first: what a load supersedes meanwhile is seen twice, not missed.
        events.add_held(what, await _held(database, what, scope, after, limit))
        events.add_begun(what, await versions("recorded_at"))
    if any(_count(load, [what], ("changed", "retracted")) for load in window):
        events.add_ended(what, await versions("superseded_at"))


def _held(
    database: Database, what: What, scope: Scope, after: Keys | None, limit: int
) -> Awaitable[list[Row]]:
    rank = RANKS[what]
    if what == "fact":
        return carriers_in_order(
            database, scope, "recorded_key", rank=rank, after=after, limit=limit
        )
    label = ENTITY if what == "entity" else "Document"
    return nodes_in_order(database, label, scope, rank=rank, after=after, limit=limit)
