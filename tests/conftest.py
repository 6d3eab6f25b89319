"""The database under test, one per run: the embedded engine, or Neo4j by option.

`pytest` runs on the embedded engine. `pytest --neo4j 2026.07.1` starts a Neo4j server from Maven
Central's jars; `pytest --neo4j-uri bolt://HOST:PORT` uses a running one and EMPTIES it, with the
password in GRAPHSVC_TEST_NEO4J_PASSWORD.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, LiteralString

import hypothesis
import neo4j
import pytest
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr
from xdist.scheduler import LoadScopeScheduling

from graphsvc.settings import Settings
from graphsvc.store.engine import Engine, EngineAddress, engine_status
from tests.neo4j_server import Neo4jServer, Neo4jServerError, cache_dir
from tests.store.engine_processes import alive, wait_until

Cypher = Callable[..., list[dict[str, Any]]]
# How long an example takes says nothing of the law it tests, on a busy machine least of all.
hypothesis.settings.register_profile("graphsvc", deadline=None, max_examples=40)
hypothesis.settings.register_profile("long", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("graphsvc")

REPOSITORY = Path(__file__).resolve().parent.parent


def require(condition: object, reason: str) -> None:
    """Go on only if something from outside is there: else skip at a desk, fail in CI."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("graphsvc", "the database under test")
    group.addoption(
        "--neo4j", metavar="VERSION", help="start this Neo4j by Maven and test on it: 2026.07.1"
    )
    group.addoption(
        "--neo4j-uri",
        metavar="URI",
        help="test on this running Neo4j, which is EMPTIED; password: GRAPHSVC_TEST_NEO4J_PASSWORD",
    )
    group.addoption("--neo4j-user", metavar="NAME", default="neo4j", help="its user (%(default)s)")
    group.addoption(
        "--combinations", action="store_true", help="also those cases that repeat what others show"
    )


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "embedded_only: about the embedded engine; not selected in a run on Neo4j",
        "neo4j_only: about Neo4j; not selected in a run on the embedded engine",
        "smoke: the short set that also runs on the oldest supported Neo4j and libraries",
        "faults: waits, kills or restarts; only selected by `-m faults`",
        "combination: one more of what other cases show; only selected with --combinations",
    ):
        config.addinivalue_line("markers", marker)
    if config.getoption("--neo4j") and config.getoption("--neo4j-uri"):
        raise pytest.UsageError("--neo4j starts a server, --neo4j-uri names one: give only one")


