"""How fast the service answers, beside the raw driver and the database's own HTTP query API.

    python benchmarks/serving.py                      # embedded database
    python benchmarks/serving.py --neo4j 2026.07.1    # Neo4j, started from Maven's jars

A seeded generator makes 100,000 entities and 500,000 relationships. Then, in rounds that take
turns, so that a slow minute of the machine falls on all of them:

- one connection: the synchronous driver running the very statement that a request runs
  (auto-commit), the same request uncached, a request that is repeated, and its 304;
- 32 connections, one worker: the database's own HTTP query API with the same statement, the
  request uncached, and repeated;
- paths of at most three hops between random pairs;
- every relationship as NDJSON, beside the synchronous driver reading the same rows.

Uncached requests ask for ids that no request before asked for. `--data FOLDER` keeps the generated
graph of the embedded database for the next run.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import neo4j

from graphsvc.settings import Settings, load_settings
from graphsvc.store.database import Database, Row
from graphsvc.store.engine import Engine
from graphsvc.usecases.lists.entities import entity_detail
from graphsvc.usecases.lists.relationships import RelationshipFilter, relationships

sys.path.insert(0, str(Path(__file__).resolve().parent))
from loading import SEED, vocabulary, write_dump

from tests.neo4j_server import Neo4jServer

HERE = Path(__file__).resolve().parent
ENTITIES = 100_000
ROUNDS = 3
SECONDS = 3.0
MANY = 32
RAW_CALLS = 300
PAIRS = 200
EVERYTHING = "MATCH (s:Entity)-[r]->(o:Entity) RETURN s.id, type(r), o.id, r.amount, r.valid_from"

Latencies = list[float]


@dataclass(frozen=True)
class Place:
    """Where everything answers: the service, the driver's door, the database's HTTP door."""

    service: int
    process: int
    bolt: str
    auth: tuple[str, str]
    database: str
    http_port: int
    http_path: str
    body: str
    """What the HTTP API calls a statement and its parameters."""
    http_auth: tuple[str, str]


@dataclass
class Question:
    """One kind of request, and the statement that it runs."""

    name: str
    path: str
    text: str
    parameters: dict[str, Any]
    id_parameter: str
    figures: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, value: float) -> None:
        """Take down one round's figure."""
        self.figures.setdefault(what, []).append(value)

    def median(self, what: str) -> float:
        """The median of all rounds."""
        return statistics.median(self.figures[what])


class _Recorder(Database):
    """Remembers the statements that it runs."""

    seen: tuple[str, dict[str, Any]] | None = None

    async def run_read(
        self, text: str, parameters: Mapping[str, Any], timeout_s: float
    ) -> list[Row]:
        if self.seen is None:
            self.seen = text, dict(parameters)
        return await super().run_read(text, parameters, timeout_s)


async def questions(settings: Settings) -> list[Question]:
    """The requests, each with the statement that the service runs for it."""
    words = vocabulary()
    async with await _Recorder.open(settings) as database:
        await entity_detail(database, words, "e1")
        entity, database.seen = database.seen, None
        wanted = RelationshipFilter(subject="e1")
        await relationships(database, words, wanted, sort="recency", start=None, limit=50)
        related = database.seen
    assert entity is not None
    assert related is not None
    return [
        Question("entity", "/v1/entities/{id}", *entity, "id"),
        Question("relationships", "/v1/relationships?subject={id}", *related, "subject"),
    ]


# --- the servers ------------------------------------------------------------------------------


@contextmanager
def embedded(folder: Path, dump: Path) -> Iterator[Place]:
    """The service on its embedded database, and a second ArcadeDB with its HTTP door open."""
    data = folder / "data"
    if not data.is_dir():
        run = {**os.environ, "GRAPHSVC_DATA_DIR": str(data)}
        write_dump(ENTITIES, dump)
        command = [sys.executable, "-m", "graphsvc", "restore", str(dump)]
        subprocess.run(command, env=run, check=True)
        time.sleep(5)  # the engine outlives its last client by three seconds
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    http_port = free_port()
    password = json.loads((copy / "engine-passwords.json").read_text())["root"]
    with ExitStack() as stack:
        door = subprocess.Popen(
            [sys.executable, str(HERE / "arcadedb_http.py"), str(copy), str(http_port)],
            cwd=copy,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(door.wait)
        stack.callback(door.kill)
        service, process = stack.enter_context(serving({"GRAPHSVC_DATA_DIR": str(data)}))
        at = anyio.run(_engine_address, load_settings(data_dir=data))
        yield Place(
            service, process, at.uri, (at.user, at.password), at.database,
            http_port, "/api/v1/query/graph", "command params", ("root", password),
        )  # fmt: skip


async def _engine_address(settings: Settings) -> Any:
    memory = settings.engine_memory_mb
    async with await Engine.attach(settings.data_dir, memory_mb=memory) as engine:
        return await engine.ready()


@contextmanager
def on_neo4j(version: str, dump: Path) -> Iterator[Place]:
    """The service on a new Neo4j server, whose HTTP query API answers too."""
    with Neo4jServer(version, http=True) as server, ExitStack() as stack:
        chosen = {
            "GRAPHSVC_URI": server.uri,
            "GRAPHSVC_USER": server.user,
            "GRAPHSVC_PASSWORD": server.password,
        }
        write_dump(ENTITIES, dump)
        command = [sys.executable, "-m", "graphsvc", "restore", str(dump)]
        subprocess.run(command, env={**os.environ, **chosen}, check=True)
        service, process = stack.enter_context(serving(chosen))
        auth = (server.user, server.password)
        yield Place(
            service, process, server.uri, auth, "neo4j",
            server.http_port, "/db/neo4j/query/v2", "statement parameters", auth,
        )  # fmt: skip


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """One worker of the service: its port and its process id."""
    port = free_port()
    program = (
        "import uvicorn; uvicorn.run('graphsvc.app:create_app', factory=True,"
        f" port={port}, access_log=False, log_config=None)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while not _is_ready(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The service did not start.")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=10):
            return True
    except OSError:
        return False


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- the measurements -------------------------------------------------------------------------


