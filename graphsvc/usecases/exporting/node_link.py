"""JSON in node-link form: `networkx.node_link_graph(json.load(file), edges="edges")` reads it.

Beside the graph it holds `observations` and `documents`, which that function leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.store.rows import NodeRow, RelationshipRow, document_of
from graphsvc.usecases.exporting.attributes import edge_values, fact_values, node_values
from graphsvc.usecases.exporting.source import Section
from graphsvc.usecases.exporting.text import json_line
from graphsvc.usecases.exporting.writer import Writer
from graphsvc.usecases.lists.views import evidence_view


class NodeLink(Writer):
    """A directed multigraph; each edge has its id as `key`."""

    sections = (Section.NODES, Section.RELATIONSHIPS, Section.OBSERVATIONS, Section.DOCUMENTS)

    def begin(self) -> bytes:
        """Says where the file comes from, in the graph's attributes."""
        graph = json_line(self._about.facts())
        return f'{{"directed":true,"multigraph":true,\n"graph":{graph}'.encode()

    def open(self, section: Section) -> bytes:
        """Begins an array."""
        self._before = ""
        return f',\n"{_NAMES[section]}":['.encode()

    def add(self, section: Section, row: NodeRow | RelationshipRow) -> bytes:
        """One object, on a line of its own."""
        line = f"{self._before}\n{json_line(_object(section, row))}"
        self._before = ","
        return line.encode()

    def close(self, section: Section) -> bytes:  # noqa: ARG002
        """Ends the array."""
        return b"]"

    def end(self) -> bytes:
        """Closes the object."""
        return b"}\n"


_NAMES = {
    Section.NODES: "nodes",
    Section.RELATIONSHIPS: "edges",
    Section.OBSERVATIONS: "observations",
    Section.DOCUMENTS: "documents",
}


def _object(section: Section, row: NodeRow | RelationshipRow) -> dict[str, Any]:
    properties = row.properties
    if isinstance(row, RelationshipRow):
        ends = {"source": row.start[1], "target": row.end[1], "key": properties["id"]}
        return {**ends, **_with_places(edge_values(row))}
    if section is Section.DOCUMENTS:
        return document_of(properties).model_dump(mode="json", exclude_none=True)
    if section is Section.OBSERVATIONS:
        own = ("id", "subject", "metric", "value", "unit")
        seen = {name: properties[name] for name in own if name in properties}
        return {**seen, **_with_places(fact_values(properties))}
    return {"id": properties["id"], **_with_places(node_values(row))}


def _with_places(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with evidence taken apart."""
    if "evidence" not in values:
        return dict(values)
    return {**values, "evidence": [evidence_view(text) for text in values["evidence"]]}
