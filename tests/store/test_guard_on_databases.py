"""The guard on a real database: hostile statements change nothing, honest ones run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString, cast

import neo4j
import pytest
import yaml

from graphsvc.errors import AccessError, GraphsvcError, InvalidInputError
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.guard import check_plan
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.usecases.loading.load import load
from tests.conftest import Cypher

pytestmark = pytest.mark.anyio

STATEMENTS = Path(__file__).parents[1] / "statements"
VALUES = {"p": 1, "url": "file:///etc/passwd", "label": "Ministry", "0": 1}


def corpus(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((STATEMENTS / name).read_text("utf-8"))
    return entries


def everything(cypher: Cypher) -> list[Any]:
    """Every node and relationship with all it holds, and the schema's labels."""
    nodes = cypher("MATCH (n) RETURN labels(n) AS labels, properties(n) AS held")
    relationships = cypher(
        "MATCH (a)-[r]->(b) RETURN a.id AS a, b.id AS b, type(r) AS type, properties(r) AS held"
    )
    labels = cypher("CALL db.labels() YIELD label RETURN label")
    return [sorted(map(repr, rows)) for rows in (nodes, relationships, labels)]


@pytest.mark.smoke
async def test_every_hostile_statement_is_refused_and_changes_nothing(
    database: Database, statements: StatementExecutor, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    before = everything(cypher)

    let_pass = []
    for case in corpus("hostile.yaml"):
        try:
            await statements.query(case["statement"], VALUES)
        except (AccessError, InvalidInputError):
            continue
        let_pass.append(case["id"])

    assert let_pass == []
    assert everything(cypher) == before


@pytest.mark.smoke
async def test_every_honest_statement_is_accepted_and_runs(
    database: Database, statements: StatementExecutor, harbor: Seed
) -> None:
    await load(database, harbor)

    failed = {}
    for case in corpus("honest.yaml"):
        try:
            await statements.query(case["statement"], case.get("parameters"))
        except GraphsvcError as error:
            failed[case["id"]] = str(error)

    assert failed == {}


@pytest.fixture(scope="module")
def explained(settings: Settings) -> Iterator[Any]:
    """Gives Neo4j's plan of a statement that the lexical check has not seen."""
    credentials = (settings.user, settings.neo4j_password())
    with neo4j.GraphDatabase.driver(str(settings.uri), auth=credentials) as driver:

        def plan(statement: str) -> dict[str, Any]:
            text = cast("LiteralString", f"EXPLAIN {statement}")
            with driver.session(database=settings.database) as session:
                return cast("dict[str, Any]", session.run(text, VALUES).consume().plan)

        yield plan


@pytest.mark.neo4j_only
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case["id"])
        for case in corpus("hostile.yaml")
        if "plan" in case["layers"]
    ],
)
async def test_the_plan_alone_gives_a_hostile_statement_away(
    case: dict[str, Any], explained: Any
) -> None:
    plan = explained(case["statement"])
    with pytest.raises(AccessError):
        check_plan(plan)
