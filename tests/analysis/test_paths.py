"""Shortest paths are networkx's own paths, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.conversion import from_networkx
from tests.analysis.graphs import Pair, pairs, same

NODE = st.integers(9, 15)
CUTOFF = st.one_of(st.none(), st.integers(0, 4), st.just(1.5))
WEIGHT = st.sampled_from([None, "weight"])


def both(function: Callable[..., Any], pair: Pair, *args: Any, **options: Any) -> None:
    """Assert the same result of any shape, in the same order, or the same failure."""
    expected, found = (_told(function, graph, *args, **options) for graph in pair)
    assert found == expected


def _told(function: Callable[..., Any], graph: Any, *args: Any, **options: Any) -> Any:
    try:
        return _in_order(function(graph, *args, **options))
    except Exception as error:
        return type(error), str(error)


def _in_order(found: Any) -> Any:
    """Mappings and generators as lists of pairs."""
    if isinstance(found, dict):
        return [(node, _in_order(value)) for node, value in found.items()]
    if isinstance(found, tuple):
        return tuple(_in_order(part) for part in found)
    if hasattr(found, "__next__"):
        return [_in_order(part) for part in found]
    return found


@given(pairs(), NODE, CUTOFF)
@pytest.mark.parametrize(
    "search",
    [
        nx.single_source_shortest_path_length,
        nx.single_target_shortest_path_length,
        nx.single_source_dijkstra_path_length,
        nx.single_source_shortest_path,
        nx.single_target_shortest_path,
        nx.single_source_dijkstra_path,
    ],
)
def test_what_is_found_from_a_node_is_that_of_networkx(
    search: Any, pair: Pair, node: int, cutoff: float | None
) -> None:
    both(search, pair, node, cutoff=cutoff)


@given(pairs(most_nodes=8), CUTOFF)
@pytest.mark.parametrize(
    "search",
    [
        nx.all_pairs_shortest_path_length,
        nx.all_pairs_dijkstra_path_length,
        nx.all_pairs_shortest_path,
        nx.all_pairs_dijkstra_path,
    ],
)
def test_what_is_found_of_all_pairs_is_that_of_networkx(
    search: Any, pair: Pair, cutoff: float | None
) -> None:
    both(search, pair, cutoff=cutoff)


@given(pairs(), NODE, NODE, WEIGHT)
@pytest.mark.parametrize("search", [nx.shortest_path, nx.shortest_path_length])
def test_between_two_nodes_the_path_is_that_of_networkx(
    search: Any, pair: Pair, source: int, target: int, weight: str | None
) -> None:
    both(search, pair, source, target, weight=weight)
    both(search, pair, source, weight=weight)
    both(search, pair, target=target, weight=weight)


@given(pairs(), NODE, NODE)
@pytest.mark.parametrize(
    "search",
    [
        nx.has_path,
        nx.bidirectional_shortest_path,
        nx.bidirectional_dijkstra,
        nx.dijkstra_path,
        nx.dijkstra_path_length,
        nx.single_source_dijkstra,
    ],
)
def test_searches_for_a_target_are_those_of_networkx(
    search: Any, pair: Pair, source: int, target: int
) -> None:
    both(search, pair, source, target)


@given(pairs(most_nodes=8), WEIGHT)
@pytest.mark.parametrize("search", [nx.shortest_path, nx.shortest_path_length])
def test_without_ends_all_pairs_are_those_of_networkx(
    search: Any, pair: Pair, weight: str | None
) -> None:
    both(search, pair, weight=weight)


@given(pairs(most_nodes=5), WEIGHT)
def test_the_mean_distance_equals_networkx(pair: Pair, weight: str | None) -> None:
    same(nx.average_shortest_path_length, pair, weight=weight)


@given(pairs(), st.lists(NODE, max_size=3, unique=True), CUTOFF)
@pytest.mark.parametrize(
    "search",
    [
        nx.multi_source_dijkstra_path_length,
        nx.multi_source_dijkstra_path,
        nx.multi_source_dijkstra,
    ],
)
def test_the_nearest_of_several_sources_is_that_of_networkx(
    search: Any, pair: Pair, sources: list[int], cutoff: float | None
) -> None:
    both(search, pair, sources, cutoff=cutoff)


ODD = st.sampled_from([0, 1, 2, -1, 0.5, -0.5, float("inf"), float("nan")])


@given(st.data(), st.booleans())
def test_odd_weights_come_to_what_networkx_makes_of_them(data: st.DataObject, turned: bool) -> None:
    """Zero, negative, infinite and no numbers, and weights that some edges do not have."""
    theirs = nx.DiGraph() if turned else nx.Graph()
    theirs.add_nodes_from(range(6))
    ends = st.integers(0, 5)
    odd = data.draw(st.sampled_from([ODD, st.integers(0, 2), st.integers(-1, 3)]))
    for source, target, weight in data.draw(
        st.lists(st.tuples(ends, ends, st.one_of(st.none(), odd)), max_size=12)
    ):
        theirs.add_edge(source, target, **({} if weight is None else {"weight": weight}))
    pair = (theirs, from_networkx(theirs))
    as_values((nx.single_source_dijkstra_path, nx.shortest_path), pair, 0)
    as_values((nx.single_source_dijkstra_path_length,), pair, 0)
    as_values((nx.bidirectional_dijkstra,), pair, 0, 5)
    as_values((nx.closeness_centrality, nx.harmonic_centrality), pair, distance="weight")
    as_values((nx.eccentricity, nx.average_shortest_path_length), pair, weight="weight")


def as_values(functions: Iterable[Any], pair: Pair, *args: Any, **options: Any) -> None:
    """Assert the same, whole numbers or not: a column with one fraction has no whole numbers."""
    for function in functions:
        expected, found = (_told(function, graph, *args, **options) for graph in pair)
        assert repr(_rounded(found)) == repr(_rounded(expected))


def _rounded(told: Any) -> Any:
    if isinstance(told, list | tuple):
        return [_rounded(part) for part in told]
    # Zero is added to be rid of its sign.
    return round(float(told), 9) + 0.0 if isinstance(told, float | int) else told


def test_a_negative_weight_that_shortens_a_path_is_told() -> None:
    graph = from_edges([0, 0, 2], [1, 2, 1], [1.0, 2.0, -5.0])
    with pytest.raises(ValueError, match="Contradictory paths found"):
        nx.single_source_dijkstra_path_length(graph, 0)


def test_a_function_as_weight_is_refused_or_left_to_networkx() -> None:
    graph = from_edges([0, 1], [1, 2])
    with pytest.raises(NotImplementedError, match="not implemented"):
        nx.dijkstra_path_length(graph, 0, 2, weight=lambda *_: 2)


@pytest.mark.parametrize("made", [nx.Graph, nx.DiGraph])
def test_graphs_of_no_node_and_of_one(made: Any) -> None:
    for nodes in ([], [7]):
        theirs = made()
        theirs.add_nodes_from(nodes)
        pair = (theirs, from_networkx(theirs))
        for measure in (
            *(nx.closeness_centrality, nx.harmonic_centrality, nx.eccentricity, nx.diameter),
            *(nx.radius, nx.center, nx.periphery, nx.average_shortest_path_length),
            *(nx.all_pairs_shortest_path_length, nx.all_pairs_dijkstra_path_length),
        ):
            both(measure, pair)
        both(nx.shortest_path, pair, 7, 7)
        both(nx.single_source_shortest_path_length, pair, 8)
