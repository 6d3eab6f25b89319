"""Components, cores, triangles and structural holes equal networkx's own."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.conversion import from_networkx, to_networkx
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs, same

WEIGHT = st.sampled_from([None, "weight"])
NODES = st.one_of(st.none(), st.integers(9, 15), st.lists(st.integers(10, 15), max_size=4))
UNDIRECTED = pairs(directed=False, most_nodes=14)
DIRECTED = pairs(directed=True, most_nodes=14)


@given(UNDIRECTED)
@pytest.mark.parametrize(
    "function",
    [
        nx.connected_components,
        nx.number_connected_components,
        nx.is_connected,
        nx.bridges,
        nx.has_bridges,
        nx.biconnected_components,
        nx.biconnected_component_edges,
        nx.is_biconnected,
        nx.transitivity,
    ],
)
def test_questions_to_undirected_graphs_equal_networkx(function: Any, pair: Pair) -> None:
    same(function, pair)


@given(DIRECTED)
@pytest.mark.parametrize(
    "function",
    [
        nx.strongly_connected_components,
        nx.number_strongly_connected_components,
        nx.is_strongly_connected,
        nx.weakly_connected_components,
        nx.number_weakly_connected_components,
        nx.is_weakly_connected,
        nx.transitivity,
    ],
)
def test_questions_to_directed_graphs_equal_networkx(function: Any, pair: Pair) -> None:
    same(function, pair)


@given(UNDIRECTED)
def test_articulation_points_are_those_of_networkx(pair: Pair) -> None:
    theirs, ours = pair
    assert set(nx.articulation_points(ours)) == set(nx.articulation_points(theirs))


@given(UNDIRECTED, st.integers(9, 15))
def test_the_component_and_the_bridges_of_a_node_equal_networkx(pair: Pair, node: int) -> None:
    same(nx.node_connected_component, pair, node)
    if node in pair[0]:
        ends = [{frozenset(edge) for edge in nx.bridges(graph, node)} for graph in pair]
        assert ends[0] == ends[1]


@given(UNDIRECTED, WEIGHT, st.booleans())
def test_local_bridges_equal_networkx(pair: Pair, weight: str | None, with_span: bool) -> None:
    theirs, ours = pair
    options = {"with_span": with_span, "weight": weight}
    found = list(nx.local_bridges(ours, **options))
    expected = list(nx.local_bridges(theirs, **options))
    assert [edge[:2] for edge in found] == [edge[:2] for edge in expected]
    assert [edge[2:] for edge in found] == [pytest.approx(edge[2:]) for edge in expected]


@given(pairs(most_nodes=14))
def test_core_numbers_equal_networkx(pair: Pair) -> None:
    same(nx.core_number, pair)


@given(UNDIRECTED, st.integers(2, 5))
def test_cores_and_trusses_are_those_of_networkx(pair: Pair, k: int) -> None:
    theirs, ours = pair
    if ours.loops.size:
        with pytest.raises(nx.NetworkXNotImplemented):
            nx.k_truss(ours, k)
        return
    for function in (nx.k_core, nx.k_truss):
        assert nx.utils.graphs_equal(to_networkx(function(ours, k)), function(theirs, k))


@given(UNDIRECTED, NODES)
def test_triangles_equal_networkx(pair: Pair, nodes: Any) -> None:
    same(nx.triangles, pair, nodes)


@given(pairs(most_nodes=14), NODES, WEIGHT)
def test_clustering_equals_networkx(pair: Pair, nodes: Any, weight: str | None) -> None:
    same(nx.clustering, pair, nodes, weight=weight)


@given(pairs(), WEIGHT, st.booleans())
def test_mean_clustering_equals_networkx(pair: Pair, weight: str | None, zeros: bool) -> None:
    same(nx.average_clustering, pair, weight=weight, count_zeros=zeros)


@given(pairs(most_nodes=14), WEIGHT)
@pytest.mark.parametrize("measure", [nx.constraint, nx.effective_size])
def test_structural_holes_equal_networkx(measure: Any, pair: Pair, weight: str | None) -> None:
    same(measure, pair, weight=weight)


@given(pairs(), st.just([10]), WEIGHT)
@pytest.mark.parametrize("measure", [nx.constraint, nx.effective_size])
def test_structural_holes_of_chosen_nodes_equal_networkx(
    measure: Any, pair: Pair, nodes: list[int], weight: str | None
) -> None:
    same(measure, pair, nodes, weight=weight)


@given(pairs(), WEIGHT)
def test_the_constraint_between_two_nodes_equals_networkx(pair: Pair, weight: str | None) -> None:
    for one, other in ((10, 11), (10, 10), (10, 99), (99, 10)):
        same(nx.local_constraint, pair, one, other, weight=weight)


@pytest.mark.parametrize("weight", [1.0, 1.9, 3.8])
def test_a_node_with_a_loop_alone_has_no_effective_size(weight: float) -> None:
    loop = nx.Graph()
    loop.add_edge(0, 0, weight=weight)
    same(nx.effective_size, (loop, from_networkx(loop)), weight="weight")


def test_the_karate_club() -> None:
    club = from_networkx(nx.karate_club_graph())
    assert nx.transitivity(club) == pytest.approx(0.2557, abs=1e-4)
    assert sum(nx.triangles(club).values()) == 3 * 45
    assert max(nx.core_number(club).values()) == 4


@pytest.mark.parametrize("measure", [nx.constraint, nx.effective_size])
@pytest.mark.parametrize("nodes", [None, [3]])
def test_a_node_with_a_loop_alone_equals_networkx(measure: Any, nodes: Any) -> None:
    for theirs in (nx.Graph([(3, 3)]), nx.DiGraph([(3, 3)])):
        same(measure, (theirs, from_networkx(theirs)), nodes)


def test_burt_s_constraint_of_a_node_between_two_pairs() -> None:
    # Ego's four ties are a quarter each; each friend spends half of his on the other of his pair.
    ego = from_edges(
        ["ego", "ego", "ego", "ego", "a", "c"], ["a", "b", "c", "d", "b", "d"], directed=False
    )
    assert nx.constraint(ego)["ego"] == pytest.approx(4 * (0.25 + 0.25 * 0.5) ** 2)
    assert nx.effective_size(ego)["ego"] == pytest.approx(4 - 1)


@pytest.mark.parametrize("measure", [nx.triangles, nx.constraint])
def test_a_cancelled_measure_has_no_result(measure: Any) -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            measure(from_edges([0, 1], [1, 2], directed=False))
