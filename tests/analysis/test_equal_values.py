"""Values that differ by rounding, or by less than a measure is computed to, are equal."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.catalog import METRICS, RANKED
from graphsvc.analysis.computing import compute
from graphsvc.analysis.metric import Inputs, Metric
from graphsvc.analysis.network import Network
from graphsvc.analysis.ranking import ROUNDING, Tolerance, levels, ranks, tolerance_of
from graphsvc.analysis.result import columns_of
from tests.analysis.networks import network

ITERATED = Tolerance(1e-9, 1e-9)
OF_DIRECTIONS = {"in_degree", "out_degree"}
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("values", "tolerance", "expected"),
    [
        ([5, 9, 5, NAN], ROUNDING, [2.5, 1, 2.5, 4]),
        ([0.1 + 0.2, 0.3, 0.4], ROUNDING, [2.5, 2.5, 1]),
        ([1e-17, 0.0, -1e-17, 0.5], ROUNDING, [3, 3, 3, 1]),
        ([-0.5, -0.5 - 1e-16, -0.4], ROUNDING, [2.5, 2.5, 1]),
        ([0.5, 0.5 - 1e-11], ROUNDING, [1, 2]),
        ([0.5, 0.5 - 1e-11], ITERATED, [1.5, 1.5]),
        ([1.0, 0.5, 1e-10, 2e-10], ITERATED, [1, 2, 3.5, 3.5]),
        ([1_000_000_001.0, 1_000_000_000.0, 3.0], ITERATED, [1, 2, 3]),  # whole sums are exact
        ([2**53, 2**53 - 1], ROUNDING, [1, 2]),
        ([INF, INF, 0.1, -INF], ROUNDING, [1.5, 1.5, 3, 4]),
        ([NAN, NAN], ROUNDING, [1.5, 1.5]),
        ([], ROUNDING, []),
        # A chain of values, each near the next: a group is no wider than the tolerance.
        ([0.1, 0.1 - 0.8e-10, 0.1 - 1.6e-10], ITERATED, [1.5, 1.5, 3]),
    ],
)
def test_equal_values_share_the_mean_of_their_places(
    values: list[float], tolerance: Tolerance, expected: list[float]
) -> None:
    assert ranks(np.array(values, np.float64), tolerance).tolist() == expected


@given(st.lists(st.floats(-2, 2) | st.integers(0, 3).map(lambda n: n / 3 * 1e-9)))
def test_groups_of_equal_values_are_no_wider_than_the_tolerance(given_: list[float]) -> None:
    values = np.array(given_, np.float64)
    group = levels(values, ITERATED)
    order = np.argsort(-values, kind="stable")
    assert np.all(np.diff(group[order]) >= 0)
    for number in set(group.tolist()):
        inside = values[group == number]
        assert np.ptp(inside) <= 1e-9 * max(2.0, np.abs(values).max()) * 1.001


# --- networks in which many things stand alike --------------------------------------------------


def _shuffled(edges: list[tuple[Any, Any]], seed: int) -> Network:
    """The network of these edges, its ids and the order of its facts drawn anew."""
    random = np.random.default_rng(seed)
    old = list(dict.fromkeys(node for edge in edges for node in edge))
    new = [f"n{place:02d}" for place in range(len(old))]
    id_of = dict(zip(old, random.permutation(new).tolist(), strict=True))
    shuffled = [edges[place] for place in random.permutation(len(edges)).tolist()]
    return network(
        *(f"{id_of[one]} joins {id_of[other]} {1 + len(edges)}" for one, other in shuffled),
        directed=False,
    )


def _tree() -> list[tuple[Any, Any]]:
    """A hub, seven around it, each with three leaves."""
    around = [("hub", f"h{h}") for h in range(7)]
    return around + [(f"h{h}", f"l{h}{leaf}") for h in range(7) for leaf in range(3)]


SHAPES: dict[str, list[tuple[Any, Any]]] = {
    "tree": _tree(),
    "ring": list(nx.cycle_graph(23).edges),
    "wheel": list(nx.wheel_graph(14).edges),
    "two parts": [*nx.complete_graph(3).edges, *((f"a{i}", f"b{i}") for i in range(9))],
    "lattice": list(nx.circular_ladder_graph(11).edges),
}


def _orbits(of: Network) -> list[set[str]]:
    """Nodes that stand alike, told apart by what is around them, again and again."""
    graph = nx.Graph(of.graph.edges)
    colour = dict.fromkeys(graph, "")
    for _ in graph:
        around = {node: sorted(colour[other] for other in graph[node]) for node in graph}
        names = {text: str(place) for place, text in enumerate(sorted(map(str, around.values())))}
        colour = {node: names[str(around[node])] for node in graph}
    ordered = sorted(graph, key=colour.__getitem__)
    return [set(nodes) for _, nodes in groupby(ordered, key=colour.__getitem__)]


def _all_rank_alike(columns: dict[str, Any], column: str, orbits: list[set[str]]) -> None:
    rank = dict(zip(columns["node"], columns[column], strict=True))
    for orbit in orbits:
        assert len({rank[node] for node in orbit}) == 1, column


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", sorted(RANKED - OF_DIRECTIONS))
def test_things_that_stand_alike_share_every_rank(name: str, shape: str) -> None:
    on = _shuffled(SHAPES[shape], seed=len(name))
    orbits = _orbits(on)
    stability = METRICS["rank_stability"]
    chosen = stability.parameters(metric=name, resamples=10)
    table = compute(stability, Inputs(on, chosen, seed=2))
    _all_rank_alike(table.columns, "rank", orbits)
    change = METRICS["rank_change"]
    asked = change.parameters(metric=name, before="2024-01-01")
    before = _shuffled(SHAPES[shape], seed=len(name) + 1)
    table = compute(change, Inputs(on, asked, seed=1, before=before))
    _all_rank_alike(table.columns, "rank_after", orbits)
    _all_rank_alike(table.columns, "rank_before", _orbits(before))


def _by_id_within_equals(metric: Metric, columns: dict[str, Any], orbits: list[set[str]]) -> None:
    for orbit in orbits:
        there = [node for node in columns["node"] if node in orbit]
        assert there == sorted(there), metric.name


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "name",
    sorted(
        {name for name, metric in METRICS.items() if metric.shape == "nodes" and metric.sorted_by}
        - OF_DIRECTIONS
        - {"concentration"}  # its rows are by whole sums
    ),
)
def test_rows_of_things_that_stand_alike_come_by_id(name: str, shape: str) -> None:
    metric, on = METRICS[name], _shuffled(SHAPES[shape], seed=len(name))
    parameters = metric.parameters()
    table = compute(metric, Inputs(on, parameters, seed=1))
    columns = columns_of(metric, table, {}, tolerance_of(parameters))
    _by_id_within_equals(metric, columns, _orbits(on))


def test_edges_of_equal_value_come_by_both_their_ends() -> None:
    metric, on = METRICS["edge_betweenness"], _shuffled(SHAPES["ring"], seed=4)
    table = compute(metric, Inputs(on, metric.parameters(), seed=1))
    columns = columns_of(metric, table, {})
    pairs = list(zip(columns["source"], columns["target"], strict=True))
    assert pairs == sorted(pairs)


def test_differences_that_are_rounding_come_by_id() -> None:
    change = METRICS["rank_change"]
    asked = change.parameters(metric="pagerank", before="2024-01-01")
    on = [network(*lines) for lines in ([*_lines(range(9))], [*_lines(range(8, -1, -1))])]
    columns = compute(change, Inputs(on[0], asked, seed=1, before=on[1])).columns
    assert np.abs(columns["difference"]).max() < 1e-15
    assert list(columns["node"]) == sorted(columns["node"])


def _lines(order: Any) -> list[str]:
    return [f"n{i} joins n{(i * 5 + 1) % 9} -" for i in order]
