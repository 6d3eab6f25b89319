"""Betweenness equals networkx's own, exact and by pivots."""

from __future__ import annotations

import math
from copy import deepcopy
from random import Random
from threading import Thread
from time import sleep

import networkx as nx
import numpy as np
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


@given(pairs(), st.integers(0, 14), st.integers(0, 99), FLAGS, WEIGHT)
def test_edge_betweenness_by_pivots_equals_networkx(
    pair: Pair, k: int, seed: int, normalized: bool, weight: str | None
) -> None:
    options = {"k": k, "seed": seed, "normalized": normalized, "weight": weight}
    same(nx.edge_betweenness_centrality, pair, **options)


@given(pairs(weighted=True), st.data())
def test_any_weights_are_taken_as_networkx_takes_them(pair: Pair, data: st.DataObject) -> None:
    theirs, _ = pair
    odd = st.sampled_from([0, 1, 2, -1, math.inf, math.nan])
    for _, _, attributes in theirs.edges(data=True):
        if data.draw(FLAGS):
            attributes["weight"] = data.draw(odd)
        elif data.draw(FLAGS):
            del attributes["weight"]
    pair = (theirs, from_networkx(theirs))
    same(nx.betweenness_centrality, pair, weight="weight")
    same(nx.edge_betweenness_centrality, pair, weight="weight")


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_parts_are_added_up(directed: bool, weight: str | None) -> None:
    """A graph that is large enough for more than one part, with what no pivot reaches."""
    theirs = nx.gnp_random_graph(500, 0.03, seed=1, directed=directed)
    theirs.add_nodes_from(range(1000, 1500))
    for place, (_, _, attributes) in enumerate(theirs.edges(data=True)):
        attributes["weight"] = 1 + place % 7
    pair = (theirs, from_networkx(theirs))
    for measure in (nx.betweenness_centrality, nx.edge_betweenness_centrality):
        same(measure, pair, k=400, seed=3, weight=weight)


def test_pivots_of_any_random_state_are_those_of_networkx() -> None:
    theirs = nx.les_miserables_graph()
    ours = from_networkx(theirs)
    for seed in (5, Random(5), np.random.RandomState(5), np.random.default_rng(5)):
        again = deepcopy(seed)
        found = nx.betweenness_centrality(ours, k=20, seed=seed)
        assert found == pytest.approx(nx.betweenness_centrality(theirs, k=20, seed=again))


@pytest.mark.parametrize("k", [-1, 6])
def test_more_pivots_than_nodes_are_refused_as_by_networkx(k: int) -> None:
    for measure in (nx.betweenness_centrality, nx.edge_betweenness_centrality):
        with pytest.raises(ValueError, match="Sample larger than population or is negative"):
            measure(from_networkx(nx.path_graph(5)), k=k)


def test_small_graphs_by_hand() -> None:
    star = nx.betweenness_centrality(from_networkx(nx.star_graph(4)), normalized=False)
    assert star == {0: 6, 1: 0, 2: 0, 3: 0, 4: 0}
    path = from_networkx(nx.path_graph(4))
    assert nx.betweenness_centrality(path, normalized=False) == {0: 0, 1: 2, 2: 2, 3: 0}
    edges = nx.edge_betweenness_centrality(path, normalized=False)
    assert edges == {(0, 1): 3, (1, 2): 4, (2, 3): 3}


@pytest.mark.parametrize("theirs", [nx.Graph(), nx.DiGraph(), nx.empty_graph(1), nx.empty_graph(3)])
def test_graphs_without_edges(theirs: nx.Graph) -> None:
    for endpoints in (False, True):
        same(nx.betweenness_centrality, (theirs, from_networkx(theirs)), endpoints=endpoints)
    same(nx.edge_betweenness_centrality, (theirs, from_networkx(theirs)))


def test_numbers_of_paths_past_32_bits() -> None:
    """Forty squares in a row have 2^40 shortest paths from end to end."""
    theirs = nx.Graph()
    for place in range(0, 120, 3):
        for middle in (place + 1, place + 2):
            nx.add_path(theirs, [place, middle, place + 3])
    same(nx.betweenness_centrality, (theirs, from_networkx(theirs)))


def test_the_kite_of_krackhardt() -> None:
    kite = nx.betweenness_centrality(from_networkx(nx.krackhardt_kite_graph()), normalized=False)
    assert kite[7] == pytest.approx(14)
    assert kite[3] == pytest.approx(11 / 3)


@pytest.mark.parametrize("weight", [None, "weight"])
def test_a_cancelled_computation_has_no_result(weight: str | None) -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            nx.betweenness_centrality(from_edges([0, 1], [1, 2], [1.0, 2.0]), weight=weight)


@pytest.mark.parametrize("weight", [None, "weight"])
def test_a_cancel_in_the_middle_ends_the_computation(weight: str | None) -> None:
    random = np.random.default_rng(1)
    ends = random.integers(0, 50_000, (2, 500_000))
    graph = from_edges(ends[0], ends[1], random.random(500_000), directed=False)
    with Progress() as progress:

        def cancel() -> None:
            while progress.state[0] < 8:
                sleep(0.01)
            progress.cancel()

        waiting = Thread(target=cancel, daemon=True)
        waiting.start()
        with pytest.raises(CancelledError):
            nx.betweenness_centrality(graph, weight=weight)
        waiting.join()
    assert 0 < progress.fraction < 1
