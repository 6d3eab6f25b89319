"""Search: the name index of a graph, and what it finds as rows."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.usecases.search.finding import Hit, Hits, Mode, find
from graphsvc.usecases.search.name_index import NameIndex, Thing

MOST_CHARACTERS = 200
"""Of a text to look for."""

COLUMNS = (
    *("id", "kind", "name", "name_en"),
    *("matched", "field", "match", "score", "span", "read_as", "changes"),
)


async def name_index(database: Database) -> NameIndex:
    """The names of all things; words that mean a thing in one document only are not among them.

    Reads all things and counts their relationships, then builds the index in a thread.
    """
    rows = await database.read(
        "read/search/names", {"degree": database.catalog.fragment("degree_of_entity")}
    )
    return await asyncio.to_thread(_index, rows)


def _index(rows: list[Row]) -> NameIndex:
    return NameIndex(Thing(**{**row, "aliases": tuple(row["aliases"] or ())}) for row in rows)


async def search(
    index: NameIndex,
    vocabulary: Vocabulary,
    text: str,
    *,
    mode: Mode,
    kinds: Collection[str] | None,
    limit: int,
) -> dict[str, Any]:
    """The things that a text may mean, best first, and how many there are (`finding.find`).

    A text that is being typed is answered at once; a full search may take tens of milliseconds
    in a large graph, and runs in a thread.
    """
    wanted = None if kinds is None else lambda kind: vocabulary.is_a(kind, *kinds)
    found: Hits
    if mode == "prefix":
        found = find(index, text, mode=mode, kinds=wanted, limit=limit)
    else:
        found = await asyncio.to_thread(find, index, text, mode=mode, kinds=wanted, limit=limit)
    return {"items": [_row(hit) for hit in found.hits], "total": found.total}


def _row(hit: Hit) -> dict[str, Any]:
    thing = hit.thing
    values = (
        *(thing.id, thing.kind, thing.name, thing.name_en),
        *(hit.matched, hit.field, hit.match, hit.score),
        *(hit.span and list(hit.span), hit.read_as, list(hit.changes)),
    )
    return dict(zip(COLUMNS, values, strict=True))
