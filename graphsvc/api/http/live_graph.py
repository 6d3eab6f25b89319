"""The live graph: a database that is opened on demand, and its current version."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request

from graphsvc import __version__
from graphsvc.api.http.metrics import note_version
from graphsvc.api.http.single_flight import SingleFlight, SingleFlightCache, retrieve_exception
from graphsvc.errors import SettingsError, StoreError, StoreUnavailableError
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.queries import NamedQueries
from graphsvc.store.state import GraphState, require_ready
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.usecases.about.named_queries import named_queries

T = TypeVar("T")

_START_WAIT_S = 5.0
"""How long the process waits for the database before it answers without it."""

_BETWEEN_TRIES_S = 1.0


@dataclass(frozen=True)
class GraphVersion:
    """The database, the version of the graph and the queries that one request answers from."""

    database: Database
    statements: StatementExecutor
    state: GraphState
    vocabulary: Vocabulary
    queries: NamedQueries
    _computed: SingleFlightCache = field(
        default_factory=SingleFlightCache, repr=False, compare=False
    )

    @property
    def version(self) -> int:
        """The number of the load that made it."""
        return self.state.version

    @cached_property
    def token(self) -> str:
        """What tells answers of this version, by this program and queries, from all others."""
        state, queries = self.state, self.queries.digest
        return f"{state.version}:{state.loaded_at}:{state.vocabulary_hash}:{queries}:{__version__}"

    async def compute_once(
        self,
        key: Hashable,
        make: Callable[[], Coroutine[Any, Any, T]],
        size: Callable[[T], int] | None = None,
    ) -> T:
        """The result of `make`, computed once for this version of the graph and shared.

        `SingleFlightCache.get` says more.
        """
        return await self._computed.get(key, make, size)

    def with_queries(self, queries: NamedQueries) -> GraphVersion:
        """The same version of the graph, and what was computed of it, with other queries."""
        return replace(self, queries=queries)


class LiveGraph:
    """Opens the database as soon as it is available, and knows the graph's version.

    The version is read at most once every `settings.state_max_age_s`, by one read for everybody
    who asks meanwhile.

    Attributes
    ----------
    queries
        The named queries in use; `read_queries` puts others in their place.
    exports
        The places in which exports are sent.
    on_version
        Called with each other version of the graph as soon as it is seen.
    warn
        Told what an operator has to know.

    Raises
    ------
    QueryFileError
        When a query file is bad, with file and line.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.exports = asyncio.Semaphore(settings.max_exports)
        self.queries = named_queries(settings)
        self.warn: Callable[[str], None] = lambda _: None
        self.on_version: Callable[[GraphVersion], None] = lambda _: None
        self._database: Database | None = None
        self._open = SingleFlight(self._try_to_open)
        self._statements: StatementExecutor | None = None
        self._first_try: asyncio.Future[Database] | None = None
        self._started = False
        self._refused: StoreError | None = None
        self._next_try = 0.0
        self._held: GraphVersion | None = None
        self._last_seen: GraphVersion | None = None
        self._held_until = 0.0
        self._held_after = 0
        self._version_read = SingleFlight(self._read_version)

    async def start(self) -> None:
        """Give the database a moment to be there; without it the process starts all the same."""
        first_try = self._first_try = asyncio.ensure_future(self.database())
        first_try.add_done_callback(retrieve_exception)
        done, _ = await asyncio.wait({first_try}, timeout=_START_WAIT_S)
        self._started = True
        if done and not isinstance(first_try.exception(), StoreError):
            first_try.result()  # a bad setting stops the start; a database may still come

    def read_queries(self) -> NamedQueries:
        """Read the query files anew; those of now stay in use when one is bad.

        Raises
        ------
        QueryFileError
            With file and line.
        """
        self.queries = named_queries(self.settings)
        self._held_until = 0.0  # the next request answers from them
        return self.queries

    async def close(self) -> None:
        """Close the database."""
        await self._open.cancel()
        if self._first_try is not None:
            await asyncio.wait({self._first_try})
        await self._version_read.cancel()
        if self._statements is not None:
            await self._statements.close()
        if self._database is not None:
            await self._database.close()

    async def database(self) -> Database:
        """The open database.

        Raises
        ------
        StoreUnavailableError
            When it cannot be opened; it is tried again, at most once a second.
        """
        return self._database or await self._open()

    async def statements(self) -> StatementExecutor:
        """What executes people's statements on the open database; raises as `database` does."""
        database = await self.database()
        if self._statements is None:
            self._statements = StatementExecutor(database)
            self._statements.places.warn = self.warn
        return self._statements

    async def _try_to_open(self) -> Database:
        if self._refused is not None and time.monotonic() < self._next_try:
            raise self._refused.with_traceback(None)
        try:
            self._database = await Database.open(self.settings)
        except StoreError as error:
            self._refused, self._next_try = error, time.monotonic() + _BETWEEN_TRIES_S
            raise
        except SettingsError as error:
            if not self._started:
                raise
            # Who asks now can set nothing: to them the database is not there.
            raise StoreUnavailableError(
                error.message, mend=error.mend, field=error.field
            ) from error
        return self._database

    async def now(self) -> GraphVersion:
        """The current version, at most `state_max_age_s` old.

        A load by this process is seen at once.

        Raises
        ------
        StoreUnavailableError
            When there is no database, or its graph is empty, loading or too new.
        """
        if (
            self._held is not None
            and self._held_after == self._held.database.writes
            and time.monotonic() < self._held_until
        ):
            return self._held
        return await self._version_read()

    async def refresh(self) -> GraphVersion:
        """The version read anew, however recent the last one is; raises as `now` does."""
        self._held_until = 0.0
        return await self.now()

    async def _read_version(self) -> GraphVersion:
        self._held = None
        asked_at = time.monotonic()
        database = await self.database()
        self._held_after = database.writes
        state = await require_ready(database)
        held = self._of_state(database, await self.statements(), state)
        self._held, self._held_until = held, asked_at + self.settings.state_max_age_s
        before, self._last_seen = self._last_seen, held
        if before is None or before.state != state:
            note_version(state)
            self.on_version(held)
        return held

    def _of_state(
        self, database: Database, statements: StatementExecutor, state: GraphState
    ) -> GraphVersion:
        before, queries = self._last_seen, self.queries
        if before is None or before.state.vocabulary_hash != state.vocabulary_hash:
            return GraphVersion(database, statements, state, state.vocabulary(), queries)
        if before.state != state:
            return GraphVersion(database, statements, state, before.vocabulary, queries)
        return before if before.queries == queries else before.with_queries(queries)

    def known_vocabulary(self) -> Vocabulary | None:
        """The vocabulary last seen, for descriptions; None before the first look."""
        return None if self._last_seen is None else self._last_seen.vocabulary


def live_graph_of(scope: Any) -> LiveGraph:
    """The live graph of the application that serves a request."""
    return cast("LiveGraph", scope["app"].state.graph)


async def _graph_version(request: Request) -> GraphVersion:
    return cast("GraphVersion", request.state.graph)


GraphVersionDep = Annotated[GraphVersion, Depends(_graph_version)]
"""Dependency of routes under /v1: the version to answer from, which conditional.py looked up."""
