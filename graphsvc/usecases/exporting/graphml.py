"""GraphML, with typed attributes, as networkx and Gephi read it.

The format: http://graphml.graphdrawing.org/specification.html. Gephi shows the node attribute with
the key `label`, and the edge attribute with the key `edgelabel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphsvc.store.rows import NodeRow, RelationshipRow
from graphsvc.usecases.exporting.attributes import (
    EDGE_ATTRIBUTES,
    NODE_ATTRIBUTES,
    edge_values,
    node_values,
)
from graphsvc.usecases.exporting.source import Section
from graphsvc.usecases.exporting.text import xml_attribute, xml_text
from graphsvc.usecases.exporting.writer import Writer

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


class GraphML(Writer):
    """A directed graph; parallel edges have ids of their own."""

    sections = (Section.NODES, Section.RELATIONSHIPS)

    def begin(self) -> bytes:
        """Declares every attribute, and says where the file comes from."""
        about = self._about.facts()
        keys = [
            *(_key("graph", name, "long" if isinstance(about[name], int) else "string")
              for name in about),
            *(_key("node", item.name, item.type) for item in NODE_ATTRIBUTES),
            *(_key("edge", item.name, item.type) for item in EDGE_ATTRIBUTES),
        ]  # fmt: skip
        graph = f'<graph id={xml_attribute(about["seed"])} edgedefault="directed">\n'
        return "".join([_HEAD, *keys, graph, *_data("graph", about)]).encode()

    def add(self, section: Section, row: NodeRow | RelationshipRow) -> bytes:  # noqa: ARG002
        """A node or an edge."""
        id_ = xml_attribute(row.properties["id"])
        if isinstance(row, NodeRow):
            parts = [f"<node id={id_}>\n", *_data("node", node_values(row)), "</node>\n"]
        else:
            source, target = xml_attribute(row.start[1]), xml_attribute(row.end[1])
            head = f"<edge id={id_} source={source} target={target}>\n"
            parts = [head, *_data("edge", edge_values(row)), "</edge>\n"]
        return "".join(parts).encode()

    def end(self) -> bytes:
        """Closes the graph."""
        return b"</graph>\n</graphml>\n"


def _key_id(of: str, name: str) -> str:
    if name == "label":
        return "edgelabel" if of == "edge" else "label"
    return f"{of}_{name}"


def _key(of: str, name: str, type_name: str) -> str:
    attributes = f'id="{_key_id(of, name)}" for="{of}" attr.name="{name}" attr.type="{type_name}"'
    return f"<key {attributes}/>\n"


def _data(of: str, values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        yield f'<data key="{_key_id(of, name)}">{xml_text(value)}</data>\n'
