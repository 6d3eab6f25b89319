"""OpenAPI as generators of clients read it: what they cannot read is not in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graphsvc.api.analysis.requests import RunRequest
from graphsvc.api.http.safety_headers import SAFETY_HEADERS
from tests.api.conftest import Api
from tests.documented_answers import DOCUMENTATION

_NAMED = re.compile(r"^\| `(?P<name>[a-z_<>]+)` \| `(?P<endpoint>[A-Z]+ \S+)` \|$", re.MULTILINE)


@pytest.fixture
def description(harbor: Api) -> dict[str, Any]:
    harbor.ok("/v1/vocabulary")
    return harbor.ok("/openapi.json")


def nodes(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a description by its place; what examples hold is no part of it."""
    if isinstance(node, dict):
        yield where, node
        for name, child in node.items():
            if name not in ("example", "examples", "default"):
                yield from nodes(child, f"{where}/{name}")
    if isinstance(node, list):
        for number, child in enumerate(node):
            yield from nodes(child, f"{where}/{number}")


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def list_constants(description: dict[str, Any]) -> Iterator[str]:
    """openapi-python-client takes no schema with one."""
    for where, node in nodes(description):
        if isinstance(node.get("const"), list | dict):
            yield where


def titles_that_are_no_names(description: dict[str, Any]) -> Iterator[str]:
    """Generators name models by titles, and two of one title are one model."""
    named = description["components"]["schemas"]
    for where, node in nodes(description):
        _, _, name = where.rpartition("/")
        is_named = where == f"/components/schemas/{name}"
        if isinstance(node.get("title"), str) and where != "/info":
            if not is_named or node["title"] != name:
                yield where
        elif is_named and name in named:
            yield where


def names_that_generated_code_has_itself(description: dict[str, Any]) -> Iterator[str]:
    """`params` is a variable of each function of openapi-python-client."""
    taken = {"params", "client", "body", "headers", "cookies", "kwargs", "url"}
    for endpoint, operation in operations(description):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in taken:
                yield f"{endpoint} {parameter['name']}"


def nullable_parameters(description: dict[str, Any]) -> Iterator[str]:
    """A parameter is given or left out."""
    for endpoint, operation in operations(description):
        for parameter in operation.get("parameters", ()):
            if {"type": "null"} in parameter["schema"].get("anyOf", ()):
                yield f"{endpoint} {parameter['name']}"


def answers_that_cannot_be_read_by_one_function(description: dict[str, Any]) -> Iterator[str]:
    """JSON, text or a file: a file has no schema, and the others have one."""
    for endpoint, operation in operations(description):
        content = operation["responses"]["200"]["content"]
        described = {name for name, media in content.items() if "schema" in media}
        is_file = "application/octet-stream" in content
        is_one = described in ({"application/json"}, {"text/plain"}) and len(content) == 1
        if not (is_one or (is_file and not described)):
            yield endpoint


def unions_without_discriminator(description: dict[str, Any]) -> Iterator[str]:
    """Of models: which of them an answer is has to be told by a member."""
    for where, node in nodes(description):
        models = [each for each in node.get("oneOf", node.get("anyOf", ())) if "$ref" in each]
        if len(models) > 1 and "discriminator" not in node:
            yield where


def undeclared_tags(description: dict[str, Any]) -> Iterator[str]:
    declared = {tag["name"]: tag for tag in description["tags"]}
    for endpoint, operation in operations(description):
        if len(operation["tags"]) != 1 or operation["tags"][0] not in declared:
            yield endpoint
    yield from (name for name in declared if not name.isascii() or not name.isidentifier())


def defaults_of_what_may_be_absent(description: dict[str, Any]) -> Iterator[str]:
    """openapi-typescript takes what has a default for present."""
    asked = {"RunRequest", "RunFilter", "CypherRequest"}
    for name, schema in description["components"]["schemas"].items():
        for member, told in schema.get("properties", {}).items() if name not in asked else ():
            if "default" in told:
                yield f"{name}.{member}"


@pytest.mark.parametrize(
    "faults",
    [
        list_constants,
        titles_that_are_no_names,
        names_that_generated_code_has_itself,
        nullable_parameters,
        answers_that_cannot_be_read_by_one_function,
        unions_without_discriminator,
        undeclared_tags,
        defaults_of_what_may_be_absent,
    ],
)
def test_generators_can_read_the_description(
    description: dict[str, Any], faults: Callable[[dict[str, Any]], Iterator[str]]
) -> None:
    assert list(faults(description)) == []


