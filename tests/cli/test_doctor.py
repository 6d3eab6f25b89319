"""doctor: what it finds, and that it finds nothing where nothing is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import HARBOR, Run

Cypher = Callable[..., list[dict[str, Any]]]
Finding = dict[str, str]


def _examined(run: Run, *, exit_code: int, **env: str) -> list[Finding]:
    seed = env.pop("seed", str(HARBOR))
    result = run("doctor", "--seed", seed, "--port", "0", "--format", "json", env=env)
    assert result.exit_code == exit_code, result.output
    findings: list[Finding] = json.loads(result.stdout)
    return findings


def _about(findings: list[Finding], about: str) -> Finding:
    return next(finding for finding in reversed(findings) if finding["about"] == about)


def test_a_loaded_graph_has_no_problem(run: Run, harbor: Path) -> None:
    findings = _examined(run, exit_code=0)
    assert [finding for finding in findings if finding["level"] == "problem"] == []
    for about in ("database", "schema", "graph", "foreign writes", "seed"):
        assert _about(findings, about)["what"]
    assert _about(findings, "seed")["level"] == "ok"


def test_an_unknown_setting_is_told_with_the_nearest_known(run: Run, harbor: Path) -> None:
    findings = _examined(run, exit_code=0, GRAPHSVC_SEEDDIR="x")
    wrong = [finding for finding in findings if "GRAPHSVC_SEEDDIR" in finding["what"]]
    assert [(finding["level"], finding["mend"]) for finding in wrong] == [
        ("warning", "Did you mean GRAPHSVC_SEED_DIR?")
    ]


@pytest.mark.parametrize(("mode", "level"), [(0o700, "ok"), (0o777, "warning")])
def test_where_compiled_kernels_are_kept_is_told_or_why_nowhere(
    run: Run, harbor: Path, tmp_path: Path, mode: int, level: str
) -> None:
    tmp_path.chmod(mode)
    findings = _examined(run, exit_code=0, GRAPHSVC_KERNEL_CACHE_DIR=str(tmp_path))
    found = _about(findings, "kernels")
    assert (found["level"], str(tmp_path) in found["what"]) == (level, True)
    assert ("GRAPHSVC_KERNEL_CACHE_DIR" in found["mend"]) == (level == "warning")


def test_what_a_developer_sets_for_the_tests_is_no_unknown_setting(run: Run, harbor: Path) -> None:
    findings = _examined(
        run, exit_code=0, GRAPHSVC_ARTICLES_DIR="x", GRAPHSVC_TEST_NEO4J_PASSWORD="y"
    )
    assert not [finding for finding in findings if "is no setting" in finding["what"]]


def test_no_password_is_shown(run: Run, harbor: Path) -> None:
    # A reader's password without a reader is refused, and still not shown.
    findings = _examined(run, exit_code=8, GRAPHSVC_READER_PASSWORD="secret-word")
    assert "secret-word" not in json.dumps(findings)


@pytest.mark.parametrize(
    ("write", "undo", "found"),
    [
        (
            "MATCH (c:Center {id: 'ebb-center'}) SET c.name = '다른 이름'",
            "MATCH (c:Center {id: 'ebb-center'}) SET c.name = '썰물센터'",
            "Entity node 'ebb-center' was changed",
        ),
        (
            "MATCH ()-[r:FUNDS {id: 'wave-funds-pier'}]->() SET r.amount_krw = 1",
            "MATCH ()-[r:FUNDS {id: 'wave-funds-pier'}]->() SET r.amount_krw = 10000000000",
            "FUNDS relationship 'wave-funds-pier' was changed",
        ),
        (
            "MATCH (a:Center {id: 'ebb-center'}), (b:Company {id: 'buoy-labs'})"
            " CREATE (a)-[:SUPPORTS {id: 'mine'}]->(b)",
            "MATCH ()-[r:SUPPORTS {id: 'mine'}]->() DELETE r",
            "SUPPORTS relationship 'mine' was added",
        ),
        (
            "CREATE (:Entity:Organization:Center {id: 'foreign-center', name: 'x'})",
            "MATCH (n:Center {id: 'foreign-center'}) DELETE n",
            "Entity node 'foreign-center' was added",
        ),
        (
            "MATCH (f:Funding {id: 'two-centers-sum'}) SET f.amount = '1'",
            "MATCH (f:Funding {id: 'two-centers-sum'}) SET f.amount = '25000000000'",
            "Funding node 'two-centers-sum' was changed",
        ),
    ],
)
def test_a_foreign_write_is_found(
    run: Run, harbor: Path, cypher: Cypher, write: Any, undo: Any, found: str
) -> None:
    cypher(write)
    try:
        findings = _examined(run, exit_code=8)
    finally:
        cypher(undo)
    finding = _about(findings, "foreign writes")
    assert finding["level"] == "problem"
    assert found in finding["what"]
    assert finding["mend"]


def test_a_generated_relationship_that_is_gone_is_found(
    run: Run, harbor: Path, cypher: Cypher
) -> None:
    gone = "two-centers-sum~wave-ministry~tide-center"
    held = cypher("MATCH ()-[r:FUNDS {id: $id}]->() RETURN properties(r) AS p", id=gone)[0]["p"]
    cypher("MATCH ()-[r:FUNDS {id: $id}]->() DELETE r", id=gone)
    try:
        findings = _examined(run, exit_code=8)
    finally:
        cypher(
            "MATCH (a:Entity {id: 'wave-ministry'}), (b:Entity {id: 'tide-center'})"
            " CREATE (a)-[r:FUNDS {id: $p.id}]->(b) SET r += $p",
            p=held,
        )
    assert f"FUNDS relationship {gone!r} is missing" in _about(findings, "foreign writes")["what"]


def test_an_empty_graph_is_told(run: Run, empty_database: None) -> None:
    findings = _examined(run, exit_code=0)
    assert _about(findings, "graph") == {
        "level": "warning",
        "about": "graph",
        "what": "The graph is empty.",
        "mend": "Run `graphsvc load`.",
    }


def test_an_absent_database_is_told_and_the_seed_still_looked_at(run: Run) -> None:
    env = {"GRAPHSVC_URI": "bolt://127.0.0.1:1", "GRAPHSVC_PASSWORD": "x"}
    findings = _examined(run, exit_code=8, **env)
    assert _about(findings, "database")["level"] == "problem"
    assert _about(findings, "seed")["level"] == "ok"


@pytest.mark.embedded_only
def test_a_data_folder_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "none"
    findings = _examined(run, exit_code=0, GRAPHSVC_DATA_DIR=str(folder))
    assert _about(findings, "engine")["level"] == "warning"
    assert not folder.exists()


@pytest.mark.neo4j_only
def test_on_community_the_guard_is_said_to_be_the_only_wall(run: Run, harbor: Path) -> None:
    finding = _about(_examined(run, exit_code=0), "database")
    assert finding["level"] == "warning"
    assert "only wall" in finding["what"]


def test_a_broken_seed_is_told(run: Run, harbor: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(HARBOR, tmp_path / "copy")
    (copy / "documents.yaml").unlink()
    findings = _examined(run, exit_code=8, seed=str(copy))
    assert "documents.yaml" in _about(findings, "seed")["what"]


def test_a_seed_with_changes_is_told_as_a_plan(run: Run, harbor: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(HARBOR, tmp_path / "copy")
    file = copy / "facts" / "harbor-003.yaml"
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("  - id: tide-equipment")], "utf-8")
    finding = _about(_examined(run, exit_code=0, seed=str(copy)), "seed")
    assert finding["level"] == "warning"
    assert "retract 1" in finding["what"]
