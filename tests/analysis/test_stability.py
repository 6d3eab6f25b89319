"""Ranks, their intervals over resampled facts, and their change."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from graphsvc.analysis.progress import CancelledError, Progress
from graphsvc.analysis.stability import rank_change, rank_stability
from tests.analysis.networks import network

CLEAR = network(*(f"m{i} funds big -" for i in range(30)), "m0 funds small -")


def test_a_rank_that_many_facts_bear_has_a_narrow_interval() -> None:
    table = rank_stability(CLEAR, nx.in_degree_centrality, resamples=200, seed=1, top=1).columns
    assert table["node"][0] == "big"
    assert (table["rank_low"][0], table["rank_high"][0]) == (1, 1)
    assert table["in_top"][0] == 1


def test_a_rank_that_one_fact_bears_has_a_wide_interval() -> None:
    table = rank_stability(CLEAR, nx.in_degree_centrality, resamples=200, seed=1).columns
    place = table["node"].index("small")
    assert table["rank"][place] == 2
    # In about a third of the resamples its only fact is not drawn, and it ranks with all others.
    assert table["rank_low"][place] == 2
    assert table["rank_high"][place] > 10


def test_the_same_seed_gives_the_same_intervals_and_another_does_not() -> None:
    def low(seed: int) -> list[float]:
        found = rank_stability(CLEAR, nx.pagerank, resamples=30, seed=seed).columns
        return [*found["rank_low"].tolist(), *found["in_top"].tolist()]

    assert low(7) == low(7)
    assert low(7) != low(8)


def test_resampling_can_be_cancelled() -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            rank_stability(CLEAR, nx.pagerank, resamples=10)


def test_change_sets_both_states_side_by_side() -> None:
    before = network("m funds a -", "m funds b -", "n funds a -")
    after = network("m funds b -", "n funds b -", "o funds c -")
    table = rank_change(before, after, nx.in_degree_centrality).columns
    rows = dict(zip(table["node"], table["difference"].tolist(), strict=True))
    assert np.isnan(rows["a"])
    assert np.isnan(rows["c"])
    assert rows["b"] == pytest.approx(2 / 4 - 1 / 3)
