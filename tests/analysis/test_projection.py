"""Members joined by what they have in common, held to networkx and to Newman's example."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis import affiliations
from graphsvc.analysis.network import Network, Nodes
from graphsvc.analysis.progress import CancelledError, Progress
from graphsvc.analysis.projection import projected
from graphsvc.errors import LimitError
from tests.analysis.test_weighting import Row, rows_of

MEMBERS, THINGS = 6, 5
PAIRS = st.lists(
    st.tuples(st.integers(0, MEMBERS - 1), st.integers(0, THINGS - 1), st.booleans()), max_size=25
)
Pairs = list[tuple[int, int, bool]]


def network(pairs: Pairs, **options: Any) -> Network:
    """Members stand in front of things; a pair that is turned leads from the thing to the member.

    One relationship among members and one among things are there too, and do not count.
    """
    rows: list[Row] = [(0, 1, "FUNDS", 1.0), (MEMBERS, MEMBERS + 1, "FUNDS", 1.0)]
    for member, thing, turned in pairs:
        ends = (member, MEMBERS + thing)
        rows.append((*(ends[::-1] if turned else ends), "SUPPORTS", 1.0))
    ids = [f"m{i}" for i in range(MEMBERS)] + [f"t{i}" for i in range(THINGS)]
    kinds = ["Company"] * MEMBERS + ["Center"] * THINGS
    stays = np.arange(MEMBERS + THINGS) < MEMBERS
    return projected(Nodes(ids, kinds, ids, ids), rows_of(rows), stays, ~stays, **options)


def bipartite(pairs: Pairs) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(f"m{i}" for i in range(MEMBERS))
    graph.add_nodes_from(f"t{i}" for i in range(THINGS))
    graph.add_edges_from((f"m{member}", f"t{thing}") for member, thing, _ in pairs)
    return graph


def edges(graph: Any, name: str) -> dict[frozenset[str], float]:
    return {frozenset((s, t)): value for s, t, value in graph.edges(data=name)}


@given(PAIRS)
def test_weights_are_newmans_as_in_networkx_and_shares_are_counted(pairs: Pairs) -> None:
    graph = network(pairs, isolates=True).graph
    oracle = bipartite(pairs)
    members = [f"m{i}" for i in range(MEMBERS)]

    newman = nx.bipartite.collaboration_weighted_projected_graph(oracle, members)
    shared = nx.bipartite.weighted_projected_graph(oracle, members)

    assert graph.node_list == members
    assert edges(graph, "weight") == pytest.approx(edges(newman, "weight"), abs=1e-12)
    assert edges(graph, "shared") == edges(shared, "weight")
    assert all(data["distance"] == 1 / data["weight"] for *_, data in graph.edges(data=True))


@given(PAIRS)
def test_an_edge_weighs_the_same_bits_from_either_end(pairs: Pairs) -> None:
    graph = network(pairs).graph
    weights = {
        (graph.node_list[s], graph.node_list[t]): value
        for s, t, value in zip(
            graph.out.sources.tolist(),
            graph.out.indices.tolist(),
            graph.attributes["weight"].tolist(),
            strict=True,
        )
    }
    assert all(weights[(t, s)] == value for (s, t), value in weights.items())


@given(PAIRS)
def test_nodes_are_members_that_share_something(pairs: Pairs) -> None:
    whole, part = network(pairs, isolates=True), network(pairs)

    assert part.graph.node_list == [node for node in whole.graph if whole.graph.degree[node]]
    assert edges(part.graph, "weight") == edges(whole.graph, "weight")
    assert part.kinds == ["Company"] * len(part.graph)


@given(PAIRS, st.data())
def test_a_fact_that_does_not_stand_joins_nobody(pairs: Pairs, data: st.DataObject) -> None:
    whole = network(pairs, isolates=True)
    facts = len(pairs)
    times = np.array(data.draw(st.lists(st.integers(0, 2), min_size=facts, max_size=facts)), int)
    assert len(whole.edges.facts) == facts

    drawn = whole.with_facts(times)

    left = [pair for pair, often in zip(pairs, times, strict=True) if often]
    assert drawn.node_list == whole.graph.node_list
    assert edges(drawn, "weight") == edges(network(left, isolates=True).graph, "weight")
    assert edges(whole.with_facts(np.ones(facts, int)), "shared") == edges(whole.graph, "shared")


def test_newmans_example() -> None:
    """Newman (2001), on how to weigh a tie: A and B wrote three papers, with 4, 2 and 3 authors."""
    a, b, c, d = range(4)
    papers = [(a, b, c, d), (a, b), (a, b, c)]
    pairs = [(author, paper, False) for paper, names in enumerate(papers) for author in names]

    graph = network(pairs).graph

    assert graph["m0"]["m1"]["weight"] == pytest.approx(11 / 6)
    assert graph["m0"]["m1"]["shared"] == 3
    # The weights of an author's ties add up to the papers written with somebody.
    assert dict(graph.degree(weight="weight")) == pytest.approx(
        {"m0": 3, "m1": 3, "m2": 2, "m3": 1}
    )


def test_a_projection_can_be_cancelled() -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            network([(0, 0, False), (1, 0, False)])


def test_more_pairs_than_a_graph_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affiliations, "_MOST_ENTRIES", 5)
    crowd = [(member, 0, False) for member in range(3)]

    with pytest.raises(LimitError, match="3 pairs have something in common"):
        network(crowd)
