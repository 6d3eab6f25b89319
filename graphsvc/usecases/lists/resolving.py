"""Which thing an id or a name means, so that a slip is not taken for an empty answer."""

from __future__ import annotations

import unicodedata

from graphsvc.errors import InvalidInputError, NotFoundError
from graphsvc.model.spelling import did_you_mean
from graphsvc.store.database import Database
from graphsvc.store.reading import entities_by_id
from graphsvc.usecases.lists.entities import no_such_entity

_MOST_CALLED = 5
_MOST_NAMES = 50_000
"""Of a larger graph only so many things' names are looked through for near ones."""


async def resolved_id(database: Database, text: str, field: str) -> str:
    """The id of the thing that a text means: by its id, the id of one merged into it, or a name.

    Names are compared as NFC, whichever way they are typed. An id costs one lookup; a name looks
    through all things.

    Raises
    ------
    NotFoundError
        When nothing is called so, naming what is near.
    InvalidInputError
        When several things are called so.
    """
    text = unicodedata.normalize("NFC", text)
    if text in await entities_by_id(database, [text]):
        return text
    if merged := await database.read("read/lists/entity_merged_from", id=text):
        return str(merged[0]["id"])
    called = await database.read("read/by_id/entities_called", text=text, limit=_MOST_CALLED)
    if len(called) > 1:
        ids = ", ".join(row["id"] for row in called)
        raise InvalidInputError(
            f"{text!r} is the name of several things: {ids}.", mend="Give an id.", field=field
        )
    if called:
        return str(called[0]["id"])
    raise await _nothing_called(database, text, field)


async def _nothing_called(database: Database, text: str, field: str) -> NotFoundError:
    error = await no_such_entity(database, text, field)
    if error.mend:
        return error
    rows = await database.read("read/lists/names", limit=_MOST_NAMES)
    names = (name for row in rows for name in (row["name"], row["name_en"], *row["aliases"]))
    return NotFoundError(error.message, mend=did_you_mean(text, names, parts=True), field=field)
