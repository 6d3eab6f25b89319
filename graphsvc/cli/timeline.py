"""`graphsvc timeline` and `changes`: facts by their days, and what loads changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.options import AsOfOption, UndatedOption, read_day, read_option
from graphsvc.cli.printing import Row, RowFormatOption, printer
from graphsvc.cli.reading import FACT_COLUMNS, brief_fact
from graphsvc.model.choices import RowFormat, Undated

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphsvc.store.database import Database
    from graphsvc.store.state import GraphState
    from graphsvc.usecases.lists.pages import ListPage, Position

    NextPage = Callable[[Database, GraphState, Position | None], Awaitable[ListPage]]

_PAGE = 500
_TIME_COLUMNS = (
    *("when", "at_value", "starts", "ends", "open_start", "open_end"),
    *("uncertain", "undated", "unknown_year", "roles"),
)
_CHANGE_COLUMNS = ("what", "id", "how", "at", "graph_version", "fields", "before", "after")


def timeline(
    entity: Annotated[
        str | None, typer.Option(metavar="ID", help="The facts that name this thing.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(metavar="ID", help="The facts that this document states.")
    ] = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = Undated.INCLUDE,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Print the facts of a thing or a document by the days that they are about."""
    if (entity is None) == (document is None):
        raise typer.BadParameter("give one of --entity and --document", param_hint="--entity")
    day = read_day(as_of)
    beside: dict[str, Any] = {}

    async def page(database: Database, state: GraphState, start: Position | None) -> ListPage:
        from graphsvc.model.time_question import TimeQuestion
        from graphsvc.usecases.history.fact_carriers import facts_beside
        from graphsvc.usecases.history.timeline import TimelineFilter
        from graphsvc.usecases.history.timeline import timeline as read
        from graphsvc.usecases.lists.documents import require_document
        from graphsvc.usecases.lists.entities import require_entities

        if start is None:
            await require_entities(database, entity=entity)
            await require_document(database, document, "document")
            beside.update(await facts_beside(database) if entity else {})
        wanted = TimelineFilter(entity, document, TimeQuestion.of(day, undated))
        return await read(
            database, state.vocabulary(), wanted, beside=beside, start=start, limit=_PAGE
        )

    asked = () if day is None else ("holds",)
    _print_pages(chosen, (*FACT_COLUMNS, *_TIME_COLUMNS, *asked), _brief_item, page)


def _brief_item(item: Row) -> Row:
    brief = brief_fact(item)
    del brief["period"]
    return {"when": item["when"], **brief}


def changes(
    since: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="Only what changed after it (RFC 3339).")
    ] = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = Undated.INCLUDE,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Print what loads added, changed and retracted, oldest first."""
    from graphsvc.model.instant import parse_instant

    after, day = read_option("--since", since, parse_instant), read_day(as_of)

    async def page(database: Database, _: GraphState, start: Position | None) -> ListPage:
        from graphsvc.model.time_question import TimeQuestion
        from graphsvc.usecases.history.changes import changes as read

        time = TimeQuestion.of(day, undated)
        part, _loads = await read(database, since=after, time=time, start=start, limit=_PAGE)
        return part

    _print_pages(chosen, _CHANGE_COLUMNS, _brief_change, page)


def _brief_change(change: Row) -> Row:
    names = ("at", "graph_version", "what", "id", "how")
    return {**{name: change[name] for name in names}, "fields": ", ".join(change["fields"])}


def _print_pages(
    chosen: RowFormat, columns: tuple[str, ...], brief: Callable[[Row], Row], page: NextPage
) -> None:
    from graphsvc.settings import load_settings

    async def work(database: Database) -> None:
        from graphsvc.store.state import require_ready, require_unchanged

        state = await require_ready(database)
        to = printer(chosen, columns, brief)
        part = await page(database, state, None)
        while True:
            for item in part.items:
                to.add(item if chosen is RowFormat.TABLE else {c: item[c] for c in columns})
            if part.next is None:
                break
            part = await page(database, state, part.next)
        await require_unchanged(database, state)
        to.end()

    with_database(load_settings(), work)
