"""The checks of `graphsvc doctor`, from the settings to foreign writes in the graph."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from graphsvc.analysis.kernel_folder import MEND, kernel_folder
from graphsvc.errors import GraphsvcError
from graphsvc.model.spelling import near
from graphsvc.model.vocabulary import ENTITY, GENERATED_TYPES, RECORD_LABELS, Vocabulary
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings, load_settings, without_secrets
from graphsvc.store.database import Database
from graphsvc.store.engine import engine_status
from graphsvc.store.state import SCHEMA_VERSION, GraphState, read_state
from graphsvc.usecases.about.named_queries import named_queries
from graphsvc.usecases.loading.foreign_writes import ForeignWrites, find_foreign_writes
from graphsvc.usecases.loading.load import preview

_PREFIX = "GRAPHSVC_"
_OF_THE_TESTS = ("GRAPHSVC_TEST_", "GRAPHSVC_ARTICLES_DIR")
"""What a developer sets for the test suite: no settings of the program, and no mistakes."""

_REMOVE = "Remove it, if it is meant for graphsvc."
_CHOOSE_FOLDER = "Mend it, or name another folder with GRAPHSVC_DATA_DIR."
_HOST_NAME = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+")
_BOLT_PORT = 7687
_REACHED_WITHIN_S = 5
_CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the clocks of two machines may differ without a word."""

_SECRETS = ("password", "reader_password")
_MOST_SHOWN = 10


class Level(StrEnum):
    """How bad a finding is; only problems make the doctor fail."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing looked at, and how to mend it where that is needed."""

    level: Level
    about: str
    what: str
    mend: str = ""

    def row(self) -> dict[str, str]:
        """The finding as columns."""
        return {"level": self.level, "about": self.about, "what": self.what, "mend": self.mend}


async def diagnose(
    environment: Mapping[str, str], *, seed_dir: Path | None, port: int
) -> list[Finding]:
    """Look at everything; one thing that fails does not keep the rest from being looked at."""
    findings = list(_settings(environment))
    try:
        settings = load_settings(seed_dir=seed_dir)
    except GraphsvcError as error:
        return [*findings, _failed("settings", error)]
    findings += [_queries(settings), _kernels(settings), await asyncio.to_thread(_port, port)]
    findings += [*_allowed_hosts(settings), _data_folder(settings.data_dir)]
    if settings.uri is not None:
        findings.append(await asyncio.to_thread(_host, settings.uri))
    else:
        findings.append(await _engine(settings))
        if not settings.data_dir.is_dir():
            return [*findings, await asyncio.to_thread(_seed_alone, settings)]
    try:
        async with await Database.open(settings) as database:
            findings += [finding async for finding in _database(database)]
    except GraphsvcError as error:
        findings.append(_failed("database", error))
        findings.append(await asyncio.to_thread(_seed_alone, settings))
    return findings


def _failed(about: str, error: GraphsvcError) -> Finding:
    return Finding(Level.PROBLEM, about, error.message, error.mend)


# --- settings, port, engine -------------------------------------------------------------------


def _settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = {name.upper(): name for name in Settings.model_fields}
    for name, value in sorted(environment.items()):
        if not name.upper().startswith(_PREFIX) or name.startswith(_OF_THE_TESTS):
            continue
        word = name.upper().removeprefix(_PREFIX)
        setting = known.get(word)
        if setting is None:
            meant = near(word, known, most=1)  # without the prefix, which makes all look alike
            mend = f"Did you mean {_PREFIX}{meant[0]}?" if meant else _REMOVE
            yield Finding(Level.WARNING, "settings", f"{name} is no setting of graphsvc.", mend)
        elif not value:
            yield Finding(Level.WARNING, "settings", f"{name} is empty: the default is used.")
        else:
            yield Finding(Level.OK, "settings", f"{name}={_shown(setting, value)}")


def _shown(setting: str, value: str) -> str:
    if setting in _SECRETS:
        return "(not shown)"
    return without_secrets(value) if setting == "uri" else value


def _queries(settings: Settings) -> Finding:
    try:
        queries = named_queries(settings)
    except GraphsvcError as error:
        return _failed("queries", error)
    return Finding(Level.OK, "queries", f"{len(queries.statements)} named queries can be asked.")


def _kernels(settings: Settings) -> Finding:
    found = kernel_folder(settings)
    if found.path is not None:
        what = f"What analyses compile is kept in {found.path}."
        return Finding(Level.OK, "kernels", what)
    what = f"What analyses compile is not kept, so each compiles for seconds: {found.why_not}."
    return Finding(Level.WARNING, "kernels", what, MEND)


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if _is_graphsvc(port):
                return Finding(Level.OK, "port", f"graphsvc answers on port {port}.")
            what = f"Port {port} cannot be listened on: {error.strerror}."
            mend = "Stop what uses it, or serve on another --port."
            return Finding(Level.WARNING, "port", what, mend)
    return Finding(Level.OK, "port", f"Port {port} is free.")


