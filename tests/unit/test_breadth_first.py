"""The search that drawings of a neighbourhood and exports of a part share."""

import asyncio

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.usecases.connections.breadth_first import BreadthFirst

EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


def search(edges: list[tuple[int, int]], depth: int, **limits: int) -> BreadthFirst:
    """What is found around thing 0, and that no thing is expanded twice."""
    graph = nx.Graph((str(one), str(other)) for one, other in edges)
    graph.add_node("0")
    expanded: list[str] = []

    async def expand(layer: list[str]) -> list[str]:
        expanded.extend(layer)
        return [other for id_ in layer for other in graph[id_]]

    found = BreadthFirst("0", **limits)
    asyncio.run(found.search(depth, expand))
    assert len(expanded) == len(set(expanded))
    return found


@given(EDGES, st.integers(0, 4))
def test_everything_within_the_depth_is_found_at_its_distance(edges, depth):
    graph = nx.Graph((str(one), str(other)) for one, other in edges)
    graph.add_node("0")

    found = search(edges, depth)

    assert found.distance == nx.single_source_shortest_path_length(graph, "0", cutoff=depth)
    assert not found.truncated


@given(EDGES, st.integers(0, 4), st.integers(1, 10))
def test_a_cut_search_is_the_beginning_of_the_whole_one_and_says_so(edges, depth, most):
    whole = search(edges, depth)

    cut = search(edges, depth, most=most)

    nearest = sorted(whole.distance.values())[:most]
    assert sorted(cut.distance.values()) == nearest
    assert cut.distance.items() <= whole.distance.items()
    assert cut.truncated == (len(whole.distance) > most)
