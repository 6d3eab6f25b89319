"""The API's description: as FastAPI writes it, with the vocabulary and the named queries put in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from graphsvc.api.http.described_headers import describe_headers
from graphsvc.api.http.live_graph import LiveGraph
from graphsvc.api.http.problems import ProblemDetails
from graphsvc.api.http.proxies import path_for_clients
from graphsvc.api.http.query_schemas import describe_queries
from graphsvc.api.http.short_items import PARAMETERS
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.queries import NamedQueries

TAGS = [
    {"name": name, "x-displayName": f"{name} · {korean}", "description": f"{text} · {korean}"}
    for name, korean, text in (
        ("Relationships", "관계", "What joins two things"),
        ("Entities", "개체", "Things in the world, and what stands around them"),
        ("Search", "검색", "Things by any spelling of their name"),
        ("Paths", "경로", "How two things hang together"),
        ("Facts", "사실", "Facts with evidence and history, and sums with several parties"),
        ("Documents", "문서", "The sources"),
        ("Queries", "질의", "Questions that are asked by name"),
        ("Money", "자금", "Stated sums, added up"),
        ("Conflicts", "상충", "Accounts that do not agree"),
        ("Time", "시간", "Timelines, changes and histories"),
        ("About", "안내", "What there is, and how much"),
        ("Exports", "내보내기", "Files for other programs"),
        ("Cypher", "사이퍼", "Statements of your own, which only read"),
        ("Analysis", "분석", "Measures of networks"),
        ("Health", "상태", "Whether the service lives and has a graph"),
    )
]
"""Groups of operations. Generated clients make modules of their names, so these are plain words."""

_EXAMPLES = Path(__file__).with_name("examples.json")
"""Real answers over the packaged seed, by method and path; the tests ask for them again."""

_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
"""pydantic leaves its own names in the schema of a number whose text is checked first."""

_REF = "#/components/schemas/"
_NAMES_OF = "x-vocabulary"
_VOCABULARY = {"kinds": "KindName", "types": "TypeName"}
_JSON = "application/json"


class Description:
    """The description of an application, written anew only when what it is made from is another."""

    def __init__(self, app: FastAPI, graph: LiveGraph) -> None:
        self._app = app
        self._graph = graph
        self._made_from: tuple[Vocabulary | None, NamedQueries] | None = None
        self._text: dict[str, Any] = {}

    def __call__(self) -> dict[str, Any]:
        """OpenAPI 3.1, with the vocabulary that was seen last and the queries in use."""
        vocabulary, queries = self._graph.known_vocabulary(), self._graph.queries
        known = self._made_from
        if known is None or known[0] is not vocabulary or known[1] is not queries:
            most_rows = self._graph.settings.max_rows
            self._text = describe(self._app, vocabulary, queries, most_rows)
            self._made_from = (vocabulary, queries)
        root = path_for_clients("")
        return {**self._text, "servers": [{"url": root}]} if root else self._text


def describe(
    app: FastAPI, vocabulary: Vocabulary | None, queries: NamedQueries, most_rows: int
) -> dict[str, Any]:
    """OpenAPI 3.1 for the application; without a vocabulary, kinds and types are plain strings."""
    description = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        contact=app.contact,
        license_info=app.license_info,
        tags=app.openapi_tags,
        servers=app.servers or [{"url": "/"}],
        routes=app.routes,
    )
    description["security"] = []  # nobody is asked for a key
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    schemas["ProblemDetails"] = ProblemDetails.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _name_parts(description["paths"], schemas)
    _name_vocabulary(description, vocabulary)
    _leave_out_short_items(description["paths"])
    _never_null(description["paths"])
    for node in _nodes(description):
        for ours, theirs in _BOUNDS.items():
            if ours in node:
                node[theirs] = node.pop(ours)
    describe_queries(description, queries, most_rows)
    _title_schemas(description)
    describe_headers(description)
    _add_examples(description["paths"])
    return description


def _name_parts(paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put the schemas of bodies, and what they are made of, among the named ones."""
    for node in _nodes(paths):
        body = node.get("requestBody")
        if body is not None:
            content = body["content"][_JSON]
            name = content["schema"]["title"]
            schemas[name] = content["schema"]
            content["schema"] = {"$ref": _REF + name}
    for schema in list(schemas.values()):
        for name, part in schema.pop("$defs", {}).items():
            schemas.setdefault(name, part)
    for node in _nodes(schemas):
        if node.get("$ref", "").startswith("#/$defs/"):
            node["$ref"] = _REF + node["$ref"].rpartition("/")[2]


