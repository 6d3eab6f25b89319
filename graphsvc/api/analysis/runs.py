"""Network measures as runs: what there is, starting, watching and ending one, and its result."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, JsonValue

from graphsvc.analysis.result import Result
from graphsvc.api.analysis.requests import RunRequest
from graphsvc.api.http.answers import Closed, InstantText
from graphsvc.api.http.bodies import read_as, request_body
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep, live_graph_of
from graphsvc.api.http.parameters import (
    EndpointParameters,
    PageParameters,
    no_parameters,
)
from graphsvc.api.http.problems import PROBLEM_TYPES, problem_described
from graphsvc.api.http.proxies import path_for_clients
from graphsvc.api.http.responses import Walk
from graphsvc.api.http.routes import ReadRoute
from graphsvc.errors import InvalidInputError
from graphsvc.model.instant import instant_text
from graphsvc.model.json_numbers import json_bytes
from graphsvc.model.network_filter import NetworkFilter, check_filter
from graphsvc.usecases.lists.pages import ListPage, Position
from graphsvc.usecases.networks.request import AnalysisRequest
from graphsvc.usecases.runs.progress_table import Run
from graphsvc.usecases.runs.results import StoredResult
from graphsvc.usecases.runs.runs import Runs

router = APIRouter(tags=["Analysis"], route_class=ReadRoute)

_SMALL_S = 2.0
"""What is expected to take no longer is waited for."""

_WAIT_S = 8.0
_PROMPT = "respond-async"
_TOP = 10
NO_STORE = {"Cache-Control": "no-store"}
"""A run is no function of the graph's version: its answers carry no tag and are never kept."""


class RunProblem(Closed):
    """What went wrong, as problem details have it."""

    type: str
    detail: str
    mend: str
    field: str | None


class AnalysedGraph(Closed):
    """The network that was computed on."""

    version: int
    hash: str = Field(description="The `network_hash`, by its former name.")
    network_hash: str = Field(
        "",
        description="SHA-256 of all that a measure can see: nodes, kinds and each relationship; not"
        " the `graph_hash` of the graph made from it. With `before`: two, joined by a colon.",
    )
    nodes: int
    edges: int
    left_out: int = Field(description="Relationships without a weight by the rule.")


class AnalysisWarning(Closed):
    """What a reader of the numbers has to know, in both languages."""

    en: str
    ko: str


class Provenance(Closed):
    """What is needed to find the numbers again."""

    graph: AnalysedGraph
    versions: dict[str, str]
    started_at: InstantText
    finished_at: InstantText
    definition: str
    reference: str
    method: int = Field(
        1, description="Version of how the measure is computed; others' numbers mean another thing."
    )
    counts: dict[str, int] = Field(
        {}, description="What the numbers rest on: of rank_stability documents, facts, resamples."
    )
    warnings: list[AnalysisWarning] = Field([], description="What the numbers do not bear.")


