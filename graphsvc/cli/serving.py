"""`graphsvc serve`: the seed in the graph, and the graph over HTTP."""

from __future__ import annotations

import importlib
import ipaddress
import json
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphsvc.cli.connecting import SeedOption, database_and_seed
from graphsvc.cli.messages import Say, say, waiting
from graphsvc.cli.stopping import LAST_REQUESTS_S, Stopping

if TYPE_CHECKING:
    import uvicorn

    from graphsvc.model.seed import Seed
    from graphsvc.settings import Settings
    from graphsvc.store.database import Database
    from graphsvc.store.state import GraphState

_MODULE = "graphsvc.app"
APP = f"{_MODULE}:create_app"

_ALLOWED_HOSTS = "GRAPHSVC_ALLOWED_HOSTS"
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""What listens everywhere, and the name of this machine that it answers to."""

_PROTOCOL = "graphsvc.api.http.protocol:LimitedProtocol"

_BACKLOG = 2048
_ENDS_WITHIN_S = 5
"""How long ending may take besides; after that the process just goes."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
    seed: SeedOption = None,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser when ready.")] = False,
) -> None:
    """Serve the graph over HTTP.

    On the embedded database the seed is loaded first, when the graph is empty or holds an older
    state of it. A graph that holds another seed, as after `graphsvc restore`, is served as it is
    unless a seed is named. On Neo4j nothing is loaded: run `graphsvc load`.
    """
    began = time.monotonic()
    stopping = Stopping(_ENDS_WITHIN_S)
    with stopping.handling_signals():
        from graphsvc.settings import load_settings
        from graphsvc.usecases.about.named_queries import named_queries

        settings = load_settings(seed_dir=seed)
        named_queries(settings)  # a bad file is told before anything is started
        with _claim(host, port) as listening, _answering_for(host, settings) as hosts:
            _say_who_may_ask(listening, hosts)
            announcement = _Announcement(_url(host, listening), began, open_)
            if workers == 1:
                _serve_here(settings, listening, announcement, stopping)
            else:
                _serve_by_workers(settings, listening, workers, announcement, stopping)


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


@contextmanager
def _answering_for(host: str, settings: Settings) -> Iterator[list[str]]:
    """The hosts that requests may name: those of the settings, and that of `--host`.

    The application reads its settings in each worker, so it is told by the environment. No web page
    gets in by that: whoever started the service named this host.
    """
    hosts = list(settings.allowed_hosts)
    named = _in_a_url(host)
    if host in _ANY or "*" in hosts or named in hosts:
        yield hosts
        return
    hosts.append(named)
    before = os.environ.get(_ALLOWED_HOSTS)
    os.environ[_ALLOWED_HOSTS] = json.dumps(hosts)
    try:
        yield hosts
    finally:
        if before is None:
            del os.environ[_ALLOWED_HOSTS]
        else:
            os.environ[_ALLOWED_HOSTS] = before


def _in_a_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _url(host: str, listening: socket.socket) -> str:
    """Where the service answers, for who is on this machine."""
    return f"http://{_in_a_url(_ANY.get(host, host))}:{listening.getsockname()[1]}"


def _say_who_may_ask(listening: socket.socket, hosts: list[str]) -> None:
    address, port = listening.getsockname()[:2]
    if ipaddress.ip_address(address.partition("%")[0]).is_loopback:
        return
    answered = "any host" if "*" in hosts else ", ".join(hosts)
    say(
        f"Listening on {address} port {port}, beyond this machine. Nobody is asked for a key:"
        " whoever reaches it may read all that is in the graph, and run statements and analyses."
        f" Requests are answered that name as host: {answered} (GRAPHSVC_ALLOWED_HOSTS)."
    )


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


