"""Random graphs, as networkx's and as ours, for laws that hold on all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
from hypothesis import strategies as st

from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.graph import Graph

Pair = tuple[nx.Graph, Graph]


@st.composite
def pairs(
    draw: st.DrawFn,
    *,
    directed: bool | None = None,
    weighted: bool | None = None,
    loops: bool = True,
    most_nodes: int = 12,
) -> Pair:
    """The same random graph twice: networkx's own and ours. Weights are 0.1 to 5, or none."""
    if directed is None:
        directed = draw(st.booleans())
    if weighted is None:
        weighted = draw(st.booleans())
    made = nx.DiGraph() if directed else nx.Graph()
    count = draw(st.integers(1, most_nodes))
    # Not in order, so that positions and ids are told apart.
    made.add_nodes_from(draw(st.permutations(range(10, 10 + count))))
    nodes = st.sampled_from(sorted(made))
    ends = st.tuples(nodes, nodes)
    if not loops:
        ends = ends.filter(lambda pair: pair[0] != pair[1])
    for source, target in draw(st.lists(ends, max_size=3 * count)) if count > 1 or loops else []:
        if weighted:
            made.add_edge(source, target, weight=draw(st.integers(1, 50)) / 10)
        else:
            made.add_edge(source, target)
    return made, from_networkx(made)


def same(function: Callable[..., Any], pair: Pair, *args: Any, **options: Any) -> None:
    """Assert that a function of networkx says the same of both, or fails with the same class."""
    theirs, ours = pair
    expected, failure = _outcome(function, theirs, *args, **options)
    found, our_failure = _outcome(function, ours, *args, **options)
    assert our_failure is failure
    if isinstance(expected, dict):
        assert list(found) == list(expected)
    if isinstance(expected, list):
        assert found == expected
    else:
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)
    for value, theirs_value in zip(_values(found), _values(expected), strict=True):
        # networkx's sums of nothing, and a node's distance to itself, are the whole number 0.
        assert type(value) is type(theirs_value) or value == theirs_value == 0


def _outcome(function: Callable[..., Any], graph: Any, *args: Any, **options: Any) -> Any:
    try:
        found = function(graph, *args, **options)
        return (found if isinstance(found, (dict, float, int)) else list(found)), None
    except Exception as error:
        return None, type(error)


def _values(found: Any) -> list[Any]:
    if isinstance(found, dict):
        return list(found.values())
    return found if isinstance(found, list) else [found]
