"""Elections and rich clubs equal networkx's own."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.progress import Progress
from tests.analysis.graphs import Pair, pairs, same


@given(pairs(most_nodes=25), st.none() | st.integers(-1, 30))
def test_voterank_equals_networkx(pair: Pair, most: int | None) -> None:
    theirs, ours = (nx.voterank(graph, most) for graph in pair)
    assert ours == theirs


@given(pairs(most_nodes=20))
def test_rich_clubs_equal_networkx(pair: Pair) -> None:
    same(nx.rich_club_coefficient, pair, normalized=False)


@pytest.mark.filterwarnings("ignore")
def test_normalized_rich_clubs_equal_networkx_for_a_seed() -> None:
    theirs = nx.barabasi_albert_graph(40, 4, seed=3)
    both = theirs, from_networkx(theirs)
    same(nx.rich_club_coefficient, both, Q=5, seed=7)
    same(nx.rich_club_coefficient, (nx.path_graph(3), from_networkx(nx.path_graph(3))))


def test_the_example_of_zhang_is_elected_from_the_centers() -> None:
    two = nx.star_graph(4)
    nx.add_star(two, [10, 11, 12, 13])
    assert nx.voterank(from_networkx(two), 2) == [0, 10]


def test_voterank_counts_its_rounds() -> None:
    with Progress() as progress:
        nx.voterank(from_networkx(nx.cycle_graph(8)), 2)
    assert progress.fraction == 1.0
