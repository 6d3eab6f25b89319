"""Statements that fail for want of sense in a value: told as such, never as a database's fault."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml

from graphsvc.errors import GraphsvcError, InvalidInputError, StoreMemoryError
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.statements.executor import StatementExecutor
from tests.store.conftest import SEEDS, hold

FAILING = Path(__file__).parents[1] / "statements" / "failing.yaml"
STATEMENTS: list[str] = yaml.safe_load(FAILING.read_text("utf-8"))

MUST_FAIL = {
    "UNWIND [1, 2] AS x RETURN percentileCont(x, 2)",
    "RETURN date('abc')",
    "RETURN date({year: 9999999999})",
    "RETURN date('+999999999-12-31') + duration({days: 1})",
    "RETURN 1 / 0",
}


@pytest.fixture(scope="module")
def outcomes(settings: Settings) -> dict[str, GraphsvcError | None]:
    """What each statement ends in: an error, or None where it is answered."""
    hold(settings, read_seed(SEEDS / "harbor"))

    async def ask_all() -> dict[str, GraphsvcError | None]:
        found: dict[str, GraphsvcError | None] = {}
        async with await Database.open(settings) as database, StatementExecutor(database) as run:
            for statement in STATEMENTS:
                try:
                    await run.query(statement, timeout_s=10)
                    found[statement] = None
                except GraphsvcError as error:
                    found[statement] = error
        return found

    return asyncio.run(ask_all())


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_value_without_sense_is_the_statements_fault_and_the_reason_is_told(
    outcomes: dict[str, GraphsvcError | None], statement: str
) -> None:
    error = outcomes[statement]
    if error is None:
        assert statement not in MUST_FAIL
        return
    assert isinstance(error, InvalidInputError | StoreMemoryError), repr(error)
    assert len(error.message) > len("The statement cannot run: ")
    for inside in ("java.", "com.arcadedb", "org.neo4j", "GRAPHSVC_URI"):
        assert inside not in str(error)
