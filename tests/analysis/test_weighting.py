"""From relationships to edges: what parallel ones weigh together, and what is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.network import Edges, Network, Nodes, network_of
from graphsvc.analysis.weighting import Weight

WEIGHTS: tuple[Weight, ...] = ("count", "amount_krw", "log_amount")
Row = tuple[int, int, str, float]


def rows_of(rows: list[Row], **changes: Any) -> Edges:
    """Relationships as (source, target, type, amount), each stated by a fact of its own."""
    source, target, types, amounts = zip(*rows, strict=True) if rows else ((),) * 4
    names = sorted(set(types))
    undated = np.full(len(rows), "NaT", "datetime64[D]")
    edges = Edges(
        source=np.array(source, np.int32),
        target=np.array(target, np.int32),
        type=np.array([names.index(name) for name in types], np.int16),
        amount_krw=np.array(amounts, np.float64),
        first_day=undated,
        last_day=undated,
        fact=np.arange(len(rows), dtype=np.int32),
        types=names,
        facts=[f"fact-{i:03}" for i in range(len(rows))],
    )
    return replace(edges, **changes)


def nodes_of(count: int) -> Nodes:
    ids = [f"n{i}" for i in range(count)]
    return Nodes(ids, ["Company"] * count, ids, ids)


@st.composite
def relationships(draw: st.DrawFn) -> list[Row]:
    place = st.integers(0, 6)
    ends = st.tuples(place, place).filter(lambda pair: pair[0] != pair[1])
    amount = st.one_of(st.just(float("nan")), st.integers(0, 10**15).map(float))
    row = st.tuples(ends, st.sampled_from(["FUNDS", "PARTNERS_WITH"]), amount)
    return [(*pair, type_, sum_) for pair, type_, sum_ in draw(st.lists(row, max_size=25))]


def made(rows: list[Row], **options: Any) -> Network:
    return network_of(nodes_of(7), rows_of(rows), **options)


@given(relationships(), st.booleans())
def test_counts_add_up_to_the_facts(rows: list[Row], directed: bool) -> None:
    network = made(rows, directed=directed)

    assert network.graph.size("weight") == len(rows) == len(network.edges)
    assert network.left_out == 0


@given(relationships(), st.booleans())
def test_amounts_add_up_to_what_is_stated_and_the_rest_is_counted(
    rows: list[Row], directed: bool
) -> None:
    network = made(rows, directed=directed, weight="amount_krw")

    stated = [row[3] for row in rows if row[3] > 0]
    assert network.graph.size("weight") == sum(stated)
    assert network.left_out == len(rows) - len(stated)
    assert len(network.edges) == len(stated)


@given(relationships(), st.booleans())
def test_each_pair_weighs_by_the_rule_and_is_as_far_as_it_is_light(
    rows: list[Row], directed: bool
) -> None:
    sums: dict[Any, float] = defaultdict(float)
    for source, target, _, amount in rows:
        if amount > 0:
            pair = (source, target) if directed else tuple(sorted((source, target)))
            sums[tuple(f"n{end}" for end in pair)] += amount
    graph = made(rows, directed=directed, weight="log_amount").graph

    for source, target, data in graph.edges(data=True):
        pair = (source, target) if directed else tuple(sorted((source, target)))
        assert data["weight"] == pytest.approx(np.log10(1 + sums.pop(pair)), rel=1e-12)
        assert data["distance"] == 1 / data["weight"]
    assert not sums


@given(relationships())
def test_a_symmetric_type_leads_both_ways_where_edges_have_a_direction(rows: list[Row]) -> None:
    edges = rows_of(rows, symmetric=frozenset({"PARTNERS_WITH"}))

    directed = network_of(nodes_of(7), edges)
    undirected = network_of(nodes_of(7), edges, directed=False)

    assert directed.graph.size("weight") == sum(1 + (row[2] == "PARTNERS_WITH") for row in rows)
    assert undirected.graph.size("weight") == len(rows)
    assert len(directed.edges) == len(rows)


@given(relationships(), st.sampled_from(WEIGHTS), st.booleans())
def test_nodes_are_those_that_an_edge_joins(
    rows: list[Row], weight: Weight, directed: bool
) -> None:
    network = made(rows, weight=weight, directed=directed)
    whole = made(rows, weight=weight, directed=directed, isolates=True)

    assert network.graph.node_list == [node for node in whole.graph if whole.graph.degree[node]]
    assert whole.graph.node_list == nodes_of(7).ids
    ends = zip(network.edges.source.tolist(), network.edges.target.tolist(), strict=True)
    named = [(network.graph.node_list[s], network.graph.node_list[t]) for s, t in ends]
    kept = [row for row in rows if weight == "count" or row[3] > 0]
    assert named == [(f"n{row[0]}", f"n{row[1]}") for row in kept]


@given(relationships(), st.sampled_from(WEIGHTS), st.booleans(), st.data())
def test_facts_that_stand_several_times_weigh_as_often(
    rows: list[Row], weight: Weight, directed: bool, data: st.DataObject
) -> None:
    network = made(rows, weight=weight, directed=directed)
    facts = len(network.edges.facts)
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=facts, max_size=facts)), int)

    drawn = network.with_facts(times)

    kept = [row for row in rows if weight == "count" or row[3] > 0]
    again = [row for row, often in zip(kept, times, strict=True) for _ in range(often)]
    expected = made(again, weight=weight, directed=directed).graph
    assert drawn.node_list == network.graph.node_list
    assert _weights(drawn) == pytest.approx(_weights(expected), rel=1e-12)
    assert _weights(network.with_facts(np.ones(facts, int))) == _weights(network.graph)


def _weights(graph: Any) -> dict[Any, float]:
    edges = graph.edges(data="weight")
    return {(s, t) if graph.is_directed() else tuple(sorted((s, t))): w for s, t, w in edges}


def test_counts_are_whole_numbers_and_nodes_say_what_they_are() -> None:
    graph = made([(0, 1, "FUNDS", 1.0), (0, 1, "FUNDS", float("nan"))]).graph

    assert list(graph.edges(data=True)) == [("n0", "n1", {"weight": 2, "distance": 0.5})]
    assert type(graph["n0"]["n1"]["weight"]) is int
    assert graph.nodes["n1"] == {"kind": "Company", "name": "n1", "name_en": "n1"}


def test_no_relationships_are_an_empty_network() -> None:
    network = made([])

    assert (len(network.graph), len(network.edges), network.edges.facts) == (0, 0, [])
    assert nx.pagerank(network.graph) == {}
    assert len(network.with_facts(np.zeros(0, int))) == 0


@pytest.mark.parametrize(
    ("document", "kept", "documents", "units"),
    [
        ([0, 0, 1, 1], [0, 1, 2, 3], ["a", "b"], [0, 0, 1, 1]),
        ([0, 0, 1, 1], [2, 3], ["b"], [0, 0]),
        ([1, -1, -1, 0], [0, 1, 2], ["b"], [0, 1, 2]),
        ([-1, -1, -1, -1], [0, 3], [], [0, 1]),
        ([], [1, 2], ["a", "b"], [0, 1]),
    ],
    ids=["all", "one document left", "two alone", "all alone", "not known"],
)
def test_facts_keep_their_document_and_those_without_stand_alone(
    document: list[int], kept: list[int], documents: list[str], units: list[int]
) -> None:
    edges = rows_of([(0, 1, "FUNDS", 1.0)] * 4)
    known = replace(edges, document=np.array(document, np.int32), documents=["a", "b"])
    rows = known.at(np.array(kept))
    assert rows.documents == documents
    assert rows.units(documents=True).tolist() == units
    assert rows.units(documents=False).tolist() == list(range(len(kept)))
