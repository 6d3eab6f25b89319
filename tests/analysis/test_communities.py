"""Louvain's partitions are networkx's own, or no worse; modularity equals it."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.analysis.algorithms import communities
from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.progress import CancelledError, Progress
from graphsvc.errors import InvalidInputError
from tests.analysis.graphs import Pair, pairs, same

RESOLUTION = st.sampled_from([1, 0.5, 1.7])
METHODS = [nx.community.louvain_communities, nx.community.leiden_communities]


@settings(deadline=None)
@given(pairs(weighted=False, most_nodes=30), RESOLUTION, st.integers(0, 9))
def test_louvain_partitions_are_networkxs_own(pair: Pair, resolution: float, seed: int) -> None:
    theirs, ours = (
        list(nx.community.louvain_partitions(graph, resolution=resolution, seed=seed))
        for graph in pair
    )
    assert ours == theirs


@given(pairs(weighted=False), RESOLUTION, st.integers(0, 9))
def test_communities_of_few_nodes_are_networkxs_own(
    pair: Pair, resolution: float, seed: int
) -> None:
    theirs, ours = (
        nx.community.louvain_communities(graph, resolution=resolution, seed=seed) for graph in pair
    )
    assert ours == theirs


LOUVAIN_OPTIONS = st.one_of(
    st.fixed_dictionaries({"max_level": st.integers(1, 3)}), st.just({"threshold": 0.01})
)


@given(pairs(weighted=False, most_nodes=20), LOUVAIN_OPTIONS)
def test_louvain_by_level_or_threshold_is_networkxs_own(
    pair: Pair, options: dict[str, Any]
) -> None:
    theirs, ours = (nx.community.louvain_communities(graph, seed=1, **options) for graph in pair)
    assert ours == theirs


@given(pairs(most_nodes=20), LOUVAIN_OPTIONS)
def test_louvain_by_weight_is_the_same_for_a_seed_and_better_than_no_communities(
    pair: Pair, options: dict[str, Any]
) -> None:
    """Gains that are equal but for rounding may lead to another partition than networkx's."""
    graph, ours = pair
    once, again = (nx.community.louvain_communities(ours, seed=1, **options) for _ in range(2))
    assert once == again
    assert Counter(node for community in once for node in community) == Counter(list(graph))
    if graph.size():  # without edges there is no modularity
        alone = nx.community.modularity(graph, [{node} for node in graph])
        assert nx.community.modularity(graph, once) >= alone - 1e-9


@pytest.mark.parametrize("directed", [False, True])
def test_louvain_of_a_larger_graph_is_networkxs_own(directed: bool) -> None:
    theirs = nx.gnp_random_graph(400, 0.02, seed=5, directed=directed)
    ours = from_networkx(theirs)
    assert list(nx.community.louvain_partitions(ours, seed=3)) == list(
        nx.community.louvain_partitions(theirs, seed=3)
    )


@given(pairs(), RESOLUTION, st.sampled_from([None, "weight"]), st.data())
def test_modularity_equals_networkx(
    pair: Pair, resolution: float, weight: str | None, data: st.DataObject
) -> None:
    parts: dict[int, set[int]] = {}
    for node in pair[0]:
        parts.setdefault(data.draw(st.integers(0, 3)), set()).add(node)
    options = {"weight": weight, "resolution": resolution}
    same(nx.community.modularity, pair, list(parts.values()), **options)


@given(pairs(), st.lists(st.sets(st.integers(9, 14)), max_size=3))
def test_what_is_no_partition_is_refused_as_by_networkx(pair: Pair, parts: list[set[int]]) -> None:
    same(nx.community.modularity, pair, parts)


@pytest.mark.parametrize("method", METHODS)
def test_the_caves_of_connected_cavemen(method: object) -> None:
    found = method(from_networkx(nx.connected_caveman_graph(6, 6)), seed=1)  # type: ignore[operator]
    assert sorted(map(sorted, found)) == [list(range(6 * i, 6 * i + 6)) for i in range(6)]


@pytest.mark.parametrize("method", METHODS)
def test_zacharys_karate_club_is_no_worse_than_by_networkx(method: object) -> None:
    club = nx.karate_club_graph()
    found = method(from_networkx(club), seed=2)  # type: ignore[operator]
    best = nx.community.modularity(club, nx.community.louvain_communities(club, seed=2))
    assert nx.community.modularity(club, found) >= best - 0.01


@pytest.mark.parametrize("method", METHODS)
def test_one_seed_gives_one_partition(method: object) -> None:
    graph = from_networkx(nx.gnp_random_graph(1_200, 0.01, seed=5))
    found = [method(graph, seed=4) for _ in range(2)]  # type: ignore[operator]
    assert found[0] == found[1]
    assert {node for part in found[0] for node in part} == set(graph)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_and_no_edges(method: object) -> None:
    assert method(from_networkx(nx.empty_graph(3)), seed=1) == [{0}, {1}, {2}]  # type: ignore[operator]
    with pytest.raises(ValueError, match="max_level"):
        method(from_networkx(nx.path_graph(3)), max_level=0)  # type: ignore[operator]


def large(kind: str) -> nx.Graph:
    """Graphs of more nodes than networkx's own passes are made for."""
    match kind:
        case "groups":
            return nx.planted_partition_graph(12, 100, 0.2, 0.002, seed=3)
        case "groups, directed":
            return nx.planted_partition_graph(12, 100, 0.2, 0.002, seed=3, directed=True)
        case "hubs":
            return nx.barabasi_albert_graph(1_500, 4, seed=3)
    graph = nx.gnp_random_graph(1_200, 0.01, seed=3)
    graph.add_edges_from((node, node) for node in range(0, 1_200, 7))
    random = Random(3)
    for _, _, held in graph.edges(data=True):  # sums from a tenth of a won to billions
        held["weight"] = 10 ** random.uniform(-1, 10)
    return graph


