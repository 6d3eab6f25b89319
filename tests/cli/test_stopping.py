"""SIGTERM ends serve at any moment, with exit code 0; workers end with whoever started them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import pytest

from graphsvc.store.engine import engine_status
from tests.cli.conftest import HARBOR
from tests.combinations import combinations
from tests.store.engine_processes import alive, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.embedded_only]

ENDS_WITHIN_S = 60
"""Far more than it takes: the machine may be busy. What hangs, hangs for good."""

Said = list[str]
Moment = Callable[[Path, Said], bool]

MOMENTS: dict[str, Moment] = {
    "at once": lambda _folder, _said: True,
    "the data folder is there": lambda folder, _said: folder.is_dir(),
    "the engine's supervisor runs": lambda folder, _said: (folder / "engine.json").exists(),
    "the database opens": lambda folder, _said: (folder / "arcadedb" / "databases").is_dir(),
    "the database is open": lambda folder, _said: (folder / "engine-version.json").exists(),
    "the seed is loaded": lambda _folder, said: any("Loaded seed" in line for line in said),
    "it is ready": lambda _folder, said: any("ready at" in line for line in said),
}

IGNORE_SIGINT = "import os, signal, sys; signal.signal({}, {}); os.execv(sys.argv[1], sys.argv[1:])"


class Service:
    """A `graphsvc serve` of its own, on a data folder of its own."""

    def __init__(self, folder: Path, *, workers: int = 1, sigint_ignored: bool = False) -> None:
        self.said: Said = []
        self.folder = folder
        handler = "signal.SIG_IGN" if sigint_ignored else "signal.default_int_handler"
        shell = [sys.executable, "-c", IGNORE_SIGINT.format("signal.SIGINT", handler)]
        serve = [sys.executable, "-m", "graphsvc", "serve", "--port", "0", "--seed", str(HARBOR)]
        self.process = subprocess.Popen(
            [*shell, *serve, "--workers", str(workers)],
            env=dict(os.environ) | {"GRAPHSVC_DATA_DIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.heard = threading.Thread(target=self._listen, daemon=True)
        self.heard.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            self.said.extend(lines)

    def await_moment(self, name: str) -> None:
        wait_until(lambda: MOMENTS[name](self.folder, self.said), 120)

    def ends_well(self) -> None:
        """It ends, says nothing of a mistake, and its exit code is 0."""
        code = self.process.wait(ENDS_WITHIN_S)
        self.heard.join(10)
        said = "".join(self.said)
        assert code == 0, said
        assert "Traceback" not in said
        assert "error" not in said

    @property
    def url(self) -> str:
        ready = re.search(r"ready at (http://\S+) ", "".join(self.said))
        assert ready
        return ready[1]

    def workers(self) -> list[int]:
        """The processes that serve."""
        lists = Path(f"/proc/{self.process.pid}/task").glob("*/children")  # one for each thread
        pids = [int(pid) for children in lists for pid in children.read_text().split()]
        return [pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    services: list[Service] = []

    def serve(**how: int | bool) -> Service:
        services.append(Service(tmp_path / "data", **how))  # type: ignore[arg-type]
        return services[-1]

    yield serve
    for service in services:
        with suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()
        service.heard.join()


@combinations(
    "moment, later_s, workers",
    list(MOMENTS),
    [0, 0.3],
    [1, 2],
    always=[
        (moment, *others)
        for moment, others in zip(MOMENTS, cycle([(0, 1), (0.3, 2), (0, 2), (0.3, 1)]))
    ],
)
def test_sigterm_ends_it_at_any_moment_also_where_sigint_is_ignored(
    serve: Callable[..., Service], moment: str, later_s: float, workers: int
) -> None:
    service = serve(workers=workers, sigint_ignored=True)
    if moment == "at once":
        # Before Python runs our code, a signal does what it does to any process.
        wait_until(lambda: _catches(service.process.pid, signal.SIGTERM))
    service.await_moment(moment)
    time.sleep(later_s)
    service.process.send_signal(signal.SIGTERM)
    service.ends_well()


def _catches(pid: int, name: signal.Signals) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = re.search(r"SigCgt:\s*([0-9a-f]+)", status)
    return caught is not None and bool(int(caught[1], 16) >> (name - 1) & 1)


@combinations(
    "moment, again, workers",
    ["the database opens", "it is ready"],
    [signal.SIGTERM, signal.SIGINT],
    [1, 2],
    always=[("the database opens", signal.SIGINT, 2), ("it is ready", signal.SIGTERM, 1)],
)
def test_a_second_signal_ends_it_as_well(
    serve: Callable[..., Service], moment: str, again: signal.Signals, workers: int
) -> None:
    service = serve(workers=workers)
    service.await_moment(moment)
    service.process.send_signal(signal.SIGTERM)
    time.sleep(0.05)
    service.process.send_signal(again)
    service.ends_well()


@pytest.mark.parametrize("moment", ["the database is open", "it is ready"])
def test_an_engine_that_answers_nobody_does_not_keep_it_alive(
    serve: Callable[..., Service], moment: str
) -> None:
    service = serve()
    service.await_moment(moment)
    engine = _engine(service.folder)
    os.kill(engine, signal.SIGSTOP)
    try:
        if moment == "it is ready":
            with suppress(OSError):
                urllib.request.urlopen(f"{service.url}/v1/relationships", timeout=1)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(ENDS_WITHIN_S) == 0
    finally:
        os.kill(engine, signal.SIGCONT)


def _engine(folder: Path) -> int:
    found = asyncio.run(engine_status(folder))
    assert found is not None
    assert found.database_pid is not None
    return found.database_pid


def test_workers_end_with_a_parent_that_is_killed(serve: Callable[..., Service]) -> None:
    service = serve(workers=3)
    service.await_moment("it is ready")
    workers = service.workers()
    assert len(workers) == 3
    service.process.kill()
    wait_until(lambda: not any(map(alive, workers)), ENDS_WITHIN_S)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{service.url}/health", timeout=5)
