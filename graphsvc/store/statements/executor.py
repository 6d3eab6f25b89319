"""People's statements on their way through a database: a place for each, another try, an answer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import to_json

from graphsvc.errors import (
    GraphsvcError,
    LimitError,
    StoreBusyError,
    StoreError,
    StoreMemoryError,
)
from graphsvc.store.failures import (
    DRIVER_ERRORS,
    is_lost_connection,
    is_worth_retrying,
    translated_for_analyst,
)
from graphsvc.store.measures import STATEMENT_SECONDS
from graphsvc.store.statements.execution import Question, Run
from graphsvc.store.values import Form

if TYPE_CHECKING:
    from graphsvc.store.database import Database

T = TypeVar("T")

_PAGE = 1000
"""Rows that the database sends without being asked again."""

_RETRY_AFTER_S = (0.1, 0.3)
_RETRY_ENGINE_AFTER_S = (0.1,)


@dataclass(frozen=True)
class QueryResult:
    """What an analyst's statement returned, in the form that was asked for."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool

    def objects(self) -> list[dict[str, Any]]:
        """The rows as objects keyed by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Answer:
    """A statement that runs, and its rows as they come."""

    def __init__(self, asking: Asking, question: Question, run: Run) -> None:
        self.columns = run.columns
        self._asking = asking
        self._question = question
        self._run = run

    async def rows(self, most: int, form: Form) -> list[list[Any]]:
        """The next rows: some, `most` of them at most, none at the end of the result.

        Raises
        ------
        StoreError, InvalidInputError
            In the form that fits; a statement whose rows were read is not run again.
        """
        try:
            return await self._run.rows(most, form)
        except DRIVER_ERRORS as error:
            raise await self._asking.explained(
                error, self._question, self._run.generation
            ) from error


class Asking:
    """Runs people's statements on a database, so many at a time."""

    def __init__(self, database: Database, places: int) -> None:
        self._database = database
        self._places = asyncio.Semaphore(places)
        self._endings: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()

    async def close(self) -> None:
        """See to it that nothing goes on that nobody waits for."""
        self._hurry.set()
        if self._endings:
            await asyncio.wait(self._endings)

    async def query(
        self, question: Question, most: int, most_bytes: int, form: Form
    ) -> QueryResult:
        """All rows of a statement, up to a number of them; see `Database.query`."""
        question.check()
        async with self._place(question.timeout_s) as place:

            async def attempt(generation: int) -> QueryResult:
                pages = math.ceil((most + 1) / _PAGE)
                page = math.ceil((most + 1) / pages)
                async with self._run(question, generation, place, page) as run:
                    return await _collected(run, most, most_bytes, form)

            with STATEMENT_SECONDS.time():
                return await self._tried(question, attempt)

    @asynccontextmanager
    async def answer(self, question: Question) -> AsyncIterator[Answer]:
        """A statement's rows as they come; see `Database.answer`."""
        question.check()
        async with self._place(question.timeout_s) as place, AsyncExitStack() as stack:

            async def attempt(generation: int) -> Run:
                return await stack.enter_async_context(
                    self._run(question, generation, place, _PAGE)
                )

            with STATEMENT_SECONDS.time():
                yield Answer(self, question, await self._tried(question, attempt))

    @asynccontextmanager
    async def _place(self, timeout_s: float) -> AsyncIterator[_Place]:
        try:
            async with asyncio.timeout(timeout_s):
                await self._places.acquire()
        except TimeoutError:
            raise StoreBusyError(
                f"No place came free in {timeout_s:g} seconds: as many statements run as may.",
                mend="Ask again later. GRAPHSVC_MAX_STATEMENTS says how many may run.",
            ) from None
        place = _Place(self._places)
        try:
            yield place
        finally:
            place.leave()

    def _run(self, question: Question, generation: int, place: _Place, page: int) -> Run:
        run = Run(self._database, question, generation, page)

        def watch(ending: Coroutine[Any, Any, None]) -> None:
            place.stay()
            task = asyncio.create_task(ending)
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)
            task.add_done_callback(lambda _: place.leave())

        run.watch, run.hurry = watch, self._hurry
        return run

    async def _tried(self, question: Question, attempt: Callable[[int], Awaitable[T]]) -> T:
        """Run it, and again where the database was restarted under it for another's sake."""
        database = self._database
        waits = iter(_RETRY_ENGINE_AFTER_S if database.embedded else _RETRY_AFTER_S)
        while True:
            generation = await database.follow_engine()
            try:
                return await attempt(generation)
            except DRIVER_ERRORS as error:
                explained = await self.explained(error, question, generation)
                wait = next(waits, None) if is_worth_retrying(error) else None
                if wait is None or isinstance(explained, StoreMemoryError):
                    raise explained from error
                await asyncio.sleep(wait)

    async def explained(
        self, error: BaseException, question: Question, generation: int
    ) -> GraphsvcError:
        """What a driver's error means to whoever asked; waits until the engine is up again."""
        database = self._database
        if database.engine is None or not is_lost_connection(error):
            return translated_for_analyst(error, database.address, question.statement)
        at = await database.engine.ready()
        if at.generation == generation:
            return StoreError(
                "The database broke off while it ran the statement.", mend="Write it more simply."
            )
        if at.memory_ran_out:
            return StoreMemoryError(
                "The database ran out of memory while it ran this statement, and was started"
                " again.",
                mend="Ask for less, or allow it more by GRAPHSVC_ENGINE_MEMORY_MB.",
            )
        return StoreError(
            "The database was started again while it ran this statement.", mend="Ask again."
        )


class _Place:
    """One of the places; free again when the last who holds it leaves."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._holders = 1

    def stay(self) -> None:
        self._holders += 1

    def leave(self) -> None:
        self._holders -= 1
        if not self._holders:
            self._places.release()


async def _collected(run: Run, most: int, most_bytes: int, form: Form) -> QueryResult:
    rows: list[list[Any]] = []
    size = 0
    while batch := await run.rows(most + 1 - len(rows), form):
        for row in batch:
            if len(rows) == most:
                return QueryResult(run.columns, rows, truncated=True)
            size += len(to_json(row))
            if size > most_bytes:
                raise LimitError(
                    f"The result is larger than {most_bytes} bytes.",
                    mend="Return fewer columns or rows.",
                    field="statement",
                )
            rows.append(row)
    return QueryResult(run.columns, rows, truncated=False)
