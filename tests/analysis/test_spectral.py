"""Eigenvector and Katz centrality equal networkx's own, step for step."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs, same

WEIGHT = st.sampled_from([None, "weight"])
FUNCTIONS = [nx.eigenvector_centrality, nx.katz_centrality]


@given(pairs(), WEIGHT, st.integers(0, 60), st.sampled_from([1e-3, 1e-6]))
def test_eigenvector_centrality_equals_networkx(
    pair: Pair, weight: str | None, most: int, tol: float
) -> None:
    same(nx.eigenvector_centrality, pair, weight=weight, max_iter=most, tol=tol)


@given(pairs(), WEIGHT, st.sampled_from([0.01, 0.1, -0.1, 2.0]), st.booleans())
def test_katz_centrality_equals_networkx(
    pair: Pair, weight: str | None, alpha: float, normalized: bool
) -> None:
    same(nx.katz_centrality, pair, alpha=alpha, weight=weight, normalized=normalized, max_iter=300)


@given(pairs(), st.data())
def test_starts_and_gifts_equal_networkx(pair: Pair, data: st.DataObject) -> None:
    by_node = st.permutations(sorted(pair[0])).map(
        lambda nodes: {node: 1.0 + place for place, node in enumerate(nodes)}
    )
    same(nx.eigenvector_centrality, pair, nstart=data.draw(by_node))
    options = {"alpha": 0.01, "nstart": data.draw(by_node), "beta": data.draw(by_node)}
    same(nx.katz_centrality, pair, **options)
    same(nx.katz_centrality, pair, beta={-1: 1.0})


def test_the_path_of_four() -> None:
    found = nx.eigenvector_centrality(from_networkx(nx.path_graph(4)), tol=1e-10, max_iter=500)
    assert found == pytest.approx({0: 0.37175, 1: 0.60150, 2: 0.60150, 3: 0.37175}, abs=1e-5)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_does_not_converge_says_how_far_off_it_is(function: Any) -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence, match=r"the last one changed \d"):
        function(from_edges([0, 1, 1], [1, 2, 0]), max_iter=1, tol=1e-12)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_weights_that_make_no_sense_do_what_they_do_in_networkx(function: Any) -> None:
    for weights in ([1.0, -1.0, 2.0], [0.0, 0.0, 0.0], [1.0, float("nan"), 1.0]):
        theirs = nx.DiGraph()
        ends = zip([(0, 1), (1, 2), (2, 0)], weights, strict=True)
        theirs.add_weighted_edges_from((*pair, weight) for pair, weight in ends)
        same(function, (theirs, from_networkx(theirs)), weight="weight")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_cancelled_computation_has_no_result(function: Any) -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            function(from_edges([0, 1], [1, 2]))


@pytest.mark.parametrize(
    ("graph", "without"),
    [
        (nx.DiGraph([(0, 1), (1, 2), (0, 2)]), True),
        (nx.path_graph(5, nx.DiGraph), True),
        (nx.DiGraph([(0, 1), (1, 2), (2, 1), (2, 3), (0, 3)]), False),
        (nx.DiGraph([(0, 0), (0, 1), (1, 2), (2, 3), (3, 1)]), False),
        (nx.path_graph(5), False),
    ],
)
def test_without_cycles_the_error_says_that_no_eigenvector_exists(
    graph: nx.Graph, without: bool
) -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence) as failed:
        nx.eigenvector_centrality(from_networkx(graph), max_iter=2, tol=1e-12)
    assert ("no cycle" in str(failed.value)) == without
