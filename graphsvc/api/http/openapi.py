"""The API's description: as FastAPI writes it, with the vocabulary and the named queries put in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from graphsvc.api.http.live_graph import LiveGraph
from graphsvc.api.http.problems import ProblemDetails
from graphsvc.api.http.proxies import path_for_clients
from graphsvc.api.http.query_schemas import describe_queries
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.queries import NamedQueries

_EXAMPLES = Path(__file__).with_name("examples.json")
"""Real answers over the packaged seed, by method and path; the tests ask for them again."""

_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
"""pydantic leaves its own names in the schema of a number whose text is checked first."""

_REF = "#/components/schemas/"
_NAMES_OF = "x-vocabulary"

_PUBLISHED_NAMES = {
    "LinksLeftOut": "graphsvc__api__flow_models__LeftOut",
    "RelationshipsLeftOut": "graphsvc__api__neighbourhood__LeftOut",
}
"""Names of schemas that generated clients have, where the model is called otherwise now."""


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
        routes=app.routes,
    )
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    _publish_names(description, schemas)
    problem = ProblemDetails.model_json_schema(ref_template=f"{_REF}{{model}}")
    schemas.update(problem.pop("$defs", {}))
    schemas["ProblemDetails"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for node in _nodes(description["paths"]):
        if _NAMES_OF in node:
            _complete(node, vocabulary)
        for ours, theirs in _BOUNDS.items():
            if ours in node:
                node[theirs] = node.pop(ours)
    describe_queries(description, queries, most_rows)
    _add_examples(description["paths"])
    return description


def _publish_names(description: dict[str, Any], schemas: dict[str, Any]) -> None:
    for name, published in _PUBLISHED_NAMES.items():
        if name in schemas:
            schemas[published] = schemas.pop(name)
    published_refs = {_REF + name: _REF + public for name, public in _PUBLISHED_NAMES.items()}
    for node in _nodes(description):
        if node.get("$ref") in published_refs:
            node["$ref"] = published_refs[node["$ref"]]


def _add_examples(paths: dict[str, Any]) -> None:
    """Show a real answer on each operation that has one; a query of an operator's own has none."""
    examples = json.loads(_EXAMPLES.read_text("utf-8"))
    for path, operations in paths.items():
        for method, operation in operations.items():
            example = examples.get(f"{method.upper()} {path}")
            if example is not None:
                content = operation["responses"]["200"]["content"]
                content["application/json"]["example"] = example["answer"]
            if example is not None and "body" in example:
                content = operation["requestBody"]["content"]
                content["application/json"]["example"] = example["body"]


def _complete(schema: dict[str, Any], vocabulary: Vocabulary | None) -> None:
    of = schema.pop(_NAMES_OF)
    if vocabulary is not None:
        schema["enum"] = list(getattr(vocabulary, of))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a description, the inner ones first."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in list(children):
        yield from _nodes(child)
    if isinstance(node, dict):
        yield node
