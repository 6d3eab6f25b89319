"""load, dump and restore."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from graphsvc import paths
from graphsvc.seeding.reading import read_seed
from tests.cli.conftest import HARBOR, Run


def test_a_dry_run_prints_exactly_one_object_and_changes_nothing(
    run: Run, empty_database: None
) -> None:
    facts = list(read_seed(HARBOR).facts)
    planned = {
        "added": len(facts),
        "changed": 0,
        "retracted": 0,
        "unchanged": 0,
        "ids": {"added": facts, "changed": [], "retracted": []},
    }
    for _ in range(2):
        result = run("load", "--seed", str(HARBOR), "--dry-run", "--format", "json")
        assert result.exit_code == 0
        assert result.stdout == json.dumps(planned) + "\n"


def test_a_second_load_plans_no_changes(run: Run, harbor: Path) -> None:
    result = run("load", "--seed", str(harbor), "--dry-run", "--format", "json")
    unchanged = len(read_seed(harbor).facts)
    assert result.stdout == (
        f'{{"added": 0, "changed": 0, "retracted": 0, "unchanged": {unchanged}, '
        '"ids": {"added": [], "changed": [], "retracted": []}}\n'
    )


def test_a_fact_that_left_the_seed_is_planned_for_retraction(
    run: Run, harbor: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(harbor, tmp_path / "copy")
    file = copy / "facts" / "harbor-003.yaml"
    text = file.read_text("utf-8")
    start = text.index("  - id: tide-equipment")
    file.write_text(text[:start], "utf-8")
    result = run("load", "--seed", str(copy), "--dry-run", "--format", "json")
    assert json.loads(result.stdout)["ids"]["retracted"] == ["tide-equipment"]


def test_another_seed_is_refused_without_replace(run: Run, harbor: Path) -> None:
    result = run("load", "--seed", str(paths.packaged_seed_dir()), "--format", "json")
    assert (result.stdout, result.exit_code) == ("", 5)
    assert "--replace" in result.stderr


@pytest.mark.parametrize(
    ("form", "shown"),
    [("table", "facts "), ("json", '"retracted": ')],
)
@pytest.mark.parametrize("refused_for", ["--replace", "--allow-retract"])
def test_a_dry_run_shows_a_plan_that_would_be_refused(
    run: Run, harbor: Path, tmp_path: Path, refused_for: str, form: str, shown: str
) -> None:
    seed = paths.packaged_seed_dir()
    if refused_for == "--allow-retract":
        seed = shutil.copytree(harbor, tmp_path / "copy")
        (seed / "facts" / "harbor-003.yaml").unlink()
    command = ("load", "--seed", str(seed), "--dry-run", "--format", form)
    result = run(*command)
    assert result.exit_code == 5
    assert shown in " ".join(result.stdout.split())
    assert f"say {refused_for}" in result.stderr
    allowed = run(*command, refused_for)
    assert (allowed.exit_code, allowed.stdout) == (0, result.stdout)


def test_a_seed_with_problems_lists_them(run: Run, tmp_path: Path) -> None:
    copy = shutil.copytree(HARBOR, tmp_path / "copy")
    (copy / "entities" / "center.yaml").write_text("kind: Centre\nentities: []\n")
    result = run("load", "--seed", str(copy))
    assert (result.stdout, result.exit_code) == ("", 3)
    assert "entities/center.yaml:1" in result.stderr


@pytest.mark.parametrize("command", ["facts", "entities", "cypher", "query", "flows"])
def test_reads_of_an_empty_graph_say_what_to_run(
    run: Run, empty_database: None, command: str
) -> None:
    arguments = {"cypher": ["RETURN 1"], "query": ["safe_sum"]}.get(command, [])
    result = run(command, *arguments, "--format", "json")
    assert (result.stdout, result.exit_code) == ("", 7)
    assert "graphsvc load" in result.stderr


def test_dump_and_restore_carry_the_graph(
    run: Run, harbor: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    facts = run("facts", "--format", "ndjson").stdout
    file = tmp_path / "graph.ndjson"
    assert run("dump", str(file)).exit_code == 0
    assert run("dump", "-").stdout == file.read_text("utf-8")
    refused = run("restore", str(file))
    assert (refused.stdout, refused.exit_code) == ("", 5)
    request.getfixturevalue("empty_database")
    assert run("restore", str(file)).exit_code == 0
    assert run("facts", "--format", "ndjson").stdout == facts


def test_a_dump_that_cannot_be_written_leaves_nothing_behind(
    run: Run, harbor: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    result = run("dump", str(tmp_path / "file" / "graph.ndjson"))
    assert result.exit_code == 5
    assert "graph.ndjson cannot be written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
