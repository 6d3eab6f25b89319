"""Things as parameters of named queries: by id, merged id or name, however it is typed."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from graphsvc.model.seed import Seed
from graphsvc.paths import cypher_dir
from graphsvc.store.queries import read_queries
from tests.api.conftest import Api

PATH = "/v1/queries/funding_by_ministry"


@pytest.mark.parametrize(
    ("given", "resolved"),
    [
        ("wave-ministry", None),
        ("old-ministry", "wave-ministry"),
        ("MOW", "wave-ministry"),
        ("파도부", "wave-ministry"),
        (unicodedata.normalize("NFD", "파도부"), "wave-ministry"),
    ],
    ids=["id", "merged", "alias", "name", "decomposed"],
)
def test_a_thing_is_found_by_whatever_it_is_called(
    harbor: Api, harbor_seed: Seed, given: str, resolved: str | None
) -> None:
    ministry = harbor_seed.entities["wave-ministry"]
    named = ministry.model_copy(
        update={"merged_ids": ("old-ministry",), "name": "파도부", "aliases": ("MOW",)}
    )
    things = {**harbor_seed.entities, named.id: named}
    harbor.load(replace(harbor_seed, entities=things))

    found = harbor.ok(PATH, params={"ministry": given})

    assert found["rows"]
    assert found["rows"] == harbor.ok(PATH, params={"ministry": "wave-ministry"})["rows"]
    wanted = [{"given": unicodedata.normalize("NFC", given), "id": resolved}]
    said = [{**each, "given": unicodedata.normalize("NFC", each["given"])}
            for each in found.get("resolved", [])]  # fmt: skip
    assert said == (wanted if resolved else [])


def things_asked_for() -> list[tuple[str, str]]:
    queries = read_queries(cypher_dir() / "queries").statements.values()
    return [
        (query.name, parameter.name)
        for query in queries
        for parameter in query.parameters
        if parameter.type.endswith("entity")
    ]


@pytest.mark.parametrize(("query", "parameter"), things_asked_for())
@pytest.mark.parametrize("slip", ["wave-minestry", "물결 부처", "없는 것"])
def test_a_slip_is_no_empty_answer(harbor: Api, query: str, parameter: str, slip: str) -> None:
    problem = harbor.problem(f"/v1/queries/{query}?{parameter}={quote(slip)}", 404, "not-found")

    assert problem["field"] == parameter
    if slip == "wave-minestry":
        assert "wave-ministry" in problem["mend"]


def test_an_export_of_what_a_query_names_resolves_things_as_well(harbor: Api) -> None:
    def exported(ministry: str) -> Any:
        asked = quote(json.dumps({"ministry": ministry}))
        return harbor.get(f"/v1/export?format=json&query=funding_by_ministry&parameters={asked}")

    assert exported("wave-ministry").json()["nodes"]
    assert exported("nobody").status_code == 404


def test_several_things_of_one_name_are_named(harbor: Api, harbor_seed: Seed) -> None:
    twins = {
        id_: harbor_seed.entities["wave-ministry"].model_copy(
            update={"id": id_, "name": "쌍둥이부", "aliases": ()}
        )
        for id_ in ("twin-a", "twin-b")
    }
    harbor.load(replace(harbor_seed, entities={**harbor_seed.entities, **twins}))

    problem = harbor.problem(f"{PATH}?ministry={quote('쌍둥이부')}", 422, "invalid-input")
    assert "twin-a, twin-b" in problem["detail"]
