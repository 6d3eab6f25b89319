"""Whole numbers in JSON: what readers would change is written as text, with its type.

JavaScript and others read every number as a 64-bit float, which has no whole number of its own from
2^53 on (RFC 8259, section 6). Such a number is `{"$type": "integer", "value": "9007199254740993"}`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import to_json

TYPE = "$type"

_INTEGER = re.compile(r"-?[0-9]{1,25}")

EXACT = range(-(2**53) + 1, 2**53)
"""Whole numbers that every reader of JSON keeps."""

_DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else byte for byte in range(256))
_LONG = b"0" * len(str(EXACT.stop))


def exact_integer(value: int) -> Any:
    """A whole number as it is, or as text with its type where readers would change it."""
    return value if value in EXACT else {TYPE: "integer", "value": str(value)}


def exact_integers(content: Any) -> Any:
    """JSON content in which no reader changes a whole number."""
    match content:
        case bool():
            return content
        case int():
            return exact_integer(content)
        case dict():
            return {name: exact_integers(value) for name, value in content.items()}
        case list() | tuple():
            return [exact_integers(item) for item in content]
    return content


def plain_integers(content: Any) -> Any:
    """The reverse: JSON content in which typed integers are numbers again."""
    match content:
        case {"$type": "integer", "value": str(text)} if len(content) == 2:
            return int(text) if _INTEGER.fullmatch(text) else content
        case dict():
            return {name: plain_integers(value) for name, value in content.items()}
        case list():
            return [plain_integers(item) for item in content]
    return content


def json_bytes(content: Any) -> bytes:
    """Content as JSON; NaN and infinities, which JSON has not, are null."""
    text = to_json(content, inf_nan_mode="null")
    # To look through every answer would take longer than to write it: few have long digits.
    return to_json(exact_integers(content), inf_nan_mode="null") if _has_long(text) else text


def json_text(content: Any, **options: Any) -> str:
    """Content as unescaped JSON by the standard library, with its options."""
    text = json.dumps(content, ensure_ascii=False, **options)
    if _has_long(text.encode("utf-8", "surrogatepass")):
        return json.dumps(exact_integers(content), ensure_ascii=False, **options)
    return text


def _has_long(text: bytes) -> bool:
    return _LONG in text.translate(_DIGITS)
