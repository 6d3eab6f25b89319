"""The graph database: connections, reads and write transactions.

Reads are auto-commit statements on an async driver (measured as the fastest way in), retried here
when the driver calls an error retryable; writes are managed transactions. A read of graphsvc's own
that overruns its timeout has the embedded engine restarted only if that answers nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Self, TypeVar

from neo4j import (
    READ_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    AsyncResult,
    AsyncSession,
    Query,
    RoutingControl,
)

from graphsvc import paths
from graphsvc.errors import StoreTimeoutError, StoreUnavailableError
from graphsvc.settings import Settings
from graphsvc.store.cypher_files import Catalog
from graphsvc.store.engine import Engine, EngineAddress
from graphsvc.store.failures import (
    DRIVER_ERRORS,
    is_failed_commit,
    is_lost_connection,
    is_worth_retrying,
    translated,
)
from graphsvc.store.measures import READ_SECONDS, SESSIONS, WRITE_SECONDS

Row = dict[str, Any]
T = TypeVar("T")

# What the driver would log (a retried transaction, say) is handled or raised here.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

OVERRUN_S = 2.0
"""How long past its timeout a read may run before it is given up."""

_RETRY_AFTER_S = (0.1, 0.3)
"""Waits before a read is run again, when the driver calls its error retryable."""

_RETRY_ENGINE_AFTER_S = (0.1, 0.3)
"""The same on the embedded engine, which two statements in a row may end before others wait."""

_ANSWERS_WITHIN_S = 3.0


class Transaction:
    """A write transaction: runs statements of the catalog by name."""

    def __init__(self, transaction: AsyncManagedTransaction, catalog: Catalog) -> None:
        self._transaction = transaction
        self._catalog = catalog

    async def run(
        self, name: str, slots: Mapping[str, Any] | None = None, **parameters: Any
    ) -> list[Row]:
        """Run one statement and return all its rows."""
        text = self._catalog[name].fill(**(slots or {}))
        result = await self._transaction.run(text, parameters)
        return [dict(record) async for record in result]


class Database:
    """One database, embedded or Neo4j; open it with `Database.open(settings)`."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self.settings = settings
        self.catalog = catalog
        self._engine: Engine | None = None
        self._stack = AsyncExitStack()
        self._moving = asyncio.Lock()
        self._lookups: AsyncDriver | None = None
        self.writes = 0
        """How many transactions were committed here: a reader sees that what it knows is old."""

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        """Connect; on the embedded database this starts the engine where none runs.

        Raises
        ------
        StoreUnavailableError
            When the database is not there or refuses the credentials.
        """
        database = cls(settings, Catalog(paths.cypher_dir()))
        try:
            await database._connect()
        except BaseException:
            await database.close()
            raise
        return database

    async def _connect(self) -> None:
        settings = self.settings
        if settings.uri is None:
            self._engine = await self._stack.enter_async_context(
                await Engine.attach(settings.data_dir, memory_mb=settings.engine_memory_mb)
            )
            await self._connect_to_engine(await self._engine.ready())
            return
        self.address, self._database = settings.uri, settings.database
        credentials = (settings.user, settings.neo4j_password())
        self._driver = self._reader = await self._open_driver(settings.uri, credentials)
        if settings.reader_user is not None and settings.reader_password is not None:
            reader = (settings.reader_user, settings.reader_password.get_secret_value())
            self._reader = await self._open_driver(settings.uri, reader)

    async def _connect_to_engine(self, at: EngineAddress) -> None:
        driver = await self._open_driver(at.uri, (at.user, at.password))
        reader = await self._open_driver(at.uri, (at.reader_user, at.reader_password))
        self._lookups = await self._made_driver(at.uri, (at.reader_user, at.reader_password))
        self.address, self._database = at.uri, at.database
        self._driver, self._reader = driver, reader

    async def _open_driver(self, address: str, credentials: tuple[str, str]) -> AsyncDriver:
        driver = await self._made_driver(address, credentials)
        try:
            await driver.verify_connectivity()
        except DRIVER_ERRORS as error:
            raise translated(error, self.server) from error
        return driver

    async def _made_driver(self, address: str, credentials: tuple[str, str]) -> AsyncDriver:
        try:
            driver = AsyncGraphDatabase.driver(
                address,
                auth=credentials,
                notifications_min_severity="OFF",
                connection_timeout=10,
                connection_acquisition_timeout=30,
                # A load retries as a whole, says so, and plans anew: see usecases.loading. On a
                # cluster the driver knows better when to try again.
                max_transaction_retry_time=0 if self.embedded else 30,
            )
        except (*DRIVER_ERRORS, ValueError) as error:
            raise translated(error, self.server) from error
        return await self._stack.enter_async_context(driver)

    async def close(self) -> None:
        """Give back every connection; the embedded engine ends when nobody else uses it."""
        await self._stack.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def engine(self) -> Engine | None:
        """The embedded engine, where it is that."""
        return self._engine

    @property
    def server(self) -> str | None:
        """The address of the server that the settings name; None for the embedded engine."""
        return self.settings.uri

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded engine."""
        return self._engine is not None

    async def read(
        self, name: str, slots: Mapping[str, Any] | None = None, **parameters: Any
    ) -> list[Row]:
        """Run one statement of the catalog and return its rows.

        Raises
        ------
        StoreError
            In the form that fits.
        """
        statement = self.catalog[name]
        text = statement.fill(**(slots or {}))
        return await self.run_read(text, parameters, statement.timeout_s)

    async def run_read(
        self, text: str, parameters: Mapping[str, Any], timeout_s: float
    ) -> list[Row]:
        """Run a statement of the project's own that is not in the catalog as it stands."""

        async def attempt() -> list[Row]:
            async with self._read_session(self._driver) as session:
                result = await _start(session, text, parameters, timeout_s)
                return [dict(record) async for record in result]

        try:
            with READ_SECONDS.time():
                return await self._with_watchdog(attempt, timeout_s)
        except DRIVER_ERRORS as error:
            raise translated(error, self.server) from error

    async def stream(
        self, name: str, slots: Mapping[str, Any] | None = None, **parameters: Any
    ) -> AsyncIterator[Row]:
        """Rows one by one in constant memory.

        Where the embedded engine was restarted under it, rows that come in an order are read again
        from where it broke off; others are only if none was used. Who needs rows of one version
        of the graph looks at the version before and after.
        """
        statement = self.catalog[name]
        text = statement.fill(**(slots or {}))
        waits = self.retry_waits()
        used = 0
        while True:
            await self.follow_engine()
            try:
                async with self._read_session(self._driver) as session:
                    result = await _start(session, text, parameters, statement.timeout_s)
                    had = used
                    async for record in result:
                        if had:
                            had -= 1
                            continue
                        used += 1
                        yield dict(record)
                return
            except DRIVER_ERRORS as error:
                again = self.embedded and is_lost_connection(error)
                wait = next(waits, None) if again and (not used or "ORDER BY" in text) else None
                if wait is None:
                    raise translated(error, self.server) from error
            await self._recovered(wait)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction; it may run again when the driver sees a clash.

        Raises
        ------
        StoreConflictError
            When another writer won; nothing was written.
        StoreUnavailableError
            When the connection was lost; nothing was written, or all of it.
        """

        async def in_transaction(transaction: AsyncManagedTransaction) -> T:
            return await work(Transaction(transaction, self.catalog))

        generation = await self.follow_engine()
        try:
            with WRITE_SECONDS.time():
                async with self._driver.session(database=self._database) as session:
                    return await session.execute_write(in_transaction)
        except DRIVER_ERRORS as error:
            if self._engine is not None and is_failed_commit(error):
                await self._engine.restart(generation)
            raise translated(error, self.server) from error
        finally:
            # Also after an error: a commit may have gone through whose answer was lost.
            self.writes += 1

    async def change_schema(self, name: str, slots: Mapping[str, Any] | None = None) -> None:
        """Run one schema statement in a transaction of its own."""
        text = self.catalog[name].fill(**(slots or {}))
        await self.follow_engine()
        try:
            await self._driver.execute_query(
                text, database_=self._database, routing_=RoutingControl.WRITE
            )
        except DRIVER_ERRORS as error:
            raise translated(error, self.server) from error

    async def terminate(self, mark: str) -> None:
        """End the statement that carries this mark, from a connection of its own; Neo4j alone.

        The user who ran it ends it, for which no right is needed.

        Raises
        ------
        Neo4jError, DriverError, OSError
            As the driver has it.
        """
        statement = self.catalog["admin/terminate"]
        async with asyncio.timeout(statement.timeout_s), self.reader_session(10) as session:
            await (await session.run(statement.text, statement=mark)).consume()

    def reader_session(self, fetch_size: int) -> AbstractAsyncContextManager[AsyncSession]:
        """A session of the user who may only read, which takes so many rows at a time."""
        return self._read_session(self._reader, fetch_size=fetch_size)

    @asynccontextmanager
    async def _read_session(
        self, driver: AsyncDriver, **options: Any
    ) -> AsyncIterator[AsyncSession]:
        with SESSIONS.track_inprogress():
            async with driver.session(
                database=self._database, default_access_mode=READ_ACCESS, **options
            ) as session:
                yield session

    def retry_waits(self) -> Iterator[float]:
        """Seconds to wait before each time that a read is run again."""
        return iter(_RETRY_ENGINE_AFTER_S if self.embedded else _RETRY_AFTER_S)

    async def _recovered(self, wait_s: float) -> None:
        """Wait a while, and until the embedded engine is up again."""
        await asyncio.sleep(wait_s)
        if self._engine is not None:
            await self._engine.ready()

    async def answers(self) -> bool:
        """Whether the embedded engine answers a lookup, on a connection of its own, within 3 s."""
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN_S):
                await self.look_up()
        except (TimeoutError, *DRIVER_ERRORS):
            return False
        return True

    async def look_up(self) -> None:
        """A lookup on a connection of its own, which waits for no other.

        Raises
        ------
        Neo4jError, DriverError, OSError
            As the driver has it.
        """
        statement = self.catalog["read/heartbeat"]
        assert self._lookups is not None  # noqa: S101 - asked of the embedded engine alone
        async with self._lookups.session(
            database=self._database, default_access_mode=READ_ACCESS
        ) as session:
            await (await _start(session, statement.text, {}, statement.timeout_s)).consume()

    async def _with_watchdog(self, attempt: Callable[[], Awaitable[T]], timeout_s: float) -> T:
        waits = self.retry_waits()
        while True:
            generation = await self.follow_engine()
            try:
                async with asyncio.timeout(timeout_s + OVERRUN_S) as deadline:
                    return await attempt()
            except TimeoutError:
                if not deadline.expired():
                    raise
                # Under load it only had to wait; what is lost is one read, not everybody's.
                if self._engine is not None and not await self.answers():
                    await self._engine.restart(generation)
                raise StoreTimeoutError(
                    f"The statement ran past its {timeout_s:g} seconds and was stopped.",
                    mend="Ask for less, or allow it more time.",
                ) from None
            except DRIVER_ERRORS as error:
                wait = next(waits, None) if is_worth_retrying(error) else None
                if wait is None:
                    raise
                await self._recovered(wait)

    async def follow_engine(self) -> int:
        """The engine's generation; where a restart moved it, connect to its new port first."""
        if self._engine is None:
            return 0
        try:
            at = self._engine.address
        except StoreUnavailableError:
            at = await self._engine.ready()
        if at.uri != self.address:
            async with self._moving:
                if at.uri != self.address:
                    await self._connect_to_engine(at)
        return at.generation


async def _start(
    session: AsyncSession, text: str, parameters: Mapping[str, Any], timeout_s: float
) -> AsyncResult:
    return await session.run(Query(text, timeout=timeout_s), dict(parameters))
