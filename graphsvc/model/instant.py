"""Instants: RFC 3339 on the way in, one form in the graph, so that text sorts as time does."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:(?P<second>\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_LONGEST_ECHO = 80


def parse_instant(value: object) -> str:
    """An RFC 3339 instant as the text under which instants stand in the graph.

    Raises
    ------
    ValueError
        When it is none.
    """
    text = str(value)
    match = _RFC_3339.fullmatch(text)
    if match is None:
        echo = text[:_LONGEST_ECHO]
        raise ValueError(f"{echo!r} is not an instant such as 2026-05-21T09:00:00Z")
    # Python knows no leap seconds, and the graph no finer time than a microsecond.
    text = re.sub(r"(\.\d{6})\d+", r"\1", text.upper())
    if match["second"] == "60":
        text = f"{text[:17]}59{text[19:]}"
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is an instant that does not exist") from None
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
