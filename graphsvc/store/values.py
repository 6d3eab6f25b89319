"""Conversion of values: parameters for the database, and what it returns as JSON."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

from graphsvc.errors import InvalidInputError, LimitError
from graphsvc.model.json_numbers import TYPE, exact_integer

Ends = Mapping[str, str | None]
"""The `id`s of nodes by the name that the database has for them."""

ValueConverter = Callable[[Any, Ends], Any]
"""How a returned value is written: `plain_value` or `typed_value`."""

_INTEGERS = range(-(2**63), 2**63)
_DEEPEST = 100
_SCALARS = frozenset({type(None), bool, int, float, str})
_NO_ENDS: Ends = {}

# The driver writes nine digits of a second.
_IDLE_ZEROS = re.compile(r"\.0{9}|(?<=\.\d{3})0{6}|(?<=\.\d{6})0{3}")


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Refuse values that the database's protocol cannot carry.

    Raises
    ------
    InvalidInputError
        Naming the parameter.
    """
    for name, value in parameters.items():
        if why := _why_not([name, value]):
            raise InvalidInputError(f"The parameter {name[:80]!r} {why}.", field="parameters")


def _why_not(value: Any, depth: int = 0) -> str | None:
    if depth > _DEEPEST:
        return f"is nested deeper than {_DEEPEST}"
    match value:
        case (
            None | bool() | float() | bytes() | Date() | Time() | DateTime() | Duration() | Point()
        ):
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


def plain_value(value: Any, ends: Ends = _NO_ENDS) -> Any:
    """The form of one returned value for people.

    A node becomes its labels and properties; a relationship its type, the `id`s of its ends and
    its properties; a path its nodes and relationships in order; dates and times ISO 8601 text.
    NaN and the infinities stay: whoever writes them as JSON has to decide.

    Raises
    ------
    LimitError
        When it is nested so deep that readers of JSON would refuse it.
    """
    return _written(value, ends, typed=False, depth=0)


def typed_value(value: Any, ends: Ends = _NO_ENDS) -> Any:
    """The form of one returned value for programs: pure JSON, nothing lost and nothing guessed.

    null, true, text, numbers, lists and maps are themselves. All else is an object with `$type`:
    node, relationship, path, point, date, time, localtime, datetime, localdatetime, duration and
    bytes; also what readers of JSON would garble: `integer` from 2^53 on, `float` where it is NaN
    or infinite, `map` where a map has a key `$type` of its own. A node is known by the `id` among
    its properties; the database's own ids are left out, since they change.

    Raises
    ------
    LimitError
        As `plain_value`.
    """
    return _written(value, ends, typed=True, depth=0)


def _written(value: Any, ends: Ends, *, typed: bool, depth: int) -> Any:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return exact_integer(value) if typed else value
    if kind is float:
        beyond = typed and not math.isfinite(value)
        return {TYPE: "float", "value": _BEYOND[str(value)]} if beyond else value
    if depth > _DEEPEST:
        raise LimitError(
            f"A value of the result is nested deeper than {_DEEPEST}.", field="statement"
        )

    def inner(item: Any) -> Any:
        return _written(item, ends, typed=typed, depth=depth + 1)

    if kind is list:
        return [item if type(item) is str else inner(item) for item in value]
    if kind is dict:
        content: Any = {key: inner(item) for key, item in value.items()}
        return {TYPE: "map", "value": content} if typed and TYPE in content else content
    name, content = _special(value, ends, inner)
    if not typed:
        return content
    return {TYPE: name, **content} if isinstance(content, dict) else {TYPE: name, "value": content}


_BEYOND = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def _special(value: Any, ends: Ends, inner: Callable[[Any], Any]) -> tuple[str, Any]:
    """What it is and what it holds, for all that JSON has no form for."""
    match value:
        case Node():
            return "node", {"labels": sorted(value.labels), "properties": _properties(value, inner)}
        case Relationship():
            start, end = (_end(node, ends) for node in value.nodes)
            properties = _properties(value, inner)
            content = {"type": value.type, "start": start, "end": end, "properties": properties}
            return "relationship", content
        case Path():
            return "path", {
                "nodes": [inner(node) for node in value.nodes],
                "relationships": [inner(step) for step in value.relationships],
            }
        case Point():
            return "point", {"srid": value.srid, "coordinates": [inner(item) for item in value]}
        case bytes() | bytearray():
            return "bytes", base64.b64encode(value).decode("ascii")
    return _temporal(value)


def _properties(element: Node | Relationship, inner: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        key: item if type(item) is str else inner(item)  # most are text
        for key, item in element.items()
    }


def _end(node: Node | None, ends: Ends) -> str | None:
    if node is None:
        return None
    known = node.get("id")
    return ends.get(node.element_id) if known is None else known


def _temporal(value: Any) -> tuple[str, str]:
    match value:
        case Date():
            return "date", value.iso_format()
        case Duration():
            return "duration", value.iso_format()
        case Time() | DateTime():
            name = "time" if isinstance(value, Time) else "datetime"
            text = _IDLE_ZEROS.sub("", value.iso_format())
            return (f"local{name}", text) if value.tzinfo is None else (name, text + _zone(value))
    return type(value).__name__.lower(), str(value)


def _zone(value: Time | DateTime) -> str:
    """The zone's name behind the offset, as Cypher writes it, where it has one."""
    name = getattr(value.tzinfo, "zone", None) or getattr(value.tzinfo, "key", None)
    return f"[{name}]" if name and name != "UTC" else ""


def elements(rows: list[list[Any]]) -> list[Node | Relationship]:
    """Nodes and relationships among returned values, however deep; of a path, where it begins."""
    found: list[Node | Relationship] = []
    waiting: list[Any] = [value for row in rows for value in row if type(value) not in _SCALARS]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Node | Relationship):
            found.append(value)
        elif isinstance(value, Path):
            found.append(value.start_node)
        elif type(value) is list:
            waiting.extend(item for item in value if type(item) not in _SCALARS)
        elif type(value) is dict:
            waiting.extend(item for item in value.values() if type(item) not in _SCALARS)
    return found


def loose_ends(found: list[Node | Relationship]) -> list[str]:
    """The database's names of nodes that relationships only point to."""
    nodes = (node for item in found if isinstance(item, Relationship) for node in item.nodes)
    return sorted({node.element_id for node in nodes if node is not None and not node.get("id")})


def forget(found: list[Node | Relationship]) -> None:
    """Let the driver forget the nodes and relationships that it has read for a result.

    It would keep every one until the end of the result, so that a long one fills the memory.
    """
    for item in found[:1]:
        graph: Any = item.graph
        graph._nodes.clear()
        graph._relationships.clear()