@pytest.mark.parametrize("kind", ["groups", "groups, directed", "hubs", "sums and loops"])
@pytest.mark.parametrize("resolution", [0.6, 1, 1.7])
def test_communities_of_many_nodes_are_no_worse_than_networkxs(
    kind: str, resolution: float
) -> None:
    theirs = large(kind)
    quality = [
        nx.community.modularity(
            theirs,
            nx.community.louvain_communities(graph, resolution=resolution, seed=2),
            resolution=resolution,
        )
        for graph in (from_networkx(theirs), theirs)
    ]
    assert quality[0] >= quality[1] - 0.002


@pytest.mark.parametrize("directed", [False, True])
def test_groups_that_were_put_in_are_found(directed: bool) -> None:
    graph = large("groups, directed" if directed else "groups")
    found = nx.community.louvain_communities(from_networkx(graph), seed=1)
    assert sorted(map(sorted, found)) == [
        list(range(100 * group, 100 * group + 100)) for group in range(12)
    ]


def test_no_node_of_many_would_gain_by_moving() -> None:
    graph = large("hubs")
    found = nx.community.louvain_communities(from_networkx(graph), seed=5)
    home = {node: number for number, part in enumerate(found) for node in part}
    degree, edges = dict(graph.degree()), graph.number_of_edges()
    totals = [sum(degree[node] for node in part) for part in found]
    for node in graph:
        near = Counter(home[other] for other in graph[node])
        own = home[node]
        gains = {
            part: near[part] - degree[node] * (totals[part] - (degree[node] if part == own else 0))
            / (2 * edges)
            for part in {*near, own}
        }  # fmt: skip
        # Totals go on changing after a node was looked at for the last time: by little.
        assert gains[own] >= max(gains.values()) - 0.5


def test_without_networkit_leiden_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "networkit", None)
    with pytest.raises(InvalidInputError, match=r"pip install graphsvc\[analysis\]"):
        nx.community.leiden_communities(from_networkx(nx.karate_club_graph()))


@pytest.mark.parametrize("nodes", [3, 2_000])
def test_a_cancelled_computation_has_no_result(nodes: int) -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            nx.community.louvain_communities(from_networkx(nx.path_graph(nodes)), seed=1)


RINGS = {
    f"{kind} of {nodes}": graph
    for nodes in (3, 15, 21, 40)
    for kind, graph in (
        ("directed ring", nx.cycle_graph(nodes, nx.DiGraph)),
        ("ring", nx.cycle_graph(nodes)),
        ("complete graph", nx.complete_graph(nodes, nx.DiGraph)),
        ("path", nx.path_graph(nodes, nx.DiGraph)),
    )
}


@pytest.mark.parametrize("ring", RINGS)
@pytest.mark.parametrize("weight", [None, 0.1, 1 / 3, 1e300, 1e-300])
@pytest.mark.parametrize("few", [0, 1_000])
def test_louvain_ends_where_all_moves_are_rounding(
    ring: str, weight: float | None, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where networkx may go on for ever."""
    monkeypatch.setattr(communities, "_FEW_NODES", few)
    graph = RINGS[ring].copy()
    if weight is not None:
        nx.set_edge_attributes(graph, weight, "weight")
    ours = from_networkx(graph)
    for seed in range(20):
        for resolution in (1, 0.3, 2.5, 1e9):
            found = nx.community.louvain_communities(ours, seed=seed, resolution=resolution)
            assert sorted(node for part in found for node in part) == sorted(graph)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("weight", [1e-320, 1e-200, 1e200, 1.7e308])
def test_communities_are_those_of_weights_of_any_scale(
    method: Any, few: int, weight: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(communities, "_FEW_NODES", few)
    graph = nx.connected_caveman_graph(6, 6)
    nx.set_edge_attributes(graph, weight, "weight")
    ours = from_networkx(graph)
    found = method(ours, seed=1)
    assert sorted(map(sorted, found)) == [list(range(6 * i, 6 * i + 6)) for i in range(6)]
    assert nx.community.modularity(ours, found) == pytest.approx(
        nx.community.modularity(graph, found, weight=None)
    )


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0, 0.0])
def test_leiden_says_which_weights_it_needs(weight: float) -> None:
    graph = nx.path_graph(3)
    nx.set_edge_attributes(graph, weight, "weight")
    with pytest.raises(nx.NetworkXError, match="finite and not negative"):
        nx.community.leiden_communities(from_networkx(graph), seed=1)


SIGNED = st.sampled_from([0, 1, -1, 0.1, 0.2, 0.3, -0.1, 1 / 3, 1e-9, 1e9, -3.7])


@settings(deadline=None)
@given(pairs(weighted=False, most_nodes=15), st.data(), st.integers(0, 3))
def test_louvain_ends_whatever_the_weights(pair: Pair, data: st.DataObject, seed: int) -> None:
    graph = pair[0]
    for _, _, held in graph.edges(data=True):
        held["weight"] = data.draw(SIGNED)
    ours = from_networkx(graph)
    resolution = data.draw(st.sampled_from([0, 0.7, 1, 1e6, -2]))
    try:
        found = nx.community.louvain_communities(ours, resolution=resolution, seed=seed)
    except ZeroDivisionError:
        return
    assert sorted(node for part in found for node in part) == sorted(graph)
