"""The laws of adding up: nothing is counted twice or lost, however sums are grouped."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.model.money import Qualifier, Stage, bounds
from graphsvc.model.seed import Seed
from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import read_seed
from graphsvc.usecases.money.flows import Adder, Flows, id_of
from graphsvc.usecases.money.groups import GroupBy, ends_by, key_of
from graphsvc.usecases.money.sankey import cuts

KINDS = {
    "wave-ministry": "Ministry",
    "tide-ministry": "Ministry",
    "gull-city": "LocalGovernment",
    "tide-center": "Center",
    "ebb-center": "Center",
    "growth": "Program",
}
PLACES = {"tide-center": ("gull-city",), "ebb-center": ("gull-city", "heron-city")}
AMOUNTS = st.decimals(0, 2**63 - 1, places=9) | st.integers(0, 2**63 - 1).map(Decimal)
PARTIES = st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=3)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """One fact as it is read; its id is given later."""
    amount = draw(st.none() | AMOUNTS)
    payers = draw(PARTIES)
    row = {
        "payers": payers,
        "recipients": [id_ for id_ in draw(PARTIES) if id_ not in payers] or ["growth"],
        "program": draw(st.none() | st.just("growth")),
        "period": None,
        "amount": None,
        "currency": None,
        "stage": None,
        "qualifier": None,
        "amount_min": None,
        "amount_max": None,
        "regrant": None,
    }
    if amount is None:
        return {**row, "payers": payers[:1] or ["gull-city"], "recipients": ["tide-center"]}
    stated = {
        "amount": format(amount, "f"),
        "currency": draw(st.sampled_from(["KRW", "USD"])),
        "stage": draw(st.sampled_from(list(Stage))).value,
        "qualifier": draw(st.none() | st.sampled_from([each.value for each in Qualifier])),
        "regrant": draw(st.booleans()),
    }
    return {**row, **stated}


@pytest.fixture(scope="module")
def vocabulary() -> Any:
    seed: Seed = read_seed(packaged_seed_dir())
    return seed.vocabulary


def _flows(vocabulary: Any, facts: list[dict[str, Any]], group_by: GroupBy, net: bool) -> Flows:
    adder = Adder(ends_by(group_by, vocabulary, KINDS, PLACES), net=net)
    for row in facts:
        adder.add(row)
    return adder.flows(group_by)


@given(
    facts=st.lists(rows(), max_size=30),
    group_by=st.sampled_from(list(GroupBy)),
    net=st.booleans(),
)
def test_every_fact_is_in_one_cell_and_the_totals_are_those_of_the_facts(
    vocabulary: Any, facts: list[dict[str, Any]], group_by: GroupBy, net: bool
) -> None:
    for number, row in enumerate(facts):
        row["fact_id"] = f"fact-{number}"
    flows = _flows(vocabulary, facts, group_by, net)

    listed = Counter(fact for cell in flows.cells for fact in cell.sums.facts)
    assert listed == Counter(row["fact_id"] for row in facts)
    expected: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in facts:
        if row["amount"] is not None:
            expected.setdefault((row["currency"], row["stage"]), []).append(row)
    totals = {(total["currency"], total["stage"]): total for total in flows.totals}
    assert totals.keys() == expected.keys()
    for key, stated in expected.items():
        total = totals[key]
        gross, regrants, net_sum = (_billionths(total[name]) for name in _FIGURES)
        assert gross == sum(_billionths(row["amount"]) for row in stated)
        assert gross - regrants == net_sum
        assert total["amount"] == total["net" if net else "gross"]
        assert Decimal(total["least"]) <= Decimal(total["amount"])
        assert total["most"] is None or Decimal(total["amount"]) <= Decimal(total["most"])
        assert total["facts"] == len(stated)


_FIGURES = ("gross", "regrants", "net")


def _billionths(amount: str) -> int:
    whole, _, part = amount.partition(".")
    return int(whole) * 10**9 + int(part.ljust(9, "0") or 0)


@given(facts=st.lists(rows(), max_size=20), group_by=st.sampled_from(list(GroupBy)))
def test_cells_have_different_ids_and_stand_in_order(
    vocabulary: Any, facts: list[dict[str, Any]], group_by: GroupBy
) -> None:
    for number, row in enumerate(facts):
        row["fact_id"] = f"fact-{number}"
    flows = _flows(vocabulary, facts, group_by, net=False)
    ids = [id_of(cell, group_by) for cell in flows.cells]
    with_sums = [cell for cell in flows.cells if cell.currency is not None]

    assert len(set(ids)) == len(ids)
    assert flows.cells[: len(with_sums)] == with_sums
    for before, after in pairwise(with_sums):
        if (before.currency, before.stage) == (after.currency, after.stage):
            assert before.sums.gross >= after.sums.gross
        else:
            assert str(before.currency) <= str(after.currency)


@pytest.mark.parametrize(
    ("group_by", "payers", "recipients", "expected"),
    [
        ("entity", ["wave-ministry"], ["tide-center"], ("wave-ministry", "tide-center")),
        ("entity", [], ["tide-center"], (":unstated-payer", "tide-center")),
        ("entity", ["wave-ministry", "gull-city"], ["tide-center"],
         ("gull-city+wave-ministry", "tide-center")),
        ("kind", ["wave-ministry", "tide-ministry"], ["tide-center"], ("Ministry", "Center")),
        ("kind", ["wave-ministry", "gull-city"], ["tide-center", "ebb-center"],
         ("LocalGovernment+Ministry", "Center")),
        ("place", ["gull-city"], ["tide-center"], ("gull-city", "gull-city")),
        ("place", ["wave-ministry"], ["growth"], (":unknown-payer", ":unknown-recipient")),
        ("place", ["gull-city"], ["ebb-center"], ("gull-city", "gull-city+heron-city")),
        ("place", ["gull-city", "wave-ministry"], ["tide-center"],
         (":unknown-payer+gull-city", "gull-city")),
        ("program", ["wave-ministry"], ["growth"], ("wave-ministry", "growth")),
        ("program", [], ["tide-center"], (":unstated-payer", ":unstated-program")),
    ],
)  # fmt: skip
def test_a_group_is_what_is_true_of_all_its_parties(
    vocabulary: Any,
    group_by: str,
    payers: list[str],
    recipients: list[str],
    expected: tuple[str, str],
) -> None:
    row = {"payers": payers, "recipients": recipients, "program": None}
    start, end = ends_by(GroupBy(group_by), vocabulary, KINDS, PLACES)(row)
    side: Any = "program" if group_by == "program" else "recipient"

    assert (key_of(start, "payer"), key_of(end, side)) == expected


@pytest.mark.parametrize(
    ("qualifier", "least", "most", "expected"),
    [
        (None, None, None, (100, 100)),
        ("at_least", None, None, (100, None)),
        ("at_most", None, None, (0, 100)),
        ("about", None, None, (0, None)),
        ("about", 90, 120, (90, 120)),
        ("about", 90, None, (90, None)),
        ("at_least", None, 150, (100, 150)),
        (None, 90, None, (90, 100)),
    ],
)
def test_bounds_are_what_the_source_says_and_no_more(
    qualifier: str | None, least: int | None, most: int | None, expected: tuple[int, int | None]
) -> None:
    stated = [None if bound is None else Decimal(bound) for bound in (least, most)]

    assert bounds(Decimal(100), qualifier, *stated) == expected


ENDS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), unique=True, max_size=36
)


@given(ends=ENDS)
def test_what_is_left_has_no_circle_and_no_cut_link_could_be_put_back(
    ends: list[tuple[str, str]],
) -> None:
    decided = cuts(ends)
    left = nx.DiGraph([link for link, why in zip(ends, decided, strict=True) if why is None])

    assert nx.is_directed_acyclic_graph(left)
    for (start, end), why in zip(ends, decided, strict=True):
        assert (why == "loop") == (start == end)
        if why == "cycle":
            assert nx.has_path(left, end, start)


def test_the_smallest_link_of_a_circle_is_cut() -> None:
    largest_first = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]

    assert cuts(largest_first) == [None, None, "cycle", None]
