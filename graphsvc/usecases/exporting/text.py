"""Values as text: JSON on one line, and what XML can hold."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from graphsvc.model.json_numbers import json_text

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, not even as a reference."""


def json_line(value: Any) -> str:
    """JSON as it is read by people too: no escapes for what is no control character."""
    return json_text(value, separators=(",", ":"))


def flat(value: Any) -> str:
    """A value as one text: a list as JSON."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
    return json_line(value)


def xml_text(value: Any) -> str:
    """A value between two tags."""
    return escape(_allowed(flat(value)), {"\r": "&#13;"})


def xml_attribute(value: Any) -> str:
    """A value as an attribute's, with its quotes."""
    return quoteattr(_allowed(flat(value)))


def _allowed(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
