"""Threads: the same bits from any number of them, and a process that is forked makes its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

import networkx as nx
import numba
import numpy as np
import pytest

from graphsvc import from_edges
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import parallel


def ends(nodes: int, edges: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    one, other = random.integers(0, nodes, (2, edges))
    return one, other, random.random(edges)


def directed(nodes: int = 600, edges: int = 6_000) -> Graph:
    return from_edges(*ends(nodes, edges))


def undirected() -> Graph:
    return from_edges(*ends(600, 6_000), directed=False)


def acyclic() -> Graph:
    one, other, weight = ends(80_000, 200_000)
    kept = one != other
    one, other = np.minimum(one, other)[kept], np.maximum(one, other)[kept]
    return from_edges(other, (one * weight[kept]).astype(np.int64), weight[kept])


def large() -> Graph:
    return directed(80_000, 200_000)


MEASURES: dict[str, tuple[Callable[[], Graph], Callable[[Graph], Any]]] = {
    "betweenness": (directed, nx.betweenness_centrality),
    "weighted betweenness": (
        directed,
        lambda graph: nx.betweenness_centrality(graph, weight="weight"),
    ),
    "betweenness of edges": (undirected, nx.edge_betweenness_centrality),
    "closeness": (directed, nx.closeness_centrality),
    "weighted closeness": (
        directed,
        lambda graph: nx.closeness_centrality(graph, distance="weight"),
    ),
    "harmonic to a few": (
        directed,
        lambda graph: nx.harmonic_centrality(graph, nbunch=[1, 2], distance="weight"),
    ),
    "harmonic from a few": (
        directed,
        lambda graph: nx.harmonic_centrality(graph, sources=range(50), distance="weight"),
    ),
    "triangles": (undirected, nx.triangles),
    "weighted clustering": (undirected, lambda graph: nx.clustering(graph, weight="weight")),
    "constraint": (undirected, lambda graph: nx.constraint(graph, weight="weight")),
    "louvain": (undirected, lambda graph: nx.community.louvain_communities(graph, seed=4)),
    "pagerank": (large, nx.pagerank),
    "pagerank without cycles": (acyclic, nx.pagerank),
    "hits": (large, nx.hits),
    "eigenvector": (large, lambda graph: nx.eigenvector_centrality(graph, tol=1e-5)),
    "katz": (large, lambda graph: nx.katz_centrality(graph, alpha=0.01)),
    "building": (lambda: large().to_undirected(), lambda graph: list(graph.edges(data="weight"))),
}


@pytest.mark.parametrize("measure", MEASURES)
def test_any_number_of_threads_gives_the_same_bits(
    measure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, compute = MEASURES[measure]
    monkeypatch.setattr(parallel, "WORTH_THREADS", 0)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        found.append(compute(made()))
    assert found[0] == found[1] == found[2]


def test_what_a_thread_raises_is_raised_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", 3)

    def run(part: int) -> None:
        raise LookupError(part)

    with pytest.raises(LookupError):
        parallel.in_parts(8, run, steps=parallel.WORTH_THREADS)


def test_each_part_and_each_number_is_worked_on_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", 3)
    parts: list[int] = []
    numbers: list[int] = []
    for steps in (0, parallel.WORTH_THREADS):
        parts.clear()
        numbers.clear()
        parallel.in_parts(8, parts.append, steps=steps)
        parallel.in_ranges(8, lambda low, high: numbers.extend(range(low, high)), steps=steps)
        assert sorted(parts) == sorted(numbers) == list(range(8))
    parallel.in_ranges(0, lambda low, high: numbers.extend(range(low, high)), steps=0)
    assert len(numbers) == 8


def test_a_process_forked_after_a_computation_computes_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", 2)
    monkeypatch.setattr(parallel, "WORTH_THREADS", 0)
    graph = directed()
    both = undirected()

    def found() -> tuple[Any, ...]:
        ranks, between = nx.pagerank(graph), nx.betweenness_centrality(graph)
        parts = nx.community.louvain_communities(both, seed=1)
        return ranks, between, parts, nx.community.leiden_communities(both, seed=1)

    expected = found()

    def compute() -> None:
        assert found() == expected

    child = multiprocessing.get_context("fork").Process(target=compute)
    child.start()
    child.join(120)
    child.kill()
    assert child.exitcode == 0
