"""The supervisor: one process a data folder, which serves clients on the control port.

It lives as long as it has clients, and a little longer, and the database with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import signal
import socket
import time

from graphsvc import __version__
from graphsvc.store.engine import protocol
from graphsvc.store.engine.folder import DataFolder, Record
from graphsvc.store.engine.keeper import DatabaseKeeper
from graphsvc.store.engine.protocol import Message

LINGER_S = 3.0
"""How long the engine outlives its last client: the next command of a script starts at once."""

_HELLO_TIMEOUT_S = 5.0


class Supervisor:
    """Serves clients, and runs the database for them.

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
        self._token = record.token
        self._pid = record.pid
        self._keeper = DatabaseKeeper(folder, lock, record, memory_mb, self._tell)
        self._clients: set[asyncio.StreamWriter] = set()
        self._lingering = False
        self._started = time.monotonic()
        self._closing = asyncio.Event()
        self._idle: asyncio.TimerHandle | None = None

    async def run(self, listening: socket.socket) -> None:
        """Serve until the last client has been gone for a while, or SIGTERM."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._closing.set)
        server = await asyncio.start_server(self._serve_client, sock=listening)
        self._expect_clients()
        keeping = asyncio.create_task(self._keeper.run())
        closing = asyncio.create_task(self._closing.wait())
        await asyncio.wait([keeping, closing], return_when=asyncio.FIRST_COMPLETED)
        # From here on a client is told to ask again; it gets a fresh engine once we are gone.
        self._closing.set()
        server.close()
        await _end(keeping)
        await self._keeper.stop()

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
            str(hello.get("token", "")).encode(), self._token.encode()
        ):
            return False
        answer = self._status() if hello.get("hello") == protocol.STATUS else self._judge(hello)
        await protocol.send(writer, answer)
        return "welcome" in answer

    def _judge(self, hello: Message) -> Message:
        """Whether a client may attach."""
        other_version = hello.get("version") != __version__
        if other_version and self._lingering:
            # Nobody uses us any more: make room for the other version.
            self._closing.set()
        if self._closing.is_set():
            return {"closing": True}
        if other_version:
            return {"refused": __version__, "pid": self._pid}
        return {"welcome": True}

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        self._lingering = False
        if self._idle is not None:
            self._idle.cancel()
        try:
            while (request := await protocol.receive(reader)) is not None:
                if "restart" in request:
                    self._keeper.restart(
                        int(request["restart"]), runaway=bool(request.get("runaway"))
                    )
                else:
                    await self._keeper.check()
                state = await self._keeper.settled()
                await protocol.send(writer, {"reply": request.get("request"), **state})
        finally:
            self._clients.discard(writer)
            if not self._clients:
                self._lingering = True
                self._expect_clients()

    def _tell(self, state: Message) -> None:
        for writer in self._clients:
            protocol.post(writer, state)

    def _expect_clients(self) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(LINGER_S, self._closing.set)

    def _status(self) -> Message:
        record, database = self._keeper.record, self._keeper.database
        return {
            "state": self._keeper.state["state"],
            "message": self._keeper.state.get("message", ""),
            "pid": self._pid,
            "database_pid": database.pid if database else None,
            "graphsvc_version": __version__,
            "engine_version": database.engine_version if database else "",
            "control_port": record.control_port,
            "bolt_port": record.bolt_port,
            "generation": record.generation,
            "uptime_s": time.monotonic() - self._started,
            "clients": len(self._clients),
            "statements_wait_s": max(0.0, self._keeper.statements_from - time.monotonic()),
        }


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    except Exception:
        logging.exception("the keeper failed")
