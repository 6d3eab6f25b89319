"""Whatever is sent, the answer says what is wrong with it; never a 500."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc.api.http.problems import PROBLEM_TYPES
from graphsvc.errors import GraphsvcError
from tests.api.conftest import Api

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
RELATIONSHIPS = "/v1/relationships"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=5.0", "limit"),
        ("limit=1_0", "limit"),
        ("limit=+%205", "limit"),
        ("limit=" + "9" * 30, "limit"),
        ("limit=", "limit"),
        ("limit=5&limit=5", "limit"),
        ("limt=5", "limt"),
        ("type=FUND", "type"),
        ("type=MENTIONS", "type"),
        ("type=funds", "type"),
        ("subject_kind=Centre", "subject_kind"),
        ("object_kind=Entity", "object_kind"),
        ("subject=Tide Center", "subject"),
        ("subject=tide-center&subject=ebb-center", "subject"),
        ("object=" + "a" * 101, "object"),
        ("object=a%0A", "object"),
        ("min_amount_krw=-1", "min_amount_krw"),
        ("min_amount_krw=1.5", "min_amount_krw"),
        ("max_amount_krw=9223372036854775808", "max_amount_krw"),
        ("min_amount_krw=2&max_amount_krw=1", "min_amount_krw"),
        ("modality=target", "modality"),
        ("basis=guessed", "basis"),
        ("as_of=2030-02-30", "as_of"),
        ("as_of=20300401", "as_of"),
        ("as_of=2030-04-01T00:00:00Z", "as_of"),
        ("as_of=yesterday", "as_of"),
        ("as_of=1893456000", "as_of"),
        ("undated=maybe", "undated"),
        ("known_at=2030-04-01", "known_at"),
        ("known_at=2030-04-01T00:00:00", "known_at"),
        ("known_at=2030-13-01T00:00:00Z", "known_at"),
        ("known_at=1893456000", "known_at"),
        ("sort=name", "sort"),
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(harbor: Api, query: str, field: str) -> None:
    path = f"{RELATIONSHIPS}?{query}"
    if query.endswith("%0A"):
        harbor.problem(path, 400, "malformed-request")
        return
    problem = harbor.problem(path, 422, "invalid-input")

    assert problem["field"] == field
    assert problem["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/search?q=tide",
        "/v1/entities",
        "/v1/entities/tide-center",
        "/v1/entities/tide-center/relationships",
        "/v1/entities/tide-center/neighbourhood",
        RELATIONSHIPS,
        "/v1/paths?from=wave-ministry&to=anchor-works",
        "/v1/fundings",
        "/v1/facts/wave-funds-pier",
        "/v1/timeline",
        "/v1/changes",
        "/v1/entities/tide-center/history",
        "/v1/documents",
        "/v1/documents/harbor-001",
        "/v1/queries",
        "/v1/queries/safe_sum",
        "/v1/flows",
        "/v1/conflicts",
        "/v1/vocabulary",
        "/v1/statistics",
        "/v1/schema",
        "/v1/export?format=json",
    ],
)
def test_an_unknown_parameter_is_refused_everywhere(harbor: Api, path: str) -> None:
    first = "&" if "?" in path else "?"
    for value in ("red", ""):
        problem = harbor.problem(f"{path}{first}colour={value}", 422, "invalid-input")
        assert problem["field"] == "colour"
    for value in ("red", ""):
        wrong = f"{path}{'&' if '?' in path else '?'}colour={value}"
        assert harbor.problem(wrong, 422, "invalid-input")["field"] == "colour"
    join = "&" if "?" in path else "?"
    assert harbor.problem(f"{path}{join}colour=red", 422, "invalid-input")["field"] == "colour"
    assert harbor.problem(f"{path}{join}colour=", 422, "invalid-input")["field"] == "colour"


def test_an_unknown_parameter_names_the_near_one(harbor: Api) -> None:
    assert "subject_kind" in harbor.problem(f"{RELATIONSHIPS}?subjekt_kind=Center", 422,
                                            "invalid-input")["mend"]  # fmt: skip


def test_several_parameters_at_fault_are_all_listed(harbor: Api) -> None:
    problem = harbor.problem(f"{RELATIONSHIPS}?limit=0&as_of=x&sort=y", 422, "invalid-input")

    assert {error["field"] for error in problem["errors"]} == {"limit", "as_of", "sort"}


@pytest.mark.parametrize(
    "query",
    ["name_prefix=a%00b", "name_prefix=%ED%A0%80", "name_prefix=%FF", "name_prefix=a%0Ab", "%00=1"],
    ids=["NUL", "lone surrogate", "not UTF-8", "line feed", "NUL in a name"],
)
def test_a_query_string_that_is_no_text_is_refused(harbor: Api, query: str) -> None:
    harbor.problem(f"/v1/entities?{query}", 400, "malformed-request")


@pytest.mark.parametrize("size", [10_000, 1_000_000])
def test_a_query_string_that_is_too_long_is_refused(harbor: Api, size: int) -> None:
    status, problem = harbor.raw("/v1/entities", b"name_prefix=" + b"a" * size)

    assert (status, problem["type"]) == (400, "/docs/errors#address-too-long")
    assert "8192" in problem["detail"]


def test_a_path_that_is_too_long_is_refused(harbor: Api) -> None:
    harbor.problem(f"/v1/entities/{'a' * 10_000}", 400, "address-too-long")


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/entity", "/v1/entities/", "/nothing", "/v2"])
def test_an_unknown_path_is_a_problem_too(harbor: Api, path: str) -> None:
    harbor.problem(path, 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_method_that_a_path_does_not_have_is_refused(harbor: Api, method: str) -> None:
    response = harbor.request(method, RELATIONSHIPS)

    assert response.status_code == 405
    assert response.json()["type"] == "/docs/errors#method-not-allowed"
    assert response.headers["allow"] == "GET, HEAD"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(["kind", "name_prefix", "place", "sort", "cursor", "limit"]) | st.text(),
    value=st.text(max_size=50),
)
def test_no_parameter_makes_the_service_fail(harbor: Api, name: str, value: str) -> None:
    assert harbor.get("/v1/entities", params={name: value}).status_code in {200, 400, 404, 422}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.binary(max_size=60))
def test_no_query_string_makes_the_service_fail(harbor: Api, query: bytes) -> None:
    assert harbor.raw(RELATIONSHIPS, query)[0] in {200, 400, 404, 422}


def test_every_kind_of_problem_stands_in_the_documentation() -> None:
    documented = re.findall(r"^## ([a-z-]+) \((\d+)\)$", DOCUMENTATION.read_text("utf-8"), re.M)

    assert documented == [(kind.slug, str(kind.status)) for kind in PROBLEM_TYPES.values()]


def test_every_error_that_a_request_can_meet_has_its_kind_of_problem() -> None:
    def below(cls: type[GraphsvcError]) -> set[str]:
        return {cls.slug}.union(*(below(child) for child in cls.__subclasses__()))

    never_over_http = {"error", "settings", "seed"}
    assert below(GraphsvcError) - never_over_http <= set(PROBLEM_TYPES)


def test_the_page_that_problems_point_to_explains_each(api: Api) -> None:
    page = api.get("/docs/errors")

    assert page.status_code == 200
    assert all(f'id="{slug}"' in page.text for slug in PROBLEM_TYPES)
