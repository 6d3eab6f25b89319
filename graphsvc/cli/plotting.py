"""`graphsvc plot`: a picture of a measure, or of the network."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.days import AsOfOption, read_day
from graphsvc.cli.files import written_whole
from graphsvc.cli.messages import say, waiting
from graphsvc.cli.printing import Language

if TYPE_CHECKING:
    from graphsvc.store.database import Database


class Picture(StrEnum):
    """What is drawn."""

    RANKS = "ranks"
    DEGREES = "degrees"
    KINDS = "kinds"
    COMMUNITIES = "communities"


def plot(
    picture: Annotated[
        Picture,
        typer.Argument(
            help="ranks of a measure, degrees (log-log), flow between kinds, communities."
        ),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .svg or .png file to write.")],
    metric: Annotated[
        str, typer.Option(help="Of ranks: a measure of nodes, or rank_stability.")
    ] = "pagerank",
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only this relationship type; repeatable.")
    ] = None,
    as_of: AsOfOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn at random.")] = 0,
    lang: Annotated[Language, typer.Option(help="Names; ko needs a Korean font.")] = Language.EN,
) -> None:
    """Draw ranks with intervals, the degree distribution, flows between kinds, or communities."""
    from graphsvc.settings import load_settings
    from graphsvc.usecases.network_filter import NetworkFilter

    form = file.rpartition(".")[2].lower()
    if form not in ("svg", "png"):
        raise typer.BadParameter("name a .svg or .png file", param_hint="FILE")
    wanted = NetworkFilter(types=tuple(types) if types else None, as_of=read_day(as_of))

    async def work(database: Database) -> bytes:
        return await _drawn(database, picture, metric, wanted, seed, form, lang.value)

    with waiting("Drawing ..."):
        content = with_database(load_settings(), work)
    with written_whole(file) as out:
        out.write(content)
    say(f"{file} was written.")


async def _drawn(
    database: Database, picture: Picture, metric: str, wanted: Any, seed: int, form: Any, lang: Any
) -> bytes:
    from graphsvc.analysis import pictures
    from graphsvc.store.state import require_ready
    from graphsvc.usecases.analysing import analyse
    from graphsvc.usecases.network import read_network
    from graphsvc.usecases.question import Question

    if picture is Picture.RANKS:
        result = await analyse(database, Question.of(metric, {}, wanted, seed))
        return pictures.ranks(result, form, lang)
    vocabulary = (await require_ready(database)).vocabulary()
    network = await read_network(database, vocabulary, wanted)
    if picture is Picture.DEGREES:
        return pictures.degree_distribution(network, form, lang)
    if picture is Picture.KINDS:
        names = {kind: getattr(vocabulary.kinds[kind].name, lang) for kind in vocabulary.kinds}
        return pictures.kind_flow(network, names, form, lang)
    result = await analyse(database, Question.of("louvain", {}, wanted, seed))
    return pictures.community_map(network, result, form, lang)
