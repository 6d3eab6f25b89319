"""Shortest paths equal networkx's own, and are paths."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.graphs import Pair, pairs, same

NODE = st.integers(9, 15)
CUTOFF = st.one_of(st.none(), st.integers(0, 4), st.just(1.5))
WEIGHT = st.sampled_from([None, "weight"])


@given(pairs(), NODE, CUTOFF)
@pytest.mark.parametrize(
    "search",
    [
        nx.single_source_shortest_path_length,
        nx.single_target_shortest_path_length,
        nx.single_source_dijkstra_path_length,
    ],
)
def test_lengths_from_a_node_equal_networkx(
    search: Any, pair: Pair, node: int, cutoff: float | None
) -> None:
    same(search, pair, node, cutoff=cutoff)


@given(pairs(), NODE, CUTOFF)
@pytest.mark.parametrize(
    "search",
    [
        nx.single_source_shortest_path,
        nx.single_target_shortest_path,
        nx.single_source_dijkstra_path,
    ],
)
def test_paths_from_a_node_are_those_of_networkx(
    search: Any, pair: Pair, node: int, cutoff: float | None
) -> None:
    theirs, ours = pair
    if node not in theirs:
        with pytest.raises(nx.NodeNotFound):
            search(ours, node, cutoff=cutoff)
        return
    assert search(ours, node, cutoff=cutoff) == search(theirs, node, cutoff=cutoff)


@given(pairs(), CUTOFF)
@pytest.mark.parametrize(
    "search", [nx.all_pairs_shortest_path_length, nx.all_pairs_dijkstra_path_length]
)
def test_lengths_of_all_pairs_equal_networkx(search: Any, pair: Pair, cutoff: Any) -> None:
    theirs, ours = pair
    assert dict(search(ours, cutoff=cutoff)) == dict(search(theirs, cutoff=cutoff))


@given(pairs(), NODE, NODE, WEIGHT)
def test_a_path_between_two_nodes_is_as_short_as_that_of_networkx(
    pair: Pair, source: int, target: int, weight: str | None
) -> None:
    theirs, ours = pair
    same(nx.shortest_path_length, pair, source, target, weight=weight)
    same(nx.has_path, pair, source, target)
    if source in theirs and target in theirs and nx.has_path(theirs, source, target):
        path = nx.shortest_path(ours, source, target, weight=weight)
        steps = [theirs[one][other].get(weight, 1) for one, other in pairwise(path)]
        assert (path[0], path[-1]) == (source, target)
        assert sum(steps) == pytest.approx(
            nx.shortest_path_length(theirs, source, target, weight=weight)
        )


@given(pairs(), NODE, WEIGHT)
def test_lengths_to_a_target_equal_networkx(pair: Pair, target: int, weight: str | None) -> None:
    same(nx.shortest_path_length, pair, target=target, weight=weight)


@given(pairs(most_nodes=5), WEIGHT)
def test_the_mean_distance_equals_networkx(pair: Pair, weight: str | None) -> None:
    same(nx.average_shortest_path_length, pair, weight=weight)


@given(pairs(weighted=True), NODE, NODE)
def test_dijkstra_between_two_nodes_equals_networkx(pair: Pair, one: int, other: int) -> None:
    same(nx.dijkstra_path, pair, one, other)
    same(nx.dijkstra_path_length, pair, one, other)


@given(pairs(), st.sets(NODE, max_size=3))
def test_the_nearest_of_several_sources_equals_networkx(pair: Pair, sources: set[int]) -> None:
    same(nx.multi_source_dijkstra_path_length, pair, sources)


def test_a_negative_weight_that_shortens_a_path_is_told() -> None:
    from graphsvc.analysis.building import from_edges

    graph = from_edges([0, 0, 2], [1, 2, 1], [1.0, 2.0, -5.0])
    with pytest.raises(ValueError, match="Contradictory paths found"):
        nx.single_source_dijkstra_path_length(graph, 0)
