"""`graphsvc export`: the graph, or a part of it, as a file for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.files import written_whole
from graphsvc.cli.messages import say, waiting
from graphsvc.cli.options import AsOfOption, UndatedOption, read_day, read_option
from graphsvc.cli.reading import ParamOption, pairs
from graphsvc.model.choices import ExportFormat, Undated

if TYPE_CHECKING:
    from graphsvc.settings import Settings
    from graphsvc.store.cypher_files import Statement
    from graphsvc.store.database import Database


def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file to write, or - for stdout.")],
    chosen: Annotated[
        ExportFormat, typer.Option("--format", help="How it is written; csv is a zip of tables.")
    ],
    entity: Annotated[
        str | None, typer.Option("--entity", metavar="ID", help="Only what is near this thing.")
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option(min=1, max=3, help="With --entity: how many relationships away; else 1."),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", metavar="NAME", help="Only what this named query's rows name."),
    ] = None,
    param: ParamOption = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = Undated.INCLUDE,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="INSTANT", help="What was held then (RFC 3339)."),
    ] = None,
) -> None:
    """Write the graph as GraphML, GEXF, JSON, CSV, JSON-LD or Cypher: all of it, or a part."""
    from graphsvc.model.instant import parse_instant
    from graphsvc.model.time_question import TimeQuestion
    from graphsvc.settings import load_settings
    from graphsvc.usecases.exporting.files import Wanted

    _refuse_contradictions(entity, depth, query, param)
    settings = load_settings()
    instant = read_option("--known-at", known_at, parse_instant)
    wanted = Wanted(
        chosen,
        entity=entity,
        depth=depth or 1,
        query=_named(settings, query),
        parameters=pairs(param),
        time=TimeQuestion.of(read_day(as_of), undated, instant),
    )

    async def work(database: Database) -> None:
        from contextlib import aclosing

        from graphsvc.store.statements.executor import StatementExecutor
        from graphsvc.usecases.exporting.files import export

        with waiting("Exporting ..."):
            async with StatementExecutor(database) as statements:
                found = await export(database, statements, wanted)
            async with aclosing(found.chunks) as chunks:
                with written_whole(file) as out:
                    async for chunk in chunks:
                        out.write(chunk)
        say(f"{found.part[0].upper()}{found.part[1:]} was exported.")

    with_database(settings, work)


def _refuse_contradictions(
    entity: str | None, depth: int | None, query: str | None, param: list[str] | None
) -> None:
    for wrong, text, hint in (
        (entity and query, "--entity and --query each choose a part: give one", "--query"),
        (depth and not entity, "says nothing without --entity", "--depth"),
        (param and not query, "says nothing without --query", "--param"),
    ):
        if wrong:
            raise typer.BadParameter(text, param_hint=hint)


def _named(settings: Settings, name: str | None) -> Statement | None:
    from graphsvc.usecases.about.named_queries import find_query, named_queries

    return None if name is None else find_query(named_queries(settings), name)
