"""Relationships between things as columns, for networks: arrays of numbers, not rows of maps.

The driver takes as long for a record as for a hundred values in lists, so a record holds what
leaves a thousand things. Rows are put in order here, where it costs less than in the heap of the
embedded engine; so both databases give the same arrays.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Any

import numpy as np

from graphsvc.model.network_filter import NetworkFilter
from graphsvc.store.cypher_files import any_of
from graphsvc.store.database import Database, Row
from graphsvc.store.state import changed_meanwhile
from graphsvc.store.writing import batches

_IDS = 5_000
"""Ids of one record."""

_STARTS = 1_000
"""Things whose relationships one statement reads: what leaves a batch of hubs must still fit."""


_AHEAD = 1
"""Statements that the database works on beside the one whose answer is put into arrays."""


@dataclass(frozen=True)
class EdgeColumns:
    """A row a relationship, in the order of subject, object, type and fact, by their ids.

    `source` and `target` (int32) are positions among the ids that were asked about; `type` (int16)
    indexes `types`, and `fact` (int32) `facts`, both in the order of names. `amount_krw` (float64,
    exact up to 2**53) is NaN where none is stated; `first_day` and `last_day` (datetime64[D]) are
    NaT where open or unknown. `document` (int32) is by place in `facts`: the first document that
    states the fact, as a place in `documents`, which are in order; -1 where there is none.
    """

    source: np.ndarray
    target: np.ndarray
    type: np.ndarray
    amount_krw: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    fact: np.ndarray
    types: list[str]
    facts: list[str]
    document: np.ndarray
    documents: list[str]


@dataclass(frozen=True)
class EntityColumns:
    """What things are, by position; an English name is empty where there is none."""

    ids: list[str]
    kinds: list[str]
    names: list[str]
    names_en: list[str]


async def entity_ids(database: Database, kinds: Collection[str] | None = None) -> list[str]:
    """The ids of all things, or of those of some kinds (without descendants), in order.

    Cost: one statement; a millisecond for a hundred things.
    """
    asked = None if kinds is None else sorted(kinds)
    rows = database.stream("read/networks/entity_ids", kinds=asked, step=_IDS)
    return sorted([id_ async for row in rows for id_ in row["ids"]])


async def entity_columns(database: Database, ids: Sequence[str]) -> EntityColumns:
    """What these things are and are called, in the order of `ids`.

    Cost: one statement for five thousand things.

    Raises
    ------
    StoreConflictError
        When one of them is there no more.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for batch in batches(ids, _IDS):
        (row,) = await database.read("read/networks/entity_columns", ids=batch)
        columns = zip(row["kinds"], row["names"], row["names_en"], strict=True)
        found.update(zip(row["ids"], columns, strict=True))
    if len(found) < len(ids):
        raise changed_meanwhile()
    rows = [found[id_] for id_ in ids]
    kinds, names, names_en = ([row[place] for row in rows] for place in range(3))
    return EntityColumns(list(ids), kinds, names, names_en)


async def edge_parts(
    database: Database, wanted: NetworkFilter, ids: Sequence[str]
) -> AsyncGenerator[tuple[int, Row], None]:
    """The relationships among these things, part by part, as a `Gathering` takes them.

    Of the filter, `types` are named, and they and `kinds` (of both ends) are meant as they stand,
    without descendants; what it says of the graph that is made of them does not matter here.

    Yields how many things a part is about, and what leaves them. Memory is bounded by what leaves
    two thousand things.

    Cost: one statement for a thousand things; about eight microseconds a relationship.
    """
    slots = {"types": any_of(wanted.types or ()), "holds": database.catalog.fragment("holds")}
    asked = {
        "kinds": None if wanted.kinds is None else list(wanted.kinds),
        **wanted.time.parameters(),
        "basis": wanted.basis,
        "modality": wanted.modality,
        "stage": wanted.stage,
        "min_amount_krw": wanted.min_amount_krw,
    }
    reading: deque[tuple[int, asyncio.Task[list[Row]]]] = deque()
    try:
        for batch in batches(ids, _STARTS):
            read = database.read("read/networks/relationship_columns", slots, ids=batch, **asked)
            reading.append((len(batch), asyncio.create_task(read)))
            if len(reading) > _AHEAD:
                yield await _first(reading)
        while reading:
            yield await _first(reading)
    finally:
        # To break one off would cost its connection, and it is soon done.
        await asyncio.gather(*(task for _, task in reading), return_exceptions=True)


