"""A load into an empty graph, in transactions of bounded size.

Until the last one the graph's phase is "loading", and every read is refused with the reason. A
load that was killed in the middle is recognised by its silence: the next one clears what it left
and starts over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Self
from uuid import uuid4

from graphsvc.errors import StoreConflictError, StoreError
from graphsvc.store import writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.state import GraphState, read_state

SILENCE_S = 10
"""A first load that wrote nothing for so long is taken for dead; a batch takes a second or two."""

Say = Callable[[str], None]
Work = Callable[[Transaction], Awaitable[Any]]


class FirstLoad:
    """One first load: enter it, `write` any number of batches, leave it.

    Leaving it opens the graph to readers; leaving it by an error clears what it wrote.

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
        properties = loading.properties()
        if self._held is None:
            await self._database.write(
                lambda tx: tx.run("load/create_state", properties=properties)
            )
            return self
        self._say("An earlier load did not finish; making sure that it is dead.")
        await self._await_silence(self._held)
        await self._database.write(lambda tx: tx.run("load/set_state", properties=properties))
        await writing.clear(self._database)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if error is None:
            done = replace(self._done, writer=self._writer, beat=self._beat + 1).properties()
            await self.write(lambda tx: tx.run("load/set_state", properties=done))
        elif isinstance(error, Exception) and not isinstance(error, StoreError):
            # The database is well and the input is not: leave no half of it behind.
            await writing.clear(self._database)
            await writing.clear_state(self._database)

    async def _await_silence(self, held: GraphState) -> None:
        for _ in range(SILENCE_S):
            await asyncio.sleep(1)
            now = await read_state(self._database)
            if now is None or (now.writer, now.beat, now.phase) != (
                held.writer,
                held.beat,
                "loading",
            ):
                raise StoreConflictError(
                    "Another first load is at work on this graph.", mend="Wait until it is done."
                )

    async def write(self, work: Work) -> None:
        """Run one batch's work in a transaction of its own.

        Raises
        ------
        StoreConflictError
            When another load took over; this batch was not written.
        """
        self._beat += 1

        async def in_turn(transaction: Transaction) -> None:
            rows = await transaction.run("load/beat", writer=self._writer, beat=self._beat)
            if not rows:
                raise StoreConflictError(
                    "Another load took over this graph.", mend="Wait until it is done."
                )
            await work(transaction)

        await self._database.write(in_turn)
