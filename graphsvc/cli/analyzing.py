"""`graphsvc analyze`: a measure of the network, with all that is needed to find it again."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.files import opened, written_whole
from graphsvc.cli.messages import say, saying_when_compiled
from graphsvc.cli.options import LanguageOption, takes_network_filter
from graphsvc.cli.printing import printer
from graphsvc.cli.reading import json_or_text
from graphsvc.model.choices import Language, ResultFormat, RowFormat

if TYPE_CHECKING:
    from graphsvc.analysis.result import Result
    from graphsvc.model.network_filter import NetworkFilter
    from graphsvc.usecases.networks.request import AnalysisRequest

_LOOK_S = 0.1
_NOT_SHOWN = ("name_en",)


@dataclass(frozen=True)
class _Shown:
    """In which form, where."""

    form: ResultFormat
    output: str
    language: Language


@takes_network_filter
def analyze(
    metric: Annotated[
        str | None, typer.Argument(metavar="METRIC", help="A measure; --list shows all.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="A parameter of the measure."),
    ] = None,
    *,
    wanted: NetworkFilter,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn at random.")] = 0,
    top: Annotated[int | None, typer.Option(min=1, help="Only so many of the first rows.")] = None,
    form: Annotated[
        ResultFormat, typer.Option("--format", help="methods is a paragraph for a paper.")
    ] = ResultFormat.TABLE,
    output: Annotated[str, typer.Option("--output", "-o", help="A file, or - for stdout.")] = "-",
    lang: LanguageOption = Language.EN,
    listed: Annotated[bool, typer.Option("--list", help="Show all measures.")] = False,
    verify: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Compute a JSON result again, and compare."),
    ] = None,
) -> None:
    """Compute a measure on the network, or on a part of it."""
    if listed:
        _list()
        return
    if verify is not None:
        _verify(verify)
        return
    if metric is None:
        raise typer.BadParameter("name a measure, or --list", param_hint="METRIC")
    result = _computed(_question(metric, param or [], wanted, seed))
    _write(result.first(top), _Shown(form, output, lang))


def _list() -> None:
    from graphsvc.analysis.catalog import METRICS

    to = printer(RowFormat.TABLE, ("metric", "title", "title_ko", "cost", "parameters"), dict)
    for metric in METRICS.values():
        to.add(
            {
                "metric": metric.name,
                "title": metric.title,
                "title_ko": metric.title_ko,
                "cost": metric.cost,
                "parameters": ", ".join(metric.parameters.model_fields),
            }
        )
    to.end()


def _question(metric: str, given: list[str], wanted: NetworkFilter, seed: int) -> AnalysisRequest:
    from graphsvc.usecases.networks.request import AnalysisRequest

    parameters: dict[str, Any] = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair!r} is no NAME=VALUE", param_hint="--param")
        parameters[name] = json_or_text(text)
    return AnalysisRequest.of(metric, parameters, wanted, seed)


def _computed(question: AnalysisRequest) -> Result:
    """Compute in a thread, so that this one shows how far it is and hears Ctrl-C."""
    import threading

    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from graphsvc.analysis.interrupts import LEAVE_AFTER_S
    from graphsvc.analysis.progress import Progress

    progress = Progress()
    found: list[Any] = []
    thread = threading.Thread(target=_work, args=(question, progress, found), daemon=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(question.metric.title, total=1.0)
        thread.start()
        try:
            while thread.is_alive():
                bar.update(task, completed=progress.fraction)
                thread.join(_LOOK_S)
        except KeyboardInterrupt:
            progress.cancel()
            thread.join(LEAVE_AFTER_S)
            raise
    if isinstance(found[0], BaseException):
        raise found[0]
    result: Result = found[0]
    return result


def _work(question: AnalysisRequest, progress: Any, found: list[Any]) -> None:
    import asyncio

    from graphsvc.settings import load_settings
    from graphsvc.store.database import Database
    from graphsvc.usecases.networks.analyse import analyse

    async def work() -> Result:
        async with await Database.open(load_settings()) as database:
            return await analyse(database, question)

    with progress, saying_when_compiled(question.metric.name):
        try:
            found.append(asyncio.run(work()))
        except BaseException as error:
            found.append(error)


def _write(result: Result, shown: _Shown) -> None:
    if shown.form is ResultFormat.TABLE and shown.output == "-":
        _print(result)
        return
    if shown.form is ResultFormat.PARQUET and shown.output == "-" and sys.stdout.isatty():
        raise typer.BadParameter("parquet needs a file", param_hint="--output")
    content = _content(result, shown)
    with written_whole(shown.output) as out:
        out.write(content)


def _content(result: Result, shown: _Shown) -> bytes:
    from graphsvc.analysis.methods import methods
    from graphsvc.analysis.writing import as_parquet, csv_parts

    match shown.form:
        case ResultFormat.JSON:
            return result.to_json() + b"\n"
        case ResultFormat.METHODS:
            return methods(result, shown.language).encode()
        case ResultFormat.PARQUET:
            return as_parquet(result, result.columns)
    return b"".join(csv_parts(list(result.columns), result.rows()))


def _print(result: Result) -> None:
    names = tuple(name for name in result.columns if name not in _NOT_SHOWN)
    to = printer(RowFormat.TABLE, names, lambda row: {name: _short(row[name]) for name in names})
    for row in result.rows():
        to.add(row)
    to.end()
    graph = result.graph
    say(
        f"{graph['nodes']:,} nodes, {graph['edges']:,} edges; graph version {graph['version']},"
        f" network hash {graph['hash'][:12]}; seed {result.seed}."
    )
    if graph["left_out"]:
        say(f"{graph['left_out']:,} relationships without a weight by the rule were left out.")
    for warning in result.warnings:
        say(f"Warning: {warning['en']}")


def _short(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _verify(file: str) -> None:
    from graphsvc.analysis.result import Result, difference
    from graphsvc.usecases.networks.request import AnalysisRequest

    with opened(file) as source:
        theirs = Result.from_json(source.read())
    question = AnalysisRequest.of_plain(
        {name: getattr(theirs, name) for name in
         ("metric", "parameters", "filter", "seed", "engine")}
    )  # fmt: skip
    began = time.monotonic()
    ours = _computed(question).first(theirs.top)
    differs = difference(ours, theirs)
    if differs is None:
        say(f"equal: {len(ours):,} rows, computed again in {time.monotonic() - began:.1f} s.")
        if ours.graph["version"] != theirs.graph["version"]:
            say(
                f"The graph's version was {theirs.graph['version']} then, and is"
                f" {ours.graph['version']} now; the network is the same."
            )
        return
    near = difference(ours, theirs, tolerance=1e-9)
    say(f"different: {differs}" if near else f"equal to 1e-9, but not in every bit: {differs}")
    for name, now in ours.versions.items():
        then = theirs.versions.get(name)
        if then != now:
            say(f"{name} was {then} then, and is {now} now.")
    if near:
        raise typer.Exit(1)
