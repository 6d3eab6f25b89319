"""Carries a whole graph, history included, between versions and between the two databases.

A dump is NDJSON: a header, a line a node, a line a relationship, and a last line with counts and
the SHA-256 of all lines before it. Equal graphs give equal dumps, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from graphsvc import __version__
from graphsvc.model.vocabulary import ENTITY, GENERATED_TYPES, RECORD_LABELS, Vocabulary
from graphsvc.store import walking
from graphsvc.store.database import Database
from graphsvc.store.rows import require_amounts
from graphsvc.store.state import require_ready, require_unchanged

DUMP_FORMAT = 1

RECORDS = tuple(sorted(RECORD_LABELS - {"GraphState"}))
"""Labels of nodes that are no things."""

ENDS = {
    "CONTRIBUTES": (ENTITY, "Funding"),
    "GOES_TO": ("Funding", ENTITY),
    "HAS_OBSERVATION": (ENTITY, "Observation"),
    "MENTIONS": ("Document", ENTITY),
}
"""Labels of where relationships of a type start and end, where both are not things."""


@dataclass(frozen=True)
class Counts:
    """What a dump holds."""

    nodes: int
    relationships: int


async def dump(database: Database, out: BinaryIO) -> Counts:
    """Write the graph to `out`; keeps the ids of its nodes, and nothing else.

    Raises
    ------
    StoreConflictError
        When a load changed the graph meanwhile; what was written is then no whole dump.
    """
    state = await require_ready(database)
    digest = hashlib.sha256()

    def write(line: dict[str, Any]) -> None:
        data = _line(line)
        digest.update(data)
        out.write(data)

    properties = {**state.properties(), "writer": "", "beat": 0}
    write({"dump": DUMP_FORMAT, "graphsvc": __version__, "state": properties})
    nodes = relationships = 0
    async for line in _node_lines(database, state.vocabulary()):
        write(line)
        nodes += 1
    async for line in _relationship_lines(database, state.vocabulary()):
        write(line)
        relationships += 1
    await require_unchanged(database, state)
    counts = {"nodes": nodes, "relationships": relationships}
    out.write(_line({"end": counts, "sha256": digest.hexdigest()}))
    return Counts(nodes, relationships)


def _line(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


async def _node_lines(database: Database, vocabulary: Vocabulary) -> AsyncIterator[dict[str, Any]]:
    for label in (ENTITY, *RECORDS):
        async for row in walking.nodes_of(database, label):
            properties = row["properties"]
            require_amounts(properties)
            labels = vocabulary.labels(properties["kind"]) if label == ENTITY else (label,)
            yield {"labels": labels, "properties": properties}


async def _relationship_lines(
    database: Database, vocabulary: Vocabulary
) -> AsyncIterator[dict[str, Any]]:
    starts: dict[str, list[str]] = {}
    for type_name in (*sorted(vocabulary.types), *sorted(GENERATED_TYPES)):
        start, end = ENDS.get(type_name, (ENTITY, ENTITY))
        if start not in starts:
            starts[start] = await walking.ids_of(database, start)
        async for row in walking.links_of(database, start, type_name, end, starts[start]):
            require_amounts(row["properties"])
            yield {"type": type_name, **row}
