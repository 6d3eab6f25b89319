"""search: the rows that the service gives, in every format."""

from __future__ import annotations

import csv
import io
import json

import pytest

from graphsvc.usecases.search.search import COLUMNS
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("harbor")


def test_a_search_prints_why_each_thing_was_found(run: Run) -> None:
    rows = json.loads(run("search", "mow", "--format", "json").stdout)

    assert rows == [
        {
            "id": "wave-ministry",
            "kind": "Ministry",
            "name": "물결부",
            "name_en": "Ministry of Waves",
            "matched": "MOW",
            "field": "alias",
            "match": "alias",
            "score": 0.95,
            "span": [0, 3],
            "read_as": None,
            "changes": [],
        }
    ]
    assert tuple(rows[0]) == COLUMNS


def test_the_formats_hold_the_same_rows(run: Run) -> None:
    rows = json.loads(run("search", "tide", "--format", "json").stdout)
    lines = run("search", "tide", "--format", "ndjson").stdout.splitlines()
    table = list(
        csv.DictReader(
            io.StringIO(run("search", "tide", "--format", "csv").stdout.removeprefix("\ufeff"))
        )
    )

    assert len(rows) > 1
    assert [json.loads(line) for line in lines] == rows
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert "tide-center" in run("search", "tide").stdout


def test_kind_mode_and_limit_are_obeyed(run: Run) -> None:
    def kinds(*options: str) -> set[str]:
        rows = json.loads(run("search", "밀무", *options, "--format", "json").stdout)
        return {row["kind"] for row in rows}

    assert kinds("--mode", "prefix", "--kind", "Organization") == {"Center"}
    assert "Report" in kinds("--mode", "prefix")
    assert len(kinds("--mode", "prefix", "--limit", "1")) == 1


def test_nothing_found_is_no_error(run: Run) -> None:
    result = run("search", "zqxjv", "--format", "json")
    assert (result.stdout, result.exit_code) == ("[]\n", 0)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("x", "--kind", "Centre"), 5, "Center"),
        (("",), 2, "200"),
        (("가" * 201,), 2, "200"),
        (("x", "--mode", "fuzzy"), 2, "prefix"),
        (("x", "--limit", "0"), 2, "limit"),
        ((), 2, "'text'"),
    ],
)
def test_a_wrong_search_is_refused(
    run: Run, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    result = run("search", *arguments, "--format", "json")
    assert (result.stdout, result.exit_code) == ("", exit_code)
    assert said in result.stderr
