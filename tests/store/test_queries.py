"""The named queries that ship with graphsvc: their columns, types and answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graphsvc.model.fact import FundingFact, RelationshipFact
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.cypher_files import Statement
from tests.store.conftest import QUERIES, Ask, hold

_PYTHON_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "float": float,
    "boolean": bool,
    "date": str,
}


@pytest.fixture
def harbor(harbor: Seed, settings: Settings) -> Seed:
    """The invented seed, which the database under test holds."""
    return hold(settings, harbor)


_WITH_ROWS = {"shared_agreements": {"least": "1"}}
"""Values with which a query has rows where it has none by default."""


def _is_of(value: Any, type_name: str) -> bool:
    if value is None or type_name == "any":
        return True
    if type_name.startswith("list of "):
        item_type = type_name.removeprefix("list of ")
        return isinstance(value, list) and all(_is_of(item, item_type) for item in value)
    return type(value) is _PYTHON_TYPES[type_name]


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_a_query_returns_the_columns_and_types_of_its_header(
    seed: Seed, query: Statement, ask: Ask
) -> None:
    result = ask(query.name, **_WITH_ROWS.get(query.name, {}))
    assert result.columns == [column.name for column in query.returns]
    assert result.rows
    for row in result.rows:
        for column, value in zip(query.returns, row, strict=True):
            assert _is_of(value, column.type), (column.name, value)


def test_safe_sum_adds_exactly_what_the_seed_states_once(seed: Seed, ask: Ask) -> None:
    gross: dict[tuple[str, str | None], Decimal] = {}
    net: dict[tuple[str, str | None], Decimal] = {}
    without_amount = 0
    for fact in seed.facts.values():
        funds = isinstance(fact, RelationshipFact) and fact.type == "FUNDS"
        if not (funds or isinstance(fact, FundingFact)):
            continue
        if fact.money is None:
            without_amount += 1
            continue
        key = (fact.money.currency, fact.money.stage)
        gross[key] = gross.get(key, Decimal(0)) + fact.money.amount
        counted = Decimal(0) if fact.money.regrant else fact.money.amount
        net[key] = net.get(key, Decimal(0)) + counted
    rows = ask("safe_sum").objects()
    sums = [row for row in rows if row["currency"] is not None]
    assert {(row["currency"], row["stage"]): Decimal(row["gross"]) for row in sums} == gross
    assert {(row["currency"], row["stage"]): Decimal(row["net"]) for row in sums} == net
    assert [row["facts"] for row in rows if row["currency"] is None] == [without_amount]


def test_safe_sum_writes_fractions_as_digits(harbor: Seed, ask: Ask) -> None:
    rows = ask("safe_sum", recipient="dry-dock").objects()
    assert [(row["currency"], row["gross"]) for row in rows] == [("EUR", "1250000.50")]


def test_a_funder_is_not_charged_with_a_common_sum(harbor: Seed, ask: Ask) -> None:
    rows = ask("safe_sum", funder="gull-city").objects()
    assert rows == []


@pytest.mark.parametrize("name", ["wave-ministry", "물결부", "MOW"])
def test_a_ministry_is_found_by_id_name_and_alias(harbor: Seed, ask: Ask, name: str) -> None:
    rows = ask("funding_by_ministry", ministry=name).objects()
    by_recipient = {row["recipient_id"]: row for row in rows}
    assert by_recipient.keys() == {
        "pier-agency",
        "tide-center",
        "ebb-center",
        "deep-water-project",
    }
    assert by_recipient["pier-agency"]["amount_krw"] == 10_000_000_000
    assert by_recipient["tide-center"]["amount"] is None
    assert by_recipient["tide-center"]["funding_amount"] == "25000000000"
    assert by_recipient["deep-water-project"]["basis"] == "implied"


def test_supported_companies_name_the_program(harbor: Seed, ask: Ask) -> None:
    rows = ask("supported_companies", center="tide-center").objects()
    seen = {(row["type"], row["supported_id"], row["program"]) for row in rows}
    assert ("SUPPORTS", "buoy-labs", None) in seen
    assert ("FUNDS", "anchor-works", "항구 성장 사업") in seen


def test_a_center_that_has_opened_is_not_planned(harbor: Seed, ask: Ask) -> None:
    rows = ask("planned_centers").objects()
    assert [(row["id"], row["founders"], row["dates"]) for row in rows] == [
        ("ebb-center", ["갈매기시"], ["opening_date XXXX-09"])
    ]
