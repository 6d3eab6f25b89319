"""timeline and changes: what the API answers, all of it, in each format."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("harbor")


def test_a_timeline_has_every_fact_in_its_order(run: Run) -> None:
    result = run("timeline", "--entity", "ebb-center", "--format", "json")
    rows = json.loads(result.stdout)

    assert result.exit_code == 0
    assert [row["id"] for row in rows] == [
        *("two-centers-sum", "gull-builds-ebb", "ebb-opening", "ebb-supports-nets"),
    ]
    assert rows[2]["at_value"]
    assert rows[2]["unknown_year"]
    assert rows[0]["evidence"]


def test_a_timeline_of_a_document_is_a_table_for_people(run: Run) -> None:
    lines = run("timeline", "--document", "harbor-002").stdout.splitlines()

    assert lines[0].split()[:2] == ["when", "id"]
    assert lines[2].split()[:2] == ["2030", "buoy-exports"]


@pytest.mark.parametrize("arguments", [(), ("--entity", "tide-center", "--document", "harbor-001")])
def test_a_timeline_is_that_of_one_thing_or_document(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("timeline", *arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [("--entity", "tide-centre"), ("--document", "harbor-1")])
def test_a_timeline_of_what_is_not_there_names_the_near_ones(
    run: Run, arguments: tuple[str, str]
) -> None:
    result = run("timeline", *arguments)

    assert result.exit_code == 4
    assert "Did you mean" in result.stderr


def test_changes_are_told_since_an_instant(run: Run) -> None:
    told = [json.loads(line) for line in run("changes", "--format", "ndjson").stdout.splitlines()]
    later = run("changes", "--since", told[-1]["at"], "--format", "json")

    assert {change["how"] for change in told} == {"added"}
    assert [change["what"] for change in told] == sorted(change["what"] for change in told)
    assert json.loads(later.stdout) == []
    assert "wave-funds-pier" in run("changes").stdout


def test_an_instant_that_is_none_is_wrong_usage(run: Run) -> None:
    result = run("changes", "--since", "2030-01-01")

    assert result.exit_code == 2
    assert "instant such as" in result.stderr


def test_a_day_chooses_and_is_answered(run: Run) -> None:
    asked = ("--as-of", "2030-04-01", "--undated", "exclude")
    of_thing = run("timeline", "--entity", "wave-ministry", *asked, "--format", "json")
    changed = run("changes", *asked, "--format", "json")

    rows = json.loads(of_thing.stdout)
    assert "wave-funds-pier" in {row["id"] for row in rows}
    assert {row["holds"] for row in rows} == {"yes"}
    states = [row["after"] for row in json.loads(changed.stdout) if row["what"] == "fact"]
    assert "wave-funds-pier" in {state["id"] for state in states}
    assert {state["holds"] for state in states} == {"yes"}
    assert "entity" in {row["what"] for row in json.loads(changed.stdout)}


@pytest.mark.parametrize("command", [("timeline", "--entity", "wave-ministry"), ("changes",)])
@pytest.mark.parametrize("asked", [("--as-of", "2030-02-30"), ("--undated", "maybe")])
def test_a_day_that_is_none_is_wrong_usage(
    run: Run, command: tuple[str, ...], asked: tuple[str, str]
) -> None:
    result = run(*command, *asked)

    assert result.exit_code == 2
    assert asked[0] in result.stderr