class AnalysisRun(Closed):
    """A run of a measure."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
    metric: str
    parameters: dict[str, JsonValue] = Field(description="All of them, defaults too.")
    filter: dict[str, JsonValue] = Field(description="All of it, defaults too.")
    seed: int
    engine: str
    graph_version: int = Field(description="The load that made the graph when it was asked.")
    created_at: InstantText
    started_at: InstantText | None
    ended_at: InstantText | None
    done: float = Field(description="Share of the stage at work that is done, 0 to 1.")
    seconds_left: float | None = Field(description="By its pace so far.")
    problem: RunProblem | None


class AnalysisRunDetail(AnalysisRun):
    """A run, and where it is done its first rows."""

    provenance: Provenance | None
    total: int | None = Field(description="How many rows the result has.")
    top: list[dict[str, JsonValue]] = Field(description="The first ten rows of the result.")


class RunPage(Closed):
    """A page of the list of runs, the newest first."""

    items: list[AnalysisRun]
    next_cursor: str | None
    total: int | None
    graph_version: int


def runs_of(request: Request) -> Runs:
    """The runs of the application."""
    return cast("Runs", request.app.state.runs)


async def _graph_now(request: Request) -> GraphVersion:
    return await live_graph_of(request.scope).now()


@router.post(
    "/analysis/runs",
    response_model=AnalysisRunDetail,
    summary="Compute a measure · 지표 계산",
    responses={
        202: {"model": AnalysisRunDetail, "description": "It waits or runs."},
        429: problem_described("As many analyses wait as may"),
    },
    dependencies=[Depends(no_parameters)],
    openapi_extra=request_body(RunRequest.model_json_schema()),
)
async def start_run(
    request: Request,
    asked: Annotated[RunRequest, Depends(read_as(RunRequest))],
    at: Annotated[GraphVersion, Depends(_graph_now)],
) -> Response:
    """Compute a measure on the network, or on a part of it.

    Answered at once (200) where the same was computed before, or the graph is small; else with
    202 and the run's address in `Location`: it goes on in a process of its own. With the header
    `Prefer: respond-async` nothing is waited for. A measure that is
    not defined for what the filter leaves, or does not converge, is a run that `failed`, with the
    reason in `problem`. A run that is `interrupted` (its process was killed, or the service
    restarted) is started again by asking again.
    """
    question = AnalysisRequest.of(
        asked.metric,
        dict(asked.parameters),
        _filter(asked).settled(at.vocabulary),
        asked.seed,
        asked.engine,
    )
    check_filter(at.vocabulary, question.filter)
    runs = runs_of(request)
    run = await runs.start(question, at.state)
    prompt = _wants_no_waiting(request)
    if (
        run.live
        and not prompt
        and question.seconds(at.state.entities, 2 * at.state.facts) < _SMALL_S
    ):
        run = await runs.wait(run, _WAIT_S)
    response = await _detail(runs, run)
    if prompt:
        response.headers["Preference-Applied"] = _PROMPT
    return response


def _wants_no_waiting(request: Request) -> bool:
    """Whether `Prefer: respond-async` is among the preferences (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(text.partition(";")[0].strip().lower() == _PROMPT for text in preferences)


def _filter(asked: RunRequest) -> NetworkFilter:
    given = asked.filter.model_dump()
    inside = given.pop("as_of")
    if None not in (inside, asked.as_of) and inside != asked.as_of:
        raise InvalidInputError(
            f"as_of is {asked.as_of}, and filter.as_of is {inside}.",
            mend="Give one of them, or both the same.",
            field="filter.as_of",
        )
    return NetworkFilter(**given, as_of=asked.as_of or inside)


class RunListParameters(PageParameters):
    """Which page."""


@router.get("/analysis/runs", response_model=RunPage, summary="Runs · 계산 목록")
async def list_runs(
    request: Request, at: GraphVersionDep, query: Annotated[RunListParameters, Query()]
) -> Response:
    """Runs of all workers of the service, the newest first."""
    walk = Walk.of(request, query, int)
    below = walk.start.after[0] if walk.start else None
    found = await runs_of(request).newest(below, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    following = Position((page[-1].place,), None) if more else None
    response = walk.answer(at, ListPage([_view(run) for run in page], following, None))
    response.headers.update(NO_STORE)
    return response


@router.get("/analysis/runs/{id}", response_model=AnalysisRunDetail, summary="One run · 계산 상태")
async def get_run(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    _: Annotated[EndpointParameters, Query()],
) -> Response:
    """How far a run is, when it will be done by its pace so far, and its first rows when it is.

    `latest` stands for the id of the newest run, here and below.
    """
    runs = runs_of(request)
    response = await _detail(runs, await runs.run(id))
    response.status_code = 200
    return response


@router.delete(
    "/analysis/runs/{id}",
    response_model=AnalysisRunDetail,
    summary="End a run · 계산 중단",
    dependencies=[Depends(no_parameters)],
)
async def cancel_run(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
) -> Response:
    """End a run, and forget it; one that has ended before is forgotten.

    Its process ends within a moment. What was computed stays known to whoever asks the same again.
    """
    runs = runs_of(request)
    return await _detail(runs, await runs.cancel(id))


async def _detail(runs: Runs, run: Run) -> Response:
    kept = await runs.result(run)
    content = _view(run) | await asyncio.to_thread(_beginning, kept)
    headers = {**NO_STORE}
    if run.live:
        headers |= {"Location": path_for_clients(f"/v1/analysis/runs/{run.id}"), "Retry-After": "1"}
    return Response(
        json_bytes(content),
        status_code=202 if run.live else 200,
        media_type="application/json",
        headers=headers,
    )


def _beginning(kept: StoredResult | None) -> dict[str, Any]:
    if kept is None:
        return {"provenance": None, "total": None, "top": []}
    return {
        "provenance": provenance(kept.result),
        "total": kept.total(),
        "top": list(kept.rows(0, _TOP)),
    }


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


def provenance(result: Result) -> dict[str, Any]:
    """What is needed to find a result's numbers again, but for the question."""
    names = (
        *("graph", "versions", "started_at", "finished_at", "definition", "reference"),
        *("method", "counts", "warnings"),
    )
    return {name: getattr(result, name) for name in names}


def _instant(seconds: float | None) -> str | None:
    return None if seconds is None else instant_text(datetime.fromtimestamp(seconds, UTC))
