"""The embedded database and Neo4j side by side: the same graph, whichever holds it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphsvc.paths import packaged_seed_dir
from tests.seed_copies import add_note, remove_fact

pytestmark = pytest.mark.neo4j_only

FUNDS = "MATCH (a:Ministry)-[r:FUNDS]->(b) RETURN a.name, b.name, r.amount_krw"
RETRACTED = "gangwon-biobase-2024"
CHANGED = "motie-operates-biobase-program"
EXPORTS = {
    "cypher": (),
    "jsonld": (),
    "json": ("--entity", "motie", "--depth", "2", "--as-of", "2024-06-01"),
    "graphml": ("--query", "funding_by_ministry"),
}
"""Options by format; together they read every section, of the whole graph and of parts."""


def graphsvc(environment: dict[str, str], *arguments: str) -> str:
    """What a command prints; it must succeed."""
    run = subprocess.run(
        [sys.executable, "-m", "graphsvc", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@dataclass(frozen=True)
class Embedded:
    """What the embedded database says after the packaged seed was corrected and set right again."""

    dump: Path
    facts: str
    funds: str
    exports: dict[str, str]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Embedded:
    folder = tmp_path_factory.mktemp("embedded")
    own = {name: value for name, value in environment.items() if "GRAPHSVC_" not in name}
    own["GRAPHSVC_DATA_DIR"] = str(folder / "data")
    corrected = shutil.copytree(packaged_seed_dir(), folder / "corrected")
    remove_fact(corrected, RETRACTED)
    add_note(corrected, CHANGED, "as corrected")
    for seed in (packaged_seed_dir(), corrected, packaged_seed_dir()):
        graphsvc(own, "load", "--seed", str(seed))
    graphsvc(own, "dump", str(folder / "graph.ndjson"))
    return Embedded(
        folder / "graph.ndjson",
        facts=graphsvc(own, "facts", "--format", "ndjson"),
        funds=graphsvc(own, "cypher", FUNDS, "--format", "json"),
        exports=exports(own),
    )


def exports(environment: dict[str, str]) -> dict[str, str]:
    return {
        chosen: graphsvc(environment, "export", "-", "--format", chosen, *options)
        for chosen, options in EXPORTS.items()
    }


def test_a_dump_of_the_embedded_database_restored_into_neo4j_has_the_same_facts_history_and_exports(
    embedded: Embedded, environment: dict[str, str], empty_database: None
) -> None:
    graphsvc(environment, "restore", str(embedded.dump))

    facts = graphsvc(environment, "facts", "--format", "ndjson")
    assert sorted(facts.splitlines()) == sorted(embedded.facts.splitlines())
    dump = embedded.dump.read_text("utf-8")
    assert graphsvc(environment, "dump", "-") == dump
    assert exports(environment) == embedded.exports
    nodes = [json.loads(line) for line in dump.splitlines()]
    versions = {
        (node["properties"]["fact_id"], node["properties"]["change"])
        for node in nodes
        if node.get("labels") == ["FactVersion"]
    }
    assert versions == {(RETRACTED, "retracted"), (CHANGED, "changed")}


def test_the_same_seed_answers_naive_cypher_with_the_same_rows_on_both(
    embedded: Embedded, environment: dict[str, str], empty_database: None
) -> None:
    graphsvc(environment, "load")

    rows = json.loads(graphsvc(environment, "cypher", FUNDS, "--format", "json"))

    assert sorted(map(str, rows)) == sorted(map(str, json.loads(embedded.funds)))
    assert 28_700_000_000 in [row["r.amount_krw"] for row in rows]
