"""A load into an empty graph, in transactions of bounded size.

Until the last one the graph's phase is "loading", and every read is refused with the reason. A
load that was killed in the middle is recognised by its silence: the next one clears what it left
and starts over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from graphsvc.errors import StoreConflictError
from graphsvc.store import writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.state import GraphState, read_state

SILENCE_S = 10
"""A first load that wrote nothing for so long is taken for dead; a batch takes a second or two."""

Say = Callable[[str], None]
Work = Callable[[Transaction], Awaitable[Any]]


class FirstLoad:
    """One first load: `begin`, any number of `write`s, `finish`."""

    def __init__(self, database: Database, done: GraphState) -> None:
        self._database = database
        self._done = done
        self._writer = uuid4().hex
        self._beat = 0

    async def begin(self, held: GraphState | None, say: Say) -> None:
        """Take possession of an empty graph, or of one whose first load was interrupted.

        Raises
        ------
        StoreConflictError
            When another first load is at work.
        """
        loading = replace(self._done, phase="loading", version=0, writer=self._writer, beat=0)
        properties = loading.properties()
        if held is None:
            await self._database.write(
                lambda tx: tx.run("load/create_state", properties=properties)
            )
            return
        say("An earlier load did not finish; making sure that it is dead.")
        await self._await_silence(held)
        await self._database.write(lambda tx: tx.run("load/set_state", properties=properties))
        await writing.clear(self._database)

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

    async def finish(self) -> None:
        """Open the graph to readers."""
        properties = replace(self._done, writer=self._writer, beat=self._beat + 1).properties()
        await self.write(lambda tx: tx.run("load/set_state", properties=properties))
