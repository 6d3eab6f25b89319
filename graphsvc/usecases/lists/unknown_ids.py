"""Suggests ids that are near one that nothing has; looks through all ids once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from graphsvc.errors import NotFoundError
from graphsvc.model.spelling import did_you_mean
from graphsvc.store.database import Database
from graphsvc.store.reading import CARRIER_LABELS

_MOST_IDS = 50_000
"""Of a larger graph only so many ids are looked through: the advice is a courtesy."""


async def no_such_node(
    database: Database, label: str, what: str, id_: str, field: str | None = None
) -> NotFoundError:
    """The error for an id that no node of a label has."""
    rows = await database.read("read/lists/ids", {"label": label}, limit=_MOST_IDS)
    return _error(what, id_, (row["id"] for row in rows), field)


async def no_such_fact(database: Database, id_: str) -> NotFoundError:
    """The error for an id that no fact has or had."""
    rows = [
        await database.read("read/lists/relationship_fact_ids", limit=_MOST_IDS),
        *[
            await database.read("read/lists/ids", {"label": name}, limit=_MOST_IDS)
            for name in CARRIER_LABELS
        ],
    ]
    return _error("fact", id_, (row["id"] for row in chain.from_iterable(rows)), None)


def _error(what: str, id_: str, known: Iterable[str], field: str | None) -> NotFoundError:
    return NotFoundError(
        f"There is no {what} {id_[:100]!r}.",
        mend=did_you_mean(id_, known, parts=True),
        field=field,
    )