def pytest_report_header(config: pytest.Config) -> str:
    version, uri = config.getoption("--neo4j"), config.getoption("--neo4j-uri")
    return f"database: {f'Neo4j {version}' if version else uri or 'embedded'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unwanted = {"embedded_only" if _on_neo4j(config) else "neo4j_only"}
    if not config.getoption("--combinations"):
        unwanted.add("combination")
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        (dropped if any(map(item.get_closest_marker, unwanted)) else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes for folders, each with a database of its own as soon as a test needs one.

    None besides this one for single files, where starting them takes longer than they save, and
    on a running Neo4j, of which there is one.
    """
    folders = [argument for argument in config.args if Path(argument).is_dir()]
    return 2 if folders and not config.getoption("--neo4j-uri") else 0


class _ModuleScheduling(LoadScopeScheduling):
    """The next module to the process that is free; those of the analysis all to the same.

    A kernel is compiled once per process, and most of them are used in several modules.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return "tests/analysis" if module.startswith("tests/analysis/") else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ModuleScheduling | None:
    return _ModuleScheduling(config, log) if config.getoption("dist") == "loadscope" else None


def _on_neo4j(config: pytest.Config) -> bool:
    return bool(config.getoption("--neo4j") or config.getoption("--neo4j-uri"))


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the user's GRAPHSVC_* settings nor the user's data folder reach a test."""
    ours = ("GRAPHSVC_TEST_", "GRAPHSVC_ARTICLES_DIR")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("GRAPHSVC_") and not name.startswith(ours):
                patch.delenv(name)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("xdg-data")))
        # Files are named by their sources: checkouts and runs share what is the same.
        patch.setenv("GRAPHSVC_KERNEL_CACHE_DIR", str(cache_dir() / "kernels"))
        yield


@pytest.fixture(scope="session")
def articles_dir() -> Path:
    """The folder with the articles whose facts the packaged seed holds."""
    default = REPOSITORY.parent / "shared" / "articles"
    folder = Path(os.environ.get("GRAPHSVC_ARTICLES_DIR") or default)
    require(folder.is_dir(), f"no articles in {folder}: set GRAPHSVC_ARTICLES_DIR")
    return folder


@pytest.fixture(scope="session")
def settings(_database: _Database) -> Settings:
    """Settings that point at the database under test, which runs until the session ends."""
    return _database.settings


@dataclass(frozen=True)
class _Database:
    settings: Settings
    engine_address: Callable[[], EngineAddress] | None = None
    """Asked anew each time: a restart may move the embedded engine to another port."""
    server: Neo4jServer | None = None
    """The Neo4j server that the tests started."""


@pytest.fixture(scope="session")
def _database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[_Database]:
    option = request.config.getoption
    data_dir = tmp_path_factory.mktemp("data")
    if uri := option("--neo4j-uri"):
        password = os.environ.get("GRAPHSVC_TEST_NEO4J_PASSWORD", "")
        require(password, f"no password for {uri}: set GRAPHSVC_TEST_NEO4J_PASSWORD")
        yield _neo4j(uri, option("--neo4j-user"), password, data_dir)
    elif version := option("--neo4j"):
        with _started_neo4j(version) as server:
            database = _neo4j(server.uri, server.user, server.password, data_dir)
            yield replace(database, server=server)
    else:
        with _embedded(data_dir) as database:
            yield database


def _neo4j(uri: str, user: str, password: str, data_dir: Path) -> _Database:
    return _Database(Settings(uri=uri, user=user, password=SecretStr(password), data_dir=data_dir))


@contextmanager
def _started_neo4j(version: str) -> Iterator[Neo4jServer]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(Neo4jServer(version))
        except Neo4jServerError as error:
            require(False, str(error))
            raise
        yield server


@contextmanager
def _embedded(data_dir: Path) -> Iterator[_Database]:
    """One client stays attached, so that the engine does not end between two tests."""
    settings = Settings(data_dir=data_dir)
    attach = partial(Engine.attach, data_dir, memory_mb=settings.engine_memory_mb)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(portal.call(attach)) as engine,
    ):
        yield _Database(settings, lambda: portal.call(engine.ready))


@pytest.fixture(scope="session")
def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a `graphsvc` command works on the database under test."""
    chosen = {"GRAPHSVC_DATA_DIR": str(settings.data_dir)}
    if settings.uri is not None:
        chosen |= {
            "GRAPHSVC_URI": settings.uri,
            "GRAPHSVC_USER": settings.user,
            "GRAPHSVC_PASSWORD": settings.neo4j_password(),
        }
    return dict(os.environ) | chosen


@pytest.fixture
def cypher(_database: _Database) -> Iterator[Cypher]:
    """Runs a statement on the database under test past the store, with every right."""
    uri, user, password, name = _address(_database)
    with neo4j.GraphDatabase.driver(uri, auth=(user, password)) as driver:

        def run(statement: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
            return driver.execute_query(
                statement, parameters, database_=name, result_transformer_=neo4j.Result.data
            )

        yield run


@pytest.fixture
def neo4j_server(_database: _Database) -> Neo4jServer:
    """The Neo4j server under test, to be killed and started again."""
    require(_database.server, "a server that the tests may kill is needed: --neo4j VERSION")
    assert _database.server is not None
    return _database.server


def _address(database: _Database) -> tuple[str, str, str, str]:
    if database.engine_address is not None:
        engine = database.engine_address()
        return engine.uri, engine.user, engine.password, engine.database
    settings = database.settings
    return str(settings.uri), settings.user, settings.neo4j_password(), settings.database


@pytest.fixture
def calm(settings: Settings) -> None:
    """The embedded engine remembers no statement that made it start again.

    After two such within a minute people's statements would wait for a minute, in other tests too.
    """
    if settings.embedded and (status := asyncio.run(engine_status(settings.data_dir))):
        os.kill(status.pid, signal.SIGTERM)
        wait_until(lambda: not alive(status.pid))


@pytest.fixture
def empty_database(cypher: Cypher) -> None:
    """Nothing is in the database when the test starts; the schema stays."""
    while cypher("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS n")[0]["n"]:
        pass
