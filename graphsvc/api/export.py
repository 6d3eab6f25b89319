"""The graph, or a part of it, as a file for other programs, sent while it is read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.types import Message, Receive, Scope, Send

from graphsvc.api.http.head import headers_only, nothing
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep, live_graph_of
from graphsvc.api.http.parameters import Id, KnownAt, TimeParameters, WholeNumber
from graphsvc.api.http.responses import file_described
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.http.texts import quoted
from graphsvc.errors import InvalidInputError, StoreBusyError
from graphsvc.model.choices import ExportFormat
from graphsvc.store.cypher_files import Statement
from graphsvc.usecases.about.named_queries import find_query
from graphsvc.usecases.exporting.files import (
    MEDIA_TYPES,
    Export,
    Wanted,
    export,
    export_name,
)
from graphsvc.usecases.exporting.parts import MAX_DEPTH

_PLACE_WITHIN_S = 5.0
_TAKEN_WITHIN_S = 60.0

router = APIRouter(tags=["Exports"], route_class=ReadRoute)

_FILE = file_described(*(media_type.partition(";")[0] for media_type in MEDIA_TYPES.values()))


class ExportParameters(TimeParameters):
    """What is exported, and how it is written."""

    format: Annotated[
        ExportFormat,
        Field(
            description="`graphml` and `gexf` (1.3) for networkx and Gephi; `json` in node-link"
            " form; `csv`: a zip of tables; `jsonld` in terms of schema.org, W3C ORG and PROV;"
            " `cypher`: a script that makes the graph again in an empty Neo4j."
        ),
    ]
    entity: Annotated[
        Id | None, Field(description="Only this thing, and what is near it.", examples=["motie"])
    ] = None
    depth: Annotated[
        Annotated[WholeNumber, Field(ge=1, le=MAX_DEPTH)] | None,
        Field(
            description="With `entity`: most relationships between it and a thing; 1 if left out."
        ),
    ] = None
    query: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z][a-z0-9_]*$",
            max_length=60,
            description="Only what the rows of this named query name: the facts in its columns"
            " `fact_id`, `funding_id`, ... and what they join; or, where it names no facts, the"
            " things in its other `id` and `*_id` columns and every fact between them.",
            examples=["funding_by_ministry"],
        ),
    ] = None
    parameters: Annotated[
        str | None,
        Field(
            min_length=2,
            max_length=4000,
            pattern=r"^\{[^\x00-\x1f\x7f]*\}$",
            description="With `query`: its parameters, as a JSON object.",
            json_schema_extra={"contentMediaType": "application/json"},
            examples=['{"ministry": "motie"}'],
        ),
    ] = None
    known_at: KnownAt = None


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: _FILE},
    summary="The graph as a file · 내보내기",
)
async def export_graph(
    request: Request, at: GraphVersionDep, query: Annotated[ExportParameters, Query()]
) -> Response:
    """The whole graph, a neighbourhood, or what a named query names, in a format of your choice.

    Things stay whatever the day: `as_of`, `undated` and `known_at` choose facts, and `known_at`
    the names and kinds of then too. Of a part, a funding is told when one who pays (if any is
    named) and one who gets it belong to it. Every format says which graph it is of, at which
    version, and how the facts may be used; equal graphs give equal bytes.

    A sum stands once, on its relationship or on its funding (a node of kind `Funding`); a
    relationship with a `funding_id` has no sum of its own. Observations are in `json`, `csv`,
    `jsonld` and `cypher`; history is in the `cypher` of the whole graph.

    The file is sent while it is read. If a load changes the graph meanwhile, or the database
    fails, the connection is broken off: a file that came whole is whole. As many are sent at one
    time as there are places; who finds none within a few seconds is told when to ask again (503).
    """
    wanted = Wanted(
        format=query.format,
        entity=query.entity,
        depth=query.depth or 1,
        query=_named_query(at, query),
        parameters=_query_parameters(query),
        time=query.time,
    )
    if headers_only(request):
        return _Streamed(*await export_name(at.database, wanted), nothing(), lambda: None)
    places = live_graph_of(request.scope).exports
    await _take(places)
    try:
        return await _answer(await export(at.database, at.statements, wanted), places.release)
    except BaseException:
        places.release()
        raise


async def _take(places: asyncio.Semaphore) -> None:
    """Wait a while for a place.

    Raises
    ------
    StoreBusyError
        When none came free.
    """
    try:
        async with asyncio.timeout(_PLACE_WITHIN_S):
            await places.acquire()
    except TimeoutError:
        raise StoreBusyError(
            "As many exports are sent as may be, and none ended meanwhile.",
            retry_after_s=_PLACE_WITHIN_S,
            mend="Ask again later. GRAPHSVC_MAX_EXPORTS says how many may be sent at one time.",
        ) from None


def _named_query(at: GraphVersion, asked: ExportParameters) -> Statement | None:
    """The query that chooses the part, if one does.

    Raises
    ------
    InvalidInputError
        When two parameters contradict each other.
    NotFoundError
        When no query has the name.
    """
    for name, needs in (("depth", "entity"), ("parameters", "query")):
        if getattr(asked, name) is not None and getattr(asked, needs) is None:
            raise InvalidInputError(
                f"{name} says nothing without {needs}.", mend=f"Give {needs} too.", field=name
            )
    if asked.query is None:
        return None
    if asked.entity is not None:
        raise InvalidInputError(
            "entity and query each choose a part of the graph.", mend="Give one.", field="entity"
        )
    return find_query(at.queries, asked.query, "query")


def _query_parameters(asked: ExportParameters) -> dict[str, Any]:
    try:
        values = json.loads(asked.parameters or "{}")
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise InvalidInputError(
            f"{quoted(str(asked.parameters))} is no JSON object.",
            mend='Write {"name": value}.',
            field="parameters",
        )
    return values


class _Streamed(StreamingResponse):
    """A stream that is closed, and its place left, when it was sent and when it was not."""

    def __init__(
        self,
        filename: str,
        media_type: str,
        chunks: AsyncGenerator[bytes, None],
        leave: Callable[[], None],
    ) -> None:
        disposition = f'attachment; filename="{filename}"'
        super().__init__(
            chunks, media_type=media_type, headers={"Content-Disposition": disposition}
        )
        self._chunks = chunks
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def taken(message: Message) -> None:
            # Who takes nothing for so long has left, and keeps no place.
            async with asyncio.timeout(_TAKEN_WITHIN_S):
                await send(message)

        try:
            async with aclosing(self._chunks):
                await super().__call__(scope, receive, taken)
        except TimeoutError:
            raise StoreBusyError("Nobody took the export; it was broken off.") from None
        finally:
            self._leave()


async def _answer(file: Export, leave: Callable[[], None]) -> Response:
    """The first chunk is made before the answer begins: what fails by then is told as a problem."""
    first = await anext(file.chunks)

    async def chunks() -> AsyncGenerator[bytes, None]:
        async with aclosing(file.chunks):
            yield first
            async for chunk in file.chunks:
                yield chunk

    return _Streamed(file.filename, file.media_type, chunks(), leave)
