"""How long neighbours wait while somebody's statements run away, on the embedded database.

    python benchmarks/overload.py [--seconds 40] [--entities 20000]

For each kind of runaway a service of its own is started over a generated graph. Some neighbours
look things up, one request after the other, on connections of their own; meanwhile one analyst
asks the runaway again and again, or several at once. The neighbours' times are theirs, from the
first byte sent to the last one read; an answer that is not 200 counts as a failure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent))
from loading import write_dump

UVICORN = (
    *(sys.executable, "-m", "uvicorn", "--factory", "graphsvc.app:create_app"),
    *("--log-level", "warning"),
)
NEIGHBOURS = 4
BETWEEN_S = 0.05
LINGERS_S = 6
"""How long after its last client the engine has surely ended."""
PATHS = (
    "/v1/entities/e1",
    "/v1/relationships?subject=e2&limit=20",
    "/v1/entities?limit=50",
    "/v1/entities/e3/neighbourhood",
)


@dataclass(frozen=True)
class Kind:
    """A kind of runaway, and how many are asked at one time."""

    name: str
    statement: str
    at_once: int = 1
    timeout_s: float = 30.0


ALL_IDS = "MATCH (n:Entity) WITH collect(n.id) AS l"
KINDS = (
    Kind(
        "nested comprehensions",
        f"{ALL_IDS} RETURN size([x IN l | [y IN l | [z IN l | x + y + z]]]) AS n",
    ),
    Kind(
        "strings doubled 24 times",
        "MATCH (n:Entity {id: 'e1'}) WITH n.name AS s "
        + "WITH s + s AS s " * 24
        + "RETURN size(split(s, '')) AS n",
    ),
    Kind(
        "collected triple product",
        "MATCH (a:Entity), (b:Entity), (c:Entity) RETURN size(collect([a.id, b.id, c.id])) AS n",
    ),
    Kind(
        "COUNT within COUNT",
        "MATCH (a:Entity) WHERE COUNT { MATCH (b:Entity) WHERE COUNT { MATCH (c:Entity)"
        " WHERE c.id > a.id + b.id } > 1 } > 1 RETURN count(a) AS n",
    ),
    Kind(
        "=~ with nested quantifiers",
        "UNWIND range(1, 1000000) AS i WITH 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' + i AS s"
        " WHERE s =~ '((a+)+)+b' RETURN count(s) AS n",
    ),
    Kind("four slow paths", "MATCH p = (a)-[*1..20]-(b) RETURN count(p) AS n", at_once=4),
    Kind(
        "a reader in a loop",
        "MATCH (a:Entity), (b:Entity), (c:Entity) WHERE a.id + b.id = c.id RETURN count(*) AS n",
        timeout_s=0.1,
    ),
)


@dataclass
class Found:
    """What the neighbours saw, and what the analyst was told."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[int] = field(default_factory=Counter)
    told: Counter[int] = field(default_factory=Counter)

    def share(self, part: float) -> float:
        """The time within which this part of the neighbours' requests was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def filled(folder: Path, entities: int) -> Path:
    """A data folder with a generated graph of so many things, which nobody has open."""
    dump, data = folder / "graph.ndjson", folder / "data"
    write_dump(entities, dump)
    subprocess.run(
        [sys.executable, "-m", "graphsvc", "restore", str(dump)],
        env={**os.environ, "GRAPHSVC_DATA_DIR": str(data)},
        check=True,
    )
    time.sleep(LINGERS_S)
    return data


@contextmanager
def served(filled: Path) -> Iterator[tuple[str, Path]]:
    """A service over a copy of a data folder: its address, and the copy."""
    with tempfile.TemporaryDirectory() as parent:
        folder = str(shutil.copytree(filled, Path(parent) / "data"))
        # Without a cache every neighbour's request reads the database.
        environment = {**os.environ, "GRAPHSVC_DATA_DIR": folder, "GRAPHSVC_CACHE_BYTES": "0"}
        port = free_port()
        service = subprocess.Popen(
            [*UVICORN, "--port", str(port)],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{port}", Path(folder)
        finally:
            service.terminate()
            service.wait()
            time.sleep(LINGERS_S)


async def neighbour(url: str, first: int, end: float, found: Found) -> None:
    """Look things up until the end."""
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        number = first
        while time.perf_counter() < end:
            number += 1
            path = PATHS[number % len(PATHS)]
            began = time.perf_counter()
            try:
                status = (await client.get(path)).status_code
            except httpx.HTTPError:
                status = 0
            found.seconds.append(time.perf_counter() - began)
            if status != 200:
                found.failures[status] += 1
            await asyncio.sleep(BETWEEN_S)


async def analyst(url: str, kind: Kind, end: float, found: Found) -> None:
    """Ask the runaway again and again until the end."""
    body = {"statement": kind.statement, "timeout": kind.timeout_s}
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        while time.perf_counter() < end:
            answer = await client.post("/v1/cypher", json=body)
            found.told[answer.status_code] += 1
            await asyncio.sleep(0.2)


async def ready(url: str) -> bool:
    """Whether the service answers."""
    async with httpx.AsyncClient(base_url=url) as client:
        try:
            return (await client.get("/ready")).status_code == 200
        except httpx.HTTPError:
            return False


async def measured(url: str, kind: Kind, seconds: float) -> Found:
    """One kind, for some seconds."""
    found = Found()
    while not await ready(url):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.1)
    await neighbour(url, 0, time.perf_counter() + 2, Found())  # whatever is slow the first time
    end = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(NEIGHBOURS):
            group.create_task(neighbour(url, number, end, found))
        for _ in range(kind.at_once):
            group.create_task(analyst(url, kind, end, found))
    return found


def restarts(folder: Path) -> int:
    """How often the engine was started again."""
    log = (folder / "engine.log").read_text("utf-8", "replace")
    return log.count("the database is restarted") + log.count("the database ended by itself")


def main() -> None:
    """Measure every kind, and print them worst first."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=40)
    options.add_argument("--entities", type=int, default=20_000)
    options.add_argument("--kind", default="", help="only kinds whose name holds this")
    chosen = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        data = filled(Path(folder), chosen.entities)
        for kind in KINDS:
            if chosen.kind not in kind.name:
                continue
            with served(data) as (url, copy):
                found = asyncio.run(measured(url, kind, chosen.seconds))
                rows.append((found.share(0.99), kind, found, restarts(copy)))
    print("| runaway | requests | p50 ms | p99 s | longest s | failures | starts | analyst told |")
    print("|---|---|---|---|---|---|---|---|")
    for _, kind, found, started in sorted(rows, key=lambda row: -row[0]):
        told = ", ".join(f"{status}: {count}" for status, count in sorted(found.told.items()))
        failed = ", ".join(f"{status}: {count}" for status, count in found.failures.items())
        print(
            f"| {kind.name} | {len(found.seconds)} | {1000 * found.share(0.5):.0f} |"
            f" {found.share(0.99):.1f} | {max(found.seconds):.1f} | {failed or 0} | {started} |"
            f" {told} |"
        )


if __name__ == "__main__":
    main()
