"""The k cheapest simple paths, held to networkx and to listing every path."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from itertools import islice

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.usecases.connections.path_search import HOP, FoundPaths, PathSearch, Seen


class Drawn:
    """A graph in memory, seen a piece at a time."""

    def __init__(self, graph: nx.Graph) -> None:
        self.graph = graph
        self.asked = 0

    async def beside(self, ids: list[str], *, ahead: bool, most: int) -> Seen:
        self.asked += 1
        turned = self.graph if ahead or not self.graph.is_directed() else self.graph.reverse()
        leads_to = {id_: set(turned[id_]) for id_ in ids}
        return Seen(leads_to, sum(map(len, leads_to.values())))

    async def between(self, ids: list[str], others: list[str], *, ahead: bool, most: int) -> Seen:
        seen = await self.beside(ids, ahead=ahead, most=most)
        return Seen(
            {id_: set(met) & set(others) for id_, met in seen.leads_to.items()}, seen.scanned
        )

    async def degrees(self, ids: list[str]) -> Mapping[str, int]:
        return {id_: self.graph.degree(id_) for id_ in ids}


def search(graph: nx.Graph, source: str, target: str, **options: object) -> FoundPaths:
    chosen = {"max_hops": 6, "k": 3, **options}
    return asyncio.run(PathSearch(Drawn(graph), source, target, **chosen).run())


def graphs(create_using: type[nx.Graph]) -> st.SearchStrategy[nx.Graph]:
    def build(size: int) -> st.SearchStrategy[nx.Graph]:
        nodes = [f"n{number:02}" for number in range(size)]
        ends = st.sampled_from(nodes)
        edges = st.lists(st.tuples(ends, ends), max_size=size * 3)

        def draw(pairs: list[tuple[str, str]]) -> nx.Graph:
            graph = nx.empty_graph(nodes, create_using=create_using)
            graph.add_edges_from((start, end) for start, end in pairs if start != end)
            return graph

        return edges.map(draw)

    return st.integers(2, 9).flatmap(build)


def every_path(graph: nx.Graph, most: int, penalty: float) -> list[tuple[int, tuple[str, ...]]]:
    """All simple paths from the first node to the last, in the order that is promised."""

    def cost(nodes: list[str]) -> int:
        between = nodes[1:-1]
        return HOP * (len(nodes) - 1) + sum(
            round(penalty * math.log10(graph.degree(node)) * HOP) for node in between
        )

    nodes = sorted(graph)
    paths = nx.all_simple_paths(graph, nodes[0], nodes[-1], cutoff=most)
    ranked = sorted((cost(path), len(path), tuple(path)) for path in paths)
    return [(spent, path) for spent, _, path in ranked]


@pytest.mark.parametrize("create_using", [nx.Graph, nx.DiGraph])
@given(data=st.data(), k=st.integers(1, 20), most=st.integers(1, 6))
def test_paths_are_the_cheapest_of_all_in_order(
    create_using: type[nx.Graph], data: st.DataObject, k: int, most: int
) -> None:
    graph = data.draw(graphs(create_using))
    penalty = data.draw(st.sampled_from([0.0, 0.3, 1.0, 5.0]))
    nodes = sorted(graph)
    found = search(graph, nodes[0], nodes[-1], k=k, max_hops=most, hub_penalty=penalty)

    assert [(path.cost, path.nodes) for path in found.paths] == every_path(graph, most, penalty)[:k]
    assert not found.truncated


@given(graph=graphs(nx.Graph), k=st.integers(1, 20))
def test_without_a_penalty_paths_are_as_long_as_those_of_networkx(graph: nx.Graph, k: int) -> None:
    nodes = sorted(graph)
    found = search(graph, nodes[0], nodes[-1], k=k, max_hops=8)
    if not nx.has_path(graph, nodes[0], nodes[-1]):
        assert found.paths == []
        return
    shortest = islice(nx.shortest_simple_paths(graph, nodes[0], nodes[-1]), k)

    assert [path.hops for path in found.paths] == [len(path) - 1 for path in shortest]


@given(graph=graphs(nx.DiGraph))
def test_no_path_goes_through_what_is_avoided(graph: nx.DiGraph) -> None:
    nodes = sorted(graph)
    avoided = frozenset(nodes[1:-1][:2])
    found = search(graph, nodes[0], nodes[-1], k=20, avoid=avoided)
    graph.remove_nodes_from(avoided)

    assert [path.nodes for path in found.paths] == [
        path for _, path in every_path(graph, 6, 0.0)[:20]
    ]


def test_a_penalty_leads_around_a_hub() -> None:
    graph = nx.star_graph([f"leaf{number}" for number in range(30)])
    graph = nx.relabel_nodes(graph, {"leaf0": "hub"})
    graph.add_edges_from([("leaf1", "x"), ("x", "y"), ("y", "leaf2")])

    def nodes(penalty: float) -> list[tuple[str, ...]]:
        found = search(graph, "leaf1", "leaf2", k=1, hub_penalty=penalty)
        return [path.nodes for path in found.paths]

    assert nodes(0.0) == [("leaf1", "hub", "leaf2")]
    assert nodes(2.0) == [("leaf1", "x", "y", "leaf2")]


def test_a_near_pair_is_found_without_looking_far() -> None:
    drawn = Drawn(nx.grid_2d_graph(30, 30))
    found = asyncio.run(PathSearch(drawn, (15, 15), (15, 16), max_hops=6, k=1).run())  # type: ignore[arg-type]

    assert [path.hops for path in found.paths] == [1]
    assert drawn.asked == 2


def test_a_search_that_looks_at_too_much_keeps_what_it_has_found() -> None:
    graph = nx.complete_graph(40)
    graph = nx.relabel_nodes(graph, {number: f"n{number:02}" for number in graph})
    found = search(graph, "n00", "n01", k=20, most_steps=500)

    assert not found.truncated
    assert {path.hops for path in found.paths} == {1, 2}
    found = search(graph, "n00", "n01", k=100, most_steps=500)

    assert found.truncated
    assert found.searched_hops == 2
    assert len(found.paths) == 39
    assert search(graph, "n00", "n01", most_steps=5).paths == []
