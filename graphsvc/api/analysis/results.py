"""The result of a run: page by page, as a table or a picture, or as a paragraph for a paper."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import Field, JsonValue

from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.methods import methods
from graphsvc.analysis.result import Result
from graphsvc.analysis.writing import as_parquet, csv_parts
from graphsvc.api.analysis.runs import NO_STORE, Provenance, provenance, runs_of
from graphsvc.api.http.answers import Closed
from graphsvc.api.http.head import headers_only, nothing
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep
from graphsvc.api.http.parameters import (
    EndpointParameters,
    KindNames,
    PageParameters,
    WholeNumber,
    known_kinds,
)
from graphsvc.api.http.proxies import path_for_clients
from graphsvc.api.http.responses import Walk, file_described
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.http.short_items import require_columns
from graphsvc.errors import InvalidInputError, NotFoundError
from graphsvc.model.choices import Language
from graphsvc.usecases.lists.pages import ListPage, Position
from graphsvc.usecases.runs.progress_table import Run
from graphsvc.usecases.runs.results import StoredResult

router = APIRouter(tags=["Analysis"], route_class=ReadRoute)

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
_PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
_TABLES = {"csv": CSV, "parquet": PARQUET}


class ResultPage(Closed):
    """A page of a result."""

    items: list[dict[str, JsonValue]]
    next_cursor: str | None
    total: int | None
    graph_version: int = Field(description="The load that made the graph it was computed on.")
    provenance: Provenance


class RowParameters(EndpointParameters):
    """Which rows."""

    top: Annotated[
        WholeNumber | None, Field(ge=1, le=1_000_000, description="Only so many of the first.")
    ] = None
    kind: Annotated[
        KindNames, Field(description="Only nodes of these kinds, or of those below them.")
    ] = None


class ResultParameters(PageParameters, RowParameters):
    """Which rows, page by page."""


@router.get(
    "/analysis/runs/{id}/result",
    response_model=ResultPage,
    summary="Result of a run · 계산 결과",
)
async def get_run_result(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[ResultParameters, Query()],
) -> Response:
    """The rows of a result, the largest value first, with kind and names beside each node."""
    walk = Walk.of(request, query, int)
    _, kept = await _kept(request, id)
    kinds = _kinds(at, kept.result, query.kind)
    return await asyncio.to_thread(_page, walk, at, kept, query, kinds)


class TableParameters(RowParameters):
    """Which rows, in which kind of file."""

    format: Annotated[Literal["csv", "parquet"], Field(description="The kind of file.")] = "csv"


@router.get(
    "/analysis/runs/{id}/table",
    response_class=Response,
    summary="Result of a run, as a table · 계산 결과 표",
    responses={200: file_described(CSV, PARQUET)},
)
async def get_run_table(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[TableParameters, Query()],
) -> Response:
    """All rows of a result as one file, in the order and with the columns of `/result`."""
    run, kept = await _kept(request, id)
    result, kinds = kept.result, _kinds(at, kept.result, query.kind)
    headers = {**_beside(run), **_called("attachment", result, query.format)}
    if headers_only(request):
        return StreamingResponse(nothing(), media_type=_TABLES[query.format], headers=headers)
    if query.format == "parquet":
        content = await asyncio.to_thread(
            lambda: as_parquet(result, kept.columns(query.top, kinds))
        )
        return Response(content, media_type=PARQUET, headers=headers)
    parts = csv_parts(list(result.columns), kept.rows(0, query.top, kinds))
    return StreamingResponse(parts, media_type=CSV, headers=headers)


class PictureParameters(RowParameters):
    """Of what the picture is, and how it is drawn."""

    format: Annotated[Literal["svg", "png"], Field(description="The kind of file.")] = "svg"
    lang: Annotated[Language, Field(description="Of the names in it.")] = Language.EN


@router.get(
    "/analysis/runs/{id}/picture",
    response_class=Response,
    summary="Result of a run, as a picture · 계산 결과 그림",
    responses={200: file_described(*_PICTURES.values())},
)
async def get_run_picture(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[PictureParameters, Query()],
) -> Response:
    """The picture that the measure has (`GET /v1/analysis`): of ranks, the first thirty."""
    run, kept = await _kept(request, id)
    kinds = _kinds(at, kept.result, query.kind)
    headers = {**_beside(run), **_called("inline", kept.result, query.format)}
    if headers_only(request):
        return StreamingResponse(nothing(), media_type=_PICTURES[query.format], headers=headers)
    picture = await asyncio.to_thread(_picture, at, kept, query, kinds)
    return Response(picture, media_type=_PICTURES[query.format], headers=headers)


class MethodsParameters(EndpointParameters):
    """In which language."""

    lang: Annotated[Language, Field(description="Of the paragraph.")] = Language.EN


@router.get(
    "/analysis/runs/{id}/methods",
    response_class=PlainTextResponse,
    summary="How a run computed, as a paragraph · 계산 방법",
)
async def get_run_methods(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    query: Annotated[MethodsParameters, Query()],
) -> Response:
    """A paragraph for a paper: what was computed, on which graph, with what."""
    run, kept = await _kept(request, id)
    return PlainTextResponse(methods(kept.result, query.lang), headers=_beside(run))


async def _kept(request: Request, id_: str) -> tuple[Run, StoredResult]:
    """A run and its result.

    Raises
    ------
    NotFoundError
        When there is no such run, or it has no result.
    """
    runs = runs_of(request)
    run = await runs.run(id_)
    kept = await runs.result(run)
    if kept is None:
        raise _no_result(run)
    return run, kept


def _beside(run: Run) -> dict[str, str]:
    about = path_for_clients(f"/v1/analysis/runs/{run.id}")
    return {**NO_STORE, "Link": f'<{about}>; rel="describedby"'}


def _called(how: str, result: Result, suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'{how}; filename="{result.metric}.{suffix}"'}


def _no_result(run: Run) -> NotFoundError:
    said = {
        "done": "was thrown away to make room; ask for it again",
        "failed": f"failed: {(run.problem or {}).get('detail', '')}",
    }.get(run.state, f"is {run.state}")
    return NotFoundError(
        f"Run {run.id} has no result: it {said}.", mend="Look at the run, or start it again."
    )


def _picture(
    at: GraphVersion, kept: StoredResult, query: PictureParameters, only: list[str] | None
) -> bytes:
    # It takes seconds to import, and most services are never asked for pictures.
    from graphsvc.analysis import pictures

    form: Any = query.format
    lang: Any = query.lang.value
    most = query.top
    match METRICS[kept.result.metric].picture:
        case "ranks":
            most = min(pictures.MOST_RANKED, most or pictures.MOST_RANKED)
        case "communities":
            most = 0  # its layout says it all
    return pictures.drawn(
        replace(kept.result, columns=kept.columns(most, only)),
        form,
        lang,
        kinds=at.vocabulary.kind_names(lang),
        only=only,
        top=query.top,
    )


def _kinds(at: GraphVersion, result: Result, given: Iterable[str] | None) -> list[str] | None:
    """The kinds and those that descend from them."""
    kinds = known_kinds(at.vocabulary, "kind", given)
    if kinds is None:
        return None
    if "kind" not in result.columns:
        raise InvalidInputError(
            f"The rows of {result.metric} are not about single nodes, and have no kind.",
            mend="Leave kind out, or have the measure computed with kinds in its filter.",
            field="kind",
        )
    return [name for name in at.vocabulary.kinds if at.vocabulary.is_a(name, *kinds)]


def _page(
    walk: Walk,
    at: GraphVersion,
    kept: StoredResult,
    query: ResultParameters,
    kinds: list[str] | None,
) -> Response:
    total = kept.total(kinds)
    total = total if query.top is None else min(total, query.top)
    begin: int = walk.start.after[0] if walk.start else 0
    end = min(begin + query.limit, total)
    require_columns(query.fields, kept.result.columns)
    following = Position((end,), None) if end < total else None
    rows: list[dict[str, Any]] = list(kept.rows(begin, end, kinds))
    response = walk.answer(at, ListPage(rows, following, total), provenance=provenance(kept.result))
    response.headers.update(NO_STORE)
    return response
