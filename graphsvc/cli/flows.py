"""`graphsvc flows`: stated sums, added up between things, kinds, places or programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.options import AsOfOption, UndatedOption, read_day
from graphsvc.cli.printing import Row, RowFormatOption, printer
from graphsvc.model.choices import RowFormat, Undated

if TYPE_CHECKING:
    from graphsvc.store.database import Database

FLOW_COLUMNS = (
    *("id", "from", "to", "currency", "stage", "amount", "gross", "regrants", "net"),
    *("least", "most", "common", "about", "at_least", "at_most", "facts", "without_amount"),
)
_MOST_LISTED = 10
_HEDGES = ("about", "at_least", "at_most")


def flows(
    group_by: Annotated[
        str, typer.Option(help="Between what: entity, kind, place or program.")
    ] = "entity",
    payer: Annotated[
        str | None, typer.Option("--from", metavar="ID", help="Only what this thing pays.")
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--to", metavar="ID", help="Only what this thing gets.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option(help="announced, selected, budgeted or disbursed.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="national, local, private, mixed or unknown.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code, such as KRW.")] = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = Undated.INCLUDE,
    net: Annotated[
        bool, typer.Option("--net", help="Amounts without regrants, which pass on money.")
    ] = False,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Add up who pays how much to whom: each stated sum once, by currency and stage."""
    from graphsvc.model.money import CURRENCIES, MoneySource, Stage
    from graphsvc.model.time_question import TimeQuestion
    from graphsvc.settings import load_settings
    from graphsvc.usecases.money.groups import GroupBy
    from graphsvc.usecases.money.stated_sums import SumFilter

    day = read_day(as_of)
    _one_of(GroupBy, "--group-by", group_by)
    wanted = SumFilter(
        payer=payer,
        recipient=recipient,
        stage=_one_of(Stage, "--stage", stage),
        source=_one_of(MoneySource, "--source", source),
        currency=_one_of(CURRENCIES, "--currency", currency),
        time=TimeQuestion.of(day, undated),
    )

    async def work(database: Database) -> list[Row]:
        from graphsvc.store.state import require_ready, require_unchanged
        from graphsvc.usecases.lists.entities import require_entities
        from graphsvc.usecases.money.flows import flow_page
        from graphsvc.usecases.money.flows import flows as add_up

        state = await require_ready(database)
        vocabulary = state.vocabulary()
        found = await add_up(database, vocabulary, wanted, GroupBy(group_by), net=net)
        if not found.cells:
            ends: dict[str, Any] = {"--from": payer, "--to": recipient}
            await require_entities(database, **ends)
        cells = await flow_page(database, vocabulary, found, start=None, limit=None)
        await require_unchanged(database, state)
        return cells.items

    rows = with_database(load_settings(), work)
    to = printer(chosen, FLOW_COLUMNS if day is None else (*FLOW_COLUMNS, "holds"), _brief)
    for row in rows:
        to.add(row)
    to.end()


def _one_of(known: Iterable[str], option: str, given: str | None) -> str | None:
    names = sorted(known)
    if given is None or given in names:
        return given
    listed = ", ".join(names) if len(names) <= _MOST_LISTED else "the codes of ISO 4217"
    raise typer.BadParameter(f"{given!r} is none of {listed}", param_hint=option)


def _brief(row: Row) -> Row:
    hedges = (name for name in _HEDGES if row[name])
    amount = None if row["amount"] is None else f"{row['amount']} {row['currency']}"
    return {
        "from": _named(row["from"]),
        "to": _named(row["to"]),
        "amount": amount,
        "hedged": " ".join(hedges),
        "stage": row["stage"],
        "facts": " ".join(row["facts"]),
    }


def _named(group: Row) -> str:
    names = ("(unknown)" if each is None else each["name"] for each in group["members"])
    return " + ".join(names) or "(unstated)"
