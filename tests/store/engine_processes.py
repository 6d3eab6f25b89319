"""Clients of the embedded engine as processes of their own, and a look at what runs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from graphsvc.store.engine import EngineAddress

REPOSITORY = Path(__file__).resolve().parents[2]
MEMORY_MB = 256

# Attaches, says what it got (or the error), and holds on until its stdin ends.
_CLIENT = """
import asyncio, json, resource, sys
from pathlib import Path
from graphsvc.errors import GraphsvcError
from graphsvc.store.engine import Engine

async def main(data_dir, memory_mb, file_size):
    if file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_size), resource.RLIM_INFINITY))
    try:
        engine = await Engine.attach(Path(data_dir), memory_mb=int(memory_mb))
    except GraphsvcError as error:
        print(json.dumps({"error": type(error).__name__, "text": str(error)}), flush=True)
        return
    async with engine:
        print(json.dumps({"generation": engine.address.generation}), flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main(*sys.argv[1:]))
"""


@contextmanager
def client(
    data_dir: Path, *, memory_mb: int = MEMORY_MB, file_size: int = 0, root: Path = REPOSITORY
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that attaches; told to go on leaving, unless it was killed."""
    arguments = [str(data_dir), str(memory_mb), str(file_size or "")]
    process = subprocess.Popen(
        [sys.executable, "-c", _CLIENT, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
    )
    with process:
        try:
            yield process
        finally:
            process.communicate()


def said(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What the client says it got; waits for it."""
    assert process.stdout is not None
    answer = json.loads(process.stdout.readline())
    assert isinstance(answer, dict)
    return answer


async def run(address: EngineAddress, statement: str, *, reader: bool = False) -> Any:
    """The first value of a statement's first row, over a connection of its own."""
    user = address.reader_user if reader else address.user
    password = address.reader_password if reader else address.password
    async with (
        neo4j.AsyncGraphDatabase.driver(address.uri, auth=(user, password)) as driver,
        driver.session(database=address.database) as session,
    ):
        result = await session.run(statement)  # type: ignore[arg-type]
        row = await result.single()
        return row[0] if row else None


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Wait for something that must come; fail when it does not."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def environment_and_arguments(pid: int | None) -> str:
    """What other processes of this user can see of one."""
    return "".join(Path(f"/proc/{pid}/{part}").read_text() for part in ("environ", "cmdline"))


def listening_ports(pid: int) -> set[int]:
    """The TCP ports a process listens on."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.add(str(descriptor.readlink()))
        except FileNotFoundError:
            continue
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    listening = "0A"
    return {
        int(row[1].rpartition(":")[2], 16)
        for row in rows
        if row[3] == listening and f"socket:[{row[9]}]" in sockets
    }
