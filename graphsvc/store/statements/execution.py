"""The execution of one statement: the check of its plan, its rows as they come, and its end.

What nobody waits for any more is ended. Neo4j is told to, from another connection, since it may not
look at one whose statement computes; the embedded engine computes on regardless, so it is restarted
once the statement's time is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from uuid import uuid4

from neo4j import AsyncResult, Query
from neo4j.exceptions import ClientError

from graphsvc.errors import LimitError, StoreError, StoreTimeoutError
from graphsvc.store.database import OVERRUN_S, Database
from graphsvc.store.failures import DRIVER_ERRORS, translated_for_analyst
from graphsvc.store.guard import (
    check_plan,
    integer_sum,
    may_be_rounded,
    refuse_rounded_sum,
    returned_columns,
)
from graphsvc.store.statements.row_size import BoundedSocket, too_large
from graphsvc.store.statements.statement import UserStatement
from graphsvc.store.values import ValueConverter, elements, forget, loose_ends

T = TypeVar("T")

_AT_ONCE = 100
_BYTES_AT_ONCE = 2**20
"""Most rows that are held in the driver's form, and about how many bytes; one row always is."""

_HURRIED_S = 0.2
"""What a statement that nobody waits for may still take when the database is closed."""

_EXPLAIN = "EXPLAIN "


class Execution:
    """One execution of a statement, from its start to its end, however it ends.

    On the embedded engine nobody may break off while it computes, since then nobody would know
    whether it still does: who leaves early leaves the waiting to `_end`.
    """

    watch: Callable[[Coroutine[Any, Any, None]], None]
    hurry: asyncio.Event

    def __init__(
        self, database: Database, statement: UserStatement, generation: int, page: int
    ) -> None:
        self.generation = generation
        self.columns: list[str] = []
        self._database = database
        self._statement = statement
        self._sum = integer_sum(statement.text)
        self._page = page
        self._stack = AsyncExitStack()
        self._socket = BoundedSocket()
        self._stack.callback(self._socket.step_aside)
        self._deadline = asyncio.get_running_loop().time() + statement.timeout_s + OVERRUN_S
        self._mark = uuid4().hex
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
        await self._waited(self._begin())
        self._socket.stand_before(self._session)
        self.columns = list(self._result.keys()) or returned_columns(self._statement.text)

    async def _begin(self) -> None:
        self._result = await self._session.run(*self._asked())

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
                error, self._database.server, self._statement.text, prefix=_EXPLAIN
            ) from error
        check_plan(cast("dict[str, Any]", plan or {}))

    def _asked(self, prefix: str = "") -> tuple[Query, dict[str, Any]]:
        statement = self._statement
        text: Any = prefix + statement.text
        marked = Query(text, metadata={"graphsvc": self._mark}, timeout=statement.timeout_s)
        return marked, dict(statement.parameters)

    async def rows(self, most: int, convert: ValueConverter) -> list[list[Any]]:
        """The next rows, converted; some, `most` of them at most, none at the end of the result.

        Raises
        ------
        StatementError
            Where a sum of integers became a float.
        """
        records = await self._fetched(min(most, self._at_once))
        rows = [list(record.values()) for record in records]
        if self._sum is not None and may_be_rounded(rows):
            refuse_rounded_sum(self._statement.text, self._sum)
        found = elements(rows)
        ends: dict[str, str | None] = {}
        if loose := loose_ends(found):
            known = await self._database.read("read/by_id/ids_of_elements", elements=loose)
            ends = {row["element"]: row["id"] for row in known}
        written = [[convert(value, ends) for value in row] for row in rows]
        forget(found)
        return written

    async def _fetched(self, wanted: int) -> list[Any]:
        if self._over:
            return []
        before = self._socket.received
        try:
            records = await self._waited(self._fetch(wanted))
        except DRIVER_ERRORS as error:
            if self._socket.exceeded:
                raise too_large() from error
            raise
        if records:
            each = (self._socket.received - before) / len(records)
            self._at_once = max(1, min(_AT_ONCE, int(_BYTES_AT_ONCE / (each + 1))))
        return records

    async def _fetch(self, wanted: int) -> list[Any]:
        # Counted here, where it is done even if nobody waits for it any more.
        records = await self._result.fetch(wanted)
        self._read += len(records)
        self._over = len(records) < wanted
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
                f"The statement ran past its {self._statement.timeout_s:g} seconds"
                " and was stopped.",
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
        if not self._database.embedded and isinstance(
            error, StoreTimeoutError | asyncio.CancelledError
        ):
            self.watch(self._terminate())
        with suppress(*DRIVER_ERRORS, RecursionError):
            await self._stack.__aexit__(kind, error, trace)

    async def _terminate(self) -> None:
        """Tell Neo4j to end it; it may need a while until it looks."""
        with suppress(TimeoutError, *DRIVER_ERRORS):
            await self._database.terminate(self._mark)

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
                    # Who closes before its time is over is no runaway.
                    over = asyncio.get_running_loop().time() >= self._deadline
                    with suppress(StoreError):
                        await database.engine.restart(self.generation, runaway=over)
        finally:
            self._session.cancel()
            with suppress(*DRIVER_ERRORS):
                await self._stack.aclose()

    async def _rest(self) -> None:
        """Read to the end of the page: then the engine waits to be asked for the next."""
        with suppress(*DRIVER_ERRORS, RecursionError):
            if self._pending is not None:
                await self._pending
            while not self._over and (self._read == 0 or self._read % self._page):
                await self._fetch(min(self._page - self._read % self._page, self._at_once))