def _is_graphsvc(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health")
        answer = json.loads(connection.getresponse().read(10_000))
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and answer.get("status") == "alive"


def _allowed_hosts(settings: Settings) -> Iterator[Finding]:
    for host in settings.allowed_hosts:
        if host != "*" and not _HOST_NAME.fullmatch(host):
            yield Finding(
                Level.WARNING,
                "hosts",
                f"GRAPHSVC_ALLOWED_HOSTS has {host!r}, which no request names as its host.",
                "Write a name or address alone, without scheme, port or path; IPv6 in brackets.",
            )


def _host(uri: str) -> Finding:
    """Whether the database's host can be reached at all; who speaks there is seen later."""
    parts = urlsplit(uri)
    try:
        host, port = parts.hostname or "", parts.port or _BOLT_PORT
        socket.create_connection((host, port), timeout=_REACHED_WITHIN_S).close()
    except socket.gaierror:
        what, mend = f"No address is known for the host {host}.", "Check its name in GRAPHSVC_URI."
    except TimeoutError:
        what = f"{host} port {port} does not answer within {_REACHED_WITHIN_S} s."
        mend = "See whether the host is up, and no firewall is between."
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        what = f"The database's host cannot be reached ({reason}): {uri}."
        mend = "Start the database, or check GRAPHSVC_URI."
    else:
        return Finding(Level.OK, "hosts", f"{host} port {port} can be reached.")
    return Finding(Level.PROBLEM, "hosts", what, mend)


def _data_folder(folder: Path) -> Finding:
    """Whether the data folder is one, or can be made, and can be written by this user."""
    try:
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        if not there.is_dir():
            what = f"{folder} cannot be the data folder: {there} is no folder."
            return Finding(Level.PROBLEM, "data folder", what, _CHOOSE_FOLDER)
        # Not by its mode: root may write everywhere but on what is mounted read-only.
        tempfile.TemporaryFile(dir=there).close()
        owner = folder.stat().st_uid if there == folder else os.geteuid()
    except OSError as error:
        what = f"The data folder {folder} cannot be used: {error.strerror}."
        return Finding(Level.PROBLEM, "data folder", what, _CHOOSE_FOLDER)
    if owner != os.geteuid():
        what = f"The data folder {folder} belongs to another user ({owner}), not to this one."
        return Finding(Level.WARNING, "data folder", what, _CHOOSE_FOLDER)
    made = "can be written" if there == folder else "can be made"
    return Finding(Level.OK, "data folder", f"The data folder {folder} {made}.")


async def _engine(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not folder.is_dir():
        what = f"There is no embedded database in {folder} yet."
        return Finding(
            Level.WARNING, "engine", what, "`graphsvc serve` or `graphsvc load` makes it."
        )
    try:
        status = await engine_status(folder)
    except GraphsvcError as error:
        return _failed("engine", error)
    if status is None:
        return Finding(Level.OK, "engine", f"No engine runs for {folder}; a command starts it.")
    what = (
        f"The engine for {folder} is {status.state}: ArcadeDB {status.engine_version},"
        f" process {status.database_pid}, Bolt port {status.bolt_port},"
        f" up for {timedelta(seconds=round(status.uptime_s))}, {status.clients} attached."
    )
    if status.state == "failed":
        return Finding(Level.PROBLEM, "engine", f"{what} {status.message}", "See engine.log there.")
    if status.statements_wait_s:
        what += (
            " People's statements made it start again twice within a minute, and wait"
            f" {status.statements_wait_s:.0f} seconds more."
        )
        mend = "See engine.log there and the service's log for who asks what."
        return Finding(Level.WARNING, "engine", what, mend)
    return Finding(Level.OK, "engine", what)


# --- the database and the graph in it ---------------------------------------------------------


async def _database(database: Database) -> AsyncIterator[Finding]:
    yield await _server(database)
    try:
        state = await read_state(database)
    except GraphsvcError as error:
        yield _failed("schema", error)
        return
    if state is None:
        yield Finding(Level.WARNING, "graph", "The graph is empty.", "Run `graphsvc load`.")
    elif state.phase == "loading":
        yield Finding(
            Level.PROBLEM,
            "graph",
            f"The first load of seed {state.seed_id} has not finished.",
            "Wait for it, or run `graphsvc load` (or `graphsvc restore`) again.",
        )
    else:
        async for finding in _graph(database, state):
            yield finding
    yield await _seed(database)


async def _server(database: Database) -> Finding:
    if database.embedded:
        return Finding(
            Level.OK, "database", f"The embedded database answers at {database.address}."
        )
    kernel = (await database.read("read/loading/server"))[0]
    what = f"Neo4j {kernel['versions'][0]} ({kernel['edition']}) answers at {database.address}."
    if database.settings.reader_user is not None:
        return Finding(Level.OK, "database", what)
    if kernel["edition"] == "community":
        what += (
            " Community has no roles: every user can write, so graphsvc's check of each"
            " statement is the only wall in front of the graph."
        )
        return Finding(Level.WARNING, "database", what, "Give no statements to it past graphsvc.")
    mend = "Set GRAPHSVC_READER_USER and GRAPHSVC_READER_PASSWORD to a user without write rights."
    return Finding(Level.WARNING, "database", f"{what} Analysts' Cypher runs as a writer.", mend)


async def _graph(database: Database, state: GraphState) -> AsyncIterator[Finding]:
    yield Finding(
        Level.OK,
        "graph",
        f"Seed {state.seed_id}, version {state.version}, loaded {state.loaded_at} by graphsvc"
        f" {state.written_by}; schema version {state.schema_version} (known: {SCHEMA_VERSION}).",
    )
    if (ahead := _ahead(state)) is not None:
        yield ahead
    yield await _constraints(database, state.vocabulary())
    found = await find_foreign_writes(database, state)
    yield _counts(state, found)
    yield _foreign(found)


def _ahead(state: GraphState) -> Finding | None:
    """What a clock that was ahead left behind: a load must be later than the one before it."""
    if datetime.fromisoformat(state.loaded_at) <= datetime.now(UTC) + _CLOCKS_DIFFER:
        return None
    return Finding(
        Level.WARNING,
        "clock",
        f"The last load is dated {state.loaded_at}, which is ahead of this machine's clock: it was"
        " wrong then, or is now. Loads go on and keep their order, but each is dated just after the"
        " one before until the clock has passed it; facts and answers are right.",
        "See that the clock is right. For true dates, keep a `graphsvc dump` and fill an empty"
        " database by `graphsvc load`; its history begins anew.",
    )


async def _constraints(database: Database, vocabulary: Vocabulary) -> Finding:
    wanted = {ENTITY, *RECORD_LABELS, *vocabulary.types, *GENERATED_TYPES}
    for row in await database.read("read/loading/constraints"):
        if "UNIQUE" in row["type"] and row["properties"] == ["id"]:
            wanted -= set(row["names"])
    if not wanted:
        return Finding(Level.OK, "schema", "Every label and type of graphsvc keeps its ids unique.")
    return Finding(
        Level.PROBLEM,
        "schema",
        f"No constraint keeps ids unique on {_some(sorted(wanted))}.",
        "`graphsvc dump` the graph and `graphsvc restore` it into an empty database.",
    )


def _counts(state: GraphState, found: ForeignWrites) -> Finding:
    held = (found.documents, found.entities, found.facts)
    loaded = (state.documents, state.entities, state.facts)
    what = "{} documents, {} entities and {} facts".format(*held)
    if held == loaded:
        return Finding(Level.OK, "graph", f"{what} are held, as the last load left them.")
    return Finding(
        Level.PROBLEM,
        "foreign writes",
        f"{what} are held; the last load left {loaded[0]}, {loaded[1]} and {loaded[2]}.",
        _UNDO,
    )


_UNDO = (
    "Undo it with the tool that wrote it; or fill an empty database with `graphsvc load`, or with"
    " `graphsvc restore` from a dump made before."
)


def _foreign(found: ForeignWrites) -> Finding:
    if not found.lines:
        what = "Nothing but graphsvc has written under its labels and types."
        return Finding(Level.OK, "foreign writes", what)
    what = f"Something other than graphsvc wrote to the graph: {_some(found.lines)}."
    return Finding(Level.PROBLEM, "foreign writes", what, _UNDO)


def _some(items: list[str]) -> str:
    more = f", and {len(items) - _MOST_SHOWN} more" if len(items) > _MOST_SHOWN else ""
    return ", ".join(items[:_MOST_SHOWN]) + more


# --- the seed ---------------------------------------------------------------------------------


def _seed_alone(settings: Settings) -> Finding:
    try:
        seed = read_seed(settings.seed_dir)
    except GraphsvcError as error:
        return _failed("seed", error)
    what = f"{settings.seed_dir} is seed {seed.manifest.id} with {len(seed.facts)} facts."
    return Finding(Level.OK, "seed", what)


async def _seed(database: Database) -> Finding:
    folder = database.settings.seed_dir
    try:
        seed = await asyncio.to_thread(read_seed, folder)
    except GraphsvcError as error:
        return _failed("seed", error)
    try:
        seen = await preview(database, seed)
    except GraphsvcError as error:
        return Finding(Level.WARNING, "seed", f"{folder}: {error.message}", error.mend)
    plan, refusal = seen.plan, seen.refusal
    if refusal is not None:
        return Finding(Level.WARNING, "seed", f"{folder}: {refusal.message}", refusal.mend)
    if plan.changes_nothing:
        what = f"The graph holds seed {seed.manifest.id} as it stands in {folder}."
        return Finding(Level.OK, "seed", what)
    facts = plan.facts
    return Finding(
        Level.WARNING,
        "seed",
        f"Loading {folder} would add {len(facts.added)} facts, change {len(facts.changed)} and"
        f" retract {len(facts.retracted)}.",
        "Run `graphsvc load`.",
    )
