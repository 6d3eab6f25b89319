"""The result of a run: page by page, as a file, or as a paragraph for a paper."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
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
    PageParameters,
    WholeNumber,
    known_kind,
)
from graphsvc.api.http.proxies import path_for_clients
from graphsvc.api.http.responses import Walk
from graphsvc.api.http.routes import ReadRoute
from graphsvc.errors import InvalidInputError, NotFoundError
from graphsvc.model.choices import Language
from graphsvc.model.vocabulary import RequestedKind
from graphsvc.usecases.lists.pages import ListPage, Position
from graphsvc.usecases.runs.progress_table import Run
from graphsvc.usecases.runs.results import StoredResult

router = APIRouter(tags=["Analysis · 분석"], route_class=ReadRoute)

CSV, PARQUET, TEXT = "text/csv", "application/vnd.apache.parquet", "text/plain"
_PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
_TABLES = {"csv": CSV, "parquet": PARQUET}
_FILES = _PICTURES | _TABLES


class ResultPage(Closed):
    """A page of a result."""

    items: list[dict[str, JsonValue]]
    next_cursor: str | None
    total: int | None
    graph_version: int = Field(description="The load that made the graph it was computed on.")
    provenance: Provenance


class ResultParameters(PageParameters):
    """Which rows, in which form."""

    top: Annotated[
        WholeNumber | None, Field(ge=1, le=1_000_000, description="Only so many of the first.")
    ] = None
    kind: Annotated[
        RequestedKind | None, Field(description="Only nodes of this kind, or of one that descends.")
    ] = None
    format: Annotated[
        Literal["json", "csv", "parquet", "methods", "svg", "png"],
        Field(
            description="`csv` and `parquet` hold all rows; `methods` is a paragraph for a paper;"
            " `svg` and `png` are the picture that the measure has: of ranks, the first thirty."
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
    at: GraphVersionDep,
    query: Annotated[ResultParameters, Query()],
) -> Response:
    """The rows of a result, the largest value first, with kind and names beside each node."""
    walk = Walk.of(request, query, int)
    runs = runs_of(request)
    run = await runs.run(id)
    kept = await runs.result(run)
    if kept is None:
        raise _no_result(run)
    if headers_only(request) and query.format in _FILES:
        _kinds(at, kept.result, query.kind)
        return StreamingResponse(
            nothing(), media_type=_FILES[query.format], headers=_headers(run, kept, query)
        )
    return await asyncio.to_thread(_answer, walk, at, run, kept, query)


def _no_result(run: Run) -> NotFoundError:
    said = {
        "done": "was thrown away to make room; ask for it again",
        "failed": f"failed: {(run.problem or {}).get('detail', '')}",
    }.get(run.state, f"is {run.state}")
    return NotFoundError(
        f"Run {run.id} has no result: it {said}.", mend="Look at the run, or start it again."
    )


def _answer(
    walk: Walk, at: GraphVersion, run: Run, kept: StoredResult, query: ResultParameters
) -> Response:
    result = kept.result
    headers = _headers(run, kept, query)
    if query.format == "methods":
        return Response(methods(result, query.lang), media_type=TEXT, headers=headers)
    kinds = _kinds(at, result, query.kind)
    if query.format == "json":
        return _page(walk, at, kept, query, kinds)
    if query.format in _PICTURES:
        picture = _picture(at, kept, query, kinds)
        return Response(picture, media_type=_PICTURES[query.format], headers=headers)
    if query.format == "parquet":
        content = as_parquet(result, kept.columns(query.top, kinds))
        return Response(content, media_type=PARQUET, headers=headers)
    parts = csv_parts(list(result.columns), kept.rows(0, query.top, kinds))
    return StreamingResponse(parts, media_type=CSV, headers=headers)


def _headers(run: Run, kept: StoredResult, query: ResultParameters) -> dict[str, str]:
    about = path_for_clients(f"/v1/analysis/runs/{run.id}")
    headers = {**NO_STORE, "Link": f'<{about}>; rel="describedby"'}
    if query.format in _TABLES:
        name = f"{kept.result.metric}.{query.format}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return headers


def _picture(
    at: GraphVersion, kept: StoredResult, query: ResultParameters, only: list[str] | None
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


def _kinds(at: GraphVersion, result: Result, kind: str | None) -> list[str] | None:
    """The kind and those that descend from it."""
    if known_kind(at.vocabulary, "kind", kind) is None:
        return None
    if "kind" not in result.columns:
        raise InvalidInputError(
            f"The rows of {result.metric} are not about single nodes, and have no kind.",
            mend="Leave kind out, or have the measure computed with kinds in its filter.",
            field="kind",
        )
    return [name for name in at.vocabulary.kinds if at.vocabulary.is_a(name, str(kind))]


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
    following = Position((end,), None) if end < total else None
    rows: list[dict[str, Any]] = list(kept.rows(begin, end, kinds))
    response = walk.answer(at, ListPage(rows, following, total), provenance=provenance(kept.result))
    response.headers.update(NO_STORE)
    return response
