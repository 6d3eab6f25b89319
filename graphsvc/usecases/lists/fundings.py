"""Fundings: sums that several pay or get, or whose payer no source names."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from graphsvc.model.period import period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.store.database import Database
from graphsvc.store.reading import names_of
from graphsvc.usecases.lists.pages import ListPage, Position, bound, cut, total_of
from graphsvc.usecases.lists.relationships import Sort
from graphsvc.usecases.lists.views import detailed_view, named_in


@dataclass(frozen=True)
class FundingFilter:
    """Which fundings are meant; what is None does not matter."""

    funder: str | None = None
    recipient: str | None = None
    program: str | None = None
    min_amount_krw: int | None = None
    max_amount_krw: int | None = None
    time: TimeQuestion = ANY_TIME


async def fundings(
    database: Database, wanted: FundingFilter, *, sort: Sort, start: Position | None, limit: int
) -> ListPage:
    """One page, largest sort key first, ties in the order of ids; sorted as relationships are."""
    fragment = database.catalog.fragment
    slots = {"filter": fragment("funding_filter"), "holds": fragment("holds")}
    after_key, after_id = start.after if start else (None, None)
    rows = await database.read(
        "read/lists/fundings",
        {**slots, "key": fragment(f"{sort}_key")},
        **bound(wanted),
        after_key=after_key,
        after_id=after_id,
        limit=limit + 1,
    )
    page, more = cut(rows, limit)

    async def count() -> int:
        counted = await database.read("read/lists/funding_count", slots, **bound(wanted))
        return int(counted[0]["total"])

    names, total = await asyncio.gather(
        names_of(database, named_in(page)), total_of(start, rows, limit, count)
    )
    items = [detailed_view(row, names) for row in page]
    if wanted.time.as_of is not None:
        for item in items:
            item["holds"] = period_of(item["period"]).holds_on(wanted.time.as_of)
    keys = (page[-1]["key"], page[-1]["properties"]["id"]) if more else ()
    return ListPage(items, Position(keys, total) if more else None, total)
