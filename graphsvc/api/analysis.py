"""Network measures as runs: what there is, starting, watching and ending one, and its result."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from graphsvc.analysis.methods import methods
from graphsvc.analysis.result import Result
from graphsvc.analysis.writing import as_csv, as_parquet
from graphsvc.api.analysis_models import (
    AnalysisRunDetail,
    Catalog,
    ResultPage,
    RunPage,
    RunRequest,
    metric_descriptions,
)
from graphsvc.api.bodies import read_as, request_body
from graphsvc.api.graph import AtVersion, GraphVersion, graph_of
from graphsvc.api.lists import Walk, answer
from graphsvc.api.parameters import (
    KindName,
    Language,
    PageParameters,
    Parameters,
    WholeNumber,
    no_parameters,
)
from graphsvc.api.problems import PROBLEM_TYPES
from graphsvc.api.routes import ReadRoute
from graphsvc.errors import InvalidInputError, NotFoundError
from graphsvc.usecases.network_filter import NetworkFilter, check_filter
from graphsvc.usecases.pages import Part, Position
from graphsvc.usecases.question import Question
from graphsvc.usecases.runs.running import Runs
from graphsvc.usecases.runs.table import Run

router = APIRouter(tags=["Analysis · 분석"], route_class=ReadRoute)

_SMALL_S = 2.0
"""What is expected to take no longer is waited for."""

_WAIT_S = 8.0
_TOP = 10
_NO_STORE = {"Cache-Control": "no-store"}
CSV, PARQUET, TEXT = "text/csv", "application/vnd.apache.parquet", "text/plain"
_PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def runs_of(request: Request) -> Runs:
    """The runs of the application."""
    return cast("Runs", request.app.state.runs)


@router.get("/analysis", response_model=Catalog, summary="Measures of networks · 네트워크 지표")
async def list_metrics(at: AtVersion, _: Annotated[Parameters, Query()]) -> Response:
    """Every measure with its parameters (JSON Schema), definition, reference and cost."""
    items = metric_descriptions()
    return answer(at, {"items": items, "total": len(items)})


async def _graph_now(request: Request) -> GraphVersion:
    return await graph_of(request.scope).now()


@router.post(
    "/analysis/runs",
    response_model=AnalysisRunDetail,
    summary="Compute a measure · 지표 계산",
    responses={202: {"model": AnalysisRunDetail, "description": "It waits or runs."}},
    dependencies=[Depends(no_parameters)],
    openapi_extra=request_body(RunRequest),
)
async def start_run(
    request: Request,
    asked: Annotated[RunRequest, Depends(read_as(RunRequest))],
    at: Annotated[GraphVersion, Depends(_graph_now)],
) -> Response:
    """Compute a measure on the network, or on a part of it.

    Answered at once (200) where the same was computed before, or the graph is small; else with
    202 and the run's address in `Location`: it goes on in a process of its own. A measure that is
    not defined for what the filter leaves, or does not converge, is a run that `failed`, with the
    reason in `problem`. A run that is `interrupted` (its process was killed, or the service
    restarted) is started again by asking again.
    """
    question = Question.of(
        asked.metric, dict(asked.parameters), _filter(asked), asked.seed, asked.engine
    )
    check_filter(at.vocabulary, question.filter)
    runs = runs_of(request)
    run = await runs.start(question, at.state)
    if run.live and question.metric.seconds(at.state.entities, 2 * at.state.facts) < _SMALL_S:
        run = await runs.wait(run.id, _WAIT_S)
    return await _detail(runs, run)


def _filter(asked: RunRequest) -> NetworkFilter:
    values = asked.filter.model_dump()
    for name in ("types", "kinds"):
        values[name] = None if values[name] is None else tuple(values[name])
    return NetworkFilter(**values, as_of=_day(asked.as_of))


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(
            f"as_of {text} is no day.", mend="Write it like 2024-05-21.", field="as_of"
        ) from None


class RunListParameters(PageParameters):
    """Which page."""


@router.get("/analysis/runs", response_model=RunPage, summary="Runs · 계산 목록")
async def list_runs(
    request: Request, at: AtVersion, query: Annotated[RunListParameters, Query()]
) -> Response:
    """Runs of all workers of the service, the newest first."""
    walk = Walk.of(request, query, int)
    below = walk.start.after[0] if walk.start else None
    found = runs_of(request).table.newest(below, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    following = Position((page[-1].place,), None) if more else None
    response = walk.answer(at, Part([_view(run) for run in page], following, None))
    response.headers.update(_NO_STORE)
    return response


@router.get("/analysis/runs/{id}", response_model=AnalysisRunDetail, summary="One run · 계산 상태")
async def show_run(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    _: Annotated[Parameters, Query()],
) -> Response:
    """How far a run is, when it will be done by its pace so far, and its first rows when it is.

    `latest` stands for the id of the newest run, here and below.
    """
    runs = runs_of(request)
    response = await _detail(runs, runs.run(id))
    response.status_code = 200
    return response


@router.delete(
    "/analysis/runs/{id}",
    response_model=AnalysisRunDetail,
    summary="End a run · 계산 중단",
    responses={202: {"model": AnalysisRunDetail, "description": "It ends within a moment."}},
    dependencies=[Depends(no_parameters)],
)
async def cancel_run(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
) -> Response:
    """Ask a run to end; one that has ended stays as it is."""
    runs = runs_of(request)
    return await _detail(runs, runs.cancel(id))


class ResultParameters(PageParameters):
    """Which rows, in which form."""

    top: Annotated[
        WholeNumber | None, Field(ge=1, le=1_000_000, description="Only so many of the first.")
    ] = None
    kind: Annotated[KindName | None, Field(description="Only nodes of this kind.")] = None
    format: Annotated[
        Literal["json", "csv", "parquet", "methods", "svg", "png"],
        Field(
            description="`csv` and `parquet` hold all rows; `methods` is a paragraph for a paper;"
            " `svg` and `png` are pictures of the first thirty."
        ),
    ] = "json"
    lang: Annotated[Language, Field(description="Of `methods` and of the names in pictures.")] = (
        Language.EN
    )


@router.get(
    "/analysis/runs/{id}/result",
    response_model=ResultPage,
    summary="Result of a run · 계산 결과",
    responses={
        200: {
            "content": {
                media_type: {"schema": {"type": "string"}}
                for media_type in (CSV, PARQUET, TEXT, *_PICTURES.values())
            }
        }
    },
)
async def show_result(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: AtVersion,
    query: Annotated[ResultParameters, Query()],
) -> Response:
    """The rows of a result, the largest value first, with kind and names beside each node."""
    walk = Walk.of(request, query, int)
    runs = runs_of(request)
    run = runs.run(id)
    result = await runs.result(run)
    if result is None:
        raise _no_result(run)
    rows = result.rows()
    if query.kind is not None:
        rows = [row for row in rows if row.get("kind") == query.kind]
    rows = rows[: query.top]
    if query.format != "json":
        return _file(result, rows, query)
    begin = walk.start.after[0] if walk.start else 0
    page = rows[begin : begin + query.limit]
    more = begin + query.limit < len(rows)
    following = Position((begin + query.limit,), None) if more else None
    response = walk.answer(at, Part(page, following, len(rows)), provenance=_provenance(result))
    response.headers.update(_NO_STORE)
    return response


def _no_result(run: Run) -> NotFoundError:
    said = {
        "done": "was thrown away to make room; ask for it again",
        "failed": f"failed: {(run.problem or {}).get('detail', '')}",
    }.get(run.state, f"is {run.state}")
    return NotFoundError(
        f"Run {run.id} has no result: it {said}.", mend="Look at the run, or start it again."
    )


def _file(result: Result, rows: list[dict[str, Any]], query: ResultParameters) -> Response:
    if query.format == "methods":
        return Response(methods(result, query.lang.value), media_type=TEXT, headers=_NO_STORE)
    if query.format in _PICTURES:
        picture = _picture(result, query)
        return Response(picture, media_type=_PICTURES[query.format], headers=_NO_STORE)
    content = as_csv(result, rows) if query.format == "csv" else as_parquet(result, rows)
    name = f'attachment; filename="{result.metric}.{query.format}"'
    media_type = CSV if query.format == "csv" else PARQUET
    return Response(
        content, media_type=media_type, headers={**_NO_STORE, "Content-Disposition": name}
    )


def _picture(result: Result, query: ResultParameters) -> bytes:
    # It takes seconds to import, and most services are never asked for pictures.
    from graphsvc.analysis import pictures

    form: Any = query.format
    return pictures.ranks(result, form, query.lang.value)


async def _detail(runs: Runs, run: Run) -> Response:
    result = await runs.result(run)
    content = {
        **_view(run),
        "provenance": None if result is None else _provenance(result),
        "total": None if result is None else len(result),
        "top": [] if result is None else result.rows(0, _TOP),
    }
    headers = {**_NO_STORE}
    if run.live:
        headers |= {"Location": f"/v1/analysis/runs/{run.id}", "Retry-After": "1"}
    return Response(
        to_json(content, inf_nan_mode="null"),
        status_code=202 if run.live else 200,
        media_type="application/json",
        headers=headers,
    )


def _view(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "state": run.state,
        **run.question,
        "graph_version": run.graph_version,
        "created_at": _instant(run.created_at),
        "started_at": _instant(run.began_at),
        "ended_at": _instant(run.ended_at),
        "done": round(run.done, 4),
        "seconds_left": None if run.seconds_left is None else round(run.seconds_left, 1),
        "problem": None if run.problem is None else _problem(run.problem),
    }


def _problem(problem: dict[str, Any]) -> dict[str, Any]:
    kind = PROBLEM_TYPES.get(problem["slug"], PROBLEM_TYPES["internal"])
    return {
        "type": kind.uri,
        "detail": problem["detail"],
        "mend": problem["mend"],
        "field": problem.get("field"),
    }


def _provenance(result: Result) -> dict[str, Any]:
    names = ("graph", "versions", "started_at", "finished_at", "definition", "reference")
    return {name: getattr(result, name) for name in names}


def _instant(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
