"""Predictions of edges equal networkx's own, pair by pair in its order."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.conversion import from_networkx
from tests.analysis.graphs import Pair, pairs

FUNCTIONS = [
    nx.jaccard_coefficient,
    nx.resource_allocation_index,
    nx.adamic_adar_index,
    nx.preferential_attachment,
    nx.common_neighbor_centrality,
]
ENDS = st.integers(9, 16)


def outcome(function: Any, graph: Any, pairs_: Any) -> Any:
    try:
        return list(function(graph, pairs_)), None
    except Exception as error:
        return None, type(error)


@pytest.mark.parametrize("function", FUNCTIONS)
@given(pairs(), st.none() | st.lists(st.tuples(ENDS, ENDS), max_size=4))
def test_predictions_equal_networkx(function: Any, pair: Pair, chosen: Any) -> None:
    expected, failure = outcome(function, pair[0], chosen)
    found, our_failure = outcome(function, pair[1], chosen)
    assert our_failure is failure
    if failure is None:
        assert [row[:2] for row in found] == [row[:2] for row in expected]
        assert [row[2] for row in found] == pytest.approx([row[2] for row in expected], abs=1e-9)
        assert [type(row[2]) for row in found] == [type(row[2]) for row in expected]


def test_two_with_all_friends_in_common() -> None:
    square = from_networkx(nx.cycle_graph(4))
    assert list(nx.jaccard_coefficient(square)) == [(0, 2, 1.0), (1, 3, 1.0)]
    assert list(nx.common_neighbor_centrality(square, alpha=1)) == [(0, 2, 2), (1, 3, 2)]
