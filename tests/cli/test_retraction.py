"""A fact that is taken out of the packaged seed: the plan, the graph, the API, the next load."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving
from tests.cli.conftest import Run
from tests.seed_copies import remove_fact

FACT = "gangwon-biobase-2024"
SUMS = "MATCH (a:Ministry)-[r:FUNDS]->(b) WHERE r.amount_krw > 0 RETURN r.id, r.amount_krw"


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    with start_blocking_portal() as portal, serving(settings, portal) as api:
        yield api


def loaded(run: Run, *arguments: str) -> Any:
    """The report of a load."""
    result = run("load", *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_one_fact_less_in_a_copy_of_the_seed_retracts_exactly_that_fact(
    run: Run, empty_database: None, api: Api, tmp_path: Path
) -> None:
    facts = len(read_seed(packaged_seed_dir()).facts)
    copy = shutil.copytree(packaged_seed_dir(), tmp_path / "copy")
    remove_fact(copy, FACT)
    retraction = {
        "added": 0,
        "changed": 0,
        "retracted": 1,
        "unchanged": facts - 1,
        "ids": {"added": [], "changed": [], "retracted": [FACT]},
    }
    assert loaded(run)["added"] == facts
    (row,) = json.loads(run("cypher", SUMS, "--format", "json").stdout)
    assert row == {"r.id": FACT, "r.amount_krw": 28_700_000_000}

    assert loaded(run, "--seed", str(copy), "--dry-run") == retraction
    assert loaded(run, "--seed", str(copy)) == retraction

    assert json.loads(run("cypher", SUMS, "--format", "json").stdout) == []
    gone = api.ok(f"/v1/facts/{FACT}")
    assert gone["status"] == "retracted"
    assert gone["retracted_at"] == api.ok("/ready")["loaded_at"]
    assert [version["change"] for version in gone["history"]] == ["retracted"]
    again = loaded(run, "--seed", str(copy), "--dry-run")
    assert (again["added"], again["changed"], again["retracted"]) == (0, 0, 0)
