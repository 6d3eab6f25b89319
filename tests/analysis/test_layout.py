"""Where the nodes of groups stand in a picture."""

from __future__ import annotations

import networkx as nx
import numpy as np

from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.layout import MOST_DRAWN, layout_of_groups
from tests.analysis.networks import network, of_graph


def test_the_same_seed_places_nodes_the_same() -> None:
    club = from_networkx(nx.karate_club_graph())
    of = of_graph(club, ["Member"] * len(club))
    groups = np.arange(len(club)) % 2
    first = layout_of_groups(of, groups, seed=1)
    assert layout_of_groups(of, groups, seed=1) == first
    assert layout_of_groups(of, groups, seed=2).nodes["x"] != first.nodes["x"]


def test_groups_stand_apart() -> None:
    cliques = from_networkx(nx.connected_caveman_graph(3, 6))
    groups = np.repeat([1, 2, 3], 6)
    placed = layout_of_groups(of_graph(cliques, [""] * 18), groups, seed=0).nodes
    at = np.stack((placed["x"], placed["y"]), axis=1)
    middles = np.array([at[groups == group].mean(axis=0) for group in (1, 2, 3)])
    widest = max(
        np.linalg.norm(at[groups == group] - middles[group - 1], axis=1).mean()
        for group in (1, 2, 3)
    )
    apart = min(np.linalg.norm(middles[one] - middles[one - 1]) for one in range(3))
    assert apart > 2 * widest


def test_pairs_are_joined_once_and_nothing_to_itself() -> None:
    of = network("a funds b -", "b supports a -", "a funds a -", "b funds c -")
    found = layout_of_groups(of, np.ones(3, np.int64), seed=0)
    names = found.nodes["node"]
    assert {frozenset((names[one], names[other])) for one, other in found.edges} == {
        frozenset("ab"), frozenset("bc")
    }  # fmt: skip
    assert len(found.edges) == 2
    assert dict(zip(names, found.nodes["degree"], strict=True)) == {"a": 4, "b": 3, "c": 1}


def test_of_many_nodes_those_of_highest_degree_are_placed() -> None:
    stars = nx.star_graph(MOST_DRAWN + 20)
    nx.add_path(stars, range(MOST_DRAWN + 10, MOST_DRAWN + 20))
    of = of_graph(from_networkx(stars), [""] * len(stars))
    placed = layout_of_groups(of, np.ones(len(stars), np.int64), seed=0).nodes
    assert len(placed["node"]) == MOST_DRAWN
    assert {"0", str(MOST_DRAWN + 10), str(MOST_DRAWN + 19)} <= set(placed["node"])


def test_a_node_alone_has_a_place() -> None:
    alone = layout_of_groups(network("a funds a -"), np.ones(1, np.int64), seed=0)
    assert (len(alone.nodes["x"]), alone.edges) == (1, [])
