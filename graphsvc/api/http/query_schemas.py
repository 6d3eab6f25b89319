"""What OpenAPI says of each named query, and the bounds of a parameter that are the service's own.

A query file says types; how long a text may be and what a list looks like in an address is said
here, once for all queries, and checked here too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from graphsvc.api.http.texts import quoted
from graphsvc.errors import InvalidInputError
from graphsvc.store.cypher_files import REQUIRED, Column, Parameter, Statement
from graphsvc.store.parameter_values import LARGEST_INTEGER, LEAST_INTEGER
from graphsvc.store.queries import NamedQueries

GENERIC_PATH = "/v1/queries/{name}"
LONGEST_TEXT = 200
LONGEST_ITEM = 100
MOST_ITEMS = 50
LIMIT = "limit"
DEFAULT_ROWS = 1000

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]+$"
_NO_CONTROLS_OR_COMMAS = r"^[^\x00-\x1f\x7f,]+$"
_LIST = "list of "

_SCALARS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "minimum": LEAST_INTEGER, "maximum": LARGEST_INTEGER},
    "float": {"type": "number", "minimum": -sys.float_info.max, "maximum": sys.float_info.max},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_TEXTS = ("string", "entity")

_LARGE = {"$ref": "#/components/schemas/IntegerValue"}

_COLUMNS: dict[str, str] = {
    "string": "string",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
    "date": "string",
    "map": "object",
    "node": "object",
    "relationship": "object",
    "path": "object",
}


def limit_of(query: Statement, given: str | None, most: int) -> int:
    """The most rows to answer with, where `limit` is the service's own parameter.

    Raises
    ------
    InvalidInputError
        When it is no whole number from 1 to `most`.
    """
    if given is None:
        return min(DEFAULT_ROWS, most)
    if not re.fullmatch(r"[0-9]{1,25}", given) or not 1 <= int(given) <= most:
        raise InvalidInputError(
            f"limit of {query.name} is {quoted(given)}, not a whole number from 1 to {most}.",
            field=LIMIT,
        )
    return int(given)


def has_own_limit(query: Statement) -> bool:
    """Whether `limit` is a parameter of the query itself, which then means what its file says."""
    return any(parameter.name == LIMIT for parameter in query.parameters)


def require_sane_lengths(query: Statement, given: Mapping[str, str]) -> None:
    """Refuse texts and lists that are longer than the description allows.

    Raises
    ------
    InvalidInputError
        Naming the parameter.
    """
    for parameter in query.parameters:
        text = given.get(parameter.name, "")
        is_list = parameter.type.startswith(_LIST)
        items = text.split(",") if is_list else [text]
        longest = LONGEST_ITEM if is_list else LONGEST_TEXT
        if len(items) > MOST_ITEMS:
            what = f"has {len(items)} items; at most {MOST_ITEMS} are read"
        elif parameter.type.endswith(_TEXTS) and any(len(item) > longest for item in items):
            what = f"is {quoted(max(items, key=len))}; at most {longest} characters are read"
        else:
            continue
        raise InvalidInputError(f"{parameter.name} of {query.name} {what}.", field=parameter.name)


def describe_queries(description: dict[str, Any], queries: NamedQueries, most_rows: int) -> None:
    """Put a path for each query in the place of the one that serves them all."""
    paths = description["paths"]
    if GENERIC_PATH not in paths:
        return
    described: dict[str, Any] = {}
    for path, operations in paths.items():
        if path != GENERIC_PATH:
            described[path] = operations
            continue
        for query in queries.statements.values():
            operation = _operation(operations["get"], query, most_rows)
            described[GENERIC_PATH.format(name=query.name)] = {"get": operation}
    description["paths"] = described
    schemas = description["components"]["schemas"]
    general = schemas.pop("QueryAnswer")
    for query in queries.statements.values():
        schemas[f"QueryRow_{query.name}"] = _row(query)
        schemas[f"QueryAnswer_{query.name}"] = _answer(general, query)


def _operation(general: Mapping[str, Any], query: Statement, most_rows: int) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/QueryAnswer_{query.name}"}}
    found = {"description": "The rows.", "content": {"application/json": content}}
    parameters = [_parameter(parameter) for parameter in query.parameters]
    if not has_own_limit(query):
        parameters.append(_limit(most_rows))
    return {
        **general,
        "summary": f"{query.name} · 질의",
        "description": query.why,
        "operationId": f"query_{query.name}",
        "parameters": parameters,
        "responses": {**general["responses"], "200": found},
    }


def _limit(most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": min(DEFAULT_ROWS, most)}
    text = "Most rows of the answer; `truncated` says whether there are more."
    return {"name": LIMIT, "in": "query", "required": False, "description": text, "schema": schema}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = _value_schema(parameter.type)
    if parameter.default is not REQUIRED and parameter.default is not None:
        schema["default"] = parameter.default
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is REQUIRED,
        "description": parameter.text,
        "schema": schema,
    }
    if parameter.type.startswith(_LIST):
        described.update(style="form", explode=False)
    return described


def _value_schema(type_name: str) -> dict[str, Any]:
    if type_name.startswith(_LIST):
        item_type = type_name.removeprefix(_LIST)
        items = (
            _text(LONGEST_ITEM, _NO_CONTROLS_OR_COMMAS)
            if item_type in _TEXTS
            else dict(_SCALARS[item_type])
        )
        return {"type": "array", "items": items, "minItems": 1, "maxItems": MOST_ITEMS}
    if type_name in _TEXTS:
        return _text(LONGEST_TEXT, _NO_CONTROLS)
    return dict(_SCALARS[type_name])


def _text(longest: int, pattern: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}


def _answer(general: Mapping[str, Any], query: Statement) -> dict[str, Any]:
    properties = {name: dict(schema) for name, schema in general["properties"].items()}
    properties["name"]["const"] = query.name
    columns = [column.name for column in query.returns]
    properties["columns"] |= {
        "items": {"type": "string", "enum": columns},
        "minItems": len(columns),
        "maxItems": len(columns),
    }
    properties["rows"]["items"] = {"$ref": f"#/components/schemas/QueryRow_{query.name}"}
    return {**general, "properties": properties, "title": f"QueryAnswer_{query.name}"}


def _row(query: Statement) -> dict[str, Any]:
    return {
        "type": "object",
        "title": f"QueryRow_{query.name}",
        "properties": {column.name: _column(column) for column in query.returns},
        "required": [column.name for column in query.returns],
        "additionalProperties": False,
    }


def _column(column: Column) -> dict[str, Any]:
    schema = {"description": column.text} if column.text else {}
    if column.type == "any":
        return schema
    if column.type == "integer":
        return {**schema, "anyOf": [{"type": ["integer", "null"]}, _LARGE]}
    if not column.type.startswith(_LIST):
        return {**schema, **_typed(column.type, nullable=True)}
    items = _typed(column.type.removeprefix(_LIST), nullable=False)
    if column.type == f"{_LIST}integer":
        items = {"anyOf": [items, _LARGE]}
    return {**schema, "type": ["array", "null"], "items": items}


def _typed(type_name: str, *, nullable: bool) -> dict[str, Any]:
    name = _COLUMNS[type_name]
    return {
        "type": [name, "null"] if nullable else name,
        **({"format": "date"} if type_name == "date" else {}),
    }
