"""CSV as spreadsheets may open it: every table that graphsvc writes as CSV comes from here.

UTF-8 with a byte order mark, without which spreadsheets garble Korean; fields and quotes as
RFC 4180. A text that a spreadsheet would take for a formula has an apostrophe in front.

References
----------
OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

# The full-width signs work as the plain ones where Japanese or Korean is typed. A blank in front
# does not keep every spreadsheet from reading a formula, nor does what shows as nothing.
_FORMULA = re.compile(
    "[\\s\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}]*"
    "[=+\\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
    "\N{FULLWIDTH COMMERCIAL AT}]|[\t\r\n']"
)
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")

Cell = str | int | float | None


def begin(columns: Sequence[str], line_end: str = "\r\n") -> str:
    """The byte order mark and the line of column names."""
    return BYTE_ORDER_MARK + line(columns, line_end)


def line(cells: Iterable[Cell], line_end: str = "\r\n") -> str:
    """One line; None is an empty field."""
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end).writerow(map(_harmless, cells))
    return out.getvalue()


def _harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe in front of a text that would be taken for a formula.

    A text that begins with an apostrophe gets one more, so that dropping one always gives the
    text back. A negative decimal is no formula, and stays a number.
    """
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _NEGATIVE.fullmatch(cell):
        return cell
    return f"'{cell}"
