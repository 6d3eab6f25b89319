"""Reads that take their query in one step answer as FastAPI's own routes do, checks included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import fastapi.routing
import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import Field

from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import PageParameters, strict_query
from graphsvc.api.http.routes import ReadRoute
from graphsvc.errors import InvalidInputError

KEY = "right"
BERTH = "/harbor/v1/berths/b1"


class Which(PageParameters):
    """Which berths."""

    start: Annotated[str, Field(alias="from")] = "north"


async def show(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[Which, Query()],
) -> Response:
    assert request.path_params == {"id": id}
    return JSONResponse({"id": id, "at": at, "limit": query.limit, "from": query.start})


async def show_with_header(id: str, key: Annotated[str, Header(alias="X-Key")]) -> Response:  # noqa: A002
    return JSONResponse({"id": id, "key": key})


async def show_with_plain_query(id: str, of: str = "all") -> Response:  # noqa: A002
    return JSONResponse({"id": id, "of": of})


async def show_as_model(query: Annotated[Which, Query()]) -> dict[str, int]:
    return {"limit": query.limit}


def show_in_a_thread(query: Annotated[Which, Query()]) -> Response:
    return JSONResponse({"limit": query.limit})


class Checks:
    """A check of keys, and how often it ran."""

    def __init__(self) -> None:
        self.ran = 0

    async def __call__(self, request: Request) -> None:
        self.ran += 1
        if request.headers.get("X-Key") != KEY:
            raise HTTPException(401)


def serving(
    check: Checks | None = None,
    place: str = "nowhere",
    *,
    endpoint: Callable[..., Any] = show,
    route_class: type[APIRoute] = ReadRoute,
) -> FastAPI:
    """An application with one read under two routers, and a check added in one place."""

    def at(here: str) -> list[Any]:
        return [Depends(check)] if check is not None and here == place else []

    topic = APIRouter(route_class=route_class, dependencies=at("router"))
    topic.add_api_route("/berths/{id}", endpoint, dependencies=at("route"), methods=["GET"])
    outer = APIRouter(dependencies=at("outer router"))
    outer.include_router(
        topic, prefix="/v1", dependencies=[Depends(strict_query), *at("nested inclusion")]
    )
    app = FastAPI(dependencies=at("app"))
    app.include_router(outer, prefix="/harbor", dependencies=at("inclusion"))
    if check is not None and place == "override":
        app.dependency_overrides[strict_query] = check

    @app.middleware("http")
    async def look_up(request: Request, call_next: Any) -> Any:
        request.state.graph = "version 7"
        return await call_next(request)

    @app.exception_handler(InvalidInputError)
    async def refuse(_: Request, error: InvalidInputError) -> Response:
        return JSONResponse({"field": error.field}, status_code=422)

    return app


def get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    """The answer to one request."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "place",
    ["app", "inclusion", "outer router", "nested inclusion", "router", "route", "override"],
)
def test_a_check_runs_on_every_request_wherever_it_was_added(place):
    check = Checks()
    app = serving(check, place)

    refused = get(app, BERTH)
    let_in = get(app, f"{BERTH}?limit=3", **{"X-Key": KEY})

    assert refused.status_code == 401
    assert let_in.json() == {"id": "b1", "at": "version 7", "limit": 3, "from": "north"}
    assert check.ran == 2


def test_a_check_is_overridden_from_the_next_request_on():
    app = serving()
    assert get(app, BERTH).status_code == 200

    app.dependency_overrides[strict_query] = Checks()

    assert get(app, BERTH).status_code == 401


def test_without_further_checks_no_dependencies_are_walked(monkeypatch):
    monkeypatch.setattr(fastapi.routing, "solve_dependencies", None)

    assert get(serving(), BERTH).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "?limit=3", "?limit=x", "?limit=", "?limit=1&limit=2", "?limt=3", "?from=a", "?from_=a"],
)
@pytest.mark.parametrize(
    "endpoint", [show, show_with_header, show_with_plain_query, show_as_model, show_in_a_thread]
)
def test_the_answer_is_that_of_a_plain_route(endpoint, query):
    ours, plain = (
        get(serving(endpoint=endpoint, route_class=kind), BERTH + query)
        for kind in (ReadRoute, APIRoute)
    )

    assert (ours.status_code, without_input(ours)) == (plain.status_code, without_input(plain))


def without_input(answer: httpx.Response) -> Any:
    """An answer's content; the service shows no `input`, which versions of FastAPI fill in."""
    content = answer.json()
    for mistake in content.get("detail", ()):
        mistake.pop("input")
    return content


def test_the_description_is_that_of_a_plain_route():
    ours, plain = (serving(route_class=kind).openapi() for kind in (ReadRoute, APIRoute))

    assert ours == plain
