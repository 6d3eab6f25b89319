"""`graphsvc plot`: the picture of a measure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from graphsvc.cli.connecting import with_database
from graphsvc.cli.files import written_whole
from graphsvc.cli.messages import say, saying_when_compiled, waiting
from graphsvc.cli.options import LanguageOption, takes_network_filter
from graphsvc.model.choices import Language, PictureFormat

if TYPE_CHECKING:
    from graphsvc.model.network_filter import NetworkFilter
    from graphsvc.store.database import Database
    from graphsvc.usecases.networks.request import AnalysisRequest


class Picture(StrEnum):
    """What is drawn."""

    RANKS = "ranks"
    DEGREES = "degrees"
    KINDS = "kinds"
    COMMUNITIES = "communities"


_MEASURED = {
    Picture.RANKS: "pagerank",
    Picture.DEGREES: "degree_distribution",
    Picture.KINDS: "kind_flow",
    Picture.COMMUNITIES: "louvain",
}


@takes_network_filter
def plot(
    picture: Annotated[
        Picture,
        typer.Argument(
            help="ranks of a measure, degrees (log-log), flow between kinds, communities."
        ),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .svg or .png file to write.")],
    metric: Annotated[
        str | None,
        typer.Option(
            help="Of ranks: a measure of nodes, pagerank without it. Of communities: louvain"
            " without it, leiden, components or strong_components.",
            show_default=False,
        ),
    ] = None,
    *,
    wanted: NetworkFilter,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn at random.")] = 0,
    lang: LanguageOption = Language.EN,
) -> None:
    """Draw ranks with intervals, the degree distribution, flows between kinds, or communities.

    Korean names need a font that has them.
    """
    from graphsvc.settings import load_settings
    from graphsvc.usecases.networks.request import AnalysisRequest

    form = file.rpartition(".")[2].lower()
    if form not in list(PictureFormat):
        raise typer.BadParameter("name a .svg or .png file", param_hint="FILE")
    question = AnalysisRequest.of(metric or _MEASURED[picture], {}, wanted, seed)
    _require_picture(question, picture)

    async def work(database: Database) -> bytes:
        return await _drawn(database, question, PictureFormat(form), lang)

    with waiting("Drawing ..."):
        content = with_database(load_settings(), work)
    with written_whole(file) as out:
        out.write(content)
    say(f"{file} was written.")


def _require_picture(question: AnalysisRequest, picture: Picture) -> None:
    from graphsvc.analysis.catalog import METRICS

    if question.metric.picture != picture.value:
        fit = ", ".join(name for name, each in METRICS.items() if each.picture == picture.value)
        raise typer.BadParameter(
            f"{question.metric.name} is not drawn as {picture.value}; these are: {fit}",
            param_hint="--metric",
        )


async def _drawn(
    database: Database, question: AnalysisRequest, form: PictureFormat, lang: Language
) -> bytes:
    from graphsvc.analysis import pictures
    from graphsvc.store.state import require_ready
    from graphsvc.usecases.networks.analyse import analyse

    vocabulary = (await require_ready(database)).vocabulary()
    with saying_when_compiled(question.metric.name):
        result = await analyse(database, question)
    return pictures.drawn(result, form, lang, kinds=vocabulary.kind_names(lang))
