"""CSV tables in one zip: nodes, relationships, facts with their evidence, and documents.

How a line is written stands in `graphsvc.spreadsheet_csv`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from graphsvc.spreadsheet_csv import begin, line
from graphsvc.store.database import Row
from graphsvc.store.rows import NodeRow, RelationshipRow
from graphsvc.usecases.exporting.attributes import (
    EDGE_ATTRIBUTES,
    FACT_ATTRIBUTES,
    NODE_ATTRIBUTES,
    edge_values,
    fact_values,
    node_values,
)
from graphsvc.usecases.exporting.source import Section
from graphsvc.usecases.exporting.text import flat
from graphsvc.usecases.exporting.writer import About, Writer
from graphsvc.usecases.lists.views import form_of_carrier

_OF_FACT = ("form", "subject", "type", "object", "funders", "recipients", "metric", "value", "unit")
_COLUMNS = {
    Section.NODES: ("id", *(item.name for item in NODE_ATTRIBUTES)),
    Section.RELATIONSHIPS: (
        *("id", "source", "target"),
        *(item.name for item in EDGE_ATTRIBUTES if item.name != "label"),
    ),
    Section.FACTS: ("fact_id", *_OF_FACT, *(item.name for item in FACT_ATTRIBUTES[1:])),
    Section.DOCUMENTS: (
        *("id", "publisher", "carrier", "published", "retrieved", "sha256", "description"),
    ),
}

_README = """\
{about}

nodes.csv          things, and fundings: sums that several pay or get, or whose payer is not named
relationships.csv  between them; `source` and `target` are ids of nodes
facts.csv          every fact: relationships, fundings and observations, with their evidence
documents.csv      the sources that evidence names

UTF-8 with a byte order mark (Python: encoding="utf-8-sig"). Lists are JSON text. Evidence is
document#p<paragraph>:<start>-<end>@<digest>. Amounts are exact decimals as the source states them;
never add amounts of different currencies or stages, nor those whose `regrant` is true to the rest.
A sum stands once: on its relationship, or on its funding; a relationship with a `funding_id` has
none of its own.
A text that begins with one of = + - @ (full-width too, and behind blanks), with ' or with a tab or
line break has one apostrophe more in front, so that no spreadsheet takes it for a formula. Negative
numbers have none. Drop one apostrophe to have the text back.
"""


class Tables(Writer):
    """A zip whose files are written one after the other, never going back."""

    sections = (Section.NODES, Section.RELATIONSHIPS, Section.FACTS, Section.DOCUMENTS)

    def __init__(self, about: About) -> None:
        super().__init__(about)
        self._sink = _Sink()
        self._zip = _Zip(self._sink, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]
        self._loaded_at = datetime.fromisoformat(about.state.loaded_at).timetuple()[:6]

    def begin(self) -> bytes:
        """How to read the tables."""
        about = "\n".join(f"{name}: {value}" for name, value in self._about.facts().items())
        self._zip.writestr(self._named("README.txt"), _README.format(about=about))
        return self._sink.take()

    def _named(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._loaded_at)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info

    def open(self, section: Section) -> bytes:
        """Begins a table with its column names."""
        self._columns = _COLUMNS[section]
        self._table = self._zip.open(self._named(f"{section}.csv"), "w", force_zip64=True)
        self._table.write(begin(self._columns).encode())
        return self._sink.take()

    def add(self, section: Section, row: NodeRow | RelationshipRow | Row) -> bytes:
        """One line."""
        values = _values(section, row)
        cells = (_cell(values.get(column)) for column in self._columns)
        self._table.write(line(cells).encode())
        return self._sink.take()

    def close(self, section: Section) -> bytes:  # noqa: ARG002
        """Ends a table."""
        self._table.close()
        return self._sink.take()

    def end(self) -> bytes:
        """The directory, without which it is no zip."""
        self._zip.close()
        return self._sink.take()


def _values(section: Section, row: NodeRow | RelationshipRow | Row) -> Mapping[str, Any]:
    if isinstance(row, RelationshipRow):
        ends = {"source": row.start[1], "target": row.end[1]}
        return {"id": row.properties["id"], **ends, **edge_values(row)}
    if isinstance(row, NodeRow):
        if section is Section.DOCUMENTS:
            return row.properties
        return {"id": row.properties["id"], **node_values(row)}
    fields = {**row["properties"], **row, "form": form_of_carrier(row)}
    own = {name: fields.get(name) for name in _OF_FACT}
    return {**own, **fact_values(row["properties"])}


def _cell(value: Any) -> str | int | float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if value is None or is_number else flat(value)


class _Zip(zipfile.ZipFile):
    def __del__(self) -> None:
        """An export that broke off has no end: ZipFile would complain, and write one."""


class _Sink:
    """Takes what the zip writes, and gives it away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data
