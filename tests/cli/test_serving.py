"""serve: a taken port, the first answer, the seed it loads or refuses, and its end."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.engine import engine_status
from graphsvc.store.state import read_state
from tests.cli.conftest import HARBOR, Run, Start


def wait_until_ready(process: subprocess.Popen[str], said: list[str] | None = None) -> str:
    """The address that the service says it is ready at; what it says before goes to `said`."""
    assert process.stderr is not None
    said = [] if said is None else said
    for line in process.stderr:
        said.append(line)
        if ready := re.search(r"ready at (http://\S+) \(\d+\.\d s\)", line):
            return ready[1]
    raise AssertionError(f"the service ended: {''.join(said)}")


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.faults)])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_ends_cleanly(
    start: Start, harbor: Path, workers: str, end: signal.Signals
) -> None:
    process = start("serve", "--port", "0", "--workers", workers, "--seed", str(harbor))
    url = wait_until_ready(process)
    assert _get(f"{url}/health")["status"] == "alive"
    assert _get(f"{url}/v1/relationships?type=FUNDS&subject=wave-ministry")["items"]
    process.send_signal(end)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in said


def test_a_taken_port_is_told_before_anything_is_started(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("serve", "--port", port, env={"GRAPHSVC_DATA_DIR": str(folder)})
    assert (result.stdout, result.exit_code) == ("", 2)
    assert port in result.stderr
    assert "--port" in result.stderr
    assert not folder.exists()


@pytest.mark.faults
@pytest.mark.parametrize(
    ("host", "announced", "warned"),
    [
        pytest.param("127.0.0.1", "http://127.0.0.1:", False, marks=pytest.mark.combination),
        ("localhost", "http://localhost:", False),
        pytest.param("127.0.0.2", "http://127.0.0.2:", False, marks=pytest.mark.combination),
        pytest.param("::1", "http://[::1]:", False, marks=pytest.mark.combination),
        ("0.0.0.0", "http://127.0.0.1:", True),
        ("::", "http://[::1]:", True),
    ],
)
def test_it_answers_where_it_says_and_says_that_it_asks_for_no_key(
    start: Start, harbor: Path, host: str, announced: str, warned: bool
) -> None:
    process = start("serve", "--port", "0", "--host", host, "--seed", str(harbor))
    said: list[str] = []
    url = wait_until_ready(process, said)
    assert url.startswith(announced)
    assert _get(f"{url}/ready")["seed"] == "harbor"
    assert any("asked for a key" in line for line in said) == warned


@pytest.mark.faults
def test_any_of_several_workers_tells_the_metrics_of_all(start: Start, harbor: Path) -> None:
    process = start("serve", "--port", "0", "--workers", "2", "--seed", str(harbor))
    url = wait_until_ready(process)
    for _ in range(20):
        _get(f"{url}/health")
    with urllib.request.urlopen(f"{url}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    asked = 'http_requests_total{handler="/health",method="GET",status="200"} '
    counted = next(line for line in lines if line.startswith(asked))

    assert float(counted.removeprefix(asked)) >= 20


@pytest.mark.embedded_only
def test_serve_loads_the_seed_into_an_empty_graph(
    start: Start, empty_database: None, settings: Settings
) -> None:
    process = start("serve", "--port", "0", "--seed", str(HARBOR))
    url = wait_until_ready(process)
    assert _get(f"{url}/ready")["seed"] == "harbor"


@pytest.mark.embedded_only
def test_serve_refuses_a_chosen_seed_that_the_graph_does_not_hold(run: Run, harbor: Path) -> None:
    result = run("serve", "--port", "0", "--seed", str(packaged_seed_dir()))
    assert (result.stdout, result.exit_code) == ("", 5)
    assert "graphsvc load --replace" in result.stderr


@pytest.mark.faults
@pytest.mark.embedded_only
@pytest.mark.parametrize(
    "seed_of_the_dump",
    [
        pytest.param("another", marks=pytest.mark.combination),
        "the packaged one, of which most was kept",
    ],
)
def test_a_restored_graph_is_served_as_it_is_and_told(
    start: Start, run: Run, tmp_path: Path, seed_of_the_dump: str
) -> None:
    seed = HARBOR
    if seed_of_the_dump != "another":
        seed = shutil.copytree(HARBOR, tmp_path / "seed")
        manifest = seed / "seed.yaml"
        packaged = read_seed(packaged_seed_dir()).manifest.id
        manifest.write_text(manifest.read_text("utf-8").replace("harbor", packaged, 1), "utf-8")
    made, restored = ({"GRAPHSVC_DATA_DIR": str(tmp_path / name)} for name in ("made", "restored"))
    dump = str(tmp_path / "dump.ndjson")
    for command, env in (
        (("load", "--seed", str(seed)), made),
        (("dump", dump), made),
        (("restore", dump), restored),
    ):
        result = run(*command, env=env)
        assert result.exit_code == 0, result.stderr
    process = start("serve", "--port", "0", env=restored)
    assert process.stderr is not None
    said = []
    url = wait_until_ready(process, said)
    holds = read_seed(seed)
    ready = _get(f"{url}/ready")
    assert (ready["seed"], ready["graph_version"]) == (holds.manifest.id, 1)
    assert any(
        f"holds seed {holds.manifest.id}, version 1" in line
        and f"{len(holds.facts)} facts" in line
        and "--seed" in line
        for line in said
    )


@pytest.mark.neo4j_only
def test_on_neo4j_serve_loads_nothing(start: Start, empty_database: None) -> None:
    process = start("serve", "--port", "0", "--seed", str(HARBOR))
    url = wait_until_ready(process)
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(f"{url}/ready")
    assert refused.value.code == 503
    refused.value.close()


@pytest.mark.faults
@pytest.mark.embedded_only
def test_the_engine_outlives_a_killed_command_that_started_it(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    env = {"GRAPHSVC_DATA_DIR": str(folder)}
    process = start("serve", "--port", "0", "--seed", str(HARBOR), env=env)
    wait_until_ready(process)

    async def use_it_meanwhile() -> None:
        async with await Database.open(Settings(data_dir=folder)) as database:
            before = await engine_status(folder)
            process.kill()
            process.wait(30)
            # Longer than the engine outlives its last client.
            await asyncio.sleep(4)
            state = await read_state(database)
            after = await engine_status(folder)
        assert state is not None
        assert before is not None
        assert after is not None
        assert (after.database_pid, after.generation) == (before.database_pid, before.generation)

    asyncio.run(use_it_meanwhile())
