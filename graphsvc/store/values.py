"""What a database returns, as values that JSON knows."""

from __future__ import annotations

import base64
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point


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
