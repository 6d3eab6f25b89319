"""How fast `restore` fills an empty graph, beside the raw driver sending the same rows by UNWIND.

    python benchmarks/loading.py                      # embedded database
    python benchmarks/loading.py --neo4j 2026.07.1    # Neo4j, started from Maven's jars

A seeded generator writes a dump of N entities and 5 N relationships. Then, on a new database each:

- raw: the official driver, one session, rows already in memory, batches and transactions of the
  size that `restore` uses, the same statements and the same constraints;
- restore: `graphsvc restore` in a process of its own, from the file, which it reads, parses,
  checks and hashes on the way.

Printed: seconds and rows per second of both, their ratio, the peak memory of the restoring
process, and how time grows from a tenth of the entities to all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import anyio
import neo4j
import yaml

from graphsvc import paths
from graphsvc.model.content import content_hash, to_json
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.settings import Settings, load_settings
from graphsvc.store import writing
from graphsvc.store.cypher_files import Catalog
from graphsvc.store.database import Database
from graphsvc.store.engine import Engine
from graphsvc.usecases.loading.restore import restore

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.neo4j_server import Neo4jServer

SEED = 20_250_829
BATCH, BATCHES = writing.BATCH, 5
RELATIONSHIPS_PER_ENTITY = 5
WHEN = "2026-01-01T00:00:00.000000Z"


def vocabulary() -> Vocabulary:
    """The packaged vocabulary."""
    text = (paths.packaged_seed_dir() / "vocabulary.yaml").read_text("utf-8")
    return Vocabulary.model_validate(yaml.safe_load(text))


def lines(entities: int) -> Iterator[dict[str, Any]]:
    """Nodes, then relationships, as a dump holds them; the same for the same number."""
    chance = random.Random(SEED)
    words = vocabulary()
    kinds = ["Ministry", "LocalGovernment", "Center", "Company", "Program"]
    for number in sorted(range(entities), key=lambda n: kinds[n % len(kinds)]):
        kind = kinds[number % len(kinds)]
        properties = {
            "id": f"e{number}",
            "kind": kind,
            "name": f"기관 {number}",
            "name_en": f"Organization {number}",
            "aliases": [f"O{number}", f"가{number}"],
            "recorded_at": WHEN,
            "content_hash": f"{number:016x}",
        }
        yield {"labels": words.labels(kind), "properties": properties}
    total = entities * RELATIONSHIPS_PER_ENTITY
    for number in range(total):
        # Skewed ends: hubs, as in any funding network.
        start, end = (int(entities * chance.random() ** 2) for _ in range(2))
        amount = chance.randrange(10**6, 10**11)
        properties = {
            "id": f"r{number}",
            "fact_id": f"r{number}",
            "modality": "actual",
            "basis": "stated",
            "period": str(2000 + number % 25),
            "valid_from": f"{2000 + number % 25}-01-01",
            "valid_to": f"{2000 + number % 25}-12-31",
            "period_bounds": "exact",
            "documents": ["d1"],
            "evidence": ["d1#p1:0-9@0123456789abcdef"],
            "recorded_at": WHEN,
            "amount": str(amount),
            "currency": "KRW",
            "amount_krw": amount,
            "content_hash": f"{number:016x}",
        }
        type_name = "FUNDS" if number < total // 2 else "SUPPORTS"
        yield {"type": type_name, "start": f"e{start}", "end": f"e{end}", "properties": properties}


def write_dump(entities: int, path: Path) -> None:
    """The generated graph as a dump file."""
    words = vocabulary()
    state = {
        "phase": "ready",
        "version": 1,
        "schema_version": 1,
        "seed_id": "benchmark",
        "seed_title": "Benchmark",
        "loaded_at": WHEN,
        "vocabulary_json": to_json(words),
        "vocabulary_hash": content_hash(words),
        "documents": 0,
        "entities": entities,
        "facts": entities * RELATIONSHIPS_PER_ENTITY,
        "written_by": "benchmark",
    }
    digest = hashlib.sha256()
    with path.open("wb") as out:

        def write(value: dict[str, Any]) -> None:
            data = json.dumps(value, ensure_ascii=False).encode("utf-8") + b"\n"
            digest.update(data)
            out.write(data)

        write({"dump": 1, "graphsvc": "benchmark", "state": state})
        for line in lines(entities):
            write(line)
        counts = {"nodes": entities, "relationships": entities * RELATIONSHIPS_PER_ENTITY}
        end = {"end": counts, "sha256": digest.hexdigest()}
        out.write(json.dumps(end).encode("utf-8") + b"\n")


def send_raw(uri: str, auth: tuple[str, str], name: str, entities: int) -> float:
    """Seconds that the raw driver takes; making the rows is not counted."""
    catalog = Catalog(paths.cypher_dir())
    nodes, relationships = catalog["load/create_nodes"], catalog["load/create_relationships"]
    ends = {"start": "Entity", "end": "Entity"}
    statements: list[tuple[str, list[Any]]] = []
    for key, group in groupby(lines(entities), key=lambda row: row.get("type") or row["labels"]):
        while batch := list(islice(group, BATCH)):
            if isinstance(key, str):
                statements.append((relationships.fill(type=key, **ends), batch))
            else:
                rows = [row["properties"] for row in batch]
                statements.append((nodes.fill(labels=key), rows))

    def write(transaction: neo4j.ManagedTransaction, some: list[tuple[str, list[Any]]]) -> None:
        for text, rows in some:
            transaction.run(text, rows=rows).consume()

    with (
        neo4j.GraphDatabase.driver(uri, auth=auth) as driver,
        driver.session(database=name) as session,
    ):
        started = time.perf_counter()
        for at in range(0, len(statements), BATCHES):
            session.execute_write(write, statements[at : at + BATCHES])
        return time.perf_counter() - started


@dataclass(frozen=True)
class Row:
    """What was measured at one size."""

    entities: int
    raw_s: float
    restore_s: float
    peak_mb: float

    @property
    def rows(self) -> int:
        """Nodes and relationships."""
        return self.entities * (1 + RELATIONSHIPS_PER_ENTITY)


def measure(entities: int, neo4j_version: str | None, folder: Path) -> Row:
    """Both ways at one size, each on a new database."""
    dump = folder / f"{entities}.ndjson"
    write_dump(entities, dump)
    with ExitStack() as stack:
        raw_settings = _new_database(stack, neo4j_version, folder / f"raw-{entities}")
        raw_s = anyio.run(_raw, raw_settings, entities)
    with ExitStack() as stack:
        settings = _new_database(stack, neo4j_version, folder / f"restore-{entities}")
        command = [sys.executable, __file__, "--restore", str(dump), *_arguments(settings)]
        run = subprocess.run(command, capture_output=True, check=True, text=True)
        restore_s, peak_mb = json.loads(run.stdout)
    return Row(entities, raw_s, restore_s, peak_mb)


def _new_database(stack: ExitStack, version: str | None, folder: Path) -> Settings:
    if version is None:
        return load_settings(data_dir=folder)
    server = stack.enter_context(Neo4jServer(version))
    return load_settings(uri=server.uri, user=server.user, password=server.password)


def _arguments(settings: Settings) -> list[str]:
    if settings.uri is None:
        return ["--data-dir", str(settings.data_dir)]
    return ["--uri", settings.uri, "--password", settings.neo4j_password()]


async def _raw(settings: Settings, entities: int) -> float:
    async with await Database.open(settings) as database:
        await writing.ensure_schema(database, vocabulary())
        if settings.uri is not None:
            auth, name = (settings.user, settings.neo4j_password()), settings.database
            return await anyio.to_thread.run_sync(send_raw, settings.uri, auth, name, entities)
        memory = settings.engine_memory_mb
        async with await Engine.attach(settings.data_dir, memory_mb=memory) as engine:
            at = engine.address
            auth = (at.user, at.password)
            return await anyio.to_thread.run_sync(send_raw, at.uri, auth, at.database, entities)


async def _restore(settings: Settings, dump: Path) -> tuple[float, float]:
    async with await Database.open(settings) as database:
        await writing.ensure_schema(database, vocabulary())
        with dump.open("rb") as source:
            started = time.perf_counter()
            await restore(database, source)
            seconds = time.perf_counter() - started
    return seconds, peak_mb()


def peak_mb() -> float:
    """The most memory this process has had, in MB (Linux).

    Not `ru_maxrss`: that counts the parent's memory at the fork too.
    """
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def report(rows: list[Row], database: str) -> None:
    """The table, as Markdown."""
    print(f"\n{database}; {BATCH} rows a statement, {BATCHES} statements a transaction\n")
    print("| entities | relationships | raw s | restore s | restore rows/s | speed | peak MB |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        print(
            f"| {row.entities:,} | {row.entities * RELATIONSHIPS_PER_ENTITY:,} | {row.raw_s:.1f}"
            f" | {row.restore_s:.1f} | {row.rows / row.restore_s:,.0f}"
            f" | {row.raw_s / row.restore_s:.2f}x raw | {row.peak_mb:.0f} |"
        )
    growth = rows[-1].restore_s / rows[0].restore_s
    print(f"\nTen times the entities took {growth:.1f} times as long.")


def main() -> None:
    """Measure, or (in the child) restore."""
    parser = argparse.ArgumentParser(description="restore beside the raw driver")
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--neo4j", metavar="VERSION")
    parser.add_argument("--restore", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--data-dir", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--uri", help=argparse.SUPPRESS)
    parser.add_argument("--password", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.restore:
        settings = load_settings(data_dir=given.data_dir, uri=given.uri, password=given.password)
        print(json.dumps(anyio.run(_restore, settings, given.restore)))
        return
    with tempfile.TemporaryDirectory(prefix="graphsvc-benchmark-") as folder:
        sizes = [given.entities // 10, given.entities]
        rows = [measure(size, given.neo4j, Path(folder)) for size in sizes]
    report(rows, f"Neo4j {given.neo4j}" if given.neo4j else "Embedded database")


if __name__ == "__main__":
    main()
