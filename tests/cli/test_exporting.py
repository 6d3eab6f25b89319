"""export: files that are whole or not there."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import StoreConflictError
from graphsvc.usecases.exporting import files
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("harbor")


@pytest.mark.parametrize("chosen", ["graphml", "gexf", "json", "jsonld", "cypher"])
def test_a_file_and_stdout_have_the_same_bytes(run: Run, tmp_path: Path, chosen: str) -> None:
    file = tmp_path / "graph"
    result = run("export", str(file), "--format", chosen)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "The whole graph was exported.\n"
    assert run("export", "-", "--format", chosen).stdout == file.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_csv_is_a_zip_of_tables(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "graph.zip"
    assert run("export", str(file), "--format", "csv").exit_code == 0

    with zipfile.ZipFile(file) as archive:
        assert "facts.csv" in archive.namelist()


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        (("--entity", "anchor-works"), {"tide-funds-anchor", "tide-supports-anchor"}),
        (("--query", "supported_companies", "-p", "center=없는센터"), None),
        (("--entity", "forum-hall", "--known-at", "2001-01-01T00:00:00Z"), None),
        (("--entity", "wave-unit", "--undated", "exclude"), set()),
        (("--entity", "wave-unit", "--as-of", "2030-01-01"), {"wave-unit-of-wave"}),
    ],
)
def test_a_part_is_chosen_by_options(
    run: Run, options: tuple[str, ...], facts: set[str] | None
) -> None:
    result = run("export", "-", "--format", "json", *options)

    if facts is None:
        assert (result.exit_code, result.stdout) == (4, "")
    else:
        assert {edge["fact_id"] for edge in json.loads(result.stdout)["edges"]} == facts


@pytest.mark.parametrize(
    ("options", "exit_code", "said"),
    [
        ((), 2, "--format"),
        (("--format", "xml"), 2, "graphml"),
        (("--format", "json", "--depth", "2"), 2, "--entity"),
        (("--format", "json", "--entity", "tide-center", "--depth", "4"), 2, "--depth"),
        (("--format", "json", "--entity", "tide-center", "--query", "safe_sum"), 2, "--entity"),
        (("--format", "json", "-p", "a=b"), 2, "--query"),
        (("--format", "json", "--as-of", "2030-02-30"), 2, "is not a day"),
        (("--format", "json", "--known-at", "2030-02-03"), 2, "is not an instant"),
        (("--format", "json", "--entity", "tide-centre"), 4, "tide-center"),
        (("--format", "json", "--query", "safe_sums"), 4, "safe_sum"),
        (("--format", "json", "--query", "safe_sum", "-p", "payer=x"), 5, "payer"),
    ],
)
def test_what_cannot_be_exported_leaves_nothing(
    run: Run, tmp_path: Path, options: tuple[str, ...], exit_code: int, said: str
) -> None:
    result = run("export", str(tmp_path / "graph"), *options)

    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_load_in_the_middle_leaves_no_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def changed(*_: Any) -> None:
        raise StoreConflictError("A load changed the graph meanwhile.")

    monkeypatch.setattr(files, "require_unchanged", changed)
    result = run("export", str(tmp_path / "graph.json"), "--format", "json")

    assert (result.exit_code, result.stdout) == (7, "")
    assert "A load changed the graph" in result.stderr
    assert list(tmp_path.iterdir()) == []
