"""Rows on stdout: as a table for a person, or as JSON, NDJSON or CSV for a program."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Protocol

import typer

from graphsvc import spreadsheet_csv
from graphsvc.model.choices import ReportFormat, RowFormat
from graphsvc.model.json_numbers import json_text

Row = dict[str, Any]

# A control character in a name or a result could steer the reader's terminal.
_VISIBLE = {code: 0x2400 + code for code in range(32)} | {0x7F: 0x2421}
_VISIBLE |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


_FOLDED = 20
"""A column no wider than this many cells is never folded."""

_PADDING = (0, 1, 0, 0)
_GAP = "  "
"""Between two columns: the padding, and the box's own blank."""


RowFormatOption = Annotated[
    RowFormat, typer.Option("--format", help="A table to read, or data on stdout.")
]
ReportFormatOption = Annotated[
    ReportFormat, typer.Option("--format", help="A table to read, or one JSON value.")
]


class Printer(Protocol):
    """Writes rows one by one."""

    def add(self, row: Row) -> None:
        """Write a row, or keep it for the end."""

    def end(self) -> None:
        """Write what comes after the last row."""


def printer(
    chosen: RowFormat, columns: Sequence[str], brief: Callable[[Row], Row] | None = None
) -> Printer:
    """What writes rows with these columns.

    `brief` gives the few columns of a row that a table shows.
    """
    match chosen:
        case RowFormat.TABLE:
            return _Table(columns, brief)
        case RowFormat.JSON:
            return _Json()
        case RowFormat.NDJSON:
            return _Ndjson()
        case RowFormat.CSV:
            return _Csv(columns)


def print_rows(chosen: RowFormat, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write all rows."""
    to = printer(chosen, columns)
    for row in rows:
        to.add(row)
    to.end()


def print_json(value: Any) -> None:
    """Write one JSON value and a line feed."""
    sys.stdout.write(_json(value) + "\n")


def _json(value: Any) -> str:
    try:
        return json_text(value, allow_nan=False)
    except ValueError:
        return json_text(_finite(value))


def _finite(value: Any) -> Any:
    """The value with "NaN" and "inf" as text, since JSON has no such numbers."""
    match value:
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case float() if not math.isfinite(value):
            return str(value)
    return value


class _Json:
    """One array, an object a line: whole for a program, and a pager can show it."""

    def __init__(self) -> None:
        self._before = "["

    def add(self, row: Row) -> None:
        sys.stdout.write(f"{self._before}\n{_json(row)}")
        self._before = ","

    def end(self) -> None:
        sys.stdout.write("[]\n" if self._before == "[" else "\n]\n")


class _Ndjson:
    def add(self, row: Row) -> None:
        sys.stdout.write(_json(row) + "\n")

    def end(self) -> None:
        pass


class _Csv:
    """Nested values stand as JSON text; null is an empty field."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        sys.stdout.write(spreadsheet_csv.begin(columns, "\n"))

    def add(self, row: Row) -> None:
        cells = [row[column] for column in self._columns]
        sys.stdout.write(spreadsheet_csv.line(map(_cell, cells), "\n"))

    def end(self) -> None:
        pass


def _cell(value: Any) -> str | int | float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if value is None or is_number else _flat(value)


class _Table:
    def __init__(self, columns: Sequence[str], brief: Callable[[Row], Row] | None) -> None:
        self._columns = columns
        self._brief = brief
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        self._rows.append(self._brief(row) if self._brief else row)

    def end(self) -> None:
        columns = list(self._rows[0]) if self._rows else self._columns
        print_table(columns, ([row[column] for column in columns] for row in self._rows))
        if not self._rows:
            typer.echo("No rows.", err=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table.

    Where stdout is no terminal nothing is wrapped or cut. On a terminal long values are folded;
    short ones, numbers among them, stay whole even if the lines then are too long for it.
    """
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    cells = [[_flat(value).translate(_VISIBLE) for value in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
    console = Console(highlight=False, markup=False)
    needed = sum(min(width, _FOLDED) + len(_GAP) for width in widths)
    fits = sys.stdout.isatty() and needed <= console.width
    console.width = console.width if fits else sum(widths) + len(_GAP) * len(widths)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=_PADDING, pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column, overflow="fold", no_wrap=not fits or width <= _FOLDED)
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _flat(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)