def _name_vocabulary(description: dict[str, Any], vocabulary: Vocabulary | None) -> None:
    """Let each kind and type that a request may name be one of those that there are."""
    schemas = description["components"]["schemas"]
    for node in list(_nodes(description)):
        if _NAMES_OF in node:
            of = node.pop(_NAMES_OF)
            node["$ref"] = _REF + _VOCABULARY[of]
            for name in ("type", "maxLength"):
                del node[name]
    for of, name in _VOCABULARY.items():
        schemas[name] = {"type": "string", "maxLength": 100}
        if vocabulary is not None:
            schemas[name] = {"type": "string", "enum": list(getattr(vocabulary, of))}


def _never_null(paths: dict[str, Any]) -> None:
    """A parameter is given or left out: null is what the program makes of the latter."""
    for operation in _operations(paths):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"]
            given = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
            if len(given) == 1:
                del schema["anyOf"]
                schema.update({**given[0], **schema})
            if "$ref" in schema:
                _refer_alone(parameter)


def _refer_alone(parameter: dict[str, Any]) -> None:
    """What stands beside a reference, openapi-generator takes for another type: any."""
    schema = parameter["schema"]
    if "default" in schema:
        parameter["description"] += f" Without it `{schema['default']}`."
    parameter["schema"] = {"$ref": schema["$ref"]}


def _leave_out_short_items(paths: dict[str, Any]) -> None:
    for operation in _operations(paths):
        if "parameters" in operation:
            operation["parameters"] = [
                one for one in operation["parameters"] if one["name"] not in PARAMETERS
            ]


def _title_schemas(description: dict[str, Any]) -> None:
    """A title for each named schema and no other: generators make names of them.

    Nor has a member of an answer that may be left out a default: it is simply not there, and
    openapi-typescript takes whatever has a default for present.
    """
    schemas = description["components"]["schemas"]
    for node in _nodes([description["paths"], schemas]):
        if isinstance(node.get("title"), str):
            del node["title"]
    for name, schema in schemas.items():
        schemas[name] = {"title": name, **schema}
    asked = set(_named_in(description["paths"], schemas))
    for name, schema in schemas.items():
        for member in schema.get("properties", {}).values() if name not in asked else ():
            member.pop("default", None)


def _named_in(paths: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """The named schemas that bodies of requests are made of."""
    bodies = [node["requestBody"] for node in _nodes(paths) if "requestBody" in node]
    waiting = [node["$ref"] for node in _nodes(bodies) if "$ref" in node]
    seen = set()
    while waiting:
        name = waiting.pop().removeprefix(_REF)
        if name not in seen:
            seen.add(name)
            waiting += [node["$ref"] for node in _nodes(schemas[name]) if "$ref" in node]
            yield name


def _add_examples(paths: dict[str, Any]) -> None:
    """Show a real answer on each operation that has one; a query of an operator's own has none."""
    examples = json.loads(_EXAMPLES.read_text("utf-8"))
    for path, operations in paths.items():
        for method, operation in operations.items():
            endpoint = f"{method.upper()} {path}"
            example = examples.get(endpoint)
            if example is None:
                continue
            content = operation["responses"]["200"]["content"].get(_JSON)
            if content is not None:
                content["example"] = _shown(endpoint, example["answer"])
            if "body" in example:
                operation["requestBody"]["content"][_JSON]["example"] = example["body"]


def _shown(endpoint: str, answer: Any) -> Any:
    """An answer as an example: of the queries those that take nothing.

    The parameters of the others are `required` and have a `default`, and Spectral takes whatever
    has both for a schema.
    """
    if endpoint != "GET /v1/queries":
        return answer
    return {**answer, "items": [item for item in answer["items"] if not item["parameters"]]}


def _operations(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in paths.values():
        yield from methods.values()


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a description, the inner ones first."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in list(children):
        yield from _nodes(child)
    if isinstance(node, dict):
        yield node
