"""What rests on distances equals networkx's own."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs, same

WEIGHT = st.sampled_from([None, "weight"])
NODES = st.one_of(st.none(), st.integers(9, 15), st.lists(st.integers(9, 15), max_size=4))


@given(pairs(most_nodes=20), st.one_of(st.none(), st.integers(9, 12)), WEIGHT, st.booleans())
def test_closeness_equals_networkx(
    pair: Pair, node: int | None, weight: str | None, improved: bool
) -> None:
    same(nx.closeness_centrality, pair, node, distance=weight, wf_improved=improved)


@given(pairs(most_nodes=20), NODES, NODES, WEIGHT)
def test_harmonic_equals_networkx(
    pair: Pair, nbunch: Any, sources: Any, weight: str | None
) -> None:
    same(nx.harmonic_centrality, pair, nbunch=nbunch, sources=sources, distance=weight)


@given(pairs(most_nodes=5), NODES, WEIGHT)
def test_eccentricity_equals_networkx(pair: Pair, nodes: Any, weight: str | None) -> None:
    same(nx.eccentricity, pair, nodes, weight=weight)


@given(pairs(most_nodes=5), WEIGHT, st.booleans())
@pytest.mark.parametrize("measure", [nx.diameter, nx.radius, nx.center, nx.periphery])
def test_what_is_made_of_eccentricity_equals_networkx(
    measure: Any, pair: Pair, weight: str | None, bounds: bool
) -> None:
    same(measure, pair, weight=weight, usebounds=bounds)


def test_many_sources_are_searched_in_batches_with_the_same_bits_for_any_threads() -> None:
    theirs = nx.gnp_random_graph(700, 0.005, seed=3, directed=True)
    ours = from_networkx(theirs)
    found = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        found.append((nx.closeness_centrality(ours), nx.harmonic_centrality(ours)))
    assert found[0] == found[1]
    assert found[0][0] == pytest.approx(nx.closeness_centrality(theirs), abs=1e-9)
    assert found[0][1] == pytest.approx(nx.harmonic_centrality(theirs), abs=1e-9)


@pytest.mark.parametrize("weight", [None, "weight"])
def test_a_cancelled_search_has_no_result(weight: str | None) -> None:
    graph = nx.path_graph(4)
    nx.set_edge_attributes(graph, 2.0, "weight")
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            nx.closeness_centrality(from_networkx(graph), distance=weight)
