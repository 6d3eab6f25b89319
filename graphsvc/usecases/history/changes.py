"""What was added, changed and retracted, load by load: a feed to follow."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any

from graphsvc.model.period import period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import ENTITY
from graphsvc.store.database import Database, Row
from graphsvc.usecases.history.events import RANKS, Events, What, complete_facts, event_views
from graphsvc.usecases.history.fact_carriers import (
    Scope,
    carriers_in_order,
    nodes_in_order,
    others_held,
)
from graphsvc.usecases.lists.pages import Keys, ListPage, Position, cut

_COUNTED = {"document": "documents", "entity": "entities", "fact": "facts"}
_VERSIONS = {"document": "DocumentVersion", "entity": "EntityVersion", "fact": "FactVersion"}
_HOWS = ("added", "changed", "retracted")


async def changes(
    database: Database,
    *,
    what: What | None = None,
    since: str | None = None,
    until: str | None = None,
    time: TimeQuestion = ANY_TIME,
    known_at: str | None = None,
    start: Position | None,
    limit: int,
) -> tuple[ListPage, list[dict[str, Any]]]:
    """One page of the changes after `since` and up to `until`, and the loads that made them.

    Oldest first; those of one load by what changed (documents, entities, facts), then by id. Of
    facts, those that were, before or after, such as `time` asks for.

    Cost: the records of loads say how many changes there are of what. Where some are of facts, all
    facts and all their versions are looked through, once a page: no index leads to what a load
    touched. Where there are none, nothing but the loads is read. With `time` the versions are
    looked through once more, and thrice on the first page, which counts.
    """
    upto = min((instant for instant in (until, known_at) if instant is not None), default=None)
    rows = await database.read("read/history/loads", since=since, until=upto)
    loads = [row["properties"] for row in rows]
    whats: list[What] = [what] if what else list(RANKS)
    dated = (
        time.asks_for_periods and any(_count(load, ["fact"]) for load in loads) and "fact" in whats
    )
    periods = await _periods(database, time) if dated else None
    after = start.after if start else None
    scope = Scope(since=since, known_at=upto)
    asked = _Asked(scope, time, periods, after, limit + 1)
    events = await _first(database, asked, whats, loads)
    page, more = cut(events.first(limit + 1, after), limit)
    if dated:
        await complete_facts(database, scope, page)
    versions = {load["at"]: load["version"] for load in loads}
    items = await event_views(database, page, versions, as_of=time.as_of)
    total = start.total if start else await _total(database, asked, whats, loads)
    shown = {event.at for event in page}
    return (
        ListPage(items, Position(page[-1].keys, total) if more else None, total),
        [load_view(load) for load in loads if load["at"] in shown],
    )


@dataclass(frozen=True)
class _Asked:
    """What a page asks for; `periods` are those of versions, or None where any will do."""

    scope: Scope
    time: TimeQuestion
    periods: list[str] | None
    after: Keys | None
    limit: int


async def _periods(database: Database, time: TimeQuestion) -> list[str]:
    """The periods to ask for in what is held no more: only their texts stand in the graph."""
    rows = await database.read("read/history/version_periods", _period_slot(database))
    return [row["period"] for row in rows if time.keeps(period_of(row["period"] or None))]


def _period_slot(database: Database) -> dict[str, Any]:
    return {"period": database.catalog.fragment("period_of_version")}


def load_view(load: dict[str, Any]) -> dict[str, Any]:
    """What a load did, in numbers."""
    return {
        "graph_version": load["version"],
        "at": load["at"],
        **{name: {how: load[f"{name}_{how}"] for how in _HOWS} for name in _COUNTED.values()},
    }


def _count(load: dict[str, Any], whats: list[What], hows: tuple[str, ...] = _HOWS) -> int:
    return sum(load[f"{_COUNTED[what]}_{how}"] for what in whats for how in hows)


async def _total(
    database: Database, asked: _Asked, whats: list[What], loads: list[dict[str, Any]]
) -> int:
    counted = sum(_count(load, _counted(asked, whats)) for load in loads)
    if asked.periods is None:
        return counted
    begun, ended = await asyncio.gather(
        _version_changes(database, asked, "recorded_at"),
        _version_changes(database, asked, "superseded_at"),
    )
    known = {(row["at"], row["id"]) for row in (*begun, *ended)}
    changed = {(row["at"], row["id"]) for row in ended if row["change"] == "changed"}
    return counted + len(known) + await others_held(database, asked.scope, asked.time, changed)


def _counted(asked: _Asked, whats: list[What]) -> list[What]:
    """What the loads counted; how many of their facts have such a period, they do not know."""
    return [what for what in whats if what != "fact" or asked.periods is None]


async def _version_changes(database: Database, asked: _Asked, at: str) -> list[Row]:
    return await database.read(
        "read/history/fact_version_changes",
        {"at": at, **_period_slot(database)},
        since=asked.scope.since,
        until=asked.scope.known_at,
        periods=asked.periods,
    )


async def _first(
    database: Database, asked: _Asked, whats: list[What], loads: list[dict[str, Any]]
) -> Events:
    """The first events after a position, and perhaps more."""
    window = _window(loads, _counted(asked, whats), asked.after, asked.limit)
    events = Events()
    if window:
        scope = replace(asked.scope, known_at=window[-1]["at"])
        asked = replace(asked, scope=scope)
        await asyncio.gather(*(_add(database, events, what, asked, window) for what in whats))
    return events


def _window(
    loads: list[dict[str, Any]], sure: list[What], after: Keys | None, most: int
) -> list[dict[str, Any]]:
    """As many loads as fill a page; how much of the cursor's own load is left is not known."""
    reached = after[0][:-1] if after else ""
    window: list[dict[str, Any]] = []
    found = 0
    for load in loads:
        if load["at"] >= reached and found < most:
            window.append(load)
            found += _count(load, sure) if load["at"] > reached else 0
    return window


async def _add(
    database: Database, events: Events, what: What, asked: _Asked, window: list[dict[str, Any]]
) -> None:
    """Each source is in the order of events, so that its first rows are enough."""
    if any(_count(load, [what], ("added", "changed")) for load in window):
        # What is held is read first: what a load supersedes meanwhile is seen twice, not missed.
        events.add_held(what, await _held(database, what, asked))
        events.add_begun(what, await _versions(database, what, asked, "recorded_at"))
    if any(_count(load, [what], ("changed", "retracted")) for load in window):
        events.add_ended(what, await _versions(database, what, asked, "superseded_at"))


async def _versions(database: Database, what: What, asked: _Asked, at: str) -> list[dict[str, Any]]:
    after_key, after_id = asked.after or (None, None)
    rows = await database.read(
        "read/history/versions_by_instant",
        {
            "label": _VERSIONS[what],
            "at": at,
            "thing": f"{what}_id",
            **_period_slot(database),
        },
        rank=RANKS[what],
        since=asked.scope.since,
        until=asked.scope.known_at,
        periods=asked.periods if what == "fact" else None,
        after_key=after_key,
        after_id=after_id,
        limit=asked.limit,
    )
    return [row["properties"] for row in rows]


def _held(database: Database, what: What, asked: _Asked) -> Awaitable[list[Row]]:
    page: dict[str, Any] = {"rank": RANKS[what], "after": asked.after, "limit": asked.limit}
    if what == "fact":
        return carriers_in_order(database, asked.scope, "recorded_key", time=asked.time, **page)
    label = ENTITY if what == "entity" else "Document"
    return nodes_in_order(database, label, asked.scope, **page)
