"""Starts the database process of a data folder, and starts it again when it ends or hangs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from graphsvc.errors import GraphsvcError, StoreUnavailableError
from graphsvc.store.engine.child import DatabaseProcess
from graphsvc.store.engine.folder import DataFolder, Record
from graphsvc.store.engine.protocol import FAILED, READY, STARTING, Message

_MOST_SHORT_LIVES = 4
_SHORT_LIFE_S = 60.0
_NOTICED_AFTER_S = 0.5
_OUT_OF_MEMORY = 3
"""The exit code of a Java machine that ends at the first OutOfMemoryError."""

_MOST_RUNAWAYS = 2
_RUNAWAYS_WITHIN_S = 60.0
STATEMENTS_WAIT_S = 60.0
"""How long people's statements wait after two of them, within a minute, cost a restart each: what
loads, dumps and reads needs the database for longer than a start takes."""


class DatabaseKeeper:
    """The database's life: starting, ready, or failed, over and over.

    Parameters
    ----------
    folder
        The data folder.
    lock
        The descriptor that holds it.
    record
        What stands in `engine.json`.
    memory_mb
        The most the database's Java heap may take.
    tell
        Called with the new state whenever it changes.
    """

    def __init__(
        self,
        folder: DataFolder,
        lock: int,
        record: Record,
        memory_mb: int,
        tell: Callable[[Message], None],
    ) -> None:
        self.record = record
        self.state: Message = {"state": STARTING}
        self.database: DatabaseProcess | None = None
        self._folder = folder
        self._lock = lock
        self._memory_mb = memory_mb
        self._tell = tell
        self._settled = asyncio.Event()
        self._wanted = asyncio.Event()
        self._memory_ran_out = False
        self._short_lives = 0
        self._last_death = 0.0
        self._runaways: deque[float] = deque(maxlen=_MOST_RUNAWAYS)
        self._runaway = False
        self.statements_from = 0.0
        """When people's statements may run again, on the clock of `time.monotonic`."""

    async def run(self) -> None:
        """Keep the database up until cancelled; `stop` then ends it."""
        while True:
            self._wanted.clear()
            database = self.database = await self._start()
            if database is None:
                await self._wanted.wait()
            else:
                await self._watch(database)

    async def stop(self) -> None:
        """End the database cleanly."""
        if self.database is not None:
            await self.database.stop()

    def restart(self, generation: int, *, runaway: bool = False) -> None:
        """Restart the database if it still is of this generation, or is down."""
        if self.state["state"] == FAILED or self.state.get("generation") == generation:
            self._runaway = runaway
            if runaway:
                self._count_runaway()
            self._begin()

    async def check(self) -> None:
        """Restart the database if it is down or no longer answers."""
        # A client asks because its connection broke, and may well know before we do.
        generation = self.record.generation
        if self.state["state"] == FAILED:
            self._begin()
        elif self.database is not None and not await self.database.answers():
            # A database that is dead is `_watch`'s to notice and to count; one that hangs is ours.
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes with the result.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_NOTICED_AFTER_S):
                    await self.database.wait()
            self.restart(generation)

    async def settled(self) -> Message:
        """The state, once it is ready or failed."""
        while self.state["state"] == STARTING:
            await self._settled.wait()
        return self.state

    def _begin(self) -> None:
        # Told before anything is done, so that a second client's same request joins this one.
        self._change({"state": STARTING})
        self._wanted.set()

    def _change(self, state: Message) -> None:
        self.state = state
        if state["state"] == STARTING:
            self._settled.clear()
        else:
            self._settled.set()
        self._tell(state)

    async def _start(self) -> DatabaseProcess | None:
        """Start the database and tell how that went; None when it is down."""
        self.record = replace(self.record, generation=self.record.generation + 1)
        database = DatabaseProcess(self._folder, self._lock, self._memory_mb)
        try:
            self._check_short_lives()
            await database.start(self.record.bolt_port)
            self.record = replace(self.record, bolt_port=database.bolt_port)
            self._folder.write_record(self.record)
        except GraphsvcError as error:
            logging.warning("the database did not start: %s", error)
            await database.kill()
            self._change({"state": FAILED, "message": error.message, "mend": error.mend})
            return None
        except BaseException:
            await database.kill()
            raise
        logging.info("generation %d, bolt port %d", self.record.generation, database.bolt_port)
        self._change(
            {
                "state": READY,
                "bolt_port": database.bolt_port,
                "generation": self.record.generation,
                "memory_ran_out": self._memory_ran_out,
                "statements_from": self.statements_from,
                "database_pid": database.pid,
            }
        )
        return database

    def _check_short_lives(self) -> None:
        if self._short_lives < _MOST_SHORT_LIVES:
            return
        if time.monotonic() - self._last_death < _SHORT_LIFE_S:
            raise StoreUnavailableError(
                f"The embedded database in {self._folder.path} died {_MOST_SHORT_LIVES} times in"
                " a row soon after its start, and is left down for a minute.",
                mend=f"See {self._folder.log}.",
            )
        self._short_lives = 0

    async def _watch(self, database: DatabaseProcess) -> None:
        """Wait until the database ends, and end it when it must."""
        born = time.monotonic()
        ended = asyncio.create_task(database.wait())
        wanted = asyncio.create_task(self._wanted.wait())
        damaged = asyncio.create_task(database.damaged.wait())
        try:
            await asyncio.wait([ended, wanted, damaged], return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                logging.warning("the database ended by itself (exit code %s)", ended.result())
                self._memory_ran_out = ended.result() == _OUT_OF_MEMORY
                if self._memory_ran_out:
                    self._count_runaway()
                self._count(born)
            else:
                self._memory_ran_out = False
                why = "a statement did not end" if self._runaway else "a client asked for it"
                if damaged.done():
                    why = "it could not write a page"
                logging.warning("the database is restarted: %s", why)
            if self.state["state"] != STARTING:
                self._begin()
            await database.kill()
        finally:
            for task in (ended, wanted, damaged):
                task.cancel()

    def _count_runaway(self) -> None:
        """Note that a statement cost a restart; after two within a minute the others wait."""
        now = time.monotonic()
        self._runaways.append(now)
        if len(self._runaways) == _MOST_RUNAWAYS and now - self._runaways[0] < _RUNAWAYS_WITHIN_S:
            self._runaways.clear()
            self.statements_from = now + STATEMENTS_WAIT_S
            logging.warning(
                "statements cost %d restarts within a minute: people's statements wait %d s",
                _MOST_RUNAWAYS,
                STATEMENTS_WAIT_S,
            )

    def _count(self, born: float) -> None:
        """Count a death, unless somebody's statement is to blame for it."""
        if self._memory_ran_out:
            return
        self._last_death = time.monotonic()
        short = self._last_death - born < _SHORT_LIFE_S
        self._short_lives = self._short_lives + 1 if short else 1
