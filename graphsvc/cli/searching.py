"""`graphsvc search`: things by what they are called."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.printing import Row, RowFormatOption, printer
from graphsvc.model.choices import RowFormat

if TYPE_CHECKING:
    from graphsvc.store.database import Database


class SearchMode(StrEnum):
    """How much is tried."""

    FULL = "full"
    PREFIX = "prefix"


def search(
    text: Annotated[str, typer.Argument(help="A name or part of one, in any spelling.")],
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only things of this kind, or below it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most rows.")] = 20,
    mode: Annotated[
        SearchMode, typer.Option(help="`prefix`: as if it were still being typed.")
    ] = SearchMode.FULL,
    chosen: RowFormatOption = RowFormat.TABLE,
) -> None:
    """Find things by what they are called, however it is spelt, abbreviated or typed."""
    from graphsvc.settings import load_settings
    from graphsvc.usecases.search.search import COLUMNS, MOST_CHARACTERS

    if not 1 <= len(text) <= MOST_CHARACTERS:
        raise typer.BadParameter(f"write 1 to {MOST_CHARACTERS} characters", param_hint="TEXT")

    async def work(database: Database) -> dict[str, Any]:
        from graphsvc.store.state import require_ready
        from graphsvc.usecases.search.search import name_index, search

        vocabulary = (await require_ready(database)).vocabulary()
        _require_kind(kind, vocabulary.kinds)
        index = await name_index(database)
        return await search(
            index,
            vocabulary,
            text,
            mode=mode.value,
            kinds=None if kind is None else [kind],
            limit=limit,
        )

    found = with_database(load_settings(), work)
    to = printer(chosen, COLUMNS, _brief)
    for row in found["items"]:
        to.add(row)
    to.end()


def _require_kind(kind: str | None, known: Any) -> None:
    if kind is None or kind in known:
        return
    from graphsvc.errors import InvalidInputError
    from graphsvc.model.spelling import nearest

    raise InvalidInputError(f"There is no kind {kind!r}.", mend=nearest(kind, known), field="kind")


def _brief(hit: Row) -> Row:
    return {name: hit[name] for name in ("id", "kind", "name", "matched", "match", "score")}
