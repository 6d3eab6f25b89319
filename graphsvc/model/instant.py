"""Instants of recording as they stand in the graph: UTC, to the microsecond, text that sorts."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MOST_SHOWN = 80
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:(?P<second>\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def parse_instant(text: str) -> str:
    """An RFC 3339 instant as the text under which instants stand in the graph.

    Raises
    ------
    ValueError
        When it is none, or names a day or time that does not exist.
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:_MOST_SHOWN]!r} is not an instant such as 2026-05-21T09:00:00Z")
    # Python knows no leap seconds, and the graph no finer time than a microsecond.
    written = re.sub(r"(\.\d{6})\d+", r"\1", text.upper())
    if match["second"] == "60":
        written = f"{written[:17]}59{written[19:]}"
    try:
        moment = datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is an instant that does not exist") from None
    return instant_text(moment)


def instant_text(moment: datetime) -> str:
    """An instant of UTC as the text under which instants stand in the graph."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
