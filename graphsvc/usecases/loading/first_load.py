"""A load into an empty graph, in transactions of bounded size.

Until the last one the graph's phase is "loading", and every read is refused with the reason. A
load that was killed in the middle is recognised by its silence: the next one clears what it left
and starts over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Self, TypeVar
from uuid import uuid4

from graphsvc.errors import InvalidInputError, StoreConflictError, StoreUnavailableError
from graphsvc.model.vocabulary import ENTITY, RECORD_LABELS
from graphsvc.store import writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.state import GraphState, read_state

SILENCE_S = 10
"""A first load that wrote nothing for so long is taken for dead; a batch takes a second or two."""

_OURS = (ENTITY, *sorted(RECORD_LABELS - {"GraphState"}))

Say = Callable[[str], None]
ProgressCallback = Callable[[int], None]
T = TypeVar("T")


async def require_untouched(database: Database) -> None:
    """Refuse a database without a graph of ours in which somebody else uses our labels.

    A first load clears what an interrupted one left, by label: it must not find others' nodes.

    Raises
    ------
    InvalidInputError
        Naming the label.
    """
    counts = [database.read("read/node_count", {"label": label}) for label in _OURS]
    for label, rows in zip(_OURS, await asyncio.gather(*counts), strict=True):
        if nodes := rows[0]["nodes"]:
            raise InvalidInputError(
                f"The database holds {nodes} :{label} nodes that graphsvc did not write:"
                " nothing was changed.",
                mend="Use a database of its own (GRAPHSVC_DATABASE, GRAPHSVC_DATA_DIR).",
            )


class FirstLoad:
    """One first load: enter it, `write` any number of batches, leave it.

    Leaving it opens the graph to readers. Leaving it by an error empties the graph again, unless
    the database is gone or another load took over.

    Raises
    ------
    StoreConflictError
        On entering, when another first load is at work.
    """

    def __init__(
        self, database: Database, done: GraphState, held: GraphState | None, say: Say
    ) -> None:
        self._database = database
        self._done = done
        self._held = held
        self._say = say
        self._writer = uuid4().hex
        self._beat = 0

    async def __aenter__(self) -> Self:
        loading = replace(self._done, phase="loading", version=0, writer=self._writer, beat=0)
        if self._held is None:
            properties = loading.properties()
            await self._database.write(
                lambda tx: tx.run("load/create_state", properties=properties)
            )
            return self
        self._say("An earlier load did not finish; making sure that it is dead.")
        await self._await_silence(self._held)
        await self._take_over(self._held, loading)
        await self._clear()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if error is None:
            done = replace(self._done, writer=self._writer, beat=self._beat + 1).properties()
            await self.write(lambda tx: tx.run("load/set_state", properties=done))
        elif isinstance(error, Exception) and not isinstance(
            error, StoreUnavailableError | StoreConflictError
        ):
            await self._clear()
            await self.write(partial(writing.delete_some, "GraphState"))

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run one batch's work in a transaction of its own.

        Raises
        ------
        StoreConflictError
            When another load took over; this batch was not written.
        """
        self._beat += 1

        async def in_turn(transaction: Transaction) -> T:
            if not await transaction.run("load/beat", writer=self._writer, beat=self._beat):
                raise _at_work()
            return await work(transaction)

        return await self._database.write(in_turn)

    async def _await_silence(self, held: GraphState) -> None:
        seen = (held.writer, held.beat, "loading")
        for _ in range(SILENCE_S):
            await asyncio.sleep(1)
            now = await read_state(self._database)
            if now is None or (now.writer, now.beat, now.phase) != seen:
                raise _at_work()

    async def _take_over(self, dead: GraphState, loading: GraphState) -> None:
        async def compare_and_set(transaction: Transaction) -> None:
            taken = await transaction.run(
                "load/take_over",
                writer=self._writer,
                dead_writer=dead.writer,
                dead_beat=dead.beat,
                properties=loading.properties(),
            )
            if not taken:
                raise _at_work()

        await self._database.write(compare_and_set)

    async def _clear(self) -> None:
        for label in _OURS:
            while await self.write(partial(writing.delete_some, label)):
                pass


def _at_work() -> StoreConflictError:
    return StoreConflictError(
        "Another first load is at work on this graph.", mend="Wait until it is done."
    )
