"""Fills an empty graph from a dump, once all of it was checked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from graphsvc.errors import InvalidInputError, StoreUnavailableError
from graphsvc.model.vocabulary import ENTITY, Vocabulary
from graphsvc.store import writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.state import GraphState, read_state
from graphsvc.usecases.loading.dump import ENDS, Counts
from graphsvc.usecases.loading.dump_reading import DumpReader, check_dump
from graphsvc.usecases.loading.first_load import FirstLoad, ProgressCallback, Say, require_untouched

_BATCHES_PER_TRANSACTION = 5


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

    The dump is checked as a whole before anything is written; one that cannot be read twice is
    kept in a temporary file meanwhile. When the embedded engine is lost on the way, it is restored
    once more from the beginning. `progress` is told how many nodes and relationships are written.

    Raises
    ------
    InvalidInputError
        When the graph is not empty, or the file is no dump, newer, cut short, damaged, or not what
        graphsvc writes.
    """
    await _require_empty(database)
    with _read_twice(source) as dump:
        await asyncio.to_thread(check_dump, dump)
        for attempt in count(1):
            dump.seek(0)
            try:
                return await _fill(database, dump, say, progress)
            except StoreUnavailableError:
                if attempt > 1 or not database.embedded:
                    raise
                say("The embedded database was restarted in the middle; restoring it again.")
    raise AssertionError("unreachable: the last attempt returns or raises")


async def _require_empty(database: Database) -> GraphState | None:
    held = await read_state(database)
    if held is not None and held.phase == "ready":
        raise InvalidInputError(
            f"The graph holds seed {held.seed_id!r} (version {held.version}); a dump is restored"
            " into an empty database: nothing was changed.",
            mend="Name another GRAPHSVC_DATA_DIR or GRAPHSVC_DATABASE.",
        )
    if held is None:
        await require_untouched(database)
    return held


@contextmanager
def _read_twice(source: BinaryIO) -> Iterator[BinaryIO]:
    if source.seekable():
        yield source
        return
    with TemporaryFile() as kept:
        copyfileobj(source, kept)
        kept.seek(0)
        yield kept


async def _fill(
    database: Database, source: BinaryIO, say: Say, progress: ProgressCallback
) -> Counts:
    reader = DumpReader(source)
    state = reader.header()
    held = await _require_empty(database)
    await writing.ensure_schema(database, state.vocabulary())
    async with FirstLoad(database, state, held, say) as filling:
        batches = _batches(reader, state.vocabulary())
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


def _batches(reader: DumpReader, vocabulary: Vocabulary) -> Iterator[_Batch]:
    """Rows of one kind of statement at a time."""
    key: Any = None
    rows: list[dict[str, Any]] = []
    for line in reader.lines(vocabulary):
        now = line["type"] if "type" in line else tuple(line["labels"])
        if rows and (now != key or len(rows) == writing.BATCH):
            yield _batch(key, rows)
            rows = []
        key = now
        rows.append(line if "type" in line else line["properties"])
    if rows:
        yield _batch(key, rows)


def _batch(key: Any, rows: list[dict[str, Any]]) -> _Batch:
    if isinstance(key, tuple):
        return _Batch("load/create_nodes", {"labels": key}, rows)
    start, end = ENDS.get(key, (ENTITY, ENTITY))
    slots = {"type": key, "start": start, "end": end}
    return _Batch("load/create_relationships", slots, rows)
