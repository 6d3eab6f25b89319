"""Brokerage roles and structural holes on networks that can be counted by hand."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.brokerage import ROLES, brokerage_roles, structural_holes
from graphsvc.analysis.building import from_edges
from graphsvc.analysis.progress import CancelledError, Progress
from tests.analysis.graphs import Pair, pairs
from tests.analysis.networks import network, of_graph


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
