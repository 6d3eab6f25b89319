"""PageRank, hubs and authorities equal networkx's own."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.conversion import from_networkx, to_scipy
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs, same

WEIGHT = st.sampled_from([None, "weight"])


@given(pairs(), WEIGHT, st.floats(-0.5, 1.5), st.sampled_from([1e-6, 1e-10]))
def test_pagerank_equals_networkx(pair: Pair, weight: str | None, alpha: float, tol: float) -> None:
    same(nx.pagerank, pair, alpha=alpha, tol=tol, weight=weight)


@given(pairs(directed=True, loops=False), st.integers(0, 60), st.sampled_from([1e-6, 1e-11]))
def test_pagerank_takes_networkxs_number_of_steps(pair: Pair, most: int, tol: float) -> None:
    theirs, ours = acyclic(pair)
    assert ours.generations is not None
    same(nx.pagerank, (theirs, ours), max_iter=most, tol=tol)


def acyclic(pair: Pair) -> Pair:
    """Only the edges that lead to a larger number."""
    theirs = nx.DiGraph()
    theirs.add_nodes_from(pair[0])
    theirs.add_edges_from(edge for edge in pair[0].edges(data=True) if edge[0] < edge[1])
    return theirs, from_networkx(theirs)


@given(pairs(), st.data())
def test_pagerank_with_its_distributions_equals_networkx(pair: Pair, data: st.DataObject) -> None:
    values = st.dictionaries(st.sampled_from(sorted(pair[0])), st.floats(0.1, 5))
    given_ = {
        name: data.draw(st.none() | values) for name in ("personalization", "nstart", "dangling")
    }
    same(nx.pagerank, pair, **{name: value for name, value in given_.items() if value is not None})


def test_a_series_of_many_blocks_equals_the_steps() -> None:
    random = np.random.default_rng(1)
    source = np.arange(1, 90_001)
    cited = (source[:, None] * random.random((source.size, 2)) ** 0.2).astype(np.int64)
    graph = from_edges(np.repeat(source, 2), cited.ravel())
    by_series = nx.pagerank(graph, tol=1e-14, max_iter=500)
    graph.__dict__["generations"] = None
    assert nx.pagerank(graph, tol=1e-14, max_iter=500) == pytest.approx(by_series, abs=1e-14)


def test_pagerank_of_the_web_of_langville_and_meyer() -> None:
    edges = [(1, 2), (1, 3), (3, 1), (3, 2), (3, 5), (4, 5), (4, 6), (5, 4), (5, 6), (6, 4)]
    ranks = nx.pagerank(from_edges(*zip(*edges, strict=True)), alpha=0.9, tol=1e-12)
    expected = {1: 0.03721, 2: 0.05396, 3: 0.04151, 4: 0.3751, 5: 0.206, 6: 0.2862}
    assert ranks == pytest.approx(expected, abs=5e-5)


def test_pagerank_that_does_not_converge_says_how_far_off_it_is() -> None:
    for edges in ([0, 1, 1], [1, 2, 0]), ([0, 0, 1], [1, 2, 2]):
        with pytest.raises(
            nx.PowerIterationFailedConvergence, match=r"the last one changed 0\.\d+"
        ):
            nx.pagerank(from_edges(*edges), max_iter=2, tol=1e-12)


@pytest.mark.parametrize("weights", [[1.0, -1.0, 2.0], [0.0, 0.0, 0.0], [1.0, float("nan"), 1.0]])
def test_weights_that_make_no_sense_do_what_they_do_in_networkx(weights: list[float]) -> None:
    for ends in ([(0, 1), (0, 2), (1, 2)], [(0, 1), (1, 2), (2, 0)]):
        theirs = nx.DiGraph()
        theirs.add_weighted_edges_from(
            (*pair, weight) for pair, weight in zip(ends, weights, strict=True)
        )
        same(nx.pagerank, (theirs, from_networkx(theirs)))


@given(pairs())
def test_hits_satisfies_its_equation(pair: Pair) -> None:
    ours = pair[1]
    if len(ours) == 1 or not ours.out.entries:
        with pytest.raises((ValueError, nx.NetworkXError)):
            nx.hits(ours)
        return
    hubs, authorities = (np.array(list(part.values())) for part in nx.hits(ours))
    matrix = to_scipy(ours).toarray()
    largest = np.linalg.norm(matrix, 2) ** 2
    assert matrix.T @ (matrix @ authorities) == pytest.approx(largest * authorities, abs=1e-9)
    assert hubs * (matrix @ authorities).sum() == pytest.approx(matrix @ authorities, abs=1e-9)
    assert authorities.sum() == pytest.approx(1)
    assert min(hubs.min(), authorities.min()) >= -1e-9


@pytest.mark.parametrize("weight", [False, True])
def test_hits_equals_networkx_where_there_is_one_vector(weight: bool) -> None:
    theirs = nx.gnp_random_graph(60, 0.1, seed=4, directed=True)
    for number, (_, _, data) in enumerate(theirs.edges(data=True)):
        data["weight"] = number % 7 + 1 if weight else 1
    for found, expected in zip(nx.hits(from_networkx(theirs)), nx.hits(theirs), strict=True):
        assert found == pytest.approx(expected, abs=1e-9)
        assert list(found) == list(expected)


def test_hits_that_does_not_converge_names_the_residual() -> None:
    path = from_networkx(nx.path_graph(300))
    with pytest.raises(nx.PowerIterationFailedConvergence, match="the last one changed"):
        nx.hits(path, max_iter=1)
    with pytest.raises(nx.PowerIterationFailedConvergence):
        nx.hits(path, max_iter=0)


def test_hits_of_nothing() -> None:
    assert nx.hits(from_networkx(nx.empty_graph(0))) == ({}, {})


@pytest.fixture(scope="module")
def big() -> list[Graph]:
    random = np.random.default_rng(2)
    ends = np.sort(random.integers(0, 80_000, (200_000, 2)), axis=1)
    kept = ends[ends[:, 0] < ends[:, 1]]
    acyclic_ = from_edges(kept[:, 1], (kept[:, 0] * random.random(len(kept))).astype(np.int64))
    return [acyclic_, from_edges(ends[:, 0], random.permutation(ends[:, 1]))]


@pytest.mark.parametrize("function", [nx.pagerank, nx.hits])
def test_a_cancelled_computation_has_no_result(function: Any) -> None:
    for ends in ([0, 1], [1, 2]), ([0, 1, 2], [1, 2, 0]):
        with Progress() as progress:
            progress.cancel()
            with pytest.raises(CancelledError):
                function(from_edges(*ends))
