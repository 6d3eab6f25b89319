"""The client of the engine: finds that of a data folder or starts it, and stays connected."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from graphsvc import __version__
from graphsvc.errors import SettingsError, StoreUnavailableError
from graphsvc.store.engine import protocol
from graphsvc.store.engine.child import environment, python
from graphsvc.store.engine.folder import DATABASE, READER_USER, USER, DataFolder
from graphsvc.store.engine.protocol import FAILED, HOST, READY, STARTING, Message

_GREETING_TIMEOUT_S = 5.0
_AGAIN_AFTER_S = 0.05


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where the embedded database answers, and as whom.

    `generation` counts starts of the database in this data folder; it grows with each restart.
    `memory_ran_out` says that the generation before ended for want of memory. `statements_from` is
    when people's statements may run again, on the clock of `time.monotonic`, which all processes
    of a machine share. `pid` is the database process, 0 where it has just ended.
    """

    uri: str
    user: str
    password: str
    reader_user: str
    reader_password: str
    database: str
    generation: int
    memory_ran_out: bool = False
    statements_from: float = 0.0
    pid: int = 0

    def __repr__(self) -> str:
        return f"EngineAddress(uri={self.uri!r}, generation={self.generation})"


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What runs for a data folder.

    `state` is starting, ready or failed (then `message` says why); `database_pid` is None and
    `engine_version` empty while no database has been started.
    """

    state: str
    message: str
    pid: int
    database_pid: int | None
    graphsvc_version: str
    engine_version: str
    control_port: int
    bolt_port: int
    generation: int
    uptime_s: float
    clients: int
    statements_wait_s: float
    """How much longer people's statements wait, since they made the database start again twice."""


