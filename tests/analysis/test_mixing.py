"""How many nodes have each degree, and what flows between kinds."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.mixing import Direction, degree_distribution, kind_flow
from graphsvc.analysis.table import Table
from tests.analysis.graphs import Pair, pairs
from tests.analysis.networks import network, of_graph

KINDS = {"m": "Ministry", "n": "Ministry", "c": "Center", "x": "Center"}
SMALL = network("m funds c 3", "m funds x 4", "n funds c 5", "c supports x -", kinds=KINDS)


def rows(table: Table) -> list[tuple[object, ...]]:
    return list(
        zip(*(np.asarray(column).tolist() for column in table.columns.values()), strict=True)
    )


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("both", [(1, 1, 0.25, 1.0), (2, 2, 0.5, 0.75), (3, 1, 0.25, 0.25)]),
        ("in", [(0, 2, 0.5, 1.0), (2, 2, 0.5, 0.5)]),
        ("out", [(0, 1, 0.25, 1.0), (1, 2, 0.5, 0.75), (2, 1, 0.25, 0.25)]),
    ],
)
def test_each_degree_has_its_nodes_and_those_that_reach_it(
    direction: Direction, expected: list[tuple[float, ...]]
) -> None:
    table = degree_distribution(SMALL, direction)
    assert list(table.columns) == ["degree", "nodes", "share", "share_at_least"]
    assert rows(table) == expected


@given(pairs())
def test_degrees_are_counted_as_networkx_counts_them(pair: Pair) -> None:
    theirs, ours = pair
    found = {row[0]: row[1] for row in rows(degree_distribution(of_graph(ours, [])))}
    assert found == {degree: n for degree, n in enumerate(nx.degree_histogram(theirs)) if n}


def test_flows_are_from_kind_to_kind() -> None:
    table = kind_flow(SMALL)
    assert list(table.columns) == ["source_kind", "target_kind", "edges", "weight"]
    assert rows(table) == [("Center", "Center", 1, 1.0), ("Ministry", "Center", 3, 3.0)]


@given(pairs(), st.data())
def test_flows_are_the_mixing_matrix_of_networkx(pair: Pair, data: st.DataObject) -> None:
    theirs, ours = pair
    kinds = [data.draw(st.sampled_from("ABC")) for _ in theirs]
    of_node = dict(zip(theirs, kinds, strict=True))
    edges: dict[tuple[str, str], int] = {}
    weight: dict[tuple[str, str], float] = {}
    for source, target, value in theirs.edges(data="weight", default=1):
        ends = (of_node[source], of_node[target])
        between = ends if theirs.is_directed() else (min(ends), max(ends))
        edges[between] = edges.get(between, 0) + 1
        weight[between] = weight.get(between, 0) + value
    found = rows(kind_flow(of_graph(ours, kinds)))
    assert {(row[0], row[1]): row[2] for row in found} == edges
    assert {(row[0], row[1]): row[3] for row in found} == pytest.approx(weight)
