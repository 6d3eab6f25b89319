"""How fast paths between random pairs are found, and neighbourhoods drawn, in a large graph.

    python benchmarks/paths.py                      # embedded database
    python benchmarks/paths.py --neo4j 2026.07.1    # Neo4j, started from Maven's jars

The graph is that of benchmarks/loading.py: N entities, 5 N relationships, with hubs. It is restored
into a new database, or into the folder that `--data-dir` names, where it is then found again. Times
are of the use cases, in one process, one request after the other; the reads that each makes go over
Bolt. Printed beside them: a lookup of one entity by its id in the same run, which is what one read
costs on this machine.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import anyio

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.loading import SEED, vocabulary, write_dump
from graphsvc.errors import LimitError
from graphsvc.settings import Settings, load_settings
from graphsvc.store import writing
from graphsvc.store.database import Database
from graphsvc.store.state import read_state
from graphsvc.usecases.connections.neighbourhood import NeighbourhoodRequest, neighbourhood
from graphsvc.usecases.connections.paths import PathRequest, paths
from graphsvc.usecases.loading.restore import restore
from tests.neo4j_server import Neo4jServer

WARM_UP = 50
QUESTIONS: dict[str, dict[str, Any]] = {
    "3 hops": {"max_hops": 3},
    "3 hops, k=20": {"max_hops": 3, "k": 20},
    "3 hops, as_of": {"max_hops": 3, "as_of": date(2010, 6, 30)},
    "3 hops, forward": {"max_hops": 3, "direction": "forward"},
    "3 hops, hub_penalty=1": {"max_hops": 3, "hub_penalty": 1.0},
    "4 hops": {"max_hops": 4},
    "6 hops, forward": {"max_hops": 6, "direction": "forward"},
}

Answer = tuple[float, bool]
"""Milliseconds, and whether something was found."""


async def measure(database: Database, entities: int, pairs: int) -> list[tuple[str, list[Answer]]]:
    """Every kind of question, each on the same random things."""
    words = vocabulary()

    async def lookup(source: str, _: str) -> bool:
        return bool(await database.read("read/by_id/node_by_id", {"label": "Entity"}, id=source))

    def asking(options: dict[str, Any]) -> Callable[[str, str], Awaitable[bool]]:
        async def ask(source: str, target: str) -> bool:
            try:
                found = await paths(database, words, PathRequest(source, target, **options))
            except LimitError:
                return False
            return bool(found["reached"])

        return ask

    def drawing(depth: int) -> Callable[[str, str], Awaitable[bool]]:
        async def draw(source: str, _: str) -> bool:
            asked = NeighbourhoodRequest(source, depth=depth)
            return bool((await neighbourhood(database, words, asked))["relationships"])

        return draw

    work = {"lookup of one entity": lookup}
    work |= {f"paths, {name}": asking(options) for name, options in QUESTIONS.items()}
    work |= {f"neighbourhood, depth {depth}": drawing(depth) for depth in (1, 2, 3)}
    return [
        (name, await timed(ask, entities, pairs if "3 hops" in name else max(pairs // 4, 1)))
        for name, ask in work.items()
    ]


async def timed(
    ask: Callable[[str, str], Awaitable[bool]], entities: int, pairs: int
) -> list[Answer]:
    """The question about so many random pairs, after a few that do not count."""
    chance = random.Random(SEED)
    answers = []
    for _ in range(WARM_UP + pairs):
        source, target = (f"e{number}" for number in chance.sample(range(entities), 2))
        started = time.perf_counter()
        found = await ask(source, target)
        answers.append(((time.perf_counter() - started) * 1000, found))
    return answers[WARM_UP:]


async def run(settings: Settings, entities: int, pairs: int) -> list[tuple[str, list[Answer]]]:
    """Measure, over a graph that is restored first where there is none."""
    async with await Database.open(settings) as database:
        if await read_state(database) is None:
            await writing.ensure_schema(database, vocabulary())
            with tempfile.TemporaryDirectory(prefix="graphsvc-benchmark-") as folder:
                dump = Path(folder, "dump.ndjson")
                write_dump(entities, dump)
                await fill(database, dump)
        return await measure(database, entities, pairs)


async def fill(database: Database, dump: Path) -> None:
    """Restore the dump."""
    with dump.open("rb") as source:
        await restore(database, source)


def report(rows: list[tuple[str, list[Answer]]], database: str) -> None:
    """The table, as Markdown."""
    print(f"\n{database}\n")
    print("| what | requests | found | p50 ms | p95 ms | max ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, answers in rows:
        times = sorted(ms for ms, _ in answers)
        p95 = times[min(int(len(times) * 0.95), len(times) - 1)]
        found = sum(found for _, found in answers)
        print(
            f"| {name} | {len(times)} | {found} | {statistics.median(times):.1f} | {p95:.1f}"
            f" | {times[-1]:.1f} |"
        )


def main() -> None:
    """Measure one database."""
    parser = argparse.ArgumentParser(description="paths and neighbourhoods in a large graph")
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--data-dir", type=Path, help="keep the embedded database in this folder")
    parser.add_argument("--neo4j", metavar="VERSION")
    given = parser.parse_args()
    with ExitStack() as stack:
        if given.neo4j:
            server = stack.enter_context(Neo4jServer(given.neo4j))
            settings = load_settings(uri=server.uri, user=server.user, password=server.password)
        else:
            folder = given.data_dir or stack.enter_context(tempfile.TemporaryDirectory())
            settings = load_settings(data_dir=Path(folder))
        rows = anyio.run(run, settings, given.entities, given.pairs)
    report(rows, f"Neo4j {given.neo4j}" if given.neo4j else "Embedded database")


if __name__ == "__main__":
    main()
