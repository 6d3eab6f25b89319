"""Degrees and the degrees of neighbours equal networkx's own."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.conversion import from_networkx
from tests.analysis.graphs import Pair, pairs, same

WAY = st.sampled_from(["in", "out", "in+out", "across"])
WEIGHT = st.sampled_from([None, "weight"])
NODES = st.none() | st.lists(st.integers(9, 20)) | st.integers(9, 12)


@given(pairs())
def test_degree_centralities_equal_networkx(pair: Pair) -> None:
    for function in (nx.degree_centrality, nx.in_degree_centrality, nx.out_degree_centrality):
        same(function, pair)


@given(pairs(), WAY, WAY, WEIGHT, NODES)
def test_degrees_of_neighbours_equal_networkx(
    pair: Pair, source: str, target: str, weight: str | None, nodes: object
) -> None:
    options = {"source": source, "target": target, "weight": weight, "nodes": nodes}
    same(nx.average_degree_connectivity, pair, **options)
    same(nx.average_neighbor_degree, pair, **options)


@given(pairs(), WEIGHT)
def test_degrees_of_all_neighbours_equal_networkx(pair: Pair, weight: str | None) -> None:
    same(nx.average_degree_connectivity, pair, weight=weight)
    same(nx.average_neighbor_degree, pair, weight=weight)


@pytest.mark.parametrize("nodes", [0, 1])
def test_nothing_and_one_node(nodes: int) -> None:
    ours = from_networkx(nx.empty_graph(nodes))
    assert nx.degree_centrality(ours) == dict.fromkeys(range(nodes), 1)
    assert nx.average_neighbor_degree(ours) == dict.fromkeys(range(nodes), 0.0)


def test_the_hub_of_a_star_is_next_to_leaves() -> None:
    star = from_networkx(nx.star_graph(4))
    assert nx.average_degree_connectivity(star) == {4: 1.0, 1: 4.0}
    assert nx.degree_centrality(star)[0] == 1.0
