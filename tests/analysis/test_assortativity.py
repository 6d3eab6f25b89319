"""Coefficients of assortativity equal networkx's own."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.conversion import from_networkx
from tests.analysis.graphs import Pair, pairs, same

WAY = st.sampled_from(["in", "out", "across"])
WEIGHT = st.sampled_from([None, "weight"])
NODES = st.none() | st.lists(st.integers(9, 20))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(pairs(), WAY, WAY, WEIGHT, NODES)
def test_degree_coefficients_equal_networkx(
    pair: Pair, x: str, y: str, weight: str | None, nodes: object
) -> None:
    theirs = {"x": x, "y": y, "weight": weight, "nodes": nodes}
    if weight and len({d for _, d in pair[0].degree(weight=weight)}) == 1:
        return  # rounding alone, divided by rounding
    same(nx.degree_assortativity_coefficient, pair, **theirs)


@pytest.mark.filterwarnings("ignore")
@given(pairs(weighted=False), NODES)
def test_the_pearson_coefficient_equals_networkx(pair: Pair, nodes: object) -> None:
    same(nx.degree_pearson_correlation_coefficient, pair, nodes=nodes)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(pairs(), NODES, st.data())
def test_coefficients_of_attributes_equal_networkx(
    pair: Pair, nodes: object, data: st.DataObject
) -> None:
    theirs = pair[0]
    for node in theirs:
        theirs.nodes[node]["age"] = data.draw(st.integers(0, 3))
        if data.draw(st.booleans()):
            theirs.nodes[node]["kind"] = data.draw(st.sampled_from("ab"))
    both = theirs, from_networkx(theirs)
    for function in (
        nx.attribute_assortativity_coefficient,
        nx.numeric_assortativity_coefficient,
    ):
        for attribute in ("age", "kind", "none"):
            same(function, both, attribute, nodes)


def test_a_star_is_as_unlike_as_can_be() -> None:
    star = from_networkx(nx.star_graph(5))
    assert nx.degree_assortativity_coefficient(star) == pytest.approx(-1)


def test_the_karate_club_of_newman() -> None:
    club = from_networkx(nx.karate_club_graph())
    assert nx.degree_assortativity_coefficient(club) == pytest.approx(-0.47561, abs=1e-5)
