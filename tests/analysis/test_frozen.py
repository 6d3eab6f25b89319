"""A graph cannot be written to, and what networkx makes of it can be written to every file."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from io import BytesIO
from typing import Any

import networkx as nx
import pytest

import graphsvc
from graphsvc.analysis.network import Edges, Nodes, network_of
from graphsvc.analysis.views import FrozenAttributes
from tests.analysis.networks import network


def made() -> graphsvc.Graph:
    graph = graphsvc.from_edges(["a", "b"], ["b", "c"], [2, 3])
    theirs = graphsvc.to_networkx(graph)
    theirs.nodes["a"]["kind"] = "Company"
    theirs.graph["version"] = 3
    return graphsvc.from_networkx(theirs)


WRITES: dict[str, Callable[[Any], Any]] = {
    "a node's attribute": lambda graph: graph.nodes["a"].update(kind="x"),
    "an item of it": lambda graph: graph.nodes["a"].__setitem__("kind", "x"),
    "by nodes with data": lambda graph: next(iter(graph.nodes(data=True)))[1].clear(),
    "by networkx": lambda graph: graph.nodes["a"].setdefault("kind", "x"),
    "an edge's attribute": lambda graph: graph["a"]["b"].__setitem__("weight", 5),
    "by edges": lambda graph: graph.edges["a", "b"].pop("weight"),
    "by adjacency": lambda graph: graph.adj["a"]["b"].popitem(),
    "by edges with data": lambda graph: next(iter(graph.edges(data=True)))[2].__delitem__("weight"),
    "the graph's attributes": lambda graph: graph.graph.update(name="x"),
    "one of them": lambda graph: graph.graph.__setitem__("name", "x"),
    "merged in": lambda graph: graph.graph.__ior__({"name": "x"}),
    "a node": lambda graph: graph.add_node("d"),
    "an edge": lambda graph: graph.add_edge("a", "c"),
    "edges": lambda graph: graph.add_edges_from([("a", "c")]),
    "less a node": lambda graph: graph.remove_node("a"),
    "less everything": lambda graph: graph.clear(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("of", [made, lambda: made().subgraph("ab"), lambda: made().reverse()])
def test_writing_raises_as_for_a_frozen_graph(write: Any, of: Any) -> None:
    graph = of()
    before = graphsvc.to_networkx(graph)
    frozen = nx.freeze(nx.path_graph(2))
    with pytest.raises(nx.NetworkXError) as theirs:
        frozen.add_node(9)
    with pytest.raises((nx.NetworkXError, KeyError)) as ours:
        write(graph)
    if ours.type is not KeyError:  # the edge was turned round
        assert str(ours.value) == str(theirs.value)
    assert nx.utils.graphs_equal(graphsvc.to_networkx(graph), before)
    assert nx.is_frozen(graph)


def test_copies_of_attributes_are_dicts_of_their_own() -> None:
    attributes = made().nodes["a"]
    for copied in (
        dict(attributes),
        attributes.copy(),
        copy.deepcopy(attributes),
        pickle.loads(pickle.dumps(attributes)),
    ):
        copied["kind"] = "x"
        assert type(copied) is dict
    assert attributes == {"kind": "Company"}


def test_an_attribute_that_a_node_lacks_is_absent() -> None:
    graph = pickle.loads(pickle.dumps(made()))
    assert dict(graph.nodes["b"]) == {}
    assert list(graph.nodes(data="kind", default="?")) == [("a", "Company"), ("b", "?"), ("c", "?")]
    assert nx.attribute_assortativity_coefficient(
        graph, "kind"
    ) == nx.attribute_assortativity_coefficient(graphsvc.to_networkx(graph), "kind")


def test_a_thing_without_an_english_name_has_none() -> None:
    rows = network("x to y -").edges
    nodes = Nodes(["x", "y"], ["A", "B"], ["엑스", "와이"], ["X", ""])
    found = network_of(nodes, rows)
    assert dict(found.graph.nodes["y"]) == {"kind": "B", "name": "와이"}
    assert found.names_en == ["X", ""]
    assert isinstance(rows, Edges)


FORMATS: dict[str, Callable[[nx.Graph, Any], None]] = {
    "graphml": nx.write_graphml_xml,
    "graphml by lxml": nx.write_graphml,
    "gexf": nx.write_gexf,
    "gml": nx.write_gml,
    "pajek": nx.write_pajek,
}


@pytest.mark.filterwarnings("ignore:Node attribute")
@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
def test_a_graph_of_a_database_can_be_written_by_networkx(write: Any, directed: bool) -> None:
    rows = network("x to y 5", "y to x 3").edges
    nodes = Nodes(["x", "y"], ["A", "B"], ["엑스", "와이"], ["X", ""])
    graph = network_of(nodes, rows, directed=directed).graph
    asked = FrozenAttributes({"types": ["to"], "as_of": None})
    graph.graph = FrozenAttributes(graph_version=3, hash="abc", filter=asked)
    sink = BytesIO()
    write(graphsvc.to_networkx(graph), sink)
    assert sink.getvalue()
    assert nx.node_link_data(graphsvc.to_networkx(graph))["graph"]["filter"]
    if write is nx.write_graphml:
        sink.seek(0)
        read = nx.read_graphml(sink)
        assert read.nodes["y"] == {"kind": "B", "name": "와이"}
        assert read.graph["filter"] == '{"types": ["to"], "as_of": null}'
