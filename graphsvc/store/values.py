"""Values on their way to the database and back: what it cannot carry, what JSON does not know."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

from graphsvc.errors import InvalidInputError

_INTEGERS = range(-(2**63), 2**63)
_DEEPEST = 100


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Refuse values that the database's protocol cannot carry.

    Raises
    ------
    InvalidInputError
        Naming the parameter.
    """
    for name, value in parameters.items():
        if why := _why_not(value):
            raise InvalidInputError(f"The parameter {name!r} {why}.", field=name)


def _why_not(value: Any, depth: int = 0) -> str | None:
    if depth > _DEEPEST:
        return f"is nested deeper than {_DEEPEST}"
    match value:
        case None | bool() | float():
            return None
        case int():
            return None if value in _INTEGERS else "has an integer of more than 64 bits"
        case str():
            return None if _is_text(value) else "has text that is no Unicode"
        case dict():
            items = [*value, *value.values()]
        case list():
            items = value
        case _:
            return f"has a value of type {type(value).__name__}"
    reasons = (_why_not(item, depth + 1) for item in items)
    return next((reason for reason in reasons if reason), None)


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def plain_value(value: Any) -> Any:
    """The JSON form of one returned value.

    A node becomes its labels and properties; a relationship its type, the `id`s of its ends and
    its properties; a path its nodes and relationships in order; dates and times ISO 8601 text.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Node():
            return {"labels": sorted(value.labels), "properties": _properties(value)}
        case Relationship():
            return _relationship(value)
        case Path():
            return {
                "nodes": [plain_value(node) for node in value.nodes],
                "relationships": [plain_value(step) for step in value.relationships],
            }
        case dict():
            return {str(key): plain_value(item) for key, item in value.items()}
        case Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case list() | tuple() if not hasattr(value, "iso_format"):
            return [plain_value(item) for item in value]
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
    return value.iso_format() if hasattr(value, "iso_format") else str(value)


def _properties(element: Node | Relationship) -> dict[str, Any]:
    return {key: plain_value(item) for key, item in element.items()}


def _relationship(value: Relationship) -> dict[str, Any]:
    start, end = value.nodes
    return {
        "type": value.type,
        "start": None if start is None else start.get("id"),
        "end": None if end is None else end.get("id"),
        "properties": _properties(value),
    }
