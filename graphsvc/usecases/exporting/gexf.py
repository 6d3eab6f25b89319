"""GEXF 1.3, with typed attributes and dated edges, as Gephi and networkx read it.

The format: https://gexf.net/1.3/. `kind` keeps parallel edges of different types apart in Gephi.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphsvc.model.period import period_of
from graphsvc.store.rows import NodeRow, RelationshipRow
from graphsvc.usecases.exporting.attributes import (
    EDGE_ATTRIBUTES,
    NODE_ATTRIBUTES,
    Attribute,
    edge_values,
    node_values,
)
from graphsvc.usecases.exporting.source import Section
from graphsvc.usecases.exporting.text import xml_attribute, xml_text
from graphsvc.usecases.exporting.writer import Writer

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">\n'
)


class Gexf(Writer):
    """A directed, dynamic graph.

    An edge has a `start` and an `end` (days, both inclusive) as far as its period is dated without
    doubt; a timeline then never hides what the day does not rule out.
    """

    sections = (Section.NODES, Section.RELATIONSHIPS)

    def begin(self) -> bytes:
        """Says where the file comes from, and declares every attribute."""
        about = self._about.facts()
        description = "; ".join(f"{name}: {value}" for name, value in about.items())
        lines = [
            f"<meta lastmodifieddate={xml_attribute(about['loaded_at'][:10])}>\n",
            f"<creator>{xml_text(about['generator'])}</creator>\n",
            f"<description>{xml_text(description)}</description>\n</meta>\n",
            '<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n',
            *_declared("node", NODE_ATTRIBUTES),
            *_declared("edge", EDGE_ATTRIBUTES),
        ]
        return "".join([_HEAD, *lines]).encode()

    def open(self, section: Section) -> bytes:
        """Begins the nodes or the edges."""
        return f"<{_TAGS[section]}>\n".encode()

    def add(self, section: Section, row: NodeRow | RelationshipRow) -> bytes:  # noqa: ARG002
        """A node or an edge."""
        if isinstance(row, NodeRow):
            values = node_values(row)
            ends = f"label={xml_attribute(values['label'])}"
            parts = ["<node", row.properties["id"], ends, "</node>\n"]
        else:
            values = edge_values(row)
            parts = ["<edge", row.properties["id"], _edge(row), "</edge>\n"]
        head, id_, rest, tail = parts
        return "".join(
            [f"{head} id={xml_attribute(id_)} {rest}>\n", *_attvalues(values), tail]
        ).encode()

    def close(self, section: Section) -> bytes:
        """Ends the nodes or the edges."""
        return f"</{_TAGS[section]}>\n".encode()

    def end(self) -> bytes:
        """Closes the graph."""
        return b"</graph>\n</gexf>\n"


_TAGS = {Section.NODES: "nodes", Section.RELATIONSHIPS: "edges"}


def _edge(row: RelationshipRow) -> str:
    type_name = xml_attribute(row.type)
    words = {
        "source": xml_attribute(row.start[1]),
        "target": xml_attribute(row.end[1]),
        "label": type_name,
        "kind": type_name,
    }
    when = period_of(row.properties.get("period"))
    if not when.in_doubt and when.valid_from is not None:
        words["start"] = xml_attribute(when.valid_from.isoformat())
    if not when.in_doubt and when.valid_to is not None:
        words["end"] = xml_attribute(when.valid_to.isoformat())
    return " ".join(f"{name}={value}" for name, value in words.items())


def _declared(of: str, attributes: Sequence[Attribute]) -> Iterator[str]:
    yield f'<attributes class="{of}" mode="static">\n'
    for item in attributes:
        if item.name != "label":  # an attribute of every node and edge as it is
            yield f'<attribute id="{item.name}" title="{item.name}" type="{item.type}"/>\n'
    yield "</attributes>\n"


def _attvalues(values: dict[str, Any]) -> Iterator[str]:
    yield "<attvalues>\n"
    for name, value in values.items():
        if name != "label":
            yield f'<attvalue for="{name}" value={xml_attribute(value)}/>\n'
    yield "</attvalues>\n"
