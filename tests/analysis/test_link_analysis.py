"""PageRank equals networkx's own."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given

from graphsvc.analysis.building import from_edges
from tests.analysis.graphs import Pair, pairs


@given(pairs())
def test_pagerank_equals_networkx(pair: Pair) -> None:
    theirs, ours = pair
    assert nx.pagerank(ours) == pytest.approx(nx.pagerank(theirs), abs=1e-9)


def test_pagerank_that_does_not_converge_says_how_far_off_it_is() -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence, match=r"the last one changed 0\.\d+"):
        nx.pagerank(from_edges([0, 1, 1], [1, 2, 0]), max_iter=2, tol=1e-12)