def test_every_operation_has_the_name_that_the_documentation_tells(
    description: dict[str, Any],
) -> None:
    told = {row["name"]: row["endpoint"] for row in _NAMED.finditer(DOCUMENTATION.read_text())}
    named = {operation["operationId"]: endpoint for endpoint, operation in operations(description)}
    queries = {name for name, at in named.items() if at.startswith("GET /v1/queries/")}

    assert told.pop("query_<name>") == "GET /v1/queries/{name}"
    assert queries == {f"query_{named[name].rpartition('/')[2]}" for name in queries}
    assert {name: at for name, at in named.items() if name not in queries} == told


HEADERS = [
    # An operation, a status of its, and headers that are described beside those of every answer.
    ("GET /v1/relationships", "200", {"ETag", "Link", "Vary", "Deprecation"}),
    ("GET /v1/relationships", "304", {"ETag", "Vary", "Deprecation"}),
    ("GET /v1/entities/{id}", "308", {"Location"}),
    ("GET /v1/entities/{id}", "503", {"Retry-After"}),
    ("GET /v1/flows", "200", {"ETag", "Link", "Vary"}),
    ("GET /v1/export", "200", {"ETag", "Content-Disposition", "Vary", "Deprecation"}),
    ("POST /v1/analysis/runs", "200", {"Preference-Applied", "Vary"}),
    ("POST /v1/analysis/runs", "202", {"Location", "Retry-After", "Preference-Applied"}),
    ("POST /v1/analysis/runs", "429", {"Retry-After"}),
    ("GET /v1/analysis/runs/{id}/table", "200", {"Content-Disposition", "Link", "Vary"}),
    ("GET /v1/analysis/runs/{id}/methods", "200", {"Link", "Vary"}),
    ("GET /health", "200", {"Vary"}),
    ("GET /health", "default", {"Retry-After", "Allow"}),
]


@pytest.mark.parametrize(("endpoint", "status", "headers"), HEADERS)
def test_the_headers_of_answers_are_described(
    description: dict[str, Any], endpoint: str, status: str, headers: set[str]
) -> None:
    response = dict(operations(description))[endpoint]["responses"][status]
    assert response["headers"].keys() == headers | {
        "X-Request-ID",
        "Cache-Control",
        *SAFETY_HEADERS,
    }
    assert response["headers"].keys() <= description["components"]["headers"].keys()
    assert ("content" in response) == (status not in ("304", "308"))


def test_real_headers_are_among_the_described(harbor: Api, description: dict[str, Any]) -> None:
    named = dict(operations(description))
    of_every_http_answer = {"content-type", "content-length", "content-encoding"}
    for path in ("/v1/relationships?limit=1", "/v1/flows", "/v1/export?format=json", "/health"):
        answer = harbor.get(path)
        told = named[f"GET {path.partition('?')[0]}"]["responses"]["200"]["headers"]
        sent = set(answer.headers.keys()) - of_every_http_answer
        assert sent <= {name.lower() for name in told}, path
        if "etag" in sent:
            again = harbor.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code == 304


@pytest.mark.parametrize(
    ("body", "field", "near"),
    [
        ({"metric": "degree", "filters": {"types": ["FUNDS"]}}, "filters", "filter"),
        ({"metric": "degree", "filter": {"type": ["FUNDS"]}}, "type", "types"),
        ({"metric": "degree", "additional_properties": {"seed": 7}}, "additional_properties", ""),
        ({"metric": "degree", "parameters": {"filter": {}}}, "filter", ""),
    ],
)
def test_a_run_with_members_that_it_has_not_is_refused(
    harbor: Api, body: dict[str, Any], field: str, near: str
) -> None:
    response = harbor.request("POST", "/v1/analysis/runs", json=body)
    assert response.status_code == 422
    problem = response.json()
    assert problem["field"].rpartition(".")[2] == field
    assert near in problem["mend"]


def test_a_run_is_described_by_one_model_with_all_that_it_takes(
    description: dict[str, Any],
) -> None:
    body = dict(operations(description))["POST /v1/analysis/runs"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/RunRequest"
    }
    request = description["components"]["schemas"]["RunRequest"]
    assert request["properties"].keys() == RunRequest.model_fields.keys()
    assert request.keys().isdisjoint({"oneOf", "anyOf", "allOf"})
    assert request["additionalProperties"] is False
    assert request["properties"]["filter"]["$ref"] == "#/components/schemas/RunFilter"
