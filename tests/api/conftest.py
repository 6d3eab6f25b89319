"""The application in this process, on the database under test; every answer held to OpenAPI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from graphsvc.api.http.short_items import PARAMETERS
from graphsvc.api.search import names
from graphsvc.app import create_app
from graphsvc.model.seed import Seed
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from graphsvc.usecases.loading.load import load
from tests.conftest import Cypher

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(repr=False)
class Api:
    """Requests to one application; each answer must be what its description says."""

    app: FastAPI
    portal: BlockingPortal
    client: httpx.AsyncClient
    holds: Seed | None = None

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = self.portal.call(partial(self.client.request, method, path, **options))
        if method in ("GET", "POST"):
            self._check(response, method)
        return response

    def raw(self, path: str, query: bytes) -> tuple[int, dict[str, Any]]:
        """Status and problem for a query string that no client of good manners would send."""
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": [(b"host", b"localhost")],
        }
        self.portal.call(self.app, scope, receive, send)
        return sent[0]["status"], json.loads(b"".join(part.get("body", b"") for part in sent))

    def ok(self, path: str, **options: Any) -> Any:
        response = self.get(path, **options)
        assert response.status_code == 200, response.text
        return response.json()

    def items(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        return self.ok(path, params=parameters)["items"]

    def problem(self, path: str, status: int, slug: str, **options: Any) -> dict[str, Any]:
        response = self.get(path, **options)
        problem = response.json()
        assert (response.status_code, problem["type"]) == (status, f"/docs/errors#{slug}"), problem
        return problem

    def load(self, seed: Seed) -> None:
        """Make the graph hold this seed, unless it is what was loaded last."""

        async def work() -> None:
            database = await self.app.state.graph.database()
            await load(database, seed, replace_seed=True, allow_retract=True)

        if self.holds is not seed:
            self.portal.call(work)
            self.holds = seed

    def settle(self) -> None:
        """Wait for what the application works out ahead, which reads the database too."""

        async def work() -> None:
            await names(await self.app.state.graph.now())

        self.portal.call(work)

    def _check(self, response: httpx.Response, method: str) -> None:
        media_type = response.headers.get("content-type", "")
        if media_type == PROBLEM:
            problem = response.json()
            described(self.app).validate(
                PROBLEM, {"$ref": "#/components/schemas/ProblemDetails"}, problem
            )
            assert problem["status"] == response.status_code
            assert problem["instance"] == response.headers["x-request-id"]
        elif media_type == JSON and PARAMETERS & response.url.params.keys():
            return  # items without all members, which OpenAPI is silent of
        elif media_type == JSON and (
            found := described(self.app).schema(response.url.path, method)
        ):
            described(self.app).validate(*found, response.json())
        elif response.status_code >= 400:
            pytest.fail(f"{response.status_code} without a problem: {response.text[:200]}")


@dataclass
class Described:
    """What OpenAPI says of one application, and those of its schemas that were asked for."""

    vocabulary: Vocabulary | None
    queries: str
    routes: int
    openapi: dict[str, Any]
    validators: dict[str, jsonschema_rs.Validator] = field(default_factory=dict)

    def schema(self, path: str, method: str) -> tuple[str, dict[str, Any]] | None:
        """The operation that answers and what it says of its JSON, unless that is a file."""
        for template, operations in self.openapi["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                content = operations[method.lower()]["responses"]["200"]["content"]
                schema = content[JSON].get("schema")
                return (f"{method} {template}", schema) if schema else None
        return None

    def validate(self, name: str, schema: dict[str, Any], content: Any) -> None:
        if name not in self.validators:
            whole = {**schema, "components": self.openapi["components"]}
            self.validators[name] = jsonschema_rs.Draft202012Validator(whole)
        self.validators[name].validate(content)


_described: list[Described] = []


def described(app: FastAPI) -> Described:
    """Written once for all applications that are described alike, because it takes a second."""
    graph = app.state.graph
    vocabulary, queries, routes = graph.known_vocabulary(), graph.queries.digest, len(app.routes)
    for each in _described:
        if (each.queries, each.routes, each.vocabulary) == (queries, routes, vocabulary):
            return each
    _described.append(Described(vocabulary, queries, routes, app.openapi()))
    return _described[-1]


@contextmanager
def serving(settings: Settings, portal: BlockingPortal, **client: Any) -> Iterator[Api]:
    """An application that was started, and a client of it."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    options = {"base_url": "http://localhost", "transport": transport, **client}
    with (
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
        portal.wrap_async_context_manager(httpx.AsyncClient(**options)) as opened,
    ):
        yield Api(app, portal, opened)


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def fresh(settings: Settings) -> Settings:
    """Settings under which a load is seen by the next request."""
    return settings.model_copy(update={"state_max_age_s": 0})


@pytest.fixture(scope="session")
def api(fresh: Settings, portal: BlockingPortal) -> Iterator[Api]:
    with serving(fresh, portal) as api:
        yield api


@pytest.fixture(scope="session")
def harbor_seed() -> Seed:
    return read_seed(SEEDS / "harbor")


@pytest.fixture(scope="module", autouse=True)
def _whatever_another_module_left(api: Api) -> None:
    api.holds = None


@pytest.fixture(scope="session")
def packaged_seed() -> Seed:
    return read_seed(packaged_seed_dir())


@pytest.fixture
def harbor(api: Api, harbor_seed: Seed, cypher: Cypher) -> Api:
    """The application over the invented harbor."""
    return _over(api, harbor_seed, cypher)


@pytest.fixture
def packaged(api: Api, packaged_seed: Seed, cypher: Cypher) -> Api:
    """The application over the seed that ships with it."""
    return _over(api, packaged_seed, cypher)


@pytest.fixture
def emptied(harbor: Api, empty_database: None) -> Api:
    """An application whose graph has no history yet."""
    harbor.holds = None
    return harbor


def _over(api: Api, seed: Seed, cypher: Cypher) -> Api:
    if api.holds is None:
        cypher("MATCH (n) DETACH DELETE n")
    api.load(seed)
    return api


def load_at(api: Api, seed: Seed) -> str:
    """Load, and the instant of the load."""
    api.load(seed)
    return str(api.ok("/v1/statistics")["loaded_at"])


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


def walk(api: Api, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """Every page of a list, one after the other."""
    page = api.ok(path, params=parameters)
    yield page
    while cursor := page["next_cursor"]:
        page = api.ok(path, params={**parameters, "cursor": cursor})
        yield page
