"""`graphsvc serve`: the seed in the graph, and the graph over HTTP."""

from __future__ import annotations

import importlib
import os
import signal
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from graphsvc.cli.connecting import SeedOption, database_and_seed
from graphsvc.cli.messages import Say, say, waiting

if TYPE_CHECKING:
    import uvicorn

    from graphsvc.model.seed import Seed
    from graphsvc.settings import Settings
    from graphsvc.store.database import Database

_MODULE = "graphsvc.app"
APP = f"{_MODULE}:create_app"

MOST_CONNECTIONS = 512
"""Connections above this are answered 503 at once."""

_BACKLOG = 2048
_LAST_REQUESTS_S = 10
"""How long requests that run may go on after the service was told to stop."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
    seed: SeedOption = None,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser when ready.")] = False,
) -> None:
    """Serve the graph over HTTP.

    On the embedded database the seed is loaded first, when the graph is empty or holds an older
    state of it. On Neo4j nothing is loaded: run `graphsvc load`.
    """
    began = time.monotonic()
    from graphsvc.settings import load_settings
    from graphsvc.usecases.about.named_queries import named_queries

    settings = load_settings(seed_dir=seed)
    named_queries(settings)  # a bad file is told before anything is started
    listening = _claim(host, port)
    # What stops a service ends it as Ctrl-C does, whatever it is at.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    url = _url(listening)
    announcement = _Announcement(url, began, open_)
    with listening, suppress(KeyboardInterrupt):
        if workers == 1:
            _serve_here(settings, listening, announcement)
        else:
            _serve_by_workers(settings, listening, workers, announcement)


def _claim(host: str, port: int) -> socket.socket:
    """Listen before anything is started or loaded, so that a clash of ports is told at once."""
    from graphsvc.errors import SettingsError

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise SettingsError(
            f"{host} port {port} cannot be listened on: {error.strerror}.",
            mend="Stop what uses it, or choose another --port or --host.",
            field="port",
        ) from error
    listening.set_inheritable(True)
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Announcement:
    """Waits until the service answers, and says so."""

    def __init__(self, url: str, began: float, open_browser: bool) -> None:
        self._url = url
        self._began = began
        self._open_browser = open_browser

    async def make(self) -> None:
        """Ask until an answer comes: the socket listens already, so the first will do."""
        import asyncio

        host, _, port = self._url.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        try:
            writer.write(f"GET /health HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            answer = await reader.readline()
        finally:
            writer.close()
        if not answer:
            return
        say(f"graphsvc is ready at {self._url} ({time.monotonic() - self._began:.1f} s)")
        if self._open_browser:
            import webbrowser

            await asyncio.to_thread(webbrowser.open, f"{self._url}/")


def _serve_here(settings: Settings, listening: socket.socket, announcement: _Announcement) -> None:
    import asyncio

    from uvicorn import Server

    config = _config(workers=1)

    async def run() -> None:
        async with AsyncExitStack() as held:
            # Importing takes a second, and so does starting the database: at the same time.
            importing = asyncio.create_task(asyncio.to_thread(importlib.import_module, _MODULE))
            await held.enter_async_context(_prepared(settings))
            await importing

            async def announce() -> None:
                await announcement.make()
                # The service is attached to the database now; until here we held it for it.
                await held.aclose()

            announcing = asyncio.create_task(announce())
            try:
                await Server(config).serve(sockets=[listening])
            finally:
                announcing.cancel()
                await asyncio.gather(announcing, return_exceptions=True)

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner, _named_failure():
        runner.run(run())


def _serve_by_workers(
    settings: Settings, listening: socket.socket, workers: int, announcement: _Announcement
) -> None:
    from anyio.from_thread import start_blocking_portal

    from graphsvc.cli.workers import Workers

    # Attached for as long as the service runs, so that no change of workers ends the database.
    with (
        _shared_metrics(),
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_prepared(settings)),
        _named_failure(),
    ):
        announcing = portal.start_task_soon(announcement.make)
        Workers(_config(workers), sockets=[listening]).run()
        announcing.cancel()


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """A folder where workers keep their metrics, so that any of them tells those of all."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="graphsvc-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def _config(workers: int) -> uvicorn.Config:
    from uvicorn import Config

    return Config(
        APP,
        factory=True,
        workers=workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the application reads them, and the prefix with them
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=_LAST_REQUESTS_S,
    )


@contextmanager
def _named_failure() -> Iterator[None]:
    from graphsvc.errors import GraphsvcError

    try:
        yield
    except SystemExit as error:
        raise GraphsvcError("The service did not start; the reason stands above.") from error


@asynccontextmanager
async def _prepared(settings: Settings) -> AsyncIterator[None]:
    """The database is open and, if it is the embedded one, holds the seed."""
    from graphsvc.store.database import Database
    from graphsvc.store.state import read_state

    if settings.embedded:
        with waiting("Starting ...") as shown:
            async with AsyncExitStack() as stack:
                database, seed = await stack.enter_async_context(database_and_seed(settings))
                await _load(database, seed, shown.say)
                held = stack.pop_all()
        async with held:
            yield
        return
    async with await Database.open(settings) as database:
        if await read_state(database) is None:
            say("The graph is empty; `graphsvc load` fills it.")
        yield


async def _load(database: Database, seed: Seed, tell: Say) -> None:
    from graphsvc.errors import InvalidInputError
    from graphsvc.usecases.loading.load import load

    try:
        plan = await load(database, seed, say=tell)
    except InvalidInputError as error:
        mend = "Serve another seed with --seed, or see what `graphsvc load --dry-run` says."
        if error.field is not None:
            option = f"--{error.field.replace('_', '-')}"
            mend = f"Give another --seed; or, if it is meant, run `graphsvc load {option}` first."
        raise type(error)(error.message, mend=mend, field=error.field) from error
    if plan.count:
        tell(f"Loaded seed {seed.manifest.id}: {plan.count} things changed.")
