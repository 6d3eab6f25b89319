"""What somebody may have meant by a word that nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from rapidfuzz import fuzz, process

from graphsvc.errors import NotFoundError
from graphsvc.store.database import Database
from graphsvc.store.reading import CARRIER_LABELS

_MOST_IDS = 50_000
"""Of a larger graph only so many ids are looked through: the advice is a courtesy."""


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words that look most like this one, best first."""
    by_folded = {name.casefold(): name for name in known}
    found = process.extract(
        word.casefold()[:200], list(by_folded), scorer=fuzz.WRatio, limit=most, score_cutoff=60
    )
    return [by_folded[folded] for folded, _, _ in found]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names what looks like this word; empty when nothing does."""
    found = near(word, known)
    return f"Did you mean {' or '.join(found)}?" if found else ""


async def no_such_node(
    database: Database, label: str, what: str, id_: str, field: str | None = None
) -> NotFoundError:
    """The error for an id that no node of a label has."""
    rows = await database.read("read/ids", {"label": label}, limit=_MOST_IDS)
    return _error(what, id_, (row["id"] for row in rows), field)


async def no_such_fact(database: Database, id_: str) -> NotFoundError:
    """The error for an id that no fact has or had."""
    rows = [
        await database.read("read/relationship_fact_ids", limit=_MOST_IDS),
        *[
            await database.read("read/ids", {"label": name}, limit=_MOST_IDS)
            for name in CARRIER_LABELS
        ],
    ]
    return _error("fact", id_, (row["id"] for row in chain.from_iterable(rows)), None)


def _error(what: str, id_: str, known: Iterable[str], field: str | None) -> NotFoundError:
    return NotFoundError(
        f"There is no {what} {id_[:100]!r}.", mend=did_you_mean(id_, known), field=field
    )
