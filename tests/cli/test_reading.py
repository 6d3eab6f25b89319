"""facts, entities, cypher and query: shapes, exit codes, and what goes to which stream."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.seeding.reading import read_seed
from tests.cli.conftest import Run, Start

pytestmark = pytest.mark.usefixtures("harbor")

FACT_KEYS = [
    *("id", "form", "subject", "object", "funders", "recipients", "program", "type", "metric"),
    *("value", "unit", "money", "modality", "basis", "stated_by", "role", "period"),
    *("valid_from", "valid_to", "period_bounds", "conflicts_with", "documents", "evidence"),
]
ENTITY_KEYS = ["id", "kind", "labels", "name", "name_en", "aliases"]
MONEY_KEYS = {
    *("amount", "currency", "qualifier", "amount_min", "amount_max", "stage", "source", "regrant"),
}


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_facts_prints_each_fact_of_the_seed_as_a_line_with_the_documented_keys(
    run: Run, harbor: Path
) -> None:
    result = run("facts", "--format", "ndjson")
    rows = _lines(result.stdout)
    assert result.exit_code == 0
    assert {row["id"] for row in rows} == set(read_seed(harbor).facts)
    assert len(rows) == len({row["id"] for row in rows})
    for row in rows:
        assert list(row) == FACT_KEYS


def test_a_relationship_fact_has_names_money_and_evidence(run: Run) -> None:
    rows = {row["id"]: row for row in _lines(run("facts", "--format", "ndjson").stdout)}
    fact = rows["wave-funds-pier"]
    assert fact["subject"] == {
        "id": "wave-ministry",
        "kind": "Ministry",
        "name": "물결부",
        "name_en": "Ministry of Waves",
        "aliases": ["물결처", "MOW"],
    }
    assert fact["program"]["id"] == "harbor-growth-program"
    assert fact["money"].keys() == MONEY_KEYS
    assert fact["money"]["amount"] == "10000000000"
    assert fact["evidence"][0] == {
        "document": "harbor-001",
        "paragraph": 3,
        "start": 16,
        "end": 35,
        "digest": "e6b0916117d03e7e",
    }


def test_fundings_and_observations_keep_to_their_own_fields(run: Run) -> None:
    rows = {row["id"]: row for row in _lines(run("facts", "--format", "ndjson").stdout)}
    funding = rows["two-centers-sum"]
    assert [party["id"] for party in funding["funders"]] == ["wave-ministry", "gull-city"]
    assert (funding["form"], funding["subject"], funding["type"]) == ("funding", None, None)
    attendees = rows["forum-attendees"]
    assert (attendees["form"], attendees["unit"]) == ("observation", "persons")
    assert json.dumps(attendees["value"]) == "87"
    assert rows["ebb-opening"]["value"] == "XXXX-09"


def test_entities_have_their_labels_and_no_document_aliases(run: Run) -> None:
    rows = _lines(run("entities", "--format", "ndjson").stdout)
    assert all(list(row) == ENTITY_KEYS for row in rows)
    center = next(row for row in rows if row["id"] == "tide-center")
    assert center["labels"] == ["Entity", "Organization", "Center"]
    assert center["aliases"] == ["밀물 지원센터"]


@pytest.mark.parametrize("command", ["facts", "entities"])
def test_the_formats_hold_the_same_rows(run: Run, command: str) -> None:
    rows = _lines(run(command, "--format", "ndjson").stdout)
    assert json.loads(run(command, "--format", "json").stdout) == rows
    table = list(
        csv.DictReader(io.StringIO(run(command, "--format", "csv").stdout.removeprefix("\ufeff")))
    )
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    nested = "evidence" if command == "facts" else "labels"
    assert [json.loads(row[nested]) for row in table] == [row[nested] for row in rows]


def test_a_table_neither_wraps_nor_escapes_where_stdout_is_no_terminal(run: Run) -> None:
    result = run(
        "cypher",
        "RETURN '부두' AS place, 'x' + reduce(a = '', n IN range(1, 400) | a + 'y') AS long",
    )
    header, _, row = (line.rstrip() for line in result.stdout.splitlines())
    assert header.split() == ["place", "long"]
    assert row.split() == ["부두", "x" + 400 * "y"]


def test_cypher_prints_an_array_of_objects_and_nothing_else(run: Run) -> None:
    result = run(
        "cypher",
        "MATCH (c:Center {id: $id}) RETURN c.name AS name, $n AS n, $list AS list",
        *("--param", "id=tide-center", "-p", "n=3", "-p", 'list=["가", 1.5]'),
        *("--format", "json"),
    )
    assert json.loads(result.stdout) == [{"name": "밀물센터", "n": 3, "list": ["가", 1.5]}]
    assert "밀물센터" in result.stdout
    assert result.stderr == ""


def test_what_is_no_number_in_json_stands_as_text(run: Run) -> None:
    result = run("cypher", "RETURN [0.0 / 0.0] AS x, 1.5 AS y", "--format", "json")
    assert json.loads(result.stdout) == [{"x": ["nan"], "y": 1.5}]


def test_markup_and_control_characters_reach_no_terminal(run: Run) -> None:
    result = run("cypher", "RETURN $x AS x", "-p", "x=[bold]a\x1b[31mb")
    assert result.stdout.splitlines()[-1].rstrip() == "[bold]a␛[31mb"


def test_no_rows_are_an_empty_array(run: Run) -> None:
    result = run("cypher", "MATCH (n:Center {id: 'none'}) RETURN n", "--format", "json")
    assert (result.stdout, result.exit_code) == ("[]\n", 0)


@pytest.mark.parametrize(
    ("statement", "exit_code", "said"),
    [
        ("CREATE (n:Center {id: 'x'}) RETURN n", 6, "CREATE"),
        ("MATCH (n) DETACH DELETE n", 6, "DETACH"),
        ("MATCH (n RETURN n", 5, "column 10"),
        ("RETURN $missing", 5, "missing"),
        ("", 5, "statement"),
    ],
)
def test_a_refused_or_failed_statement_prints_nothing_on_stdout(
    run: Run, statement: str, exit_code: int, said: str
) -> None:
    result = run("cypher", statement, "--format", "json")
    assert (result.stdout, result.exit_code) == ("", exit_code)
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_typo_is_shown_where_it_stands(run: Run) -> None:
    result = run("cypher", "MATCH (n {name: '전기연'}) RETRUN n")
    line, caret = result.stderr.splitlines()[-2:]
    assert line == "MATCH (n {name: '전기연'}) RETRUN n"
    assert caret == " " * 27 + "^"


def test_a_result_that_was_cut_off_says_so_on_stderr(run: Run) -> None:
    result = run("cypher", "UNWIND range(1, 9) AS n RETURN n", "--limit", "2", "--format", "ndjson")
    assert _lines(result.stdout) == [{"n": 1}, {"n": 2}]
    assert "Cut off after 2 rows" in result.stderr


def test_a_parameter_without_a_value_is_wrong_usage(run: Run) -> None:
    result = run("cypher", "RETURN $x", "--param", "x")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "NAME=VALUE" in result.stderr


def test_a_named_query_is_asked_with_parameters_of_its_header(run: Run) -> None:
    result = run("query", "funding_by_ministry", "-p", "ministry=물결부", "--format", "json")
    rows = json.loads(result.stdout)
    assert {row["ministry_id"] for row in rows} == {"wave-ministry"}


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("funding_by_minister",), 4, "funding_by_ministry"),
        (("safe_sum", "-p", "payer=x"), 5, "payer"),
        ((), 2, "--list"),
    ],
)
def test_a_wrong_named_query_is_refused_with_what_is_right(
    run: Run, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    result = run("query", *arguments, "--format", "json")
    assert (result.stdout, result.exit_code) == ("", exit_code)
    assert said in result.stderr


def test_a_query_file_of_ones_own_is_listed_and_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.cypher").write_text(
        "// name: mine\n// why: Mine.\n// param: n integer = 2 A number.\n"
        "// returns: n integer It.\nRETURN $n AS n\n"
    )
    env = {"GRAPHSVC_QUERIES_DIR": str(tmp_path)}
    listed = {
        row["name"]: row
        for row in json.loads(run("query", "--list", "--format", "json", env=env).stdout)
    }
    assert listed["mine"]["parameters"] == {"n": "integer = 2"}
    assert json.loads(run("query", "mine", "-p", "n=7", "--format", "json", env=env).stdout) == [
        {"n": 7}
    ]
    assert run("query", "mine", "-p", "n=many", env=env).exit_code == 5


def test_a_query_file_that_writes_is_refused_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sly.cypher").write_text(
        "// name: sly\n// why: Only reads.\n// returns: n node It.\nCREATE (n:Center) RETURN n\n"
    )
    refused = run("query", "safe_sum", env={"GRAPHSVC_QUERIES_DIR": str(tmp_path)})
    assert (refused.stdout, refused.exit_code) == ("", 2)
    assert "sly.cypher:4" in refused.stderr.replace("\n", "")


def test_a_query_that_returns_other_columns_than_announced_is_told_so(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "other.cypher").write_text(
        "// name: other\n// why: Other.\n// returns: a integer It.\nRETURN 1 AS b\n"
    )
    refused = run("query", "other", env={"GRAPHSVC_QUERIES_DIR": str(tmp_path)})
    assert (refused.stdout, refused.exit_code) == ("", 2)
    assert "columns a; its statement returns b" in " ".join(refused.stderr.split())


def test_a_bad_query_file_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.cypher").write_text("// name: bad\n// param: n money A sum.\nRETURN 1\n")
    result = run("query", "--list", env={"GRAPHSVC_QUERIES_DIR": str(tmp_path)})
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "bad.cypher:2" in result.stderr


def test_a_reader_that_goes_away_is_no_error_to_speak_of(start: Start) -> None:
    process = start("facts", "--format", "ndjson")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == ""
