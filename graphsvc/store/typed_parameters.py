"""Typed values as a statement's parameters: what `typed_value` writes is read back."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytz  # the driver's own: with the zones of the standard library it cannot send a time
from neo4j.spatial import CartesianPoint, Point, WGS84Point
from neo4j.time import Date, DateTime, Duration, Time

from graphsvc.errors import InvalidInputError
from graphsvc.model.json_numbers import TYPE

_INTEGER = re.compile(r"-?[0-9]{1,25}")
_FLOATS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_ZONE = re.compile(r"(.*)\[([A-Za-z0-9_+/-]{1,60})\]")
_POINTS = {7203: CartesianPoint, 9157: CartesianPoint, 4326: WGS84Point, 4979: WGS84Point}
"""Kinds of point by SRID: https://neo4j.com/docs/cypher-manual/current/values-and-types/spatial/"""

_ELEMENTS = ("node", "relationship", "path")


def parameter_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters in which typed values stand for what they are.

    Raises
    ------
    InvalidInputError
        When an object with `$type` is none that a statement can take, naming the parameter.
    """
    found = {}
    for name, value in parameters.items():
        try:
            found[name] = _read(value)
        except RecursionError:
            found[name] = value  # refused with the others that are nested too deep
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            raise InvalidInputError(
                f"The parameter {name[:80]!r} has {_shown(error)}.",
                mend='Write it as an answer has it, such as {"$type": "date", "value":'
                ' "2024-05-21"}; of a node or relationship give its id.',
                field="parameters",
            ) from None
    return found


class _NoValueError(ValueError):
    """What a typed value is instead of one."""


def _shown(error: Exception) -> str:
    return str(error) if isinstance(error, _NoValueError) else "a typed value that cannot be read"


def _read(value: Any) -> Any:
    match value:
        case list():
            return [_read(item) for item in value]
        case dict() if TYPE in value:
            return _read_typed(value)
        case dict():
            return {name: _read(item) for name, item in value.items()}
    return value


def _read_typed(value: dict[str, Any]) -> Any:
    name = value[TYPE]
    if name in _ELEMENTS:
        raise _NoValueError(f"a {name}, which no parameter can be")
    if name == "point" and set(value) == {TYPE, "srid", "coordinates"}:
        return _point(value["srid"], value["coordinates"])
    if name == "map" and set(value) == {TYPE, "value"} and isinstance(value["value"], dict):
        return {key: _read(item) for key, item in value["value"].items()}
    reader = _READERS.get(name) if isinstance(name, str) else None
    if reader is None:
        raise _NoValueError(f"a value whose $type is {str(name)[:40]!r}, which there is not")
    text = value.get("value")
    if set(value) != {TYPE, "value"} or not isinstance(text, str):
        raise _NoValueError(f"a {name} without a text as its value")
    try:
        return reader(text)
    except (ValueError, KeyError, ArithmeticError, pytz.UnknownTimeZoneError):
        raise _NoValueError(f"{text[:60]!r}, which is no {name}") from None


def _point(srid: Any, coordinates: Any) -> Point:
    numbers = [_read(item) for item in coordinates]
    kind = _POINTS.get(srid)
    if kind is None or not all(type(item) in (int, float) for item in numbers):
        raise _NoValueError("a point that is in no coordinate system")
    point: Point = kind(numbers)
    if point.srid != srid:
        raise _NoValueError(f"a point of {len(numbers)} coordinates with the SRID {srid}")
    return point


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError
    return int(text)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None


def _local(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_local(text: str) -> Any:
        value = read(text)
        if value.tzinfo is not None:
            raise ValueError
        return value

    return read_local


def _zoned(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_zoned(text: str) -> Any:
        zone = _ZONE.fullmatch(text)
        value = read(zone[1] if zone else text)
        if value.tzinfo is None:
            raise ValueError
        return value.astimezone(pytz.timezone(zone[2])) if zone else value

    return read_zoned


_READERS: dict[str, Callable[[str], Any]] = {
    "integer": _integer,
    "float": _FLOATS.__getitem__,
    "date": Date.from_iso_format,
    "time": _zoned(Time.from_iso_format),
    "localtime": _local(Time.from_iso_format),
    "datetime": _zoned(DateTime.from_iso_format),
    "localdatetime": _local(DateTime.from_iso_format),
    "duration": Duration.from_iso_format,
    "bytes": _bytes,
}
