"""What of a table a spreadsheet would take for a formula, and that no other module writes CSV."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest

import graphsvc
from graphsvc.spreadsheet_csv import begin, line

PACKAGE = Path(graphsvc.__file__).parent


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1 전자", "'=1+1 전자"),
        ("+82-2-555", "'+82-2-555"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\tplain", "'\tplain"),
        ("\rplain", "'\rplain"),
        ("\nplain", "'\nplain"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM", "'＠SUM"),
        ("  =1+1", "'  =1+1"),
        ("\u3000=1+1", "'\u3000=1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("'quoted'", "''quoted'"),
        ('"=1+1"', '"=1+1"'),
        ("1=1", "1=1"),
        (" plain", " plain"),
        ("", ""),
        (None, ""),
        ("-12.50", "-12.50"),
        (-12.5, "-12.5"),
        (-12, "-12"),
        ("a,b;c\n=1", "a,b;c\n=1"),
    ],
)
def test_a_text_that_would_be_a_formula_has_an_apostrophe_in_front(
    cell: str | float | None, written: str
) -> None:
    assert list(csv.reader(io.StringIO(line([cell, "x"]), newline=""))) == [[written, "x"]]
    assert begin([str(cell)]).startswith("\ufeff")
    if isinstance(cell, str):
        assert (written[1:] if written.startswith("'") else written) == cell


def test_a_column_s_name_is_guarded_too() -> None:
    assert begin(["=1+1", "b"]) == "\ufeff'=1+1,b\r\n"


def test_one_module_writes_csv() -> None:
    writers = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "csv" in {getattr(node, "module", None), *(name.name for name in node.names)}
    }
    assert writers == {"spreadsheet_csv.py"}
