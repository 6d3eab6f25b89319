"""The supervisor's side of the database process: start it, stop it, kill it, log it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import socket
import sys
from pathlib import Path

import graphsvc
from graphsvc.errors import StoreUnavailableError
from graphsvc.store.engine.folder import DataFolder
from graphsvc.store.engine.protocol import HOST, Order

# A long recovery after a kill is no fault; hanging is.
_START_TIMEOUT_S = 300.0
_STOP_TIMEOUT_S = 10.0
_ANSWER_TIMEOUT_S = 2.0
# The magic number and four version proposals, of which the first (5.4) is real.
_BOLT_HANDSHAKE = bytes.fromhex("6060b017 00000405 00000000 00000000 00000000")
# The engine's words for a page it dropped because the disk was full; it goes on without it.
_UNWRITTEN = "Error on flushing page"
# Below the range the kernel hands to outgoing connections: while the database restarts nobody
# is given its port by chance, and a client that keeps dialling cannot connect to itself.
_PORTS = range(20_000, 32_000)
_PORTS_TRIED = 4
_PASSED_ON = {
    "DYLD_LIBRARY_PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "TMPDIR",
    "TZ",
    "VIRTUAL_ENV",
}


def environment() -> dict[str, str]:
    """What our long-lived processes get of the caller's environment.

    A few names, since the rest may hold its secrets or change Java's behaviour, and where to
    find this very graphsvc, since they run in another folder.
    """
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    root = str(Path(graphsvc.__file__).resolve().parents[1])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [root, kept.get("PYTHONPATH")]))
    return kept


def python(module: str) -> list[str]:
    """The command line that runs one of our modules, with nothing from the working folder."""
    return [sys.executable, "-P", "-m", module]


def free_port(wanted: int = 0) -> int:
    """A loopback port nobody listens on: the wanted one, if that is free.

    Raises
    ------
    StoreUnavailableError
        When none of a hundred is free.
    """
    candidates = random.sample(_PORTS, 100)
    for port in [wanted, *candidates] if wanted else candidates:
        if is_free(port):
            return port
    raise StoreUnavailableError("No free port was found for the embedded database.")


def is_free(port: int) -> bool:
    """Whether nobody listens on a loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class DatabaseProcess:
    """One run of the database process.

    Parameters
    ----------
    folder
        The data folder, whose lock the caller holds.
    lock
        The lock's descriptor. The process inherits it: should the supervisor be killed, nobody
        may open the database before this process has gone too.
    """

    def __init__(self, folder: DataFolder, lock: int, memory_mb: int) -> None:
        self._folder = folder
        self._lock = lock
        self._memory_mb = memory_mb
        self._process: asyncio.subprocess.Process | None = None
        self._logging: asyncio.Task[None] | None = None
        self.damaged = asyncio.Event()
        """Set when the database could not write a page; only a restart makes it whole."""
        self.bolt_port = 0
        self.engine_version = ""

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        if self._process is None or self._process.returncode is not None:
            return None
        return self._process.pid

    async def answers(self) -> bool:
        """Whether something still speaks Bolt on the port; a slow answer counts as one."""
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                reader, writer = await asyncio.open_connection(HOST, self.bolt_port)
                try:
                    writer.write(_BOLT_HANDSHAKE)
                    return len(await reader.read(4)) > 0
                finally:
                    writer.close()
        except TimeoutError:
            return True
        except OSError:
            return False

    async def start(self, wanted_port: int) -> None:
        """Start it and wait until it answers on Bolt.

        Raises
        ------
        StoreUnavailableError
            When it does not come up, with the last lines of its log.
        """
        self._folder.check_space()
        for tries_left in reversed(range(_PORTS_TRIED)):
            self.bolt_port = free_port(wanted_port)
            try:
                await self._start_on_port()
            except StoreUnavailableError:
                if not tries_left or is_free(self.bolt_port):
                    raise
                # Another took it between our look and the engine's; two that start at one time do.
                logging.warning("port %d was taken meanwhile; trying another", self.bolt_port)
                wanted_port = 0
            else:
                return

    async def _start_on_port(self) -> None:
        passwords = self._folder.make_passwords()
        order = Order(
            data_dir=str(self._folder.path),
            bolt_port=self.bolt_port,
            memory_mb=self._memory_mb,
            root_password=passwords.root,
            reader_password=passwords.reader,
        )
        process = self._process = await asyncio.create_subprocess_exec(
            *python("graphsvc.store.engine.database"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._folder.path,
            env=environment(),
            pass_fds=(self._lock,),
        )
        self._logging = asyncio.create_task(self._copy_to_log(process.stderr))
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                self.engine_version = await self._ask(process, order)
        except TimeoutError as error:
            raise StoreUnavailableError(
                f"The embedded database in {self._folder.path} did not start within"
                f" {_START_TIMEOUT_S:g} s.",
                mend=f"See {self._folder.log}.",
            ) from error

    async def _ask(self, process: asyncio.subprocess.Process, order: Order) -> str:
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(ConnectionError):
            process.stdin.write(order.line())
            await process.stdin.drain()
        line = await process.stdout.readline()
        try:
            answer = json.loads(line)
        except ValueError:
            answer = {}
        if "ready" in answer:
            return str(answer["ready"])
        await process.wait()
        await self._drain_log()
        if answer.get("mend"):
            raise StoreUnavailableError(str(answer["failed"]), mend=str(answer["mend"]))
        # Nobody named the cause; the log's last lines are the best there is.
        what = answer.get("failed", "its process ended")
        raise StoreUnavailableError(
            f"The embedded database in {self._folder.path} did not start: {what}\n"
            f"{self._folder.log_tail()}\n",
            mend=f"See {self._folder.log}, and GRAPHSVC_ENGINE_MEMORY_MB if Java found too little"
            " memory.",
        )

    async def wait(self) -> int:
        """Wait until it ends; its exit code, or minus the signal that killed it."""
        assert self._process is not None  # noqa: S101 - only called after start
        code = await self._process.wait()
        await self._drain_log()
        return code

    async def stop(self) -> None:
        """End it cleanly; by force if that takes longer than ten seconds."""
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.write(b"stop\n")
            await process.stdin.drain()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await process.wait()
        except TimeoutError:
            logging.warning("the database did not stop in time and is killed")
        await self.kill()

    async def kill(self) -> None:
        """End it at once; nothing that was acknowledged is lost."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            await self._drain_log()

    async def _copy_to_log(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None  # noqa: S101 - a pipe was asked for
        rest = b""
        while block := await stream.read(65_536):
            *lines, rest = (rest + block).split(b"\n")
            # A line without end must not fill our memory.
            rest = rest[-65_536:]
            for line in lines:
                self._log_line(line.decode("utf-8", "replace"))
        self._log_line(rest.decode("utf-8", "replace"))

    def _log_line(self, line: str) -> None:
        if _UNWRITTEN in line:
            self.damaged.set()
        # Stack frames would push out of the bounded log what an operator looks for.
        if line.strip() and not line.startswith("\tat "):
            logging.info("database: %s", line)

    async def _drain_log(self) -> None:
        if self._logging is not None:
            await self._logging