class _Link:
    """One control connection, and the engine's state as last told on it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._requests = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message | None]] = {}
        self._listening = asyncio.create_task(self._listen())
        self.state: Message = {"state": STARTING}
        self.lost = False

    async def _listen(self) -> None:
        try:
            while (message := await protocol.receive(self._reader)) is not None:
                self.state = message
                self._resolve(message.get("reply"), message)
        finally:
            self.lost = True
            for request in list(self._waiting):
                self._resolve(request, None)

    def _resolve(self, request: int | None, answer: Message | None) -> None:
        waiting = self._waiting.pop(request, None) if request is not None else None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def ask(self, wish: Message) -> Message | None:
        """Send a request and wait for its outcome; None when the link is broken."""
        if self.lost:
            return None
        request = next(self._requests)
        answer: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
        self._waiting[request] = answer
        try:
            await protocol.send(self._writer, {"request": request, **wish})
        except OSError:
            return None
        return await answer

    async def close(self) -> None:
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening
        await _close(self._writer)


class Engine:
    """A hold on the embedded database of a data folder, shared by every process that attaches.

    The database runs while anybody is attached and a few seconds longer. Use `attach`, best as
    ``async with await Engine.attach(folder, memory_mb=1024) as engine``; all use is on the event
    loop that attached.
    """

    def __init__(self, folder: DataFolder, memory_mb: int, start_timeout_s: float) -> None:
        self._folder = folder
        self._memory_mb = memory_mb
        self._timeout_s = start_timeout_s
        self._link: _Link | None = None
        self._linking = asyncio.Lock()
        self._known: tuple[Message, EngineAddress] | None = None
        self._detached = False

    @classmethod
    async def attach(cls, data_dir: Path, *, memory_mb: int, start_timeout_s: float = 60) -> Self:
        """Attach to the folder's engine, starting it when nobody has.

        Parameters
        ----------
        data_dir
            The data folder; made when it is not there.
        memory_mb
            The most the database's Java heap may take, should this call start it.
        start_timeout_s
            How long to wait for it, here and in later calls.

        Raises
        ------
        SettingsError
            When the folder cannot be made or written.
        StoreUnavailableError
            When the database does not start (the disk is full, a newer engine wrote it, Java
            failed; with the last lines of its log), or another graphsvc version holds it.
        """
        engine = cls(DataFolder(data_dir), memory_mb, start_timeout_s)
        engine._folder.create()
        try:
            await engine.ready()
        except BaseException:
            await engine.detach()
            raise
        return engine

    @property
    def address(self) -> EngineAddress:
        """The address as last told; costs nothing.

        Raises
        ------
        StoreUnavailableError
            While the database is down; `ready` waits for it.
        """
        if self._link is None or self._link.lost or self._link.state["state"] != READY:
            raise StoreUnavailableError(
                "The embedded database is starting again.", mend="Try again in a few seconds."
            )
        if self._known is None or self._known[0] is not self._link.state:
            self._known = self._link.state, self._address(self._link.state)
        return self._known[1]

    async def ready(self) -> EngineAddress:
        """Wait until the database answers, through a restart or, if need be, a fresh start.

        Raises
        ------
        SettingsError, StoreUnavailableError
            As `attach`.
        """
        return await self._settle({})

    async def restart(self, generation: int, *, runaway: bool = False) -> EngineAddress:
        """Kill the database and start it again, on the same port where possible.

        Statements in flight fail, on every client; nothing acknowledged is lost. Any number of
        calls that name one generation cause one restart.

        Parameters
        ----------
        generation
            The generation that misbehaves, from the address its statement ran on.
        runaway
            Whether a statement is to blame: after two such restarts within a minute people's
            statements wait for a minute.

        Raises
        ------
        SettingsError, StoreUnavailableError
            As `attach`.
        """
        return await self._settle({"restart": generation, "runaway": runaway})

    async def detach(self) -> None:
        """Let go; the engine ends a few seconds after the last client. Never fails."""
        self._detached = True
        if self._link is not None:
            await self._link.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.detach()

    async def _settle(self, wish: Message) -> EngineAddress:
        async with self._deadline():
            while (state := await (await self._linked()).ask(wish)) is None:
                pass
        if state["state"] == FAILED:
            raise StoreUnavailableError(str(state["message"]), mend=str(state["mend"]))
        return self._address(state)

    @contextlib.asynccontextmanager
    async def _deadline(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout_s):
                yield
        except TimeoutError as error:
            raise StoreUnavailableError(
                f"The embedded database in {self._folder.path} was not ready within"
                f" {self._timeout_s:g} s.",
                mend=f"See {self._folder.log}; on a slow machine, try again.",
            ) from error

    async def _linked(self) -> _Link:
        """The control connection, made anew when it is broken."""
        async with self._linking:
            if self._detached:
                raise StoreUnavailableError("This process has let go of the embedded database.")
            if self._link is not None and not self._link.lost:
                return self._link
            if self._link is not None:
                await self._link.close()
            while (link := await self._greet()) is None:
                if self._folder.held():
                    await asyncio.sleep(_AGAIN_AFTER_S)
                else:
                    await asyncio.to_thread(self._start_supervisor)
            self._link = link
            return link

    async def _greet(self) -> _Link | None:
        """Say hello to the supervisor; None when there is none, or it is going."""
        stream = await _hello(self._folder, protocol.ATTACH)
        if stream is None:
            return None
        reader, writer, answer = stream
        if "welcome" in answer:
            return _Link(reader, writer)
        await _close(writer)
        if "refused" in answer:
            raise StoreUnavailableError(
                f"The database in {self._folder.path} is in use by graphsvc"
                f" {answer['refused']} (process {answer['pid']}); this is graphsvc"
                f" {__version__}.",
                mend="Stop every command and service of that version, or use another folder"
                " with GRAPHSVC_DATA_DIR.",
            )
        return None

    def _start_supervisor(self) -> None:
        """Start a supervisor; returns when it can be reached, or another has the folder."""
        command = [
            *python("graphsvc.store.engine"),
            str(self._folder.path),
            str(self._memory_mb),
        ]
        try:
            run = subprocess.run(  # noqa: S603 - our own module and a path
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd=self._folder.path,
                env=environment(),
                start_new_session=True,
                timeout=self._timeout_s,
                check=False,
            )
            answer = json.loads(run.stdout)
        except (OSError, subprocess.TimeoutExpired) as error:
            answer = {"failed": f"The engine could not be started: {error}."}
        except ValueError:
            words = run.stderr.decode("utf-8", "replace")[-2000:]
            answer = {"failed": f"The engine could not be started: {words}"}
        if "failed" in answer:
            kind = SettingsError if answer.get("settings") else StoreUnavailableError
            raise kind(str(answer["failed"]), mend=str(answer.get("mend", "")))

    def _address(self, state: Message) -> EngineAddress:
        passwords = self._folder.read_passwords()
        if passwords is None:
            raise StoreUnavailableError(
                f"The passwords in {self._folder.path} cannot be read.",
                mend="Stop every graphsvc that uses this folder; the next start makes new ones.",
            )
        return EngineAddress(
            uri=f"bolt://{HOST}:{state['bolt_port']}",
            user=USER,
            password=passwords.root,
            reader_user=READER_USER,
            reader_password=passwords.reader,
            database=DATABASE,
            generation=int(state["generation"]),
            memory_ran_out=bool(state.get("memory_ran_out")),
            statements_from=float(state.get("statements_from", 0)),
            pid=int(state.get("database_pid") or 0),
        )


async def engine_status(data_dir: Path) -> EngineStatus | None:
    """What runs for a data folder, starting nothing; None when nothing does."""
    stream = await _hello(DataFolder(data_dir), protocol.STATUS)
    if stream is None:
        return None
    _, writer, answer = stream
    await _close(writer)
    try:
        return EngineStatus(**answer)
    except TypeError:
        # A supervisor of another version, which has other things to say.
        return None


async def _hello(
    folder: DataFolder, purpose: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, Message] | None:
    """Connect to the folder's supervisor and take its first answer; None when none answers."""
    record = folder.read_record()
    # Without the lock the record is a dead supervisor's, and its port may be anybody's by now.
    if record is None or not folder.held():
        return None
    async with contextlib.AsyncExitStack() as unless_greeted:
        try:
            async with asyncio.timeout(_GREETING_TIMEOUT_S):
                reader, writer = await asyncio.open_connection(HOST, record.control_port)
                unless_greeted.push_async_callback(_close, writer)
                hello = {"hello": purpose, "token": record.token, "version": __version__}
                await protocol.send(writer, hello)
                answer = await protocol.receive(reader)
        except (OSError, TimeoutError):
            return None
        if answer is None:
            return None
        unless_greeted.pop_all()
        return reader, writer, answer


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
