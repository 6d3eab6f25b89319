"""One fact with its history, also when it is held no more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any

from graphsvc.errors import NotFoundError
from graphsvc.model.period import period_of
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import find_carrier
from graphsvc.usecases.lists.names_then import NOW, names_then
from graphsvc.usecases.lists.unknown_ids import no_such_fact
from graphsvc.usecases.lists.views import Names, carrier_then, detailed_view, fact_view, named_in


async def fact_with_history(
    database: Database,
    types: Iterable[str],
    id_: str,
    *,
    as_of: date | None = None,
    known_at: str | None = None,
) -> dict[str, Any]:
    """The fact as it is held, or was when it was withdrawn, and every version before.

    Names beside ids are those of when the state was last held. With `known_at`, as that instant saw
    it: what was recorded later is left out. With `as_of`, whether it holds on that day.

    Raises
    ------
    NotFoundError
        When no fact has or had this id, or none was held yet at that instant.
    """
    carrier, rows = await asyncio.gather(
        find_carrier(database, types, id_), database.read("read/by_id/fact_versions", ids=[id_])
    )
    versions = [row["properties"] for row in rows]
    if carrier is None and not versions:
        raise await no_such_fact(database, id_)
    if known_at is not None:
        carrier, versions = _as_seen_at(known_at, carrier, versions)
        if carrier is None and not versions:
            raise NotFoundError(
                f"The fact {id_!r} was not held yet at {known_at}.",
                mend="Ask without known_at, or for a later instant.",
                field="known_at",
            )
    old = [carrier_then(version) for version in versions]
    shown = carrier or old[-1]
    names = await names_then(database, named_in([shown, *old]))
    seen = names.at(known_at or NOW) if carrier else names.before(versions[-1]["superseded_at"])
    view = detailed_view(shown, seen)
    if as_of is not None:
        view["holds"] = period_of(view["period"]).holds_on(as_of) or "no"
    return {
        **view,
        "status": "live" if carrier else "retracted",
        "retracted_at": None if carrier else versions[-1]["superseded_at"],
        "history": [
            _version_view(version, row, names.before(version["superseded_at"]))
            for version, row in zip(versions, old, strict=True)
        ],
    }


def _as_seen_at(
    instant: str, carrier: Row | None, versions: list[dict[str, Any]]
) -> tuple[Row | None, list[dict[str, Any]]]:
    held = [version for version in versions if version["recorded_at"] <= instant]
    if carrier is not None and carrier["properties"]["recorded_at"] > instant:
        carrier = None
    if held and held[-1]["superseded_at"] > instant:
        return carrier_then(held[-1]), held[:-1]
    return carrier, held


def _version_view(version: dict[str, Any], row: Row, names: Names) -> dict[str, Any]:
    return {
        "change": version["change"],
        "recorded_at": version["recorded_at"],
        "superseded_at": version["superseded_at"],
        "graph_version": version["version"],
        "fact": fact_view(row, names),
    }
