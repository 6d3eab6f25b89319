"""Habits of every answer: tags, ids, hosts, bodies, logs, readiness, documentation."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from pydantic import SecretStr

from graphsvc import __version__
from graphsvc.app import create_app
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.state import SCHEMA_VERSION
from tests.api.conftest import Api, serving
from tests.conftest import Cypher

READS = [
    "/v1/search?q=tide",
    "/v1/entities?kind=Center",
    "/v1/entities/tide-center",
    "/v1/entities/tide-center/relationships",
    "/v1/relationships?type=FUNDS",
    "/v1/entities/tide-center/neighbourhood",
    "/v1/paths?from=wave-ministry&to=anchor-works",
    "/v1/fundings",
    "/v1/facts/wave-funds-pier",
    "/v1/timeline?entity=tide-center",
    "/v1/changes",
    "/v1/entities/tide-center/history",
    "/v1/documents",
    "/v1/documents/harbor-001",
    "/v1/queries",
    "/v1/queries/safe_sum",
    "/v1/flows",
    "/v1/flows?shape=sankey&group_by=kind",
    "/v1/conflicts",
    "/v1/vocabulary",
    "/v1/statistics",
    "/v1/schema",
    "/v1/export?format=json",
    "/v1/analysis",
]


@pytest.mark.parametrize("path", READS)
def test_a_read_that_the_reader_has_already_is_not_sent_again(harbor: Api, path: str) -> None:
    first = harbor.get(path)
    again = harbor.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_after_a_load_the_reader_gets_the_new_answer(harbor: Api, harbor_seed: Seed) -> None:
    path = "/v1/relationships?type=FUNDS"
    tag = harbor.get(path).headers["etag"]
    facts = {**harbor_seed.facts}
    del facts["wave-funds-pier"]
    harbor.load(replace(harbor_seed, facts=facts))

    again = harbor.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


def test_tags_differ_between_addresses_and_problems_have_none(harbor: Api) -> None:
    tags = {harbor.get(path).headers["etag"] for path in READS}

    assert len(tags) == len(READS)
    assert "etag" not in harbor.get("/v1/entities?kind=Centre").headers
    assert "etag" not in harbor.get("/ready").headers


def test_korean_is_sent_as_it_is(harbor: Api) -> None:
    response = harbor.get("/v1/entities/tide-center")

    assert "밀물센터".encode() in response.content
    assert b"\\u" not in response.content


def test_every_answer_has_an_id_and_a_line_in_the_log(
    fresh: Settings, portal: BlockingPortal, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(fresh, portal) as api:
        response = api.get("/health")
        line = json.loads(capsys.readouterr().err.splitlines()[-1])

        assert line["request_id"] == response.headers["x-request-id"]
        assert (line["method"], line["path"], line["status"]) == ("GET", "/health", 200)
        assert line["ms"] >= 0
        mine = api.get("/nothing", headers={"X-Request-ID": "mine.1"})
        assert mine.json()["instance"] == mine.headers["x-request-id"] == "mine.1"
        forged = api.get("/health", headers={"X-Request-ID": "a b\tc"})
        assert re.fullmatch(r"[0-9a-f-]{36}", forged.headers["x-request-id"])


def test_a_mistake_of_ours_is_logged_and_shows_nothing_of_the_inside(
    fresh: Settings, portal: BlockingPortal, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(fresh, portal) as api:

        @api.app.get("/mistake")
        async def mistake() -> None:
            raise RuntimeError("the secret of the inside")

        response = api.get("/mistake")
        problem = response.json()
        assert (response.status_code, problem["type"]) == (500, "/docs/errors#internal")
        assert "secret" not in response.text
        logged = capsys.readouterr().err
        assert "the secret of the inside" in logged
        assert problem["instance"] in logged


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1:80", "[::1]:8000", "[::1]"]
)
def test_its_own_hosts_are_answered_on_any_port(api: Api, host: str) -> None:
    assert api.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil", "", "127.0.0.1:80:80", "::1"],
)
def test_other_hosts_are_refused(api: Api, host: str) -> None:
    problem = api.problem("/health", 400, "host-not-allowed", headers={"Host": host})

    assert "GRAPHSVC_ALLOWED_HOSTS" in problem["mend"]


def test_any_host_is_answered_where_the_setting_says_so(
    fresh: Settings, portal: BlockingPortal
) -> None:
    with serving(fresh.model_copy(update={"allowed_hosts": ["*"]}), portal) as api:
        assert api.get("/health", headers={"Host": "any.example"}).status_code == 200


@pytest.mark.parametrize("size", [2**20 + 1, 3 * 2**20])
def test_a_body_that_is_too_large_is_read_and_refused(api: Api, size: int) -> None:
    response = api.request("POST", "/v1/entities", content=b"x" * size)

    assert response.status_code == 413
    assert response.json()["type"] == "/docs/errors#body-too-large"


def test_a_body_without_a_length_is_measured_too(api: Api) -> None:
    async def parts() -> Any:
        for _ in range(40):
            yield b"x" * 2**16

    assert api.request("POST", "/v1/entities", content=parts()).status_code == 413


def test_a_body_of_the_largest_size_reaches_the_application(api: Api) -> None:
    assert api.request("POST", "/v1/entities", content=b"x" * 2**20).status_code == 405


@pytest.mark.smoke
def test_health_is_about_the_process_and_ready_about_the_graph(harbor: Api) -> None:
    assert harbor.ok("/health") == {"status": "alive", "version": __version__}

    ready = harbor.ok("/ready")
    assert (ready["status"], ready["seed"]) == ("ready", "harbor")
    assert ready["graph_version"] == harbor.ok("/v1/statistics")["graph_version"]


@pytest.mark.smoke
@pytest.mark.parametrize("state", ["empty", "loading", "newer-schema"])
def test_without_a_whole_graph_every_read_says_why(harbor: Api, cypher: Cypher, state: str) -> None:
    harbor.holds = None
    if state == "empty":
        cypher("MATCH (n) DETACH DELETE n")
    elif state == "loading":
        cypher("MATCH (g:GraphState) SET g.phase = 'loading'")
    else:
        cypher("MATCH (g:GraphState) SET g.schema_version = $next", next=SCHEMA_VERSION + 1)

    for path in ["/ready", *READS]:
        response = harbor.get(path)
        problem = response.json()
        assert (response.status_code, problem["reason"]) == (503, state)
        assert problem["type"] == "/docs/errors#store-unavailable"
        assert problem["mend"]
        assert response.headers["retry-after"]
    assert harbor.get("/health").status_code == 200


@pytest.fixture(scope="module")
def without_database(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        uri="bolt://127.0.0.1:9",
        password=SecretStr("secret"),
        data_dir=tmp_path_factory.mktemp("none"),
    )


def test_without_a_database_the_process_lives_and_says_so(
    without_database: Settings, portal: BlockingPortal
) -> None:
    with serving(without_database, portal) as api:
        assert api.get("/health").status_code == 200
        for path in ["/ready", *READS]:
            problem = api.problem(path, 503, "store-unavailable")
            assert problem["reason"] == "unreachable"
            assert "127.0.0.1:9" in problem["detail"]
        assert api.get("/openapi.json").status_code == 200


def test_a_database_that_comes_later_is_found(
    harbor: Api, fresh: Settings, without_database: Settings, portal: BlockingPortal
) -> None:
    with serving(without_database, portal) as api:
        assert api.get("/ready").status_code == 503
        api.app.state.graph.settings = fresh  # as if a database now stood behind the address

        async def until_tried_again() -> None:
            graph = api.app.state.graph
            graph._next_try = 0.0

        portal.call(until_tried_again)
        assert api.get("/ready").status_code == 200


def test_the_front_door_leads_to_documentation_that_needs_no_network(api: Api) -> None:
    assert api.get("/").headers["location"] == "/docs"
    page = api.get("/docs").text
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert sources
    assert all(source.startswith("/") and api.get(source).status_code == 200 for source in sources)


def test_the_description_is_written_without_warnings_and_has_the_vocabulary(harbor: Api) -> None:
    harbor.ok("/v1/vocabulary")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        create_app(Settings(data_dir=Path("unused"))).openapi()

    description = harbor.ok("/openapi.json")
    parameters = description["paths"]["/v1/entities"]["get"]["parameters"]
    kind = next(parameter for parameter in parameters if parameter["name"] == "kind")
    assert "#/components/schemas/KindName" in json.dumps(kind["schema"])
    assert "Center" in description["components"]["schemas"]["KindName"]["enum"]
    assert "x-vocabulary" not in json.dumps(description)
