"""Execution of people's statements: a bounded number at a time, retries, and their results."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from itertools import islice
from typing import Any, Self, TypeVar

from graphsvc.errors import GraphsvcError, StoreError, StoreMemoryError, StoreTimeoutError
from graphsvc.store.database import Database
from graphsvc.store.failures import (
    DRIVER_ERRORS,
    is_lost_connection,
    is_worth_retrying,
    translated_for_analyst,
)
from graphsvc.store.measures import STATEMENT_SECONDS
from graphsvc.store.statements.execution import Execution
from graphsvc.store.statements.places import Place, Places
from graphsvc.store.statements.results import QueryResult, collected
from graphsvc.store.statements.statement import UserStatement
from graphsvc.store.typed_parameters import parameter_values
from graphsvc.store.values import ValueConverter, plain_value

T = TypeVar("T")

_PAGE = 1000
"""Rows that the database sends without being asked again."""


class RowStream:
    """A statement that is executed, and its rows as they come."""

    def __init__(
        self,
        executor: StatementExecutor,
        statement: UserStatement,
        execution: Execution,
        place: Place,
    ) -> None:
        self.columns = execution.columns
        self._executor = executor
        self._statement = statement
        self._execution = execution
        self._place = place

    async def rows(self, most: int, convert: ValueConverter) -> list[list[Any]]:
        """The next rows: some, `most` of them at most, none at the end of the result.

        Raises
        ------
        StoreError, InvalidInputError
            In the form that fits; a statement whose rows were read is not run again.
        """
        try:
            return await self._execution.rows(most, convert)
        except DRIVER_ERRORS as error:
            raise await self._executor.explained(error, self._statement, self._place) from error


class StatementExecutor:
    """Executes people's statements on a database, at most `max_statements` of them at a time.

    A process has one for each database that it opens, since that is what counts the places.
    Close it before the database: `close` waits for what goes on though nobody waits for it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settings = database.settings
        self.places = Places(database)
        self._endings: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()

    @property
    def database(self) -> Database:
        """The database that its statements run on."""
        return self._database

    async def close(self) -> None:
        """End every execution that nobody waits for."""
        self._hurry.set()
        if self._endings:
            await asyncio.wait(self._endings)
        await self.places.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int | None = None,
        timeout_s: float | None = None,
        convert: ValueConverter = plain_value,
        from_file: bool = False,
    ) -> QueryResult:
        """Run a person's statement, read-only, with its rows and bytes capped.

        One from a query file does not wait where others made the database start again.

        Raises
        ------
        AccessError
            When it would do more than read.
        StatementError
            When it is no Cypher, is too long or too deep, or cannot run.
        InvalidInputError
            When its parameters are not what it needs.
        LimitError
            When its result is too large.
        StoreBusyError
            When no place came free within its time, or people's statements wait since two of them
            made the database start again within a minute.
        StoreTimeoutError, StoreMemoryError
            When it ran past its time, or out of memory, and was stopped.

        Notes
        -----
        Who stops waiting for it stops it: at once on Neo4j, on the embedded engine when its time
        is over.
        """
        statement = self._statement(text, parameters, timeout_s)
        statement.check(
            embedded=self._database.embedded, max_path_length=self._settings.max_path_length
        )
        most = min(limit or self._settings.max_rows, self._settings.max_rows)
        async with self._place(statement, from_file=from_file) as place:

            async def attempt(generation: int) -> QueryResult:
                pages = math.ceil((most + 1) / _PAGE)
                page = math.ceil((most + 1) / pages)
                async with self._execution(statement, generation, place, page) as execution:
                    return await collected(
                        execution, most, self._settings.max_result_bytes, convert
                    )

            with STATEMENT_SECONDS.time():
                return await self._tried(statement, place, attempt, from_file=from_file)

    def stream(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout_s: float | None = None,
    ) -> AbstractAsyncContextManager[RowStream]:
        """A person's statement as `query` runs it, but with rows as they come, and any number.

        It takes memory for a hundred rows or a megabyte of them, however many there are.
        """
        return self._stream(self._statement(text, parameters, timeout_s))

    @asynccontextmanager
    async def _stream(self, statement: UserStatement) -> AsyncIterator[RowStream]:
        statement.check(
            embedded=self._database.embedded, max_path_length=self._settings.max_path_length
        )
        async with self._place(statement, from_file=False) as place, AsyncExitStack() as stack:

            async def attempt(generation: int) -> Execution:
                return await stack.enter_async_context(
                    self._execution(statement, generation, place, _PAGE)
                )

            with STATEMENT_SECONDS.time():
                execution = await self._tried(statement, place, attempt, from_file=False)
                yield RowStream(self, statement, execution, place)

    def _statement(
        self, text: str, parameters: Mapping[str, Any] | None, timeout_s: float | None
    ) -> UserStatement:
        seconds = timeout_s or self._settings.read_timeout_s
        return UserStatement(text, parameter_values(parameters or {}), seconds)

    @asynccontextmanager
    async def _place(self, statement: UserStatement, *, from_file: bool) -> AsyncIterator[Place]:
        if not from_file:
            self.places.require_calm()
        async with self.places.one(statement.timeout_s, from_file=from_file) as place:
            yield place

    def _execution(
        self, statement: UserStatement, generation: int, place: Place, page: int
    ) -> Execution:
        execution = Execution(self._database, statement, generation, page)

        def watch(ending: Coroutine[Any, Any, None]) -> None:
            place.stay()
            task = asyncio.create_task(ending)
            self._endings.add(task)
            task.add_done_callback(self._endings.discard)
            task.add_done_callback(lambda _: place.leave())

        execution.watch, execution.hurry = watch, self._hurry
        return execution

    async def _tried(
        self,
        statement: UserStatement,
        place: Place,
        attempt: Callable[[int], Awaitable[T]],
        *,
        from_file: bool,
    ) -> T:
        """Run it, and once more where the database was restarted under it for another's sake."""
        database = self._database
        waits = database.retry_waits()
        if database.embedded:
            waits = islice(waits, 1)
        while True:
            place.generation = await database.follow_engine()
            if not from_file:
                self.places.require_calm()
            try:
                return await attempt(place.generation)
            except DRIVER_ERRORS as error:
                explained = await self.explained(error, statement, place)
                wait = next(waits, None) if is_worth_retrying(error) else None
                if wait is None or self._is_to_blame(explained, place):
                    raise explained from error
                await asyncio.sleep(wait)

    def _is_to_blame(self, explained: GraphsvcError, place: Place) -> bool:
        if isinstance(explained, StoreTimeoutError):
            return True
        return isinstance(explained, StoreMemoryError) and (
            not self._database.embedded or self.places.is_blamed(place, place.generation)
        )

    async def explained(
        self, error: BaseException, statement: UserStatement, place: Place
    ) -> GraphsvcError:
        """What a driver's error means to whoever asked; waits until the engine is up again."""
        database, generation = self._database, place.generation
        if database.engine is None or not is_lost_connection(error):
            return translated_for_analyst(error, database.server, statement.text)
        blamed = self.places.is_blamed(place, generation)
        if blamed and self.places.fell_silent(generation):
            return StoreTimeoutError(
                "The statement kept the database from answering anybody else and was stopped.",
                mend="Ask for less: shorter lists and texts, or fewer rows put together.",
            )
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