class Ids:
    """Ids of entities in a random order; there are enough for the service to see none twice."""

    def __init__(self) -> None:
        numbers = list(range(ENTITIES))
        random.Random(SEED).shuffle(numbers)
        self._left = iter(numbers)

    def take(self, count: int) -> list[str]:
        """The next ones."""
        return [f"e{next(self._left)}" for _ in range(count)]


def get(path: str, *headers: str) -> str:
    """A request as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join([*lines, "", ""])


def post(place: Place, question: Question, id_: str) -> str:
    """The database's own HTTP query API, asked the same."""
    statement, parameters = place.body.split()
    content = {
        statement: question.text,
        parameters: {**question.parameters, question.id_parameter: id_},
    }
    if statement == "command":
        content["language"] = "cypher"
    body = json.dumps(content)
    credentials = base64.b64encode(":".join(place.http_auth).encode()).decode()
    head = [
        f"POST {place.http_path} HTTP/1.1",
        f"Host: 127.0.0.1:{place.http_port}",
        f"Authorization: Basic {credentials}",
        "Content-Type: application/json",
        "Accept: application/json",
        f"Content-Length: {len(body.encode())}",
    ]
    return "\r\n".join([*head, "", body])


def load(port: int, requests: list[str], connections: int) -> tuple[float, Latencies]:
    """Answers a second and sorted latencies in ms, by a client in a process of its own."""
    order = {
        "port": port,
        "connections": connections,
        "seconds": SECONDS,
        "requests": requests,
    }
    run = subprocess.run(
        [sys.executable, str(HERE / "http_client.py")],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(run.stdout)
    if not set(seen["statuses"]) <= {"200", "202", "304"}:
        raise SystemExit(f"Statuses {seen['statuses']} from port {port}.")
    return seen["answers"] / seen["seconds"], seen["latencies"]


def p(latencies: Latencies, share: float) -> float:
    """A percentile of sorted latencies."""
    return latencies[min(len(latencies) - 1, int(len(latencies) * share))]


def raw_latencies(place: Place, question: Question, ids: list[str]) -> Latencies:
    """The synchronous driver running the same statement, in ms."""
    latencies = []
    with (
        neo4j.GraphDatabase.driver(place.bolt, auth=place.auth) as driver,
        driver.session(database=place.database, default_access_mode="READ") as session,
    ):
        for id_ in ids:
            values = {**question.parameters, question.id_parameter: id_}
            began = time.perf_counter()
            session.run(question.text, values).data()  # type: ignore[arg-type]
            latencies.append(1000 * (time.perf_counter() - began))
    return sorted(latencies)


def measure(place: Place, question: Question, ids: Ids) -> None:
    """One round."""
    port = place.service
    one, many = 3_500, 8_000
    others = [f"e{random.randrange(ENTITIES)}" for _ in range(many)]
    question.note("raw p50", p(raw_latencies(place, question, others[:RAW_CALLS]), 0.5))
    fresh = [get(question.path.format(id=id_)) for id_ in ids.take(one)]
    question.note("uncached p50", p(load(port, fresh, 1)[1], 0.5))
    again = question.path.format(id=ids.take(1)[0])
    question.note("repeated p50", p(load(port, [get(again)], 1)[1], 0.5))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{again}") as answer:
        tag = answer.headers["ETag"]
    held = get(again, f"If-None-Match: {tag}")
    question.note("304 p50", p(load(port, [held], 1)[1], 0.5))

    asked = [post(place, question, id_) for id_ in others]
    question.note("database HTTP", load(place.http_port, asked, MANY)[0])
    fresh = [get(question.path.format(id=id_)) for id_ in ids.take(many)]
    question.note("uncached", load(port, fresh, MANY)[0])
    question.note("repeated", load(port, [get(again)], MANY)[0])


def paths(place: Place, ids: Ids) -> Latencies:
    """Latencies of paths of at most three hops between random pairs, in ms."""
    latencies = []
    for start, end in zip(ids.take(PAIRS), ids.take(PAIRS), strict=True):
        address = f"http://127.0.0.1:{place.service}/v1/paths?from={start}&to={end}&max_hops=3"
        began = time.perf_counter()
        with urllib.request.urlopen(address) as answer:
            answer.read()
        latencies.append(1000 * (time.perf_counter() - began))
    return sorted(latencies)


@dataclass(frozen=True)
class Streamed:
    """Every relationship, read through the service and by the driver."""

    rows: int
    raw_rows_s: float
    rows_s: float
    more_mb: float


def streamed(place: Place) -> Streamed:
    """Rows a second of both, and what the service's memory grew by at most."""
    with (
        neo4j.GraphDatabase.driver(place.bolt, auth=place.auth) as driver,
        driver.session(database=place.database, default_access_mode="READ") as session,
    ):
        began = time.perf_counter()
        rows = sum(1 for record in session.run(EVERYTHING) if record.values())
        raw_rows_s = rows / (time.perf_counter() - began)
    status = Path(f"/proc/{place.process}/status")
    before = memory_mb(status, "VmRSS")
    Path(f"/proc/{place.process}/clear_refs").write_text("5")  # the peak begins anew
    request = urllib.request.Request(
        f"http://127.0.0.1:{place.service}/v1/cypher",
        json.dumps({"statement": EVERYTHING, "timeout": 60}).encode(),
        {"Content-Type": "application/json", "Accept": "application/x-ndjson"},
    )
    began = time.perf_counter()
    lines = 0
    last = b""
    with urllib.request.urlopen(request) as answer:
        while block := answer.read(2**16):
            lines += block.count(b"\n")
            last = (last + block)[-500:]
    seconds = time.perf_counter() - began
    if lines < rows:
        raise SystemExit(f"{lines} lines for {rows} rows: {last!r}")
    return Streamed(rows, raw_rows_s, rows / seconds, memory_mb(status, "VmHWM") - before)


def memory_mb(status: Path, name: str) -> float:
    """A figure of a process's memory in MB (Linux)."""
    return int(status.read_text("ascii").split(f"{name}:")[1].split()[0]) / 1024


def report(asked: list[Question], pairs: Latencies, stream: Streamed, database: str) -> None:
    """The tables, as Markdown."""
    print(f"\n{database}; {ENTITIES:,} entities, {5 * ENTITIES:,} relationships;")
    print(f"medians of {ROUNDS} rounds\n")
    print("One connection, p50 in ms:\n")
    print("| request | raw driver | uncached | more than raw | repeated | 304 |")
    print("|---|---:|---:|---:|---:|---:|")
    for one in asked:
        raw, uncached = one.median("raw p50"), one.median("uncached p50")
        rest = f"{one.median('repeated p50'):.2f} | {one.median('304 p50'):.2f}"
        more = f"{uncached - raw:+.2f}"
        print(f"| {one.name} | {raw:.2f} | {uncached:.2f} | {more} | {rest} |")
    print(f"\n{MANY} connections, one worker, requests a second:\n")
    print("| request | database's HTTP API | uncached | | repeated | |")
    print("|---|---:|---:|---:|---:|---:|")
    for one in asked:
        own = one.median("database HTTP")
        figures = [one.median("uncached"), one.median("repeated")]
        cells = " | ".join(f"{figure:,.0f} | {figure / own:.2f}x" for figure in figures)
        print(f"| {one.name} | {own:,.0f} | {cells} |")
    print("\n| what | figure |\n|---|---:|")
    print(f"| paths of at most 3 hops between {PAIRS} random pairs, p50 | {p(pairs, 0.5):.0f} ms |")
    print(f"| the same, p95 | {p(pairs, 0.95):.0f} ms |")
    print(f"| {stream.rows:,} rows by the raw driver | {stream.raw_rows_s:,.0f} rows/s |")
    speed = f"{stream.rows_s:,.0f} rows/s, {stream.rows_s / stream.raw_rows_s:.2f}x"
    print(f"| the same as NDJSON | {speed} |")
    print(f"| more memory while it streams | {stream.more_mb:.0f} MB |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="the service beside driver and database")
    parser.add_argument("--neo4j", metavar="VERSION")
    parser.add_argument("--data", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphsvc-benchmark-") as temporary:
        folder = given.data or Path(temporary)
        dump = Path(temporary) / "graph.ndjson"
        started = on_neo4j(given.neo4j, dump) if given.neo4j else embedded(folder, dump)
        with started as place:
            settings = (
                load_settings(uri=place.bolt, user=place.auth[0], password=place.auth[1])
                if given.neo4j
                else load_settings(data_dir=folder / "data")
            )
            asked = anyio.run(questions, settings)
            ids = Ids()
            for _ in range(ROUNDS):
                for question in asked:
                    measure(place, question, ids)
            pairs = paths(place, ids)
            stream = streamed(place)
    report(asked, pairs, stream, f"Neo4j {given.neo4j}" if given.neo4j else "Embedded database")


if __name__ == "__main__":
    main()
