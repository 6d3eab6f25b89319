"""Documents: a page of them, and each with the things it speaks of."""

from __future__ import annotations

import asyncio
from typing import Any

from graphsvc.store.database import Database
from graphsvc.store.reading import summary
from graphsvc.store.rows import document_of
from graphsvc.usecases.lists.pages import ListPage, Position, cut
from graphsvc.usecases.lists.unknown_ids import no_such_node

_NAMED = ("id", "kind", "name", "name_en", "aliases")


async def documents(database: Database, start: Position | None, limit: int, total: int) -> ListPage:
    """One page in the order of ids."""
    after = start.after[0] if start else None
    rows = await database.read("read/lists/documents", after_id=after, limit=limit + 1)
    page, more = cut(rows, limit)
    items = [document_of(row["properties"]).model_dump(mode="json") for row in page]
    return ListPage(items, Position((items[-1]["id"],), total) if more else None, total)


async def document_detail(database: Database, id_: str) -> dict[str, Any]:
    """One document and every thing that its facts name.

    Raises
    ------
    NotFoundError
        When no document has this id.
    """
    found, mentioned = await asyncio.gather(
        database.read("read/by_id/node_by_id", {"label": "Document"}, id=id_),
        database.read("read/lists/document_mentions", id=id_),
    )
    if not found:
        raise await no_such_node(database, "Document", "document", id_)
    properties = found[0]["properties"]
    names = (summary(row["properties"]) for row in mentioned)
    return {
        **document_of(properties).model_dump(mode="json"),
        "recorded_at": properties["recorded_at"],
        "entities": [{name: known[name] for name in _NAMED} for known in names],
    }


async def require_document(database: Database, id_: str | None, field: str) -> None:
    """Refuse an id that no document has.

    Raises
    ------
    NotFoundError
        Naming the parameter at fault and what may have been meant.
    """
    if id_ is None or await database.read("read/by_id/node_by_id", {"label": "Document"}, id=id_):
        return
    raise await no_such_node(database, "Document", "document", id_, field)
