"""People's statements: a place to run, the guard, rows as they come, and an end to each.

What nobody waits for any more is ended. Neo4j ends a statement whose connection breaks; the
embedded engine computes on regardless, so it is restarted once the statement's time is over.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from neo4j import AsyncResult, Query
from neo4j.exceptions import ClientError
from pydantic_core import to_json

from graphsvc.errors import (
    GraphsvcError,
    LimitError,
    StoreBusyError,
    StoreError,
    StoreMemoryError,
    StoreTimeoutError,
)
from graphsvc.store.failures import (
    DRIVER_ERRORS,
    is_lost_connection,
    is_worth_retrying,
    translated_for_analyst,
)
from graphsvc.store.guard import check_plan, check_statement, returned_columns
from graphsvc.store.measures import STATEMENT_SECONDS
from graphsvc.store.row_size import BoundedSocket, too_large
from graphsvc.store.values import Form, check_parameters, elements, forget, loose_ends

if TYPE_CHECKING:
    from graphsvc.store.database import Database

T = TypeVar("T")

OVERRUN_S = 2.0
"""How long past its timeout a read may run before the engine under it is restarted."""

_PAGE = 1000
"""Rows that the database sends without being asked again."""

_AT_ONCE = 100
_BYTES_AT_ONCE = 2**20
"""Most rows that are held in the driver's form, and about how many bytes; one row always is."""

_RETRY_AFTER_S = (0.1, 0.3)
_RETRY_ENGINE_AFTER_S = (0.1,)
_EXPLAIN = "EXPLAIN "
_HURRIED_S = 0.2


@dataclass(frozen=True)
class Question:
    """A statement, its parameters, and the seconds that it may take."""

    statement: str
    parameters: Mapping[str, Any]
    timeout_s: float

    def check(self) -> None:
        """Refuse what must not run, or cannot; see `Database.query`."""
        check_statement(self.statement)
        check_parameters(self.parameters)


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

    def __init__(self, asking: Asking, question: Question, run: _Run) -> None:
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

            async def attempt(generation: int) -> _Run:
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

    def _run(self, question: Question, generation: int, place: _Place, page: int) -> _Run:
        run = _Run(self._database, question, generation, page)

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


class _Run:
    """One run of a statement, from its start to its end, however it ends.

    On the embedded engine nobody may break off while it computes, since then nobody would know
    whether it still does: who leaves early leaves the waiting to `_end`.
    """

    watch: Callable[[Coroutine[Any, Any, None]], None]
    hurry: asyncio.Event

    def __init__(self, database: Database, question: Question, generation: int, page: int) -> None:
        self.generation = generation
        self.columns: list[str] = []
        self._database = database
        self._question = question
        self._page = page
        self._stack = AsyncExitStack()
        self._socket = BoundedSocket()
        self._stack.callback(self._socket.step_aside)
        self._deadline = asyncio.get_running_loop().time() + question.timeout_s + OVERRUN_S
        self._pending: asyncio.Future[Any] | None = None
        self._read = 0
        self._at_once = _AT_ONCE // 10
        self._over = False
        self._result: AsyncResult

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException as error:
            await self.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    async def _start(self) -> None:
        database = self._database
        self._session = await self._stack.enter_async_context(database.reader_session(self._page))
        if not database.embedded:
            await self._check_planned()
        self._result = await self._waited(self._session.run(*self._asked()))
        self._socket.stand_before(self._session)
        self.columns = list(self._result.keys()) or returned_columns(self._question.statement)

    async def _check_planned(self) -> None:
        # Neo4j's own reading of the statement: what the lexical check took for harmless may
        # still plan a write or an admin operator.
        async def explained() -> Any:
            result = await self._session.run(*self._asked(_EXPLAIN))
            return (await result.consume()).plan

        try:
            plan = await self._waited(explained())
        except ClientError as error:
            raise translated_for_analyst(
                error, self._database.address, self._question.statement, prefix=_EXPLAIN
            ) from error
        check_plan(cast("dict[str, Any]", plan or {}))

    def _asked(self, prefix: str = "") -> tuple[Query, dict[str, Any]]:
        question = self._question
        text: Any = prefix + question.statement
        return Query(text, timeout=question.timeout_s), dict(question.parameters)

    async def rows(self, most: int, form: Form) -> list[list[Any]]:
        """The next rows, in their form; see `Answer.rows`."""
        records = await self._fetched(min(most, self._at_once))
        rows = [list(record.values()) for record in records]
        found = elements(rows)
        ends: dict[str, str | None] = {}
        if loose := loose_ends(found):
            known = await self._database.read("read/ids_of_elements", elements=loose)
            ends = {row["element"]: row["id"] for row in known}
        written = [[form(value, ends) for value in row] for row in rows]
        forget(found)
        return written

    async def _fetched(self, wanted: int) -> list[Any]:
        if self._over:
            return []
        before = self._socket.received
        try:
            records = await self._waited(self._result.fetch(wanted))
        except DRIVER_ERRORS as error:
            if self._socket.exceeded:
                raise too_large() from error
            raise
        self._read += len(records)
        self._over = len(records) < wanted
        if records:
            each = (self._socket.received - before) / len(records)
            self._at_once = max(1, min(_AT_ONCE, int(_BYTES_AT_ONCE / (each + 1))))
        return records

    async def _waited(self, work: Coroutine[Any, Any, T]) -> T:
        """What the driver says, unless it takes too long."""
        try:
            async with asyncio.timeout_at(self._deadline) as limit:
                if not self._database.embedded:
                    return await work
                self._pending = asyncio.ensure_future(work)
                return await asyncio.shield(self._pending)
        except RecursionError:
            # The driver follows nested values as deep as Python lets it.
            self._session.cancel()
            raise LimitError(
                "A value of the result is nested too deep.", field="statement"
            ) from None
        except TimeoutError:
            if not limit.expired():
                raise
            raise StoreTimeoutError(
                f"The statement ran past its {self._question.timeout_s:g} seconds and was stopped.",
                mend="Ask for less, or allow it more time.",
            ) from None

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pending = self._pending
        failed = pending is not None and pending.done() and pending.exception()
        if self._database.embedded and pending is not None and not (self._over or failed):
            self.watch(self._end())
            return
        with suppress(*DRIVER_ERRORS, RecursionError):
            await self._stack.__aexit__(kind, error, trace)

    async def _end(self) -> None:
        """Wait until the engine has stopped computing, or make it stop."""
        database = self._database
        try:
            resting = asyncio.ensure_future(self._rest())
            hurry = asyncio.ensure_future(self.hurry.wait())
            left = max(0.0, self._deadline - asyncio.get_running_loop().time())
            await asyncio.wait({resting, hurry}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if hurry.done():
                await asyncio.wait({resting}, timeout=_HURRIED_S)
            hurry.cancel()
            if not resting.done():
                resting.cancel()
                if database.engine is not None:
                    with suppress(StoreError):
                        await database.engine.restart(self.generation)
        finally:
            self._session.cancel()
            with suppress(*DRIVER_ERRORS):
                await self._stack.aclose()

    async def _rest(self) -> None:
        """Read to the end of the page: then the engine waits to be asked for the next."""
        with suppress(*DRIVER_ERRORS, RecursionError):
            if self._pending is not None:
                await self._pending
            while self._read == 0 or self._read % self._page:
                wanted = min(self._page - self._read % self._page, self._at_once)
                records = await self._result.fetch(wanted)
                if len(records) < wanted:
                    return
                self._read += wanted


async def _collected(run: _Run, most: int, most_bytes: int, form: Form) -> QueryResult:
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
