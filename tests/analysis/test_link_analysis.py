"""PageRank equals networkx's own."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.conversion import from_networkx
from tests.analysis.graphs import Pair, pairs, same


@given(pairs())
def test_pagerank_equals_networkx(pair: Pair) -> None:
    theirs, ours = pair
    assert nx.pagerank(ours) == pytest.approx(nx.pagerank(theirs), abs=1e-9)


def test_pagerank_that_does_not_converge_says_how_far_off_it_is() -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence, match=r"the last one changed 0\.\d+"):
        nx.pagerank(from_edges([0, 1, 1], [1, 2, 0]), max_iter=2, tol=1e-12)


@given(pairs(directed=True, most_nodes=14), st.floats(0.05, 0.99), st.integers(1, 30))
def test_pagerank_without_cycles_stops_where_networkx_does(
    pair: Pair, alpha: float, steps: int
) -> None:
    theirs = nx.DiGraph()
    theirs.add_nodes_from(pair[0])
    theirs.add_edges_from(edge for edge in pair[0].edges(data=True) if edge[0] < edge[1])
    same(nx.pagerank, (theirs, from_networkx(theirs)), alpha=alpha, max_iter=steps, tol=1e-7)
