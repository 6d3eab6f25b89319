"""Values of a statement's parameters, read as the type in its header says.

Texts are read strictly, one form for each value, so that what a description of a query says of its
parameters is all there is to know. Only ASCII digits are digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

SCALARS = ("string", "integer", "float", "boolean", "date", "entity")
ENTITY = "entity"
"""An id or a name, for which the id of its thing is put before a statement runs."""

LEAST_INTEGER, LARGEST_INTEGER = -(2**63), 2**63 - 1

_INTEGER = re.compile(r"-?[0-9]{1,25}")
_FLOAT = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,5})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_value(type_name: str, value: Any) -> Any:
    """The value that a text or a JSON value stands for.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it is of another type.
    """
    if type_name.startswith("list of "):
        item_type = type_name.removeprefix("list of ")
        if isinstance(value, str):
            return [_read_item(item_type, item) for item in value.split(",")]
        return [read_value(item_type, item) for item in list(value)]
    return _READERS[type_name](value)


def _read_item(type_name: str, item: str) -> Any:
    if not item:
        raise ValueError
    return read_value(type_name, item)


def _read_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _read_called(value: Any) -> str:
    text = _read_string(value)
    text.encode("utf-8")  # a lone surrogate is in no name, and no database can be asked for it
    return text


def _read_integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise ValueError
    number = int(value)
    if not LEAST_INTEGER <= number <= LARGEST_INTEGER:
        raise ValueError
    return number


def _read_float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    if isinstance(value, str) and not _FLOAT.fullmatch(value):
        raise ValueError
    try:
        number = float(value)
    except OverflowError:
        raise ValueError from None
    if not math.isfinite(number):
        raise ValueError
    return number


def _read_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[value]


def _read_date(value: Any) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError
    return date.fromisoformat(value).isoformat()


_READERS: dict[str, Callable[[Any], Any]] = {
    "string": _read_string,
    ENTITY: _read_called,
    "integer": _read_integer,
    "float": _read_float,
    "boolean": _read_boolean,
    "date": _read_date,
    "map": dict,
}
