"""The places in which people's statements run, and who is ended when the engine is overwhelmed."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from graphsvc.errors import StoreBusyError, StoreError
from graphsvc.store.database import Database
from graphsvc.store.statements.heartbeat import silence


class Place:
    """One of the places; free again when the last who holds it leaves.

    `generation` is that of the embedded engine on which its statement runs.
    """

    def __init__(self, leave: Callable[[Place], None]) -> None:
        self.began = time.monotonic()
        self.generation = 0
        self._leave = leave
        self._holders = 1

    def stay(self) -> None:
        """Hold it once more."""
        self._holders += 1

    def leave(self) -> None:
        """Hold it once less."""
        self._holders -= 1
        if not self._holders:
            self._leave(self)


class Places:
    """A bounded number of places, and the heartbeat of the embedded engine while any is taken.

    Statements of query files have as many of their own: what is asked for by name is answered
    however slow the statements are that people write.

    When the engine answers nobody any more it is ended. The statement that has run longest there
    is held to be the cause: `blamed` says so, and the others may be run again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        most = database.settings.max_statements
        self._free, self._free_for_files = asyncio.Semaphore(most), asyncio.Semaphore(most)
        self._taken: set[Place] = set()
        self._blamed: dict[int, Place | None] = {}
        self._silences: set[int] = set()
        self._watching: asyncio.Task[None] | None = None
        self._told_until = 0.0
        self.warn: Callable[[str], None] = lambda _: None
        """Told what an operator has to know."""

    async def close(self) -> None:
        """End the heartbeat."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})

    @asynccontextmanager
    async def one(self, timeout_s: float, *, from_file: bool) -> AsyncIterator[Place]:
        """Hold a place.

        Raises
        ------
        StoreBusyError
            When none came free in time.
        """
        free = self._free_for_files if from_file else self._free
        try:
            async with asyncio.timeout(timeout_s):
                await free.acquire()
        except TimeoutError:
            raise StoreBusyError(
                f"No place came free in {timeout_s:g} seconds: as many statements run as may.",
                mend="Ask again later. GRAPHSVC_MAX_STATEMENTS says how many may run.",
            ) from None
        place = Place(lambda place: self._left(place, free))
        self._taken.add(place)
        self._watch()
        try:
            yield place
        finally:
            place.leave()

    def require_calm(self) -> None:
        """Refuse a statement while people's statements wait.

        Raises
        ------
        StoreBusyError
            When two of them made the engine start again within a minute; says for how long.
        """
        until = self._waiting_until()
        left = until - time.monotonic()
        if left > 0:
            if until != self._told_until:
                self._told_until = until
                self.warn("two restarts within a minute: people's statements wait a minute")
            raise StoreBusyError(
                "People's statements made the database start again twice within a minute, so they"
                f" wait: {math.ceil(left)} seconds more.",
                retry_after_s=left,
                mend="Ask again then, for less. All other reads are answered meanwhile.",
            )

    def _waiting_until(self) -> float:
        engine = self._database.engine
        with suppress(StoreError):  # while it starts nothing is known; who runs then asks again
            if engine is not None:
                return engine.address.statements_from
        return 0.0

    def is_blamed(self, place: Place, generation: int) -> bool:
        """Whether this place's statement is held to have ended that generation of the engine."""
        if generation not in self._blamed:
            there = [taken for taken in self._taken if taken.generation == generation]
            oldest = min(there, key=lambda taken: taken.began, default=None)
            self._blamed = {generation: oldest}
        return self._blamed[generation] is place

    def fell_silent(self, generation: int) -> bool:
        """Whether this generation of the engine was ended since it answered nobody any more."""
        return generation in self._silences

    def _left(self, place: Place, free: asyncio.Semaphore) -> None:
        self._taken.discard(place)
        free.release()
        if not self._taken and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def _watch(self) -> None:
        if self._database.embedded and self._watching is None:
            self._watching = asyncio.create_task(self._end_when_silent())

    async def _end_when_silent(self) -> None:
        while True:
            generation = await silence(self._database)
            assert self._database.engine is not None  # noqa: S101 - it has a heartbeat
            self._silences = {generation}
            self.warn("the embedded database answered nobody for seconds and is started again")
            with suppress(StoreError):
                await self._database.engine.restart(generation, runaway=True)
