"""`graphsvc paths`: how two things hang together."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.messages import say
from graphsvc.cli.options import (
    AsOfOption,
    LanguageOption,
    TypesOption,
    UndatedOption,
    read_day,
    several,
)
from graphsvc.cli.printing import Row, RowFormatOption, printer
from graphsvc.model.choices import Language, RowFormat, Undated

if TYPE_CHECKING:
    from graphsvc.store.database import Database

PATH_COLUMNS = ("hops", "cost", "nodes", "steps")


class _Way(StrEnum):
    ANY = "any"
    FORWARD = "forward"
    BACKWARD = "backward"


def paths(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Id of the first thing.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Id of the last thing.")],
    k: Annotated[int, typer.Option("-k", min=1, max=20, help="Most paths.")] = 3,
    max_hops: Annotated[int, typer.Option(min=1, max=6, help="Most steps of a path.")] = 4,
    types: TypesOption = None,
    direction: Annotated[
        _Way, typer.Option(help="forward: from subjects to objects, as money flows.")
    ] = _Way.ANY,
    avoid: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A thing that no path may go through; repeatable."),
    ] = None,
    hub_penalty: Annotated[
        float, typer.Option(min=0, max=10, help="What well-connected things cost, in hops.")
    ] = 0.0,
    as_of: AsOfOption = None,
    undated: UndatedOption = Undated.INCLUDE,
    lang: LanguageOption = Language.KO,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Print the shortest paths between two things, with every fact on the way."""
    from graphsvc.api.http.parameters import known_types
    from graphsvc.model.time_question import TimeQuestion
    from graphsvc.settings import load_settings
    from graphsvc.store.state import require_ready
    from graphsvc.usecases.connections.paths import PathRequest
    from graphsvc.usecases.connections.paths import paths as find

    day = read_day(as_of)

    async def work(database: Database) -> dict[str, Any]:
        vocabulary = (await require_ready(database)).vocabulary()
        asked = PathRequest(
            source=source,
            target=target,
            max_hops=max_hops,
            k=k,
            types=known_types(vocabulary, several(types)),
            direction=direction.value,
            avoid=several(avoid) or (),
            hub_penalty=hub_penalty,
            time=TimeQuestion.of(day, undated),
        )
        return await find(database, vocabulary, asked, lang)

    found = with_database(load_settings(), work)
    to = printer(chosen, PATH_COLUMNS, _brief_in_english if lang is Language.EN else _brief)
    for path in found["items"]:
        to.add(path)
    to.end()
    if found["truncated"]:
        say(f"Gave up at {found['searched_hops']} hops: there may be more. Narrow the search.")


def _brief(path: Row, name: str = "name") -> Row:
    readings = (fact["reading"] for step in path["steps"] for fact in step["facts"])
    return {
        "hops": path["hops"],
        "cost": f"{path['cost']:g}",
        "path": " - ".join(node[name] for node in path["nodes"]),
        "facts": "; ".join(dict.fromkeys(readings)),
    }


def _brief_in_english(path: Row) -> Row:
    return _brief(path, "name_en")
