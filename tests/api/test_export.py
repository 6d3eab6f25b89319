"""Exports over HTTP: media types, file names, bad input, and streams that break."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncGenerator
from typing import Any

import networkx as nx
import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.api import export
from graphsvc.api.export import _answer
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.usecases.exporting import files
from graphsvc.usecases.exporting.files import Export
from tests.api.conftest import Api, serving
from tests.store.conftest import with_fact

PATH = "/v1/export"
MEDIA_TYPES = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "json": "application/json",
    "csv": "application/zip",
    "jsonld": "application/ld+json",
    "cypher": "text/plain; charset=utf-8",
}
BEGINNINGS = {
    "graphml": b"<?xml ",
    "gexf": b"<?xml ",
    "json": b'{"directed":true,"multigraph":true,',
    "csv": b"PK",
    "jsonld": b'{"@context":',
    "cypher": b"// seed: harbor",
}


@pytest.mark.smoke
@pytest.mark.parametrize("chosen", MEDIA_TYPES)
def test_each_format_has_its_media_type_and_a_file_name(harbor: Api, chosen: str) -> None:
    response = harbor.get(PATH, params={"format": chosen})

    version = harbor.ok("/ready")["graph_version"]
    suffix = "csv.zip" if chosen == "csv" else chosen
    assert response.status_code == 200
    assert response.headers["content-type"] == MEDIA_TYPES[chosen]
    assert response.headers["content-disposition"] == (
        f'attachment; filename="harbor-v{version}.{suffix}"'
    )
    assert response.headers["etag"]
    assert response.content.startswith(BEGINNINGS[chosen])


def test_the_description_names_every_media_type(harbor: Api) -> None:
    operation = harbor.ok("/openapi.json")["paths"][PATH]["get"]

    told = {media_type.partition(";")[0] for media_type in MEDIA_TYPES.values()}
    assert operation["responses"]["200"]["content"].keys() == told | {"application/octet-stream"}


def test_a_neighbourhood_on_a_day_is_read_by_networkx(harbor: Api) -> None:
    response = harbor.get(
        PATH, params={"format": "graphml", "entity": "pier-agency", "as_of": "2030-04-15"}
    )

    graph = nx.read_graphml(io.BytesIO(response.content))
    assert set(graph) == {"pier-agency", "wave-ministry", "tide-center", "two-centers-sum"}
    assert graph["wave-ministry"]["pier-agency"]["wave-funds-pier"]["holds"] == "yes"


def test_a_query_chooses_the_part_with_its_parameters(harbor: Api) -> None:
    asked = {
        "format": "json",
        "query": "funding_by_ministry",
        "parameters": '{"ministry": "물결부"}',
    }
    found = harbor.ok(PATH, params=asked)

    assert {edge["fact_id"] for edge in found["edges"]} == {
        *("wave-funds-pier", "wave-funds-deep-project", "two-centers-sum"),
    }
    assert found["graph"]["part"] == (
        "what the query funding_by_ministry names with ministry '물결부'"
    )


def test_an_instant_is_asked_about(harbor: Api) -> None:
    nothing = harbor.ok(PATH, params={"format": "json", "known_at": "2001-01-01T00:00:00Z"})

    assert nothing["nodes"] == nothing["edges"] == []
    assert nothing["graph"]["known_at"] == "2001-01-01T00:00:00.000000Z"


def test_the_packaged_seed_opens_as_tables(packaged: Api) -> None:
    response = packaged.get(PATH, params={"format": "csv", "entity": "motie", "depth": 2})

    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        facts = archive.read("facts.csv").decode("utf-8-sig")
    assert "gangwon-biobase-2024" in facts
    assert "28700000000" in facts


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "format"),
        ("format=", "format"),
        ("format=xml", "format"),
        ("format=GraphML", "format"),
        ("format=json&format=csv", "format"),
        ("format=json&entity=Tide Center", "entity"),
        ("format=json&entity=" + "a" * 101, "entity"),
        ("format=json&depth=1", "depth"),
        ("format=json&entity=tide-center&depth=0", "depth"),
        ("format=json&entity=tide-center&depth=4", "depth"),
        ("format=json&entity=tide-center&depth=1.0", "depth"),
        ("format=json&entity=tide-center&depth=two", "depth"),
        ("format=json&entity=tide-center&query=safe_sum", "entity"),
        ("format=json&query=Safe-Sum", "query"),
        ("format=json&query=" + "a" * 61, "query"),
        ("format=json&parameters={}", "parameters"),
        ("format=json&query=safe_sum&parameters=", "parameters"),
        ("format=json&query=safe_sum&parameters=[1]", "parameters"),
        ("format=json&query=safe_sum&parameters={x}", "parameters"),
        ("format=json&query=safe_sum&parameters=" + "{" * 3999 + "}", "parameters"),
        ("format=json&query=safe_sum&parameters=" + '{"a":' + "[" * 3990 + "}", "parameters"),
        ('format=json&query=safe_sum&parameters={"payer":"x"}', "payer"),
        ('format=json&query=safe_sum&parameters={"funder":7}', "funder"),
        ('format=json&query=safe_sum&parameters={"funder":"\\ud800"}', "funder"),
        ("format=json&as_of=yesterday", "as_of"),
        ("format=json&undated=maybe", "undated"),
        ("format=json&known_at=2030-04-01", "known_at"),
        ("format=json&limit=5", "limit"),
    ],
)
def test_what_cannot_be_used_is_named(harbor: Api, query: str, field: str) -> None:
    problem = harbor.problem(f"{PATH}?{query}", 422, "invalid-input")

    assert problem["field"] == field
    assert problem["detail"]


@pytest.mark.parametrize(
    ("query", "near"),
    [("entity=tide-centre", "tide-center"), ("query=safe_sums", "safe_sum"), ("query=none", "")],
)
def test_what_does_not_exist_is_not_found(harbor: Api, query: str, near: str) -> None:
    assert near in harbor.problem(f"{PATH}?format=json&{query}", 404, "not-found").get("mend", "")


@pytest.mark.parametrize("query", [b"entity=a%00b", b"query=%ED%A0%80", b"parameters=%FF"])
def test_what_is_no_text_is_refused(harbor: Api, query: bytes) -> None:
    status, problem = harbor.raw(PATH, b"format=json&" + query)

    assert (status, problem["type"]) == (400, "/docs/errors#malformed-request")


def _scope() -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"format=json",
        "headers": [(b"host", b"localhost")],
    }


async def _receive() -> Any:
    import asyncio

    await asyncio.Event().wait()  # a client that neither sends nor leaves


def test_an_answer_that_a_load_runs_into_is_broken_off_and_is_no_mistake_in_the_log(
    harbor: Api,
    harbor_seed: Seed,
    fresh: Settings,
    portal: BlockingPortal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(files, "CHUNK", 1)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body" and len(sent) == 1:
            from graphsvc.usecases.loading.load import load

            database = await harbor.app.state.graph.database()
            await load(database, with_fact(harbor_seed, "tide-supports-rope", note="corrected"))
        sent.append(message)

    with serving(fresh, portal) as api:
        portal.call(api.app, _scope(), _receive, send)
    harbor.holds = None

    logged = capsys.readouterr().err
    assert "response aborted" in logged
    assert "internal error" not in logged
    assert sent[0]["status"] == 200
    assert all(message["more_body"] for message in sent[1:])
    with pytest.raises(json.JSONDecodeError):
        json.loads(b"".join(message["body"] for message in sent[1:]))


def test_a_load_before_the_first_chunk_is_a_problem(
    harbor: Api, harbor_seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def changed(*_: Any) -> None:
        from graphsvc.errors import StoreConflictError

        raise StoreConflictError("A load changed the graph during the export.")

    monkeypatch.setattr(files, "require_unchanged", changed)

    harbor.problem(f"{PATH}?format=json", 409, "store-conflict")


def test_a_client_that_leaves_ends_the_reading(portal: BlockingPortal) -> None:
    ended: list[bool] = []

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"x"
        finally:
            ended.append(True)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError("gone")

    async def answer() -> None:
        response = await _answer(Export("x", "text/plain", "all", endless()), lambda: None)
        scope = {**_scope(), "asgi": {"spec_version": "2.4"}}
        await response(scope, _receive, send)

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the framework makes of it
        portal.call(answer)
    assert ended == [True]


def test_who_finds_no_place_for_an_export_is_told_when_to_come_again(
    harbor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_PLACE_WITHIN_S", 0.05)
    graph = harbor.app.state.graph
    taken = graph.settings.max_exports
    for _ in range(taken):
        harbor.portal.call(graph.exports.acquire)

    problem = harbor.get(f"{PATH}?format=json")
    for _ in range(taken):
        graph.exports.release()

    assert (problem.status_code, problem.json()["type"]) == (503, "/docs/errors#store-busy")
    assert problem.headers["retry-after"]
    assert harbor.get(f"{PATH}?format=json").status_code == 200


@pytest.mark.parametrize("asked", ["format=json", "format=none", "format=json&entity=nobody"])
def test_an_export_leaves_its_place_however_it_ends(harbor: Api, asked: str) -> None:
    places = harbor.app.state.graph.exports
    before = places._value

    harbor.get(f"{PATH}?{asked}")

    assert places._value == before
