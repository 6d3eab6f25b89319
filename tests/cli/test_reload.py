"""SIGHUP: a running service reads its query files again; a closed terminal ends it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Start
from tests.cli.test_serving import wait_until_ready

pytestmark = pytest.mark.embedded_only

QUERY = "// name: {name}\n// why: Mine.\n// returns: n integer It.\nRETURN {n} AS n\n"


def _answer(url: str, name: str) -> Any:
    """The rows of a query's answer; its status where there is none."""
    try:
        with urllib.request.urlopen(f"{url}/v1/queries/{name}", timeout=30) as answer:
            return json.load(answer)["rows"]
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def _until(said: Any, url: str, name: str, times: int) -> None:
    """Wait for an answer, as often in a row as makes every worker likely to have given it."""
    seen, deadline = 0, time.monotonic() + 30
    while seen < times:
        assert time.monotonic() < deadline
        seen = seen + 1 if _answer(url, name) == said else 0
        time.sleep(0.02)


@pytest.mark.faults
@pytest.mark.parametrize(("workers", "times"), [("1", 1), ("2", 12)])
def test_query_files_are_read_again_on_sighup(
    start: Start, harbor: Path, tmp_path: Path, workers: str, times: int
) -> None:
    process = start(
        *("serve", "--port", "0", "--workers", workers, "--seed", str(harbor)),
        env={"GRAPHSVC_QUERIES_DIR": str(tmp_path)},
    )
    url = wait_until_ready(process)
    assert process.stderr is not None
    assert _answer(url, "mine") == 404

    (tmp_path / "mine.cypher").write_text(QUERY.format(name="mine", n=1))
    process.send_signal(signal.SIGHUP)
    _until([{"n": 1}], url, "mine", times)
    with urllib.request.urlopen(f"{url}/openapi.json", timeout=30) as answer:
        assert "/v1/queries/mine" in json.load(answer)["paths"]

    (tmp_path / "mine.cypher").write_text(QUERY.format(name="mine", n=2))
    (tmp_path / "sly.cypher").write_text("// name: sly\n// returns: n integer It.\nCREATE (n)\n")
    process.send_signal(signal.SIGHUP)
    for line in process.stderr:
        if "refused" in line:
            break
    assert "sly.cypher:3" in json.loads(line)["problem"]
    assert _answer(url, "mine") == [{"n": 1}]

    (tmp_path / "sly.cypher").unlink()
    process.send_signal(signal.SIGHUP)
    _until([{"n": 2}], url, "mine", times)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_a_bad_query_file_is_told_before_anything_is_started(start: Start, tmp_path: Path) -> None:
    (tmp_path / "bad.cypher").write_text("// name: bad\n// param: n money A sum.\nRETURN 1\n")
    data = tmp_path / "data"
    process = start(
        *("serve", "--port", "0"),
        env={"GRAPHSVC_QUERIES_DIR": str(tmp_path), "GRAPHSVC_DATA_DIR": str(data)},
    )
    out, said = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 2)
    assert "bad.cypher:2" in "".join(said.split())
    assert not data.exists()


@pytest.mark.faults
@pytest.mark.parametrize(
    ("workers", "ignored"),
    [pytest.param("1", False, marks=pytest.mark.combination), ("2", False), ("2", True)],
)
def test_a_closed_terminal_ends_the_service_unless_it_was_told_to_stay(
    environment: dict[str, str], harbor: Path, workers: str, ignored: bool
) -> None:
    here, there = pty.openpty()
    said, error = os.pipe()
    command = [sys.executable, "-m", "graphsvc", "serve", "--port", "0", "--workers", workers]
    process = subprocess.Popen(
        [*(["nohup"] if ignored else []), *command, "--seed", str(harbor)],
        env=environment,
        stdin=there,
        stdout=subprocess.DEVNULL,
        stderr=error,
        preexec_fn=_take_terminal,
    )
    os.close(there)
    os.close(error)
    try:
        with os.fdopen(said, encoding="utf-8") as lines:
            for line in lines:
                if "ready at" in line:
                    break
            os.close(here)
            if ignored:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(3)
            else:
                assert process.wait(30) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _take_terminal() -> None:
    """Lead a session whose terminal is the one on stdin, whoever ignored SIGHUP before."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
