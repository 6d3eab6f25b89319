"""`graphsvc facts`, `entities`, `cypher` and `query`: rows out of the graph."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.messages import say
from graphsvc.cli.printing import Row, RowFormatOption, print_rows, printer
from graphsvc.model.choices import RowFormat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphsvc.settings import Settings
    from graphsvc.store.database import Database
    from graphsvc.store.statements.executor import StatementExecutor
    from graphsvc.store.statements.results import QueryResult

ENTITY_COLUMNS = ("id", "kind", "labels", "name", "name_en", "aliases")
FACT_COLUMNS = (
    *("id", "form", "subject", "object", "funders", "recipients", "program", "type", "metric"),
    *("value", "unit", "money", "modality", "basis", "stated_by", "role", "period"),
    *("valid_from", "valid_to", "period_bounds", "conflicts_with", "documents", "evidence"),
)

LimitOption = Annotated[int | None, typer.Option(min=1, help="Most rows; more are cut off.")]
TimeoutOption = Annotated[
    float | None, typer.Option(min=0.1, max=600, help="Seconds after which it is stopped.")
]
ParamOption = Annotated[
    list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="May be repeated.")
]


def facts(chosen: RowFormatOption = RowFormat.TABLE) -> None:
    """Print every fact that is held, with names, sum, period and evidence."""
    from graphsvc.settings import load_settings

    async def work(database: Database) -> None:
        from graphsvc.errors import StoreError
        from graphsvc.store import reading
        from graphsvc.store.state import require_ready, require_unchanged
        from graphsvc.usecases.lists.views import fact_view

        state = await require_ready(database)
        names = await reading.all_names(database)
        to = printer(chosen, FACT_COLUMNS, brief_fact)
        async for row in reading.carriers(database):
            try:
                to.add(fact_view(row, names))
            except (KeyError, ValueError):
                await require_unchanged(database, state)
                raise StoreError(
                    f"{row['properties'].get('id')!r} was not written by graphsvc.",
                    mend="Run `graphsvc doctor`.",
                ) from None
        await require_unchanged(database, state)
        to.end()

    with_database(load_settings(), work)


def brief_fact(fact: Row) -> Row:
    """The few columns of a fact that a table shows."""
    starts = [fact["subject"]] if fact["subject"] else fact["funders"]
    ends = [fact["object"]] if fact["object"] else fact["recipients"]
    return {
        "id": fact["id"],
        "from": _names(starts),
        "what": fact["type"] or fact["metric"] or "one sum to",
        "to": _names(ends or ([fact["program"]] if fact["form"] == "funding" else [])),
        "value": _brief_value(fact),
        "period": fact["period"],
        "basis": fact["basis"],
    }


def _names(entities: list[Row]) -> str:
    return ", ".join(entity["name"] for entity in entities)


def _brief_value(fact: Row) -> str:
    if money := fact["money"]:
        words = (money["qualifier"], f"{Decimal(money['amount']):,f}", money["currency"])
        return " ".join(word for word in words if word)
    value = fact["value"] if fact["value"] is not None else fact["role"]
    return " ".join(str(part) for part in (value, fact["unit"]) if part is not None)


def entities(chosen: RowFormatOption = RowFormat.TABLE) -> None:
    """Print every thing in the graph, with its kind and names."""
    from graphsvc.settings import load_settings

    async def work(database: Database) -> None:
        from graphsvc.model.vocabulary import ENTITY
        from graphsvc.store import walking
        from graphsvc.store.state import require_ready, require_unchanged

        state = await require_ready(database)
        vocabulary = state.vocabulary()
        to = printer(chosen, ENTITY_COLUMNS)
        async for row in walking.nodes_of(database, ENTITY):
            known = row["properties"]
            labels = list(vocabulary.labels(known["kind"]))
            view = {**known, "labels": labels, "aliases": list(known.get("aliases") or ())}
            to.add({column: view[column] for column in ENTITY_COLUMNS})
        await require_unchanged(database, state)
        to.end()

    with_database(load_settings(), work)


def cypher(
    statement: Annotated[str, typer.Argument(help="A Cypher statement that only reads.")],
    param: ParamOption = None,
    limit: LimitOption = None,
    timeout: TimeoutOption = None,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Run a read-only Cypher statement. A parameter's value is JSON, or else text."""
    from graphsvc.settings import load_settings

    values = {name: json_or_text(text) for name, text in pairs(param).items()}

    async def ask(statements: StatementExecutor) -> QueryResult:
        return await statements.query(statement, values, limit=limit, timeout_s=timeout)

    settings = load_settings()
    _print(_answer(settings, ask), chosen, settings)


def pairs(given: list[str] | None) -> dict[str, str]:
    """What --param options give, by name."""
    values = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"write NAME=VALUE, not {text!r}", param_hint="--param")
        values[name] = value
    return values


def json_or_text(text: str) -> Any:
    """A value as JSON has it, or the text where it is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _answer(
    settings: Settings, ask: Callable[[StatementExecutor], Awaitable[QueryResult]]
) -> QueryResult:
    """Ask a graph that is ready; what fails does so before anything is printed."""

    async def work(database: Database) -> QueryResult:
        from graphsvc.store.state import require_ready
        from graphsvc.store.statements.executor import StatementExecutor

        await require_ready(database)
        async with StatementExecutor(database) as statements:
            return await ask(statements)

    return with_database(settings, work)


def _print(result: QueryResult, chosen: RowFormat, settings: Settings) -> None:
    print_rows(chosen, result.columns, result.objects())
    if result.truncated:
        say(
            f"Cut off after {len(result.rows)} rows: there are more."
            f" (--limit; GRAPHSVC_MAX_ROWS is {settings.max_rows}.)"
        )


def query(
    name: Annotated[str | None, typer.Argument(help="A named query; see --list.")] = None,
    param: ParamOption = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="List the named queries and what they take.")
    ] = False,
    limit: LimitOption = None,
    timeout: TimeoutOption = None,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Run a named query: a .cypher file that came with graphsvc, or one of your own."""
    from graphsvc.settings import load_settings
    from graphsvc.usecases.about.named_queries import (
        ask,
        described,
        find_query,
        named_queries,
        resolve,
    )

    settings = load_settings()
    queries = named_queries(settings)
    if show_list:
        rows = map(_brief_query, map(described, queries.statements.values()))
        print_rows(chosen, ("name", "parameters", "why"), rows)
        return
    if name is None:
        raise typer.BadParameter("name a query, or say --list", param_hint="NAME")
    wanted, given = find_query(queries, name), pairs(param)
    wanted.bind(given)  # a slip of the pen is told before a database is started

    async def answer(statements: StatementExecutor) -> QueryResult:
        values, resolved = await resolve(statements.database, wanted, given)
        for each in resolved:
            say(f"{each.given!r} is {each.id}.")
        return await ask(statements, wanted, values, limit=limit, timeout_s=timeout)

    _print(_answer(settings, answer), chosen, settings)


def _brief_query(query: Row) -> Row:
    parameters = {
        parameter["name"]: parameter["type"]
        if parameter["required"]
        else f"{parameter['type']} = {json.dumps(parameter['default'], ensure_ascii=False)}"
        for parameter in query["parameters"]
    }
    return {"name": query["name"], "parameters": parameters, "why": query["why"]}
