"""The hash of a graph: the same for the same content, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphsvc
from graphsvc.analysis.network import Network, Nodes, network_of
from tests.analysis.test_weighting import Row, nodes_of, relationships, rows_of

EDGES = [("a", "b", 1.0), ("b", "c", 2.0), ("c", "a", 0.5), ("c", "d", 1.0)]


def of(edges: list[tuple[Any, Any, float]], **options: Any) -> str:
    source, target, weight = zip(*edges, strict=True)
    return graphsvc.graph_hash(graphsvc.from_edges(source, target, weight, **options))


@given(st.permutations(EDGES), st.permutations("abcd"), st.booleans())
def test_the_order_in_which_content_was_given_does_not_matter(
    edges: list[Any], nodes: list[str], directed: bool
) -> None:
    assert of(edges, directed=directed, nodes=nodes) == of(EDGES, directed=directed)


def test_an_undirected_edge_has_no_order_of_its_ends() -> None:
    turned = [(target, source, weight) for source, target, weight in EDGES]

    assert of(turned, directed=False) == of(EDGES, directed=False)
    assert of(turned) != of(EDGES)


@pytest.mark.parametrize(
    "other",
    [
        lambda: of(EDGES, directed=False),
        lambda: of(EDGES[:-1]),
        lambda: of([*EDGES[:-1], ("c", "d", 1.5)]),
        lambda: of([*EDGES[:-1], ("c", "e", 1.0)]),
        lambda: of(EDGES, nodes=["alone"]),
        lambda: graphsvc.graph_hash(graphsvc.from_edges(list("abcc"), list("bcad"))),
    ],
    ids=["undirected", "an edge less", "a weight", "a name", "a node more", "no weights"],
)
def test_other_content_has_another_hash(other: Any) -> None:
    assert other() != of(EDGES)


def test_whole_numbers_and_fractions_differ_as_results_do() -> None:
    assert of([("a", "b", 1)]) != of([("a", "b", 1.0)])
    assert of([(1, 2, 1)]) != of([("1", "2", 1)])


def test_zero_has_no_sign() -> None:
    assert of([("a", "b", -0.0)]) == of([("a", "b", 0.0)])


def test_the_hash_is_the_same_on_every_machine_and_version() -> None:
    assert of(EDGES) == "2b10200d6257c8e3f7c9508faadc332cdd8391a3fb68c75f10e14e56f2dbf02a"
    assert graphsvc.graph_hash(network([(0, 1, "FUNDS", 5.0), (1, 2, "SUPPORTS", np.nan)])) == (
        "0def633a36e8575994fe786b8bff5ae6d693de6de524e80c28cec324fffe8065"
    )


def network(rows: list[Row], **options: Any) -> Network:
    return network_of(nodes_of(7), rows_of(rows), **options)


@given(relationships().filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_nodes_of_a_network_does_not_matter(
    rows: list[Row], random: Any
) -> None:
    edges = rows_of(rows)
    order = np.array(random.sample(range(len(rows)), len(rows)))
    nodes = nodes_of(7)
    places = random.sample(range(7), 7)
    place = np.argsort(places).astype(np.int32)
    shuffled = replace(edges.at(order), source=place[edges.source[order]])
    shuffled = replace(shuffled, target=place[edges.target[order]])

    found = graphsvc.graph_hash(network_of(nodes.at(places), shuffled))

    assert found == graphsvc.graph_hash(network(rows))


@pytest.mark.parametrize("change", ["kind", "amount", "day", "fact", "type"])
def test_a_network_is_also_what_its_facts_say(change: str) -> None:
    nodes, edges = nodes_of(3), rows_of([(0, 1, "FUNDS", 5.0), (1, 2, "FUNDS", 7.0)])
    before = graphsvc.graph_hash(network_of(nodes, edges))
    match change:
        case "kind":
            nodes = Nodes(nodes.ids, ["Company", "Company", "Center"], nodes.names, nodes.names_en)
        case "amount":
            edges = replace(edges, amount_krw=np.array([5.0, 8.0]))
        case "day":
            days = np.array(["2024-01-01", "NaT"], "datetime64[D]")
            edges = replace(edges, first_day=days)
        case "fact":
            edges = replace(edges, facts=["fact-000", "other"])
        case "type":
            edges = replace(edges, types=["SUPPORTS"])

    after = network_of(nodes, edges)

    assert graphsvc.graph_hash(after) != before
    assert graphsvc.graph_hash(after.graph) == graphsvc.graph_hash(
        network_of(nodes_of(3), rows_of([(0, 1, "X", 1.0), (1, 2, "X", 1.0)])).graph
    )


def test_the_document_of_a_fact_is_part_of_a_network() -> None:
    known = network([(0, 1, "FUNDS", 5.0), (1, 2, "SUPPORTS", np.nan)])

    def stated_by(document: list[int], documents: list[str]) -> str:
        edges = replace(known.edges, document=np.array(document, np.int32), documents=documents)
        return graphsvc.graph_hash(replace(known, edges=edges))

    assert stated_by([0, 1], ["a", "b"]) == stated_by([1, 0], ["b", "a"])
    assert len(
        {
            stated_by([], []), stated_by([0, 1], ["a", "b"]), stated_by([1, 0], ["a", "b"]),
            stated_by([0, 0], ["a"]), stated_by([0, -1], ["a"]), stated_by([-1, -1], []),
        }
    ) == 6  # fmt: skip
