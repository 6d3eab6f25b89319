"""Brokerage roles and structural holes on networks that can be counted by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.algorithms.structural_holes import burts_effective_size
from graphsvc.analysis.brokerage import ROLES, brokerage_roles, structural_holes
from graphsvc.analysis.building import from_edges
from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.computing import compute
from graphsvc.analysis.conversion import from_networkx, to_igraph
from graphsvc.analysis.metric import Inputs
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs
from tests.analysis.networks import network, of_graph

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("kinds", "role"),
    [
        ("AAA", "coordinator"),
        ("ABA", "itinerant"),
        ("AAB", "representative"),
        ("ABB", "gatekeeper"),
        ("ABC", "liaison"),
    ],
)
def test_the_kinds_along_a_path_give_the_role_of_its_middle(kinds: str, role: str) -> None:
    path = network("x to y -", "y to z -", kinds=dict(zip("xyz", kinds, strict=True)))
    table = brokerage_roles(path).columns
    middle = table["node"].index("y")
    assert [name for name in ROLES if table[name][middle]] == [role]
    assert table["total"].sum() == 1


def test_a_closed_path_needs_no_broker() -> None:
    closed = network("x to y -", "y to z -", "x to z -")
    assert brokerage_roles(closed).columns["total"].sum() == 0


@given(pairs(directed=True), st.data())
def test_roles_are_those_of_counting_every_triple(pair: Pair, data: st.DataObject) -> None:
    theirs, ours = pair
    kinds = {node: data.draw(st.sampled_from("ABC")) for node in theirs}
    expected = dict.fromkeys(theirs, 0)
    for a in theirs:
        for b in theirs:
            for c in theirs:
                if len({a, b, c}) == 3 and theirs.has_edge(a, b) and theirs.has_edge(b, c):
                    expected[b] += not theirs.has_edge(a, c)
    table = brokerage_roles(of_graph(ours, [kinds[node] for node in theirs])).columns
    assert table["total"].tolist() == list(expected.values())
    assert sum(table[role] for role in ROLES).tolist() == list(expected.values())


def test_a_cancelled_count_has_no_result() -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            brokerage_roles(network("x to y -"))


def test_the_hub_of_a_star_spans_every_hole() -> None:
    star = from_edges(["hub"] * 4, ["a", "b", "c", "d"], directed=False)
    table = structural_holes(star).columns
    assert table["node"][0] == "hub"
    assert table["constraint"].tolist() == pytest.approx([0.25, 1, 1, 1, 1])
    assert table["effective_size"][0] == pytest.approx(4)
    assert table["efficiency"][0] == pytest.approx(1)
    assert nx.constraint(nx.star_graph(4))[0] == pytest.approx(0.25)


def test_a_node_is_no_neighbour_of_itself() -> None:
    plain = from_edges(["a", "b"], ["b", "c"], directed=False)
    looped = from_edges(["a", "b", "b"], ["b", "c", "b"], directed=False)
    sizes = structural_holes(looped).columns["effective_size"]
    efficiency = structural_holes(looped).columns["efficiency"]
    assert efficiency[1] == pytest.approx(sizes[1] / 2)
    assert structural_holes(plain).columns["efficiency"][1] == pytest.approx(1)


def by_definition(graph: nx.Graph | nx.DiGraph, weight: str | None) -> dict[int, float]:
    """Burt's effective size, term by term."""

    def tie(one: int, other: int) -> float:
        given = (graph.get_edge_data(*pair) for pair in ((one, other), (other, one)))
        return sum(0 if data is None else data.get(weight, 1) for data in given)

    found = {}
    for i in graph:
        near = [j for j in graph if j != i and tie(i, j)]
        total = sum(tie(i, j) for j in near)
        size = 0.0
        for j in near:
            most = max(tie(j, k) for k in graph if k != j)
            size += 1 - sum(tie(i, q) / total * tie(j, q) / most for q in near if q != j)
        found[i] = size if near else math.nan
    return found


@pytest.mark.parametrize("weight", [None, "weight"])
@given(pair=pairs())
def test_effective_sizes_are_burts(pair: Pair, weight: str | None) -> None:
    theirs, ours = pair
    expected = [by_definition(theirs, weight)[node] for node in theirs]
    assert burts_effective_size(ours, weight).tolist() == pytest.approx(expected, nan_ok=True)


FLORENCE = {  # constraint of igraph, and effective size: the degree less 2 * ties / degree
    "Medici": (0.209877, 6 - 2 * 1 / 6),
    "Guadagni": (0.25, 4),
    "Albizzi": (1 / 3, 3),
    "Strozzi": (0.458333, 4 - 2 * 2 / 4),
    "Peruzzi": (0.655864, 3 - 2 * 2 / 3),
    "Castellani": (0.482253, 3 - 2 * 1 / 3),
    "Barbadori": (0.5, 2),
    "Pazzi": (1, 1),
}


@pytest.mark.parametrize("of", [nx.florentine_families_graph, nx.davis_southern_women_graph])
def test_the_constraint_of_an_open_network_is_igraphs(of: Callable[[], nx.Graph]) -> None:
    ours = from_networkx(of())
    found = structural_holes(ours).columns["constraint"].tolist()
    assert found == pytest.approx(to_igraph(ours).constraint())


def test_the_table_of_the_documentation_is_what_is_computed() -> None:
    table = structural_holes(from_networkx(nx.florentine_families_graph())).columns
    rows = dict(
        zip(
            table["node"],
            zip(table["constraint"], table["effective_size"], strict=True),
            strict=True,
        )
    )
    for family, expected in FLORENCE.items():
        assert rows[family] == pytest.approx(expected, abs=1e-6)
        said = (f"{value:.3f}" for value in rows[family])
        assert f"| {family} | {' | '.join(said)} |" in DOCUMENTED


@pytest.mark.parametrize("weighted", [False, True])
def test_columns_of_structural_holes_are_the_measures_of_the_same_ties(weighted: bool) -> None:
    graph = from_edges([*"aabbcd"], [*"bccdde"], [3, 1, 2, 5, 1, 4])
    on = of_graph(graph, ["A"] * 5)

    def column(name: str, of: str) -> list[float]:
        metric = METRICS[name]
        return compute(metric, Inputs(on, metric.parameters(weighted=weighted), 0)).columns[of]

    for name in ("constraint", "effective_size"):
        assert list(column("structural_holes", name)) == list(column(name, "value"))
