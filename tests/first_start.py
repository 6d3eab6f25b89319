"""Starts an installed graphsvc as a newcomer does, twice, and asks it what the README asks.

    VENV/bin/python tests/first_start.py

The home folder is new, the port is free and the working folder is elsewhere, so that the wheel's
own Cypher files and seed are used. Prints how long each start took until the service was ready;
fails when an answer lacks what the articles say.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graphsvc import paths
from graphsvc.store.engine import engine_status

START_LIMIT_S = 120

FUNDS = {
    ("motie", "gangwon", "stated", "28700000000 KRW"),
    ("motie", "changwon-device-center-project", "implied", None),
    ("motie", "mrna-program", "implied", None),
    ("jeonnam", "mrna-program", "implied", None),
}
WITHOUT_PAYER = {"25760000000 KRW", "16100000000 KRW", "9000000000 KRW", "6000000000 KRW"}


def main() -> None:
    """Start twice, ask twice."""
    program = Path(sys.executable).with_name("graphsvc")
    if paths.packaged_seed_dir().parent != Path(paths.__file__).parent:
        raise SystemExit(f"{program} is not installed from a wheel: it uses a checkout's seed.")
    with tempfile.TemporaryDirectory(prefix="graphsvc-home-") as home:
        for which in ("first", "second"):
            with serving(program, Path(home)) as (url, seconds):
                say(f"{which} start: ready {seconds:.1f} s after `graphsvc serve`")
                check(url)
            # A database that still runs would make the second start look faster than it is.
            wait_until_the_database_ended(Path(home))


@contextmanager
def serving(program: Path, home: Path) -> Iterator[tuple[str, float]]:
    """A running service: its address, and the seconds from the command until it was ready."""
    port = free_port()
    url = f"http://localhost:{port}"
    begun = time.monotonic()
    process = subprocess.Popen(
        [program, "serve", "--port", str(port)],
        env=environment(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(url, process)
        yield url, time.monotonic() - begun
    finally:
        process.terminate()
        ended_with = process.wait(60)
    if ended_with != 0:
        raise SystemExit(f"`graphsvc serve` ended with {ended_with} when it was told to stop.")


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until reads are answered."""
    deadline = time.monotonic() + START_LIMIT_S
    while not is_ready(url):
        if process.poll() is not None:
            raise SystemExit(f"`graphsvc serve` ended with {process.returncode}.")
        if time.monotonic() > deadline:
            raise SystemExit(f"`graphsvc serve` was not ready after {START_LIMIT_S} s.")
        time.sleep(0.02)


def environment(home: Path) -> dict[str, str]:
    """As a newcomer has it: nothing set that is about graphsvc, Python or folders."""
    foreign = ("GRAPHSVC_", "PYTHON", "XDG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"HOME": str(home), "XDG_DATA_HOME": str(data_home(home))}


def data_home(home: Path) -> Path:
    """The folder under which the service keeps its data folder."""
    return home / ".local" / "share"


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_ready(url: str) -> bool:
    """Whether reads are answered."""
    try:
        return bool(get(f"{url}/ready")["status"] == "ready")
    except OSError:  # refused, reset or 503
        return False


def get(url: str) -> Any:
    """The JSON at an address."""
    with urllib.request.urlopen(url, timeout=START_LIMIT_S) as answer:
        return json.load(answer)


def check(url: str) -> None:
    """Who funds whom, and which sums name no payer."""
    rows = get(f"{url}/v1/relationships?type=FUNDS")["items"]
    funds = {(row["subject"]["id"], row["object"]["id"], row["basis"], sum_of(row)) for row in rows}
    rows = get(f"{url}/v1/fundings")["items"]
    without_payer = {sum_of(row) for row in rows if not row["funders"]}
    missing = (FUNDS - funds) | (WITHOUT_PAYER - without_payer)
    if missing:
        raise SystemExit(f"Not answered: {sorted(missing, key=str)}")
    say(f"{len(funds)} FUNDS rows and {len(without_payer)} sums without payer, as expected")


def say(line: str) -> None:
    """Print at once, so that the service's own lines stand between ours in order."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def sum_of(row: dict[str, Any]) -> str | None:
    """The stated sum with its currency; None where no sum is stated."""
    money = row["money"]
    return money and f"{money['amount']} {money['currency']}"


def wait_until_the_database_ended(home: Path) -> None:
    """It outlives its last client by a few seconds."""
    deadline = time.monotonic() + 60
    while asyncio.run(engine_status(data_home(home) / "graphsvc")) is not None:
        if time.monotonic() > deadline:
            raise SystemExit("The embedded database still runs after the service has ended.")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
