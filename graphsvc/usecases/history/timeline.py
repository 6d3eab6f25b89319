"""The timeline of a thing or a document: its facts by the days that they are about.

An observation whose value is a date stands at that date (an opening at the day of the opening),
since its period, if it has one, says only when the statement held. Every other fact stands at its
period.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from graphsvc.model.period import Bounds, Period, period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import names_of
from graphsvc.usecases.history.fact_carriers import (
    Beside,
    Scope,
    carrier_count,
    carriers_in_order,
    keys_of,
    observed_dates,
    roles_of,
    version_rows_of,
)
from graphsvc.usecases.lists.pages import ListPage, Position, cut, total_of
from graphsvc.usecases.lists.views import carrier_then, detailed_view, named_in

_KEY = "timeline_key"


@dataclass(frozen=True)
class TimelineFilter:
    """Whose facts (of a thing, or of a document: one of them is given), and which of them."""

    entity: str | None = None
    document: str | None = None
    time: TimeQuestion = ANY_TIME


async def timeline(
    database: Database,
    vocabulary: Vocabulary,
    wanted: TimelineFilter,
    *,
    beside: Beside,
    start: Position | None,
    limit: int,
) -> ListPage:
    """One page: by the first day (else the last), then by the last, then by id.

    What has no end comes after what ends. Behind all that has a day come those of an unknown
    year, in the order of their texts (XXXX-09 before XXXX-XX-16), then what states no day at all,
    by id alone.

    `time.certain_only` leaves out what stands at no sure place here; with `as_of` also what does
    not surely hold on that day. `beside` is what `facts_beside` has for the graph.

    Cost: as `carriers_in_order`; all observations of dates are read besides. With `known_at` all
    versions of facts are looked through.
    """
    named = beside.get(wanted.entity or "", {})
    scope = Scope(wanted.entity, wanted.document, named, known_at=wanted.time.known_at)
    dates = tuple(name for name, metric in vocabulary.metrics.items() if metric.value == "date")
    after = start.after if start else None
    placed, observed = await asyncio.gather(
        carriers_in_order(
            database, scope, _KEY, time=wanted.time, but_metrics=dates, after=after, limit=limit + 1
        ),
        observed_dates(database, scope, dates),
    )
    computed = _placed([*observed, *await _held_then(database, scope)], wanted)
    here = [row for row in computed if after is None or keys_of(row) > after]
    # A load that comes between the reads makes a version of what was just seen: seen once.
    rows = sorted({keys_of(row): row for row in (*placed, *here)}.values(), key=keys_of)
    page, more = cut(rows[: limit + 1], limit)

    async def count() -> int:
        return await carrier_count(database, scope, wanted.time, dates) + len(computed)

    names, total = await asyncio.gather(
        names_of(database, named_in(page), known_at=wanted.time.known_at),
        total_of(start, rows, limit, count),
    )
    items = [_item(row, names, wanted) for row in page]
    return ListPage(items, Position(keys_of(page[-1]), total) if more else None, total)


async def _held_then(database: Database, scope: Scope) -> list[Row]:
    """What was held at the instant asked about and is no more."""
    if scope.known_at is None:
        return []
    versions = await version_rows_of(database, scope, held_at=scope.known_at)
    return [carrier_then(version) for version in versions]


def _placed(rows: list[Row], wanted: TimelineFilter) -> list[Row]:
    """What the database cannot place: observations of dates, and versions."""
    for row in rows:
        row["key"] = _key(time_of(row))
    return [row for row in rows if _is_wanted(row, wanted)]


def time_of(row: Row) -> Period:
    """Where a fact stands in a timeline: at its value where that is a date, else at its period."""
    properties = row["properties"]
    return period_of(properties["value"] if _is_date(row) else properties.get("period"))


def _is_date(row: Row) -> bool:
    return isinstance(row["properties"].get("value"), str)


def _key(time: Period) -> str:
    """As the fragment `timeline_key` has it."""
    first, last = time.valid_from or time.valid_to, time.valid_to
    if first is not None:
        return f"0{first}{last or 'open'}"
    return f"1{time.text}" if "X" in (time.text or "") else "2"


def _is_wanted(row: Row, wanted: TimelineFilter) -> bool:
    if wanted.time.certain_only and not time_of(row).certain:
        return False
    if wanted.time.as_of is None:
        return True
    return wanted.time.keeps(period_of(row["properties"].get("period")))


def _item(row: Row, names: Any, wanted: TimelineFilter) -> dict[str, Any]:
    time = time_of(row)
    item = {
        "when": time.text,
        "at_value": _is_date(row),
        "starts": time.valid_from and time.valid_from.isoformat(),
        "ends": time.valid_to and time.valid_to.isoformat(),
        "open_start": time.bounds in (Bounds.OPEN_START, Bounds.OPEN),
        "open_end": time.bounds in (Bounds.OPEN_END, Bounds.OPEN),
        "uncertain": time.in_doubt,
        "undated": time.bounds is Bounds.UNKNOWN,
        "unknown_year": time.text is not None and time.bounds is Bounds.UNKNOWN,
        "roles": [] if wanted.entity is None else roles_of(row, wanted.entity),
        **detailed_view(row, names),
    }
    if wanted.time.as_of is not None:
        item["holds"] = period_of(row["properties"].get("period")).holds_on(wanted.time.as_of)
    return item
