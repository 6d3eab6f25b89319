"""What things were called, and what had been merged into them, as loads of the past said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graphsvc.model.entity import Entity
from graphsvc.model.vocabulary import ENTITY
from graphsvc.store.database import Database
from graphsvc.store.reading import summary

NOW = "9999"
"""An instant after all others, as texts are compared."""

_States = list[tuple[str, dict[str, Any]]]
"""Since when, and what stood beside the id from then on; earliest first."""


@dataclass(frozen=True)
class NamesThen:
    """What to show beside ids at any instant."""

    states: dict[str, _States]

    def at(self, instant: str) -> dict[str, dict[str, Any]]:
        """As the load of this instant left them, by id."""
        return self._last(lambda since: since <= instant)

    def before(self, instant: str) -> dict[str, dict[str, Any]]:
        """As the load of this instant found them, by id."""
        return self._last(lambda since: since < instant)

    def _last(self, had_begun: Callable[[str], bool]) -> dict[str, dict[str, Any]]:
        """The last state of each that had begun; what was removed stays as it last was."""
        names = {}
        for id_, states in self.states.items():
            begun = [shown for since, shown in states if had_begun(since)]
            names[id_] = begun[-1] if begun else states[0][1]
        return names


async def names_then(database: Database, ids: Iterable[str]) -> NamesThen:
    """The names of these things through their whole past. Cost: two reads, by index."""
    wanted = sorted(set(ids))
    if not wanted:
        return NamesThen({})
    held, versions = await asyncio.gather(
        database.read("read/by_id/nodes_by_id", {"label": ENTITY}, ids=wanted),
        database.read("read/by_id/entity_versions", ids=wanted),
    )
    states: dict[str, _States] = {}
    for row in reversed(versions):  # they come latest first
        entity = Entity.model_validate_json(row["properties"]["entity"])
        state = row["properties"]["recorded_at"], summary(entity.model_dump())
        states.setdefault(entity.id, []).append(state)
    for row in held:
        state = row["properties"]["recorded_at"], summary(row["properties"])
        states.setdefault(row["properties"]["id"], []).append(state)
    return NamesThen(states)


async def merged_then(
    database: Database, gone: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """What each id was merged into, as the last load up to its instant said; others are left out.

    Cost: all things, and all their versions, are looked through once.
    """
    asked = sorted(set(gone))
    if not asked:
        return {}
    ids = sorted({id_ for id_, _ in asked})
    held, versions = await asyncio.gather(
        database.read("read/history/entities_merged_from", ids=ids),
        database.read("read/history/entity_versions_naming", ids=ids),
    )
    said = [(row["merged"], row["id"], row["recorded_at"], NOW + "~") for row in held]
    for row in versions:
        version = row["properties"]
        span = version["recorded_at"], version["superseded_at"]
        merged_ids = Entity.model_validate_json(version["entity"]).merged_ids
        said += [(merged, version["entity_id"], *span) for merged in merged_ids]
    return {
        (id_, instant): into
        for id_, instant in asked
        for merged, into, since, until in said
        if merged == id_ and since <= instant < until
    }
