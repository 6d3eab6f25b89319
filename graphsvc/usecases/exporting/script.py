"""A Cypher script that makes the graph again in an empty Neo4j.

Its statements are those that `load` and `restore` run, with values written into them. Each ends
with a semicolon at the end of a line, and no value holds a line break, so a program that cuts the
script there finds them all.
"""

from __future__ import annotations

import re
from typing import Any

from graphsvc.store.cypher_files import Catalog
from graphsvc.store.rows import NodeRow, Properties, RelationshipRow
from graphsvc.store.writing import schema_statements
from graphsvc.usecases.exporting.source import Section
from graphsvc.usecases.exporting.writer import About, Writer

ROWS = 500
"""Rows of one statement."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TO_ESCAPE = re.compile("[\\\\'\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_Key = tuple[str, tuple[tuple[str, Any], ...]]
"""A statement, and what its slots are filled with."""


class Script(Writer):
    """Constraints, nodes, relationships; of the whole graph history and state too.

    Then graphsvc itself works on what the script made: a dump of it is that of the original.
    """

    sections = (
        Section.NODES,
        Section.OBSERVATIONS,
        Section.DOCUMENTS,
        Section.RELATIONSHIPS,
        Section.OBSERVED,
        Section.MENTIONS,
        Section.HISTORY,
    )

    def __init__(self, about: About, statements: Catalog) -> None:
        super().__init__(about)
        self._statements = statements
        self._waiting: dict[_Key, list[Properties]] = {}
        self._nodes = self._relationships = 0

    def begin(self) -> bytes:
        """Where it comes from, and the constraints."""
        about = [_comment(f"{name}: {value}") for name, value in self._about.facts().items()]
        schema = (
            _statement(self._statements[f"schema/{name}"].fill(**slots))
            for name, slots in schema_statements(self._about.vocabulary)
        )
        use = _comment("For an empty Neo4j: cypher-shell --file graph.cypher")
        return "".join([*about, use, *schema]).encode()

    def add(self, section: Section, row: NodeRow | RelationshipRow) -> bytes:  # noqa: ARG002
        """Keeps a row until there are enough of its kind for a statement."""
        item: Properties = row.properties
        if isinstance(row, RelationshipRow):
            self._relationships += 1
            slots = (("type", row.type), ("start", row.start[0]), ("end", row.end[0]))
            key: _Key = ("load/create_relationships", slots)
            item = {"start": row.start[1], "end": row.end[1], "properties": item}
        else:
            self._nodes += 1
            is_state = row.labels == ("GraphState",)
            key = (
                ("load/create_state", ())
                if is_state
                else ("load/create_nodes", (("labels", row.labels),))
            )
        rows = self._waiting.setdefault(key, [])
        rows.append(item)
        return self._written(key) if len(rows) == ROWS else b""

    def close(self, section: Section) -> bytes:  # noqa: ARG002
        """Writes what is kept."""
        return b"".join([self._written(key) for key in list(self._waiting)])

    def end(self) -> bytes:
        """Says that the script is whole."""
        counts = f"{self._nodes} nodes, {self._relationships} relationships"
        return _comment(f"end of the script: {counts}").encode()

    def _written(self, key: _Key) -> bytes:
        """The rows kept under a key, as the one parameter of their statement."""
        name, slots = key
        rows = self._waiting.pop(key)
        statement = self._statements[name]
        (parameter,) = statement.parameters
        value = _lines(rows) if parameter.type.startswith("list") else literal(rows[0])
        before, after = statement.fill(**dict(slots)).split(f"${parameter.name}")
        return _statement(f"{before}{value}{after}").encode()


def _statement(text: str) -> str:
    return f"{text};\n"


def _comment(text: str) -> str:
    return f"// {_NO_LINE.sub(' ', text)}\n"


def _lines(rows: list[Properties]) -> str:
    return "[\n" + ",\n".join(map(literal, rows)) + "\n]"


def literal(value: Any) -> str:
    """A value as Cypher writes it, on one line; the two databases order properties differently."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return f"'{_TO_ESCAPE.sub(_escaped, value)}'"
        case dict():
            pairs = (f"{_name(name)}: {literal(item)}" for name, item in sorted(value.items()))
            return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(literal(item) for item in value)}]"


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f"`{name.replace('`', '``')}`"
