"""How command-line tests run commands, and the seed that the graph then holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from graphsvc.cli.program import app

HARBOR = Path(__file__).parents[1] / "seeds" / "harbor"

Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]

_left_by_load: dict[str, Any] = {}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Runs a command on the database under test, in this process."""

    def run(*arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> Result:
        chosen = {name: environment.get(name) for name in environment if "GRAPHSVC" in name}
        return CliRunner().invoke(app, arguments, env=chosen | (env or {}), input=stdin)

    return run


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts a command on the database under test as a process of its own."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "graphsvc", *arguments],
            env=environment | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def harbor(cypher: Callable[..., list[dict[str, Any]]], run: Run) -> Path:
    """The graph holds the harbor seed and nothing else; loaded anew where it does not."""

    def held() -> dict[str, Any]:
        return cypher("MATCH (n) RETURN count(n) AS nodes, collect(n.loaded_at) AS loads")[0]

    if not _left_by_load or held() != _left_by_load:
        while cypher("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS n")[0]["n"]:
            pass
        result = run("load", "--seed", str(HARBOR))
        assert result.exit_code == 0, result.stderr
        _left_by_load.update(held())
    return HARBOR
