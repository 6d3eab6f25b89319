"""What rests on distances equals networkx's own."""

from __future__ import annotations

import threading
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
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
    theirs = pair[0]
    if bounds:
        # networkx adds up a path from either end then, which fractions tell apart by a last digit.
        for _, _, held in theirs.edges(data=True):
            held.update({name: round(10 * value) for name, value in held.items()})
        pair = (theirs, from_networkx(theirs))
    same(measure, pair, weight=weight, usebounds=bounds)


@pytest.mark.parametrize("bounds", [True, False])
def test_the_farthest_by_fractions_are_those_of_networkx_without_bounds(bounds: bool) -> None:
    theirs = nx.Graph()
    theirs.add_weighted_edges_from([(10, 10, 0.1), (10, 11, 3.4), (10, 13, 4.5), (12, 13, 1.3)])
    found = nx.periphery(from_networkx(theirs), weight="weight", usebounds=bounds)
    assert found == nx.periphery(theirs, weight="weight") == [11]


@given(pairs(directed=False, weighted=False, most_nodes=9), st.data())
@pytest.mark.parametrize("measure", [nx.diameter, nx.radius, nx.center, nx.periphery])
def test_extremes_of_connected_graphs_equal_networkx(
    measure: Any, pair: Pair, data: st.DataObject
) -> None:
    theirs = pair[0]
    nodes = list(theirs)
    for place, node in enumerate(nodes[1:]):
        theirs.add_edge(node, nodes[data.draw(st.integers(0, place))])
    same(measure, (theirs, from_networkx(theirs)))


@pytest.mark.parametrize("made", [nx.cycle_graph(151), nx.grid_2d_graph(13, 12)])
@pytest.mark.parametrize("measure", [nx.diameter, nx.radius, nx.center, nx.periphery])
def test_where_bounds_do_not_help_all_is_computed(measure: Any, made: nx.Graph) -> None:
    same(measure, (made, from_networkx(made)))


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_several_batches_of_sources_add_up(directed: bool, weight: str | None) -> None:
    theirs = nx.gnp_random_graph(700 if weight is None else 60, 0.03, seed=3, directed=directed)
    for place, (source, target) in enumerate(theirs.edges):
        theirs[source][target]["weight"] = 0.1 + place % 7 / 3
    ours = from_networkx(theirs)
    for measure in (nx.closeness_centrality, nx.harmonic_centrality):
        assert measure(ours, distance=weight) == pytest.approx(
            measure(theirs, distance=weight), abs=1e-9
        )


def test_few_nodes_are_searched_each_on_its_own_to_the_same_values() -> None:
    theirs = nx.gnp_random_graph(300, 0.01, seed=5, directed=True)
    ours = from_networkx(theirs)
    every = nx.closeness_centrality(ours)
    assert [nx.closeness_centrality(ours, u=node) for node in (3, 299)] == [every[3], every[299]]
    few = {"nbunch": [3, 299], "sources": range(0, 300, 2)}
    assert nx.harmonic_centrality(ours, **few) == pytest.approx(
        nx.harmonic_centrality(theirs, **few), abs=1e-9
    )


@pytest.mark.parametrize("weight", [None, "weight"])
def test_a_cancelled_search_has_no_result(weight: str | None) -> None:
    graph = nx.path_graph(4)
    nx.set_edge_attributes(graph, 2.0, "weight")
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            nx.closeness_centrality(from_networkx(graph), distance=weight)


@pytest.mark.parametrize("weight", [None, "weight"])
def test_a_search_is_cancelled_in_the_middle(weight: str | None) -> None:
    # A path is the worst case: as many steps as nodes for each batch.
    n = 40_000
    graph = from_edges(
        np.arange(n - 1), np.arange(1, n), np.ones(n - 1) if weight else None, directed=False
    )
    # Compiled before, so that the search is what is cancelled.
    nx.closeness_centrality(from_networkx(nx.path_graph(4)), distance=weight)
    with Progress() as progress:
        timer = threading.Timer(0.3, progress.cancel)
        timer.start()
        with pytest.raises(CancelledError):
            nx.closeness_centrality(graph, distance=weight)
        timer.join()


def test_the_kite_of_krackhardt() -> None:
    """Closeness in D. Krackhardt, Assessing the Political Landscape, ASQ 35 (1990)."""
    kite = from_networkx(nx.krackhardt_kite_graph())
    found = nx.closeness_centrality(kite)
    assert [round(value, 3) for value in found.values()] == [
        *(0.529, 0.529, 0.5, 0.6, 0.5, 0.643, 0.643, 0.6, 0.429, 0.31)
    ]
    assert (nx.diameter(kite), nx.radius(kite)) == (4, 2)
    assert (nx.center(kite), nx.periphery(kite)) == ([7], [0, 1, 2, 3, 4, 9])
