"""Fills an empty graph from a dump, which is held to its own counts and digest."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from graphsvc.errors import InvalidInputError
from graphsvc.model.vocabulary import ENTITY, GENERATED_TYPES, Vocabulary
from graphsvc.store import writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.state import SCHEMA_VERSION, GraphState, read_state
from graphsvc.usecases.loading.dump import DUMP_FORMAT, ENDS, RECORDS, Counts
from graphsvc.usecases.loading.first_load import FirstLoad, ProgressCallback, Say, require_untouched

_STATE = TypeAdapter(GraphState)

_BATCHES_PER_TRANSACTION = 5
_LONGEST_LINE = 16 * 2**20
"""A vocabulary is the largest thing that a dump has on one line."""


@dataclass(frozen=True)
class _Batch:
    """Rows that one statement writes."""

    statement: str
    slots: dict[str, Any]
    rows: list[dict[str, Any]]


async def restore(
    database: Database,
    source: BinaryIO,
    say: Say = lambda _: None,
    progress: ProgressCallback = lambda _: None,
) -> Counts:
    """Fill an empty graph from a dump; until it is whole the graph answers no reads.

    `progress` is told how many nodes and relationships are written.

    Raises
    ------
    InvalidInputError
        When the graph is not empty, or the file is no dump, newer, cut short or damaged.
    """
    reader = _Reader(source)
    state = reader.header()
    held = await read_state(database)
    if held is not None and held.phase == "ready":
        raise InvalidInputError(
            f"The graph holds seed {held.seed_id!r} (version {held.version}); a dump is restored"
            " into an empty database: nothing was changed.",
            mend="Name another GRAPHSVC_DATA_DIR or GRAPHSVC_DATABASE.",
        )
    if held is None:
        await require_untouched(database)
    await writing.ensure_schema(database, state.vocabulary())
    async with FirstLoad(database, state, held, say) as filling:
        batches = reader.batches(state.vocabulary())
        written = 0
        # The next group is read and parsed in a thread while the database writes this one.
        ahead = asyncio.ensure_future(asyncio.to_thread(_several, batches))
        try:
            while group := await ahead:
                ahead = asyncio.ensure_future(asyncio.to_thread(_several, batches))
                await filling.write(partial(_write, group))
                written += sum(len(batch.rows) for batch in group)
                progress(written)
        finally:
            ahead.cancel()
    return reader.counts


def _several(batches: Iterator[_Batch]) -> list[_Batch]:
    return list(islice(batches, _BATCHES_PER_TRANSACTION))


async def _write(group: list[_Batch], transaction: Transaction) -> None:
    for batch in group:
        rows = await transaction.run(batch.statement, batch.slots, rows=batch.rows)
        if rows and rows[0]["created"] != len(batch.rows):
            raise InvalidInputError(
                f"The dump has {batch.slots['type']} relationships whose ends it does not hold.",
                mend="Make it again with `graphsvc dump`.",
            )


class _Reader:
    """Reads a dump line by line and holds it to its last line's counts and digest."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self._number = 0
        self._nodes = 0
        self._relationships = 0

    @property
    def counts(self) -> Counts:
        return Counts(self._nodes, self._relationships)

    def header(self) -> GraphState:
        line = self._next()
        if line.get("dump") != DUMP_FORMAT or not isinstance(line.get("state"), dict):
            raise self._bad("is no header of a dump that this program reads")
        try:
            state = _STATE.validate_json(json.dumps(line["state"]), strict=True)
            state.vocabulary()
        except ValueError:
            raise self._bad("is no header of a dump that this program reads") from None
        if state.phase != "ready":
            raise self._bad("is of a graph whose first load had not finished")
        if state.schema_version > SCHEMA_VERSION:
            raise InvalidInputError(
                f"The dump was made by graphsvc {state.written_by} with schema version"
                f" {state.schema_version}; this program knows versions up to {SCHEMA_VERSION}.",
                mend="Upgrade graphsvc.",
            )
        return state

    def batches(self, vocabulary: Vocabulary) -> Iterator[_Batch]:
        """Rows of one kind of statement at a time; the last line is checked, not returned."""
        allowed: set[tuple[str, ...]] = {(label,) for label in RECORDS}
        allowed |= {vocabulary.labels(kind) for kind in vocabulary.kinds}
        types = {*vocabulary.types, *GENERATED_TYPES}
        key: Any = None
        rows: list[dict[str, Any]] = []
        while "end" not in (line := self._next()) or "sha256" not in line:
            now, row = self._row(line, allowed, types)
            if rows and (now != key or len(rows) == writing.BATCH):
                yield _batch(key, rows)
                rows = []
            key = now
            rows.append(row)
        if rows:
            yield _batch(key, rows)
        self._check_end(line)

    def _row(
        self, line: dict[str, Any], allowed: set[tuple[str, ...]], types: set[str]
    ) -> tuple[Any, dict[str, Any]]:
        try:
            if "type" in line:
                if line["type"] not in types:
                    raise KeyError
                self._relationships += 1
                return line["type"], line
            labels = tuple(line["labels"])
            if labels not in allowed:
                raise KeyError
            self._nodes += 1
            return labels, line["properties"]
        except (KeyError, TypeError):
            raise self._bad("is no node or relationship of this graph") from None

    def _next(self) -> dict[str, Any]:
        data = self._source.readline(_LONGEST_LINE + 1)
        self._number += 1
        if not data:
            raise self._bad("is missing: the dump was cut short")
        if len(data) > _LONGEST_LINE:
            raise self._bad(f"has more than {_LONGEST_LINE:,} bytes")
        self._last = self._digest.copy()
        self._digest.update(data)
        try:
            line = json.loads(data)
        except ValueError:
            raise self._bad("is no JSON") from None
        if not isinstance(line, dict):
            raise self._bad("is no JSON object")
        return line

    def _check_end(self, line: dict[str, Any]) -> None:
        counted = {"nodes": self._nodes, "relationships": self._relationships}
        if line["end"] != counted or line["sha256"] != self._last.hexdigest():
            raise self._bad("does not fit the lines before it: the dump was changed or damaged")
        if self._source.read(1):
            raise self._bad("is not the last of the file")

    def _bad(self, what: str) -> InvalidInputError:
        return InvalidInputError(
            f"Line {self._number} of the dump {what}.", mend="Make it again with `graphsvc dump`."
        )


def _batch(key: Any, rows: list[dict[str, Any]]) -> _Batch:
    if isinstance(key, tuple):
        return _Batch("load/create_nodes", {"labels": key}, rows)
    start, end = ENDS.get(key, (ENTITY, ENTITY))
    slots = {"type": key, "start": start, "end": end}
    return _Batch("load/create_relationships", slots, rows)
