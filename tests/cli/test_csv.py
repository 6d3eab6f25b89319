"""Every command that writes CSV, on a graph whose names are formulas."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import typer

from graphsvc.cli.program import app
from graphsvc.model.choices import ExportFormat, ResultFormat, RowFormat
from tests.cli.conftest import HARBOR, Run

pytestmark = pytest.mark.embedded_only

NAME = "=1+1 "
COMMANDS = {
    "facts": (),
    "entities": (),
    "search": ("tide",),
    "paths": ("tide-center", "anchor-works"),
    "flows": ("--group-by", "entity"),
    "timeline": ("--entity", "tide-center"),
    "changes": (),
    "cypher": ("MATCH (e:Entity) RETURN e.name AS `@name`, -1 AS n, [e.name] AS names",),
    "query": ("supported_companies", "-p", "center=tide-center"),
    "analyze": ("degree",),
}
WITH_NAMES = {"facts", "entities", "search", "cypher", "query", "analyze"}
"""Commands of which a cell is a name; in the others names stand inside JSON text, or not at all."""


@pytest.fixture
def formulas(run: Run, harbor: Path, tmp_path: Path) -> Iterator[None]:
    """The graph holds the harbor, and every name and role begins with a formula."""
    copy = tmp_path / "seed"
    shutil.copytree(HARBOR, copy)
    for file in [*(copy / "entities").iterdir(), *(copy / "facts").iterdir()]:
        text = file.read_text("utf-8")
        lines = re.sub(r"^(\s+(?:- )?(?:name|role): )(.*)$", rf'\1"{NAME}\2"', text, flags=re.M)
        file.write_text(lines.replace('""', '"').replace(f'{NAME}"', NAME), "utf-8")
    result = run("load", "--seed", str(copy), "--allow-retract")
    assert result.exit_code == 0, result.stderr
    yield
    run("load", "--seed", str(harbor), "--allow-retract")


def test_the_table_here_names_every_command_that_writes_csv() -> None:
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    found = {
        name
        for name, command in commands.items()
        if command.callback
        and {RowFormat, ResultFormat, ExportFormat} & set(get_type_hints(command.callback).values())
    }
    assert found == {*COMMANDS, "export"}


def require_harmless(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert len(rows) > 1
    risky = re.compile(r"\s*[=+@＝＋－＠]|\s*-(?![0-9.]+$)|[\t\r\n]")
    assert [cell for row in rows for cell in row if risky.match(cell)] == []
    return rows


def test_no_table_has_a_formula_and_each_begins_with_the_byte_order_mark(
    run: Run, formulas: None, tmp_path: Path
) -> None:
    for command, arguments in COMMANDS.items():
        result = run(command, *arguments, "--format", "csv")
        assert result.exit_code == 0, result.stderr
        rows = require_harmless(result.stdout)
        guarded = any(cell.startswith(f"'{NAME}") for row in rows for cell in row)
        assert guarded or command not in WITH_NAMES, command

    archive = tmp_path / "graph.zip"
    assert run("export", str(archive), "--format", "csv").exit_code == 0
    with zipfile.ZipFile(archive) as tables:
        for name in tables.namelist():
            if name.endswith(".csv"):
                require_harmless(tables.read(name).decode("utf-8"))


def test_a_number_below_zero_stays_one(run: Run, formulas: None) -> None:
    statement = "RETURN -1 AS n, -1.5 AS x, '-1.5' AS decimal, '-1-1' AS text"
    result = run("cypher", statement, "--format", "csv")
    assert result.stdout.splitlines()[1] == "-1,-1.5,-1.5,'-1-1"
