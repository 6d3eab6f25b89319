"""Changes as events: something was first held, became another, or was held no more.

The graph keeps no list of events. What is held says since when, and what was held says from when
until when: a beginning and an end that one load made of one thing are its change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from graphsvc.model.entity import Document, Entity
from graphsvc.model.period import period_of
from graphsvc.store.database import Database, Row
from graphsvc.store.rows import document_of, entity_of
from graphsvc.usecases.history.fact_carriers import Scope, carriers_in_order
from graphsvc.usecases.lists.names_then import NamesThen, merged_then, names_then
from graphsvc.usecases.lists.pages import Keys
from graphsvc.usecases.lists.views import Names, carrier_then, detailed_view, named_in

What = Literal["document", "entity", "fact"]
RANKS: dict[What, str] = {"document": "1", "entity": "2", "fact": "3"}
"""Their order among the changes of one load: what facts name comes before them."""

_WHATS: dict[str, What] = {rank: what for what, rank in RANKS.items()}
_NOT_CURATED = ("recorded_at", "form", "valid_from", "valid_to", "period_bounds", "documents")


@dataclass
class Event:
    """One change of one thing.

    `before` and `after` are a fact's carriers, or an entity or a document; `ended` is how the
    state before ended.
    """

    key: str
    id: str
    before: Any = None
    after: Any = None
    ended: Literal["changed", "retracted"] | None = None

    @property
    def what(self) -> What:
        """What changed."""
        return _WHATS[self.key[-1]]

    @property
    def at(self) -> str:
        """The instant of the load that changed it."""
        return self.key[:-1]

    @property
    def keys(self) -> Keys:
        """Where it stands among all events."""
        return self.key, self.id


class Events(dict[Keys, Event]):
    """Beginnings and ends, put together where they are those of one change."""

    def _of(self, key: str, id_: str) -> Event:
        return self.setdefault((key, id_), Event(key, id_))

    def add_held(self, what: What, rows: Iterable[Row]) -> None:
        """What is held, by its beginning."""
        for row in rows:
            properties = row["properties"]
            event = self._of(properties["recorded_at"] + RANKS[what], properties["id"])
            event.after = held_state(what, row)

    def add_begun(self, what: What, versions: Iterable[Mapping[str, Any]]) -> None:
        """What was held once, by its beginning."""
        for version in versions:
            event = self._of(version["recorded_at"] + RANKS[what], version[f"{what}_id"])
            event.after = version_state(what, version)

    def add_ended(self, what: What, versions: Iterable[Mapping[str, Any]]) -> None:
        """What was held once, by its end."""
        for version in versions:
            event = self._of(version["superseded_at"] + RANKS[what], version[f"{what}_id"])
            event.before, event.ended = version_state(what, version), version["change"]

    def first(self, limit: int, after: Keys | None) -> list[Event]:
        """The first events after a position, in order."""
        keys = sorted(keys for keys in self if after is None or keys > after)
        return [self[key] for key in keys[:limit]]


def held_state(what: What, row: Row) -> Any:
    """What a node or a carrier of a fact stands for."""
    match what:
        case "fact":
            return row
        case "entity":
            return entity_of(row["properties"])
        case "document":
            return document_of(row["properties"])


def version_state(what: What, version: Mapping[str, Any]) -> Any:
    """What a version stands for."""
    match what:
        case "fact":
            return carrier_then(version)
        case "entity":
            return Entity.model_validate_json(version["entity"])
        case "document":
            return Document.model_validate_json(version["document"])


async def complete_facts(database: Database, scope: Scope, events: list[Event]) -> None:
    """Find the other half of changes of facts of which only one was asked for.

    What is held is looked for among the facts of the scope.
    """
    facts = [event for event in events if event.what == "fact"]
    halves = [event for event in facts if event.before is None or event.after is None]
    changed = sorted({event.id for event in halves if event.ended == "changed"})
    ids = sorted({event.id for event in halves})
    # What is held is read first: what a load supersedes meanwhile is seen twice, not missed.
    carriers = await _held_among(database, scope, changed) if changed else []
    rows = await database.read("read/by_id/fact_versions", ids=ids) if ids else []
    versions = [row["properties"] for row in rows]
    ended = {(row["fact_id"], row["superseded_at"]): row for row in versions}
    begun = {(row["fact_id"], row["recorded_at"]): row for row in versions}
    held = {
        (row["properties"]["fact_id"], row["properties"]["recorded_at"]): row for row in carriers
    }
    for event in halves:
        here = event.id, event.at
        if event.before is None and here in ended and ended[here]["change"] == "changed":
            event.before, event.ended = version_state("fact", ended[here]), "changed"
        elif event.ended == "changed" and event.after is None:
            event.after = version_state("fact", begun[here]) if here in begun else held.get(here)


async def _held_among(database: Database, scope: Scope, ids: list[str]) -> list[Row]:
    return await carriers_in_order(
        database, scope, "recorded_key", rank=RANKS["fact"], only=ids, limit=len(ids)
    )


async def event_views(
    database: Database,
    events: list[Event],
    versions: Mapping[str, int],
    *,
    as_of: date | None = None,
) -> list[dict[str, Any]]:
    """Events as readers see them; `versions` are the numbers of the loads by their instants.

    Names beside ids, and what a thing was merged into, are what the load said that made the change
    (before it, what it found). With `as_of` each state of a fact says whether it holds on that day.
    """
    facts = [event for event in events if event.what == "fact"]
    rows = [row for event in facts for row in (event.before, event.after) if row is not None]
    names = await names_then(database, named_in(rows))
    merged = await merged_then(database, _gone(events))
    views = [_view(event, names, versions[event.at], merged) for event in events]
    if as_of is not None:
        _add_holds(views, as_of)
    return views


def _add_holds(views: list[dict[str, Any]], as_of: date) -> None:
    for view in views:
        for state in (view["before"], view["after"]):
            if view["what"] == "fact" and state is not None:
                state["holds"] = period_of(state["period"]).holds_on(as_of) or "no"


def _gone(events: list[Event]) -> list[tuple[str, str]]:
    return [
        (event.id, event.at)
        for event in events
        if event.what == "entity" and event.ended == "retracted"
    ]


def _view(
    event: Event, names: NamesThen, graph_version: int, merged: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    before = _state_view(event.what, event.before, names.before(event.at))
    after = _state_view(event.what, event.after, names.at(event.at))
    view = {
        "what": event.what,
        "id": event.id,
        "how": event.ended or "added",
        "at": event.at,
        "graph_version": graph_version,
        "fields": _differing(before, after),
        "before": before,
        "after": after,
    }
    if event.what == "entity":
        view["merged_into"] = merged.get((event.id, event.at))
    return view


def _state_view(what: What, state: Any, names: Names) -> dict[str, Any] | None:
    if state is None:
        return None
    return detailed_view(state, names) if what == "fact" else state.model_dump(mode="json")


def _differing(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    if before is None or after is None:
        return []
    return [
        name
        for name, value in after.items()
        if name not in _NOT_CURATED and _ids(before[name]) != _ids(value)
    ]


def _ids(value: Any) -> Any:
    """A value with bare ids for things: a fact is the same where only a name beside it changed."""
    match value:
        case {"id": id_, "kind": _, "name": _}:
            return id_
        case list():
            return [_ids(item) for item in value]
    return value
