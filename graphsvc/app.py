"""Wires the service: settings, database, middleware and routes into one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from graphsvc import __version__
from graphsvc.api import (
    about,
    changes,
    conflicts,
    cypher,
    documents,
    entities,
    export,
    facts,
    flows,
    health,
    neighbourhood,
    paths,
    queries,
    relationships,
    schema,
    search,
    timeline,
)
from graphsvc.api.analysis import measures, results, runs
from graphsvc.api.http import metrics, problems
from graphsvc.api.http.conditional import ConditionalReads
from graphsvc.api.http.head import HeadRequests
from graphsvc.api.http.live_graph import LiveGraph
from graphsvc.api.http.middleware import HostCheck, Limits, Places, RequestLog, request_log
from graphsvc.api.http.negotiation import AcceptedCoding
from graphsvc.api.http.old_names import OldNames
from graphsvc.api.http.openapi import TAGS, Description
from graphsvc.api.http.parameters import strict_query
from graphsvc.api.http.proxies import Proxies, path_for_clients
from graphsvc.api.http.reload import reload_on_sighup
from graphsvc.api.http.safety_headers import SafetyHeaders
from graphsvc.api.http.warm_up import warm_up_each_version
from graphsvc.errors import GraphsvcError
from graphsvc.settings import Settings, load_settings
from graphsvc.usecases.runs.runs import Runs

_COMPRESSED_FROM = 1_000
"""Bytes; a smaller answer gains nothing by being compressed."""

_COMPRESSION = 5
"""gzip's level: 9 takes three times as long for a twentieth less."""

_PREFLIGHT_S = 600

_DESCRIPTION = """\
A knowledge graph of agencies, centers, programs and their funding: every fact with the place in
the document that states it. 기관, 센터, 사업과 자금의 지식 그래프: 모든 사실에 근거가 있다.

Lists come in pages: follow `next_cursor`. With `fields=id,subject,...` items have these members
alone, and with `compact=true` none that is null or empty; generated clients have no such
parameters, since their models have all members. Every read carries an `ETag`. Problems are RFC 9457
problem details; [each kind is explained](docs/errors).
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; without settings it takes those of the environment.

    The database is opened when the application starts, and on demand where it was not there.

    Raises
    ------
    SettingsError
        When the environment's settings make no sense.
    QueryFileError
        When a query file is bad.
    """
    settings = settings or load_settings()
    graph = LiveGraph(settings)
    graph.warn = request_log().warning
    analysis_runs = Runs(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            with reload_on_sighup(graph, request_log()):
                await graph.start()
                async with warm_up_each_version(graph, search.names, request_log()):
                    yield
        finally:
            await analysis_runs.close()
            await graph.close()

    # The documentation's assets come from a package, since no network may be at the desk.
    app = FastAPIOffline(
        redoc_url=None,
        title="graphsvc",
        version=__version__,
        summary="Who funds and supports whom, fact by fact to its source",
        description=_DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
        contact={"name": "The graphsvc developers"},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=TAGS,
        # Generated clients name their functions so; docs/api.md lists them.
        generate_unique_id_function=lambda route: route.name,
        middleware=_middleware(settings),
        exception_handlers={
            GraphsvcError: problems.on_graphsvc_error,
            RequestValidationError: problems.on_validation_error,
            HTTPException: problems.on_http_exception,
        },
    )
    app.state.graph = graph
    app.state.runs = analysis_runs
    _include_reads(app)
    app.include_router(health.router, responses=problems.PROBLEM_RESPONSES)
    _add_pages(app)
    metrics.expose(app)

    app.openapi = Description(app, graph)  # type: ignore[method-assign]
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """From the outside in; metrics stand around all of it.

    Keys and per-client limits belong between Places and the rest.
    """
    return [
        Middleware(HeadRequests),
        Middleware(SafetyHeaders),
        Middleware(Proxies, root_path=settings.root_path, trusted=settings.trusted_proxies),
        Middleware(RequestLog),
        Middleware(HostCheck, allowed=settings.allowed_hosts),
        *_cross_origin(settings),
        Middleware(Limits),
        Middleware(Places),
        Middleware(OldNames),
        Middleware(AcceptedCoding),
        Middleware(ConditionalReads, cache_bytes=settings.cache_bytes),
        Middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=_COMPRESSION),
    ]


def _cross_origin(settings: Settings) -> list[Middleware]:
    """Pages of these origins may read; what the answers say besides their body is shown to them."""
    if not settings.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Content-Type", "If-None-Match", "Prefer", "X-Request-ID"],
            expose_headers=[
                "Deprecation",
                "ETag",
                "Link",
                "Location",
                "Retry-After",
                "X-Request-ID",
            ],
            max_age=_PREFLIGHT_S,
        )
    ]


def _include_reads(app: FastAPI) -> None:
    """Each topic on its own, since a router within a router is walked through on every request.

    The order is that of asking: what is asked most is found first.
    """
    topics = (
        relationships,
        entities,
        search,
        neighbourhood,
        paths,
        facts,
        documents,
        queries,
        flows,
        conflicts,
        timeline,
        changes,
        about,
        export,
        schema,
        cypher,
        measures,
        runs,
        results,
    )
    for topic in topics:
        app.include_router(
            topic.router,
            prefix="/v1",
            dependencies=[Depends(strict_query)],
            responses=problems.PROBLEM_RESPONSES,
        )


def _add_pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse(path_for_clients("/docs"))

    app.add_route(
        problems.DOCUMENTATION, lambda _: problems.documentation_page(), include_in_schema=False
    )
