"""The supervisor: one process a data folder, which owns the database process.

It lives as long as it has clients, and a little longer; it starts the database, starts it again
when it dies or a client asks, and stops it when nobody is left.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import hmac
import logging
import signal
import socket
import time
from dataclasses import replace

from graphsvc import __version__
from graphsvc.errors import GraphsvcError
from graphsvc.store.engine import protocol
from graphsvc.store.engine.child import DatabaseProcess
from graphsvc.store.engine.folder import DataFolder, Record
from graphsvc.store.engine.protocol import Message

LINGER_S = 3.0
"""How long the engine outlives its last client: the next command of a script starts at once."""

_HELLO_TIMEOUT_S = 5.0
_MOST_DEATHS = 5
_DEATHS_WINDOW_S = 60.0


class Supervisor:
    """Runs one database and tells clients about it.

    Parameters
    ----------
    folder
        The data folder.
    lock
        The descriptor that holds it.
    record
        What stands in `engine.json`: our token, ports and generation.
    memory_mb
        The most the database's Java heap may take.
    """

    def __init__(self, folder: DataFolder, lock: int, record: Record, memory_mb: int) -> None:
        self._folder = folder
        self._lock = lock
        self._record = record
        self._memory_mb = memory_mb
        self._database: DatabaseProcess | None = None
        self._state: Message = {"state": "starting"}
        self._clients: set[asyncio.StreamWriter] = set()
        self._lingering = False
        self._deaths: collections.deque[float] = collections.deque(maxlen=_MOST_DEATHS)
        self._started = time.monotonic()
        self._closing = asyncio.Event()
        self._wanted = asyncio.Event()
        self._kill_wanted = asyncio.Event()
        self._idle: asyncio.TimerHandle | None = None

    async def run(self, listening: socket.socket) -> None:
        """Serve until the last client has been gone for a while, or SIGTERM."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._closing.set)
        server = await asyncio.start_server(self._serve_client, sock=listening)
        self._expect_clients()
        self._wanted.set()
        keeping = asyncio.create_task(self._keep_database())
        closing = asyncio.create_task(self._closing.wait())
        await asyncio.wait([keeping, closing], return_when=asyncio.FIRST_COMPLETED)
        # From here on a client is told to ask again; it gets a fresh engine once we are gone.
        self._closing.set()
        server.close()
        await self._cancel(keeping)
        if self._database is not None:
            await self._database.stop()
        for writer in self._clients:
            writer.close()

    @staticmethod
    async def _cancel(task: asyncio.Task[None]) -> None:
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
        except Exception:
            logging.exception("the supervisor failed")

    # -- the database ---------------------------------------------------------------------------

    async def _keep_database(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            database = await self._start()
            if database is not None:
                await self._watch(database)

    async def _start(self) -> DatabaseProcess | None:
        """Start the database; None when that failed, or was tried too often, and was told."""
        if not self._may_start():
            await self._tell(
                {
                    "state": "failed",
                    "message": f"The embedded database in {self._folder.path} ended"
                    f" {_MOST_DEATHS} times within a minute and is left down.",
                    "mend": f"See {self._folder.log}; wait a minute or start graphsvc again.",
                }
            )
            return None
        await self._tell({"state": "starting"})
        self._kill_wanted.clear()
        self._record = replace(self._record, generation=self._record.generation + 1)
        database = self._database = DatabaseProcess(self._folder, self._lock, self._memory_mb)
        try:
            await database.start(self._record.bolt_port)
            self._record = replace(self._record, bolt_port=database.bolt_port)
            self._folder.write_record(self._record)
        except GraphsvcError as error:
            logging.warning("the database did not start: %s", error)
            await database.kill()
            await self._tell({"state": "failed", "message": error.message, "mend": error.mend})
            return None
        logging.info("generation %d, bolt port %d", self._record.generation, database.bolt_port)
        await self._tell(
            {
                "state": "ready",
                "bolt_port": database.bolt_port,
                "generation": self._record.generation,
            }
        )
        return database

    def _may_start(self) -> bool:
        if len(self._deaths) < _MOST_DEATHS:
            return True
        return time.monotonic() - self._deaths[0] > _DEATHS_WINDOW_S

    async def _watch(self, database: DatabaseProcess) -> None:
        """Wait until the database ends: by itself, or because it must."""
        ended = asyncio.create_task(database.wait())
        asked = asyncio.create_task(self._kill_wanted.wait())
        damaged = asyncio.create_task(database.damaged.wait())
        try:
            await asyncio.wait([ended, asked, damaged], return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                logging.warning("the database ended by itself (exit code %s)", ended.result())
                self._deaths.append(time.monotonic())
            else:
                reason = "could not write a page" if damaged.done() else "ran away, a client says"
                logging.warning("the database is killed: it %s", reason)
                await database.kill()
        finally:
            for task in (ended, asked, damaged):
                task.cancel()
        self._wanted.set()

    # -- the clients ----------------------------------------------------------------------------

    async def _serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            if await self._greet(reader, writer):
                await self._attend(reader, writer)
        except OSError:
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            async with asyncio.timeout(_HELLO_TIMEOUT_S):
                hello = await protocol.receive(reader)
        except TimeoutError:
            return False
        if hello is None or not hmac.compare_digest(
            str(hello.get("token", "")).encode(), self._record.token.encode()
        ):
            return False
        if hello.get("hello") == protocol.STATUS:
            await protocol.send(writer, self._status())
            return False
        if hello.get("version") != __version__ and self._lingering:
            # Nobody uses us any more: make room for the other version.
            self._closing.set()
        if self._closing.is_set():
            await protocol.send(writer, {"closing": True})
            return False
        if hello.get("version") != __version__:
            await protocol.send(writer, {"refused": __version__, "pid": self._record.pid})
            return False
        return True

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        self._lingering = False
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        try:
            if self._state["state"] == "failed":
                self._wanted.set()
            else:
                await protocol.send(writer, self._state)
            while (request := await protocol.receive(reader)) is not None:
                await self._answer(request, writer)
        finally:
            self._clients.discard(writer)
            if not self._clients:
                self._lingering = True
                self._expect_clients()

    async def _answer(self, request: Message, writer: asyncio.StreamWriter) -> None:
        if self._state["state"] == "failed":
            # A later request may try again; the outcome is told to everybody.
            self._wanted.set()
            return
        stale = request.get("restart") != self._record.generation
        if "restart" in request and self._state["state"] == "ready" and not stale:
            self._kill_wanted.set()
            # Said at once, so that a second client's same request is not taken for a new one.
            await self._tell({"state": "starting"})
            return
        await protocol.send(writer, self._state)

    async def _tell(self, state: Message) -> None:
        self._state = state
        for writer in list(self._clients):
            with contextlib.suppress(OSError):
                await protocol.send(writer, state)

    def _expect_clients(self) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(LINGER_S, self._closing.set)

    def _status(self) -> Message:
        database = self._database
        return {
            "state": self._state["state"],
            "message": self._state.get("message", ""),
            "pid": self._record.pid,
            "database_pid": database.pid if database else None,
            "graphsvc_version": __version__,
            "engine_version": database.engine_version if database else "",
            "control_port": self._record.control_port,
            "bolt_port": self._record.bolt_port,
            "generation": self._record.generation,
            "uptime_s": time.monotonic() - self._started,
            "clients": len(self._clients),
        }
