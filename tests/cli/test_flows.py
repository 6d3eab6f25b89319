"""`graphsvc flows`: the cells of /v1/flows as rows."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from graphsvc.cli.flows import FLOW_COLUMNS
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("harbor")


def _rows(run: Run, *options: str) -> list[dict[str, Any]]:
    result = run("flows", "--format", "json", *options)
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def _facts(rows: list[dict[str, Any]]) -> set[str]:
    return {fact for row in rows for fact in row["facts"]}


def test_each_cell_is_a_row_with_exact_sums_and_its_facts(run: Run) -> None:
    rows = {(row["from"]["key"], row["to"]["key"]): row for row in _rows(run)}
    row = rows["pier-agency", "tide-center"]

    assert set(row) == set(FLOW_COLUMNS)
    assert (row["gross"], row["regrants"], row["net"]) == ("4000000000", "4000000000", "0")
    assert row["facts"] == ["pier-funds-tide"]
    assert rows["gull-city+wave-ministry", "ebb-center+tide-center"]["from"]["is"] == "joint"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--from", "tide-center", "--stage", "disbursed"], {"tide-funds-rope"}),
        (["--to", "tide-center", "--currency", "JPY"], {"alliance-funds-tide"}),
        (["--source", "national", "--undated", "exclude"], {"wave-funds-pier"}),
        (["--from", "wave-ministry", "--as-of", "2031-01-01"], {"wave-funds-deep-project"}),
    ],
)
def test_each_option_keeps_what_it_says(run: Run, options: list[str], expected: set[str]) -> None:
    assert _facts(_rows(run, *options)) == expected


@pytest.mark.parametrize("group_by", ["entity", "kind", "place", "program"])
def test_every_grouping_has_every_fact(run: Run, group_by: str) -> None:
    assert _facts(_rows(run, "--group-by", group_by)) == _facts(_rows(run))


def test_net_shows_the_figure_without_regrants(run: Run) -> None:
    assert [row["amount"] for row in _rows(run, "--net", "--from", "pier-agency")] == ["0"]


def test_csv_has_a_line_a_cell_and_the_table_names_what_is_hedged(run: Run) -> None:
    result = run("flows", "--format", "csv", "--as-of", "2030-04-15")
    lines = list(csv.reader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    table = run("flows").stdout

    assert lines[0] == [*FLOW_COLUMNS, "holds"]
    assert {len(line) for line in lines} == {len(lines[0])}
    assert "갈매기시 + 물결부" in table
    assert "at_least" in table
    assert "(unstated)" in table


@pytest.mark.parametrize(
    ("options", "code", "named"),
    [
        (["--from", "tide-centre"], 4, "tide-center"),
        (["--group-by", "ministry"], 2, "--group-by"),
        (["--stage", "paid"], 2, "--stage"),
        (["--source", "public"], 2, "--source"),
        (["--currency", "won"], 2, "--currency"),
        (["--undated", "no"], 2, "--undated"),
        (["--as-of", "2030"], 2, "--as-of"),
    ],
)
def test_what_cannot_be_used_is_named(run: Run, options: list[str], code: int, named: str) -> None:
    result = run("flows", *options)

    assert (result.exit_code, result.stdout) == (code, "")
    assert named in result.stderr
