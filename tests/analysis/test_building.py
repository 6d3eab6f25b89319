"""Graphs from columns are those that networkx would build, and bad columns are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphsvc
from graphsvc.analysis.adjacency import counted_rows, merged_rows
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import few_rows, rows
from graphsvc.errors import InvalidInputError
from tests.analysis.graphs import Pair, pairs

IDS = st.integers(-3, 6)
EDGES = st.lists(st.tuples(IDS, IDS, st.integers(-9, 9)), max_size=30)


def of_networkx(edges: list[tuple[Any, Any, float]], directed: bool, nodes: Any) -> nx.Graph:
    made = nx.DiGraph() if directed else nx.Graph()
    made.add_nodes_from(nodes or [])
    for source, target, weight in edges:
        held = made.get_edge_data(source, target, {"weight": 0})["weight"]
        made.add_edge(source, target, weight=held + weight)
    return made


def as_networkx(graph: Graph) -> nx.Graph:
    return graphsvc.to_networkx(graph)


@given(EDGES, st.booleans(), st.one_of(st.none(), st.lists(IDS, unique=True)), st.booleans())
def test_parallel_edges_are_summed_and_nodes_stand_in_networkx_s_order(
    edges: list[tuple[int, int, int]], directed: bool, nodes: Any, named: bool
) -> None:
    if named:
        edges = [(f"n{one}", f"n{other}", weight) for one, other, weight in edges]  # type: ignore[misc]
        nodes = nodes and [f"n{node}" for node in nodes]
    columns = list(zip(*edges, strict=True)) or [[], [], []]
    ours = graphsvc.from_edges(*columns, directed=directed, nodes=nodes)
    theirs = of_networkx(edges, directed, nodes)
    assert list(ours) == list(theirs)
    assert list(ours.edges(data="weight")) == list(theirs.edges(data="weight"))
    assert {node: list(ours.neighbors(node)) for node in ours} == {
        node: list(theirs.neighbors(node)) for node in theirs
    }


@given(EDGES, st.booleans())
def test_without_weights_an_edge_weighs_how_often_it_was_given(
    edges: list[tuple[int, int, int]], directed: bool
) -> None:
    source, target = [edge[0] for edge in edges], [edge[1] for edge in edges]
    ours = graphsvc.from_edges(source, target, directed=directed)
    theirs = of_networkx([(one, other, 1) for one, other in zip(source, target, strict=True)],
                         directed, None)  # fmt: skip
    assert ours.size("weight") == theirs.size("weight")
    assert dict(ours.degree(weight="weight")) == dict(theirs.degree(weight="weight"))


def test_ids_far_apart_are_numbered_too() -> None:
    graph = graphsvc.from_edges([10**15, 5], [5, -(10**15)])
    assert list(graph) == [10**15, 5, -(10**15)]


def test_results_are_plain_numbers_by_id() -> None:
    ranks = nx.pagerank(graphsvc.from_edges(np.array([3, 4]), np.array([4, 3])))
    assert ranks == {3: 0.5, 4: 0.5}
    assert {type(key) for key in ranks} == {int}


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        (([1, 2], [1]), "target"),
        (([[1, 2]], [[1, 2]]), "source"),
        (("ab", "cd"), "source"),
        ((np.array([[1, 2]]), [1]), "source"),
        (([1], [None]), "target"),
        (([1], [2], None, True, [None]), "nodes"),
        (([1], [2], [1.0, 2.0]), "weight"),
        (([1], [2], [float("nan")]), "weight"),
        (([1], [2], [float("inf")]), "weight"),
        (([1], [2], ["much"]), "weight"),
        (([1], [2], ["3"]), "weight"),
        (([1], [2], np.array(["3"])), "weight"),
        (([1], [2], "3"), "weight"),
        (([1], [2], [None]), "weight"),
        (([1], [2], [1 + 2j]), "weight"),
        (([1], [2], np.array([1 + 2j])), "weight"),
        (([1], [2], [date(2024, 1, 2)]), "weight"),
        (([1], [2], np.array(["2024-01-02"], "datetime64[D]")), "weight"),
        (([1], [2], [2**63]), "weight"),
        (([1], [2], np.array([2**63], np.uint64)), "weight"),
        (([1, 1], [2, 2], [2**53 + 1, 0.5]), "weight"),
        (([1], [2], [10**400]), "weight"),
        (([1, 1], [2, 2], [2**62, 2**62]), "weight"),
        (([1, 1], [2, 2], [-(2**62) - 1, -(2**62)]), "weight"),
        (([1, 1], [2, 2], [1e308, 1e308]), "weight"),
        (([1], [2], [Decimal("NaN")]), "weight"),
    ],
)
def test_columns_that_make_no_graph_are_refused(columns: Any, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        graphsvc.from_edges(*columns)
    assert refused.value.field == field


NAN = float("nan")
IDS_THAT_STAY = {
    "numbers and texts": [1, "1", 1.5, "1.5"],
    "beyond 64 bits": [2**63 + 1, 2**63, -1, 2**64],
    "beyond 53 bits beside fractions": [2**53 + 1, 2**53, 0.5],
    "no number beside texts": ["a", NAN, "nan", NAN],
    "equal to Python": [True, 1, 1.0, False, 0],
    "bytes and texts": [b"a", "a", "a\0"],
    "tuples": [(1, 2), (3, 4), (1, "2")],
    "dates": [date(2024, 1, 2), "2024-01-02"],
    "frozen sets": [frozenset({1}), 1],
    "numpy's own": [np.int64(3), 3, np.str_("3"), np.float64(3.5)],
    "decimals": [Decimal(1), 1, Decimal("0.1"), 0.1],
}


@pytest.mark.parametrize("ids", IDS_THAT_STAY.values(), ids=IDS_THAT_STAY)
@pytest.mark.parametrize("column", [list, tuple, iter, lambda ids: (id_ for id_ in ids)])
@pytest.mark.parametrize("few", [True, False])
def test_ids_are_one_where_networkx_holds_them_one(
    ids: list[Any], column: Any, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not few:
        monkeypatch.setattr(few_rows, "MOST", 0)
    targets = ["x"] * len(ids)
    ours = graphsvc.from_edges(column(ids), column(targets))
    theirs = nx.DiGraph(zip(ids, targets, strict=True))
    assert list(map(repr, ours)) == [
        repr(node.item() if isinstance(node, np.generic) else node) for node in theirs
    ]
    assert list(graphsvc.from_edges([], [], nodes=column(ids))) == list(dict.fromkeys(ids))


@pytest.mark.parametrize("make", [
    lambda ids: np.array(ids, np.uint64), lambda ids: np.array(ids, object),
    lambda ids: np.array(ids, np.float64),
])  # fmt: skip
def test_ids_in_arrays_are_their_items(make: Any) -> None:
    ids = make([2**63, 1, 5, 1])
    assert list(graphsvc.from_edges(ids, ids[::-1])) == list(
        nx.DiGraph(zip(ids.tolist(), ids[::-1].tolist(), strict=True))
    )


def test_a_column_of_unsigned_and_one_of_negative_numbers_make_four_nodes() -> None:
    graph = graphsvc.from_edges(np.array([2**63, 2**63 + 1], np.uint64), np.array([-1, -2]))
    assert list(graph) == [2**63, -1, 2**63 + 1, -2]


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        ([2**62, 2**62 - 1], 2**63 - 1),
        ([-(2**62), -(2**62)], -(2**63)),
        ([2**63 - 1, -5], 2**63 - 6),
        ([Decimal("0.5"), Fraction(1, 4)], 0.75),
        ([True, np.int8(3)], 4),
        (np.array([True, True]), 2),
        (np.array([0.5, 0.25], np.float32), 0.75),
    ],
)
def test_weights_of_parallel_edges_are_added_up_exactly(weights: Any, total: Any) -> None:
    graph = graphsvc.from_edges(["a", "a"], ["b", "b"], weights)
    assert list(graph.edges(data="weight")) == [("a", "b", total)]


def test_degrees_beyond_64_bits_are_exact() -> None:
    for directed in (True, False):
        weights = [2**62, 2**62, 2**62 + 1]
        graph = graphsvc.from_edges([*"aab"], [*"bcb"], weights, directed=directed)
        theirs = graphsvc.to_networkx(graph)
        assert dict(graph.degree(weight="weight")) == dict(theirs.degree(weight="weight"))
        assert graph.size("weight") == theirs.size("weight")


@given(pairs())
def test_a_graph_goes_to_networkx_and_back(pair: Pair) -> None:
    theirs, ours = pair
    assert nx.utils.graphs_equal(graphsvc.to_networkx(ours), theirs)


@given(pairs(), st.lists(st.integers(9, 15), max_size=4))
def test_graphs_made_from_a_graph_equal_networkx(pair: Pair, nodes: list[int]) -> None:
    theirs, ours = pair
    assert nx.utils.graphs_equal(as_networkx(ours.subgraph(nodes)), theirs.subgraph(nodes))
    assert isinstance(ours.subgraph(nodes), Graph)
    if theirs.is_directed():
        assert nx.utils.graphs_equal(as_networkx(ours.reverse()), theirs.reverse())
        undirected = as_networkx(ours.to_undirected())
        assert nx.utils.graphs_equal(undirected, theirs.to_undirected())


@given(pairs())
def test_what_is_read_off_a_graph_equals_networkx(pair: Pair) -> None:
    theirs, ours = pair
    assert (len(ours), ours.number_of_edges()) == (len(theirs), theirs.number_of_edges())
    assert ours.size("weight") == pytest.approx(theirs.size("weight"))
    assert dict(ours.degree) == dict(theirs.degree)
    assert dict(ours.degree(weight="weight")) == pytest.approx(dict(theirs.degree(weight="weight")))
    assert list(ours.edges(data=True)) == list(theirs.edges(data=True))
    for node in theirs:
        assert dict(ours[node]) == dict(theirs[node])
    if theirs.is_directed():
        assert dict(ours.in_degree) == dict(theirs.in_degree)
        assert dict(ours.out_degree) == dict(theirs.out_degree)


@given(pairs())
def test_other_libraries_get_the_same_graph(pair: Pair) -> None:
    theirs, ours = pair
    matrix = nx.to_scipy_sparse_array(theirs, weight="weight") if theirs.size() else None
    if matrix is not None:
        assert (graphsvc.to_scipy(ours) != matrix).nnz == 0
    graph = graphsvc.to_igraph(ours)
    assert graph.vs["name"] == list(theirs)
    assert graph.ecount() == theirs.number_of_edges()


def test_a_function_that_is_not_ours_says_so_and_runs_on_networkx_s_graph() -> None:
    graph = graphsvc.from_edges([0, 1, 2], [1, 2, 0], directed=False)
    with pytest.raises(NotImplementedError, match="not implemented by"):
        nx.wiener_index(graph)
    assert nx.wiener_index(graphsvc.to_networkx(graph)) == 3


def test_a_multigraph_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="multigraph"):
        graphsvc.from_networkx(nx.MultiGraph([(0, 1), (0, 1)]))


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30),
        )
    ),
    st.booleans(),
)
def test_rows_of_a_few_edges_are_those_that_kernels_make(
    given_: tuple[int, list[tuple[int, int]]], directed: bool
) -> None:
    n, ends = given_
    source, target = np.array(ends, np.int32).reshape(-1, 2).T.copy()
    values = np.arange(len(ends)) / 3

    def found() -> list[np.ndarray]:
        merged = merged_rows(source, target, n, directed=directed)
        counted, times = counted_rows(source, target, n, directed=directed)
        turned = merged.adjacency.transposed()
        return [
            *(merged.adjacency.indptr, merged.adjacency.indices, counted.indices, times),
            *(merged.values(values), merged.values(values, rows.LAST)),
            *(turned.indptr, turned.indices, turned.entry if turned.entry is not None else times),
        ]

    by_numpy = found()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(few_rows, "MOST", -1)
        by_kernels = found()
    for one, other in zip(by_numpy, by_kernels, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()
