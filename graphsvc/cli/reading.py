"""`graphsvc facts`, `entities`, `cypher` and `query`: rows out of the graph."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.messages import say
from graphsvc.cli.printing import Row, RowFormat, RowFormatOption, print_rows, printer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphsvc.settings import Settings
    from graphsvc.store.database import Database, QueryResult
    from graphsvc.store.state import GraphState
    from graphsvc.store.statements import Statement

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
        from graphsvc.store.state import require_ready
        from graphsvc.store.views import fact_view

        state = await require_ready(database)
        names = await reading.all_names(database)
        to = printer(chosen, FACT_COLUMNS, brief_fact)
        async for row in reading.carriers(database):
            try:
                to.add(fact_view(row, names))
            except (KeyError, ValueError):
                await refuse_change(database, state)
                raise StoreError(
                    f"{row['properties'].get('id')!r} was not written by graphsvc.",
                    mend="Run `graphsvc doctor`.",
                ) from None
        await refuse_change(database, state)
        to.end()

    with_database(load_settings(), work)


async def refuse_change(database: Database, before: GraphState) -> None:
    """Rows come from several statements: half of one version and half of the next are no answer."""
    from graphsvc.errors import StoreConflictError
    from graphsvc.store.state import read_state

    now = await read_state(database)
    if now is None or (now.version, now.phase) != (before.version, before.phase):
        raise StoreConflictError(
            "A load changed the graph while it was printed: what was printed is not whole.",
            mend="Run it again.",
        )


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
        from graphsvc.store.state import require_ready

        state = await require_ready(database)
        vocabulary = state.vocabulary()
        to = printer(chosen, ENTITY_COLUMNS)
        async for row in database.stream("read/dump_nodes", {"label": ENTITY}):
            known = row["properties"]
            labels = list(vocabulary.labels(known["kind"]))
            view = {**known, "labels": labels, "aliases": list(known.get("aliases") or ())}
            to.add({column: view[column] for column in ENTITY_COLUMNS})
        await refuse_change(database, state)
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

    values = {name: _json_or_text(text) for name, text in _pairs(param).items()}
    _answer(load_settings(), statement, values, limit, timeout, chosen)


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"write NAME=VALUE, not {text!r}", param_hint="--param")
        pairs[name] = value
    return pairs


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _answer(
    settings: Settings,
    statement: str,
    values: Mapping[str, Any],
    limit: int | None,
    timeout: float | None,
    chosen: RowFormat,
) -> None:
    """Run a statement through the guard; print only once it has succeeded as a whole."""

    async def work(database: Database) -> QueryResult:
        from graphsvc.store.state import require_ready

        await require_ready(database)
        return await database.query(statement, values, limit=limit, timeout_s=timeout)

    result = with_database(settings, work)
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
    from graphsvc.usecases.named_queries import named_queries

    settings = load_settings()
    queries = named_queries(settings)
    if show_list:
        print_rows(chosen, ("name", "parameters", "why"), map(_described, queries.values()))
        return
    if name is None:
        raise typer.BadParameter("name a query, or say --list", param_hint="NAME")
    chosen_query = queries.get(name) or _refuse_unknown(name, queries)
    values = chosen_query.bind(_pairs(param))
    seconds = timeout or chosen_query.timeout_s
    _answer(settings, chosen_query.text, values, limit, seconds, chosen)


def _described(statement: Statement) -> Row:
    from graphsvc.store.statements import REQUIRED

    parameters = {
        parameter.name: parameter.type
        if parameter.default is REQUIRED
        else f"{parameter.type} = {json.dumps(parameter.default, ensure_ascii=False)}"
        for parameter in statement.parameters
    }
    return {"name": statement.name, "parameters": parameters, "why": statement.why}


def _refuse_unknown(name: str, known: Mapping[str, Statement]) -> Statement:
    from graphsvc.errors import NotFoundError
    from graphsvc.model.spelling import did_you_mean

    mend = f"{did_you_mean(name, known)} `graphsvc query --list` shows all.".lstrip()
    raise NotFoundError(f"There is no query {name!r}.", mend=mend)