async def _first(reading: deque[tuple[int, asyncio.Task[list[Row]]]]) -> tuple[int, Row]:
    things, task = reading[0]
    (row,) = await task
    reading.popleft()
    return things, row


class Gathering:
    """Puts parts of relationships together, in arrays as they come."""

    def __init__(self, ids: Sequence[str], types: Sequence[str]) -> None:
        self._position = {id_: place for place, id_ in enumerate(ids)}
        self._types = sorted(types)
        self._type = {name: place for place, name in enumerate(self._types)}
        self._parts: list[list[np.ndarray]] = []
        self._facts: list[str] = []
        self._documents: dict[str, int] = {"": -1}

    def add(self, part: Mapping[str, Any]) -> None:
        """Take one part.

        Raises
        ------
        StoreConflictError
            When it names a thing that was not there when the ids were read.
        """
        self._parts.append(
            [
                _looked_up(part["sources"], self._position, np.int32),
                _looked_up(part["targets"], self._position, np.int32),
                _looked_up(part["types"], self._type, np.int16),
                np.array(part["amounts"], np.float64),
                np.array(part["first_days"], "datetime64[D]"),
                np.array(part["last_days"], "datetime64[D]"),
                self._numbers_of(part["documents"]),
            ]
        )
        self._facts.extend(part["facts"])

    def _numbers_of(self, documents: list[str]) -> np.ndarray:
        """A number for each name, in the order in which they came."""
        known = self._documents
        for name in documents:
            known.setdefault(name, len(known) - 1)
        return np.fromiter(map(known.__getitem__, documents), np.int32, len(documents))

    def columns(self) -> EdgeColumns:
        """All that was taken, in order."""
        self.add(_NOTHING)
        source, target, type_, amount, first, last, stated_by = map(
            np.concatenate, zip(*self._parts, strict=True)
        )
        facts, fact = _numbered(self._facts)
        documents, place = _numbered([name for name in self._documents if name])
        document = np.full(len(facts), -1, np.int32)
        document[fact] = np.append(place, np.int32(-1))[stated_by]
        order = np.lexsort((fact, type_, target, source))
        amount[amount < 0] = np.nan
        return EdgeColumns(
            source=source[order],
            target=target[order],
            type=type_[order],
            amount_krw=amount[order],
            first_day=first[order],
            last_day=last[order],
            fact=fact[order],
            types=self._types,
            facts=facts,
            document=document,
            documents=documents,
        )


_NOTHING: dict[str, list[Any]] = {
    name: []
    for name in (
        *("sources", "targets", "types", "amounts", "first_days", "last_days"),
        *("facts", "documents"),
    )
}


def _looked_up(names: list[str], places: Mapping[str, int], dtype: type) -> np.ndarray:
    try:
        return np.fromiter(map(places.__getitem__, names), dtype, len(names))
    except KeyError:
        raise changed_meanwhile() from None


def _numbered(names: list[str]) -> tuple[list[str], np.ndarray]:
    """The names in order, each once, and the place of each that was given.

    No table of them is made: for millions it would take more memory than they do.
    """
    order = np.array(sorted(range(len(names)), key=names.__getitem__), np.int32)
    ordered = [names[place] for place in order.tolist()]
    is_new = np.ones(len(names), np.bool_)
    is_new[1:] = [one != other for one, other in pairwise(ordered)]
    places = np.empty(len(names), np.int32)
    places[order] = np.cumsum(is_new, dtype=np.int32) - np.int32(1)
    return list(compress(ordered, is_new)), places
