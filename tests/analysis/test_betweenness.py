"""Betweenness equals networkx's own, exact and by pivots."""

from __future__ import annotations

import networkx as nx
import numba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs, same

FLAGS = st.booleans()
WEIGHT = st.sampled_from([None, "weight"])


@given(pairs(most_nodes=20), FLAGS, FLAGS, WEIGHT)
def test_betweenness_equals_networkx(
    pair: Pair, normalized: bool, endpoints: bool, weight: str | None
) -> None:
    options = {"normalized": normalized, "endpoints": endpoints, "weight": weight}
    same(nx.betweenness_centrality, pair, **options)


@given(pairs(), st.integers(0, 14), st.integers(0, 99), FLAGS, FLAGS)
def test_betweenness_by_pivots_equals_networkx(
    pair: Pair, k: int, seed: int, normalized: bool, endpoints: bool
) -> None:
    options = {"k": k, "seed": seed, "normalized": normalized, "endpoints": endpoints}
    same(nx.betweenness_centrality, pair, **options)


@given(pairs(), FLAGS, WEIGHT)
def test_edge_betweenness_equals_networkx(pair: Pair, normalized: bool, weight: str | None) -> None:
    same(nx.edge_betweenness_centrality, pair, normalized=normalized, weight=weight)


def test_the_kite_of_krackhardt() -> None:
    kite = nx.betweenness_centrality(from_networkx(nx.krackhardt_kite_graph()), normalized=False)
    assert kite[7] == pytest.approx(14)
    assert kite[3] == pytest.approx(11 / 3)


def test_any_number_of_threads_gives_the_same_bits() -> None:
    graph = from_networkx(nx.gnp_random_graph(400, 0.02, seed=1, directed=True))
    found = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        found.append(nx.betweenness_centrality(graph))
    assert found[0] == found[1]


@pytest.mark.parametrize("weight", [None, "weight"])
def test_a_cancelled_computation_has_no_result(weight: str | None) -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            nx.betweenness_centrality(from_edges([0, 1], [1, 2], [1.0, 2.0]), weight=weight)
