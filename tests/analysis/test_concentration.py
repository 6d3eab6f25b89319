"""Concentration indices on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.concentration import concentration, gini, herfindahl, top_share
from tests.analysis.networks import network

AMOUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)


def test_equal_shares_are_least_concentrated() -> None:
    equal = np.array([5.0, 5.0, 5.0, 5.0])
    assert (herfindahl(equal), gini(equal), top_share(equal, 2)) == (0.25, 0.0, 0.5)


def test_one_who_has_all_is_most_concentrated() -> None:
    one = np.array([0.0, 0.0, 0.0, 8.0])
    assert (herfindahl(one), gini(one), top_share(one, 1)) == (1.0, 0.75, 1.0)


def test_the_textbook_case() -> None:
    shares = np.array([1.0, 2.0, 3.0, 4.0])
    assert herfindahl(shares) == pytest.approx(0.3)
    assert gini(shares) == pytest.approx(0.25)
    assert top_share(shares, 2) == pytest.approx(0.7)


@pytest.mark.parametrize("measure", [herfindahl, gini])
def test_what_nobody_has_is_not_concentrated(measure) -> None:  # type: ignore[no-untyped-def]
    assert np.isnan(measure(np.zeros(3)))
    assert np.isnan(measure(np.zeros(0)))


@given(AMOUNTS)
def test_indices_stay_within_their_bounds(amounts: list[int]) -> None:
    values = np.array(amounts, np.float64)
    n = values.size
    assert 1 / n - 1e-12 <= herfindahl(values) <= 1 + 1e-12
    assert -1e-12 <= gini(values) <= 1 - 1 / n + 1e-12
    assert top_share(values, n) == pytest.approx(1)


FUNDS = network(
    "ministry funds center 60",
    "ministry funds center 20",
    "ministry funds lab 20",
    "city funds center 20",
    "city funds lab -",
)


def test_money_of_a_funder_is_added_up_by_recipient() -> None:
    table = concentration(FUNDS, k=1).columns
    assert table["funder"] == ["ministry", "city"]
    assert table["amount_krw"].tolist() == [100, 20]
    assert table["partners"].tolist() == [2, 1]
    assert table["herfindahl"].tolist() == pytest.approx([0.68, 1])
    assert table["top_share"].tolist() == pytest.approx([0.8, 1])
    assert table["without_amount"].tolist() == [0, 1]


def test_dependence_of_a_recipient_names_its_largest_funder() -> None:
    table = concentration(FUNDS, side="recipient").columns
    assert table["recipient"] == ["center", "lab"]
    assert table["largest"] == ["ministry", "ministry"]
    assert table["largest_share"].tolist() == [0.8, 1]


def test_no_stated_amount_gives_no_rows() -> None:
    assert len(concentration(network("ministry funds center -"))) == 0