def _serve_here(
    settings: Settings, listening: socket.socket, announcement: _Announcement, stopping: Stopping
) -> None:
    import asyncio

    from uvicorn import Server

    config = _config(APP, workers=1)

    class SignalsElsewhere(Server):
        """Its signals are `stopping`'s business."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

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

            server = SignalsElsewhere(config)

            def stop() -> None:
                if server.started:
                    stopping.patience_s = LAST_REQUESTS_S + _ENDS_WITHIN_S
                server.force_exit = server.should_exit  # the second time no request is waited for
                server.should_exit = True

            stopping.stop = stop
            announcing = asyncio.create_task(announce())
            try:
                await server.serve(sockets=[listening])
                if server.force_exit:  # then uvicorn leaves the application as it is
                    await server.lifespan.shutdown()
            finally:
                announcing.cancel()
                await asyncio.gather(announcing, return_exceptions=True)

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner, _named_failure():
        runner.run(_cancelled_by(stopping, run()))


def _serve_by_workers(
    settings: Settings,
    listening: socket.socket,
    workers: int,
    announcement: _Announcement,
    stopping: Stopping,
) -> None:
    import asyncio

    from graphsvc.cli import workers as processes
    from graphsvc.errors import GraphsvcError

    supervisor = processes.Workers(_config(processes.APP, workers), sockets=[listening])
    stopping.take_signals()  # which the supervisor took

    async def run() -> None:
        # Attached for as long as the service runs, so that no change of workers ends the database.
        async with _prepared(settings):
            loop = asyncio.get_running_loop()
            stopping.patience_s = LAST_REQUESTS_S + _ENDS_WITHIN_S
            stopping.stop = partial(loop.call_soon_threadsafe, supervisor.should_exit.set)
            announcing = asyncio.create_task(announcement.make())
            await asyncio.to_thread(supervisor.run)
            announcing.cancel()
            await asyncio.gather(announcing, return_exceptions=True)
        if not stopping.asked:
            raise GraphsvcError("The service did not start; the reason stands above.")

    with _shared_metrics():
        asyncio.run(_cancelled_by(stopping, run()))


async def _cancelled_by(stopping: Stopping, work: Coroutine[Any, Any, None]) -> None:
    """Do the work, which is cancelled when the service is to end; that is no failure."""
    import asyncio

    working = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    stopping.stop = partial(loop.call_soon_threadsafe, working.cancel)
    try:
        await working
    except asyncio.CancelledError:
        if not stopping.asked:
            raise
    finally:
        stopping.stop = _wait_for_the_end


def _wait_for_the_end() -> None:
    """What a signal does when the end has begun: nothing, but that patience has one."""


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


def _config(app: str, workers: int) -> uvicorn.Config:
    from uvicorn import Config

    return Config(
        app,
        factory=True,
        workers=workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the application reads them, and the prefix with them
        http=_PROTOCOL,
        ws="none",
        timeout_graceful_shutdown=LAST_REQUESTS_S,
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
                chosen = "seed_dir" in settings.model_fields_set
                await _load(database, seed, shown.say, chosen=chosen)
                held = stack.pop_all()
        async with held:
            yield
        return
    async with await Database.open(settings) as database:
        if await read_state(database) is None:
            say("The graph is empty; `graphsvc load` fills it.")
        yield


async def _load(database: Database, seed: Seed, tell: Say, *, chosen: bool) -> None:
    """Load the seed; where nobody chose one, a graph that holds another is served as it is."""
    from graphsvc.errors import InvalidInputError
    from graphsvc.store.state import read_state
    from graphsvc.usecases.loading.load import load

    held = await read_state(database)
    if held is not None and not chosen and held.seed_id != seed.manifest.id:
        tell(_served_as_it_is(held))
        return
    try:
        plan = await load(database, seed, say=tell)
    except InvalidInputError as error:
        if held is not None and not chosen:
            tell(f"The packaged seed was not loaded: {error.message}")
            tell(_served_as_it_is(held))
            return
        mend = "Serve another seed with --seed, or see what `graphsvc load --dry-run` says."
        if error.field is not None:
            option = f"--{error.field.replace('_', '-')}"
            mend = f"Give another --seed; or, if it is meant, run `graphsvc load {option}` first."
        raise type(error)(error.message, mend=mend, field=error.field) from error
    if plan.count:
        tell(f"Loaded seed {seed.manifest.id}: {plan.count} things changed.")


def _served_as_it_is(held: GraphState) -> str:
    from graphsvc.errors import InvalidInputError

    if held.phase == "loading":
        raise InvalidInputError(
            f"The first load of seed {held.seed_id} into this graph has not finished.",
            mend="Run that `graphsvc load` or `graphsvc restore` again, or choose with --seed what"
            " is loaded instead.",
        )
    return (
        f"The graph holds seed {held.seed_id}, version {held.version} of {held.loaded_at}, with"
        f" {held.entities:,} entities and {held.facts:,} facts: it is served as it is. With --seed"
        " another state of it is loaded."
    )
