"""docker-compose.yml and the Dockerfile keep their promises; no Docker is needed to check them."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from tests import neo4j_server

_REPOSITORY = Path(__file__).resolve().parents[2]
_COMPOSE_TEXT = (_REPOSITORY / "docker-compose.yml").read_text("utf-8")
_COMPOSE: dict[str, Any] = yaml.safe_load(_COMPOSE_TEXT)
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_OURS = [name for name, service in _SERVICES.items() if "build" in service]
_DOCKERFILE = re.sub(r"\\\n", " ", (_REPOSITORY / "Dockerfile").read_text("utf-8")).splitlines()
_IMAGE_PORT = "8000"
_START_LIMIT_S = 120


def test_the_compose_file_is_valid_by_the_compose_specification() -> None:
    schema = json.loads(Path(__file__).with_name("compose-spec.json").read_text("utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    assert [error.message for error in validator.iter_errors(_COMPOSE)] == []


def test_no_password_is_written_down_or_has_a_default() -> None:
    secrets = [
        value
        for service in _SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if re.search("PASSWORD|AUTH", name)
    ]
    assert len(secrets) == 3
    for value in secrets:
        assert re.fullmatch(r"(neo4j/)?\$\{NEO4J_PASSWORD:\?[^}]+\}", value)
    assert re.findall(r"\$\{\w*PASSWORD\w*(?!\w|:\?)", _COMPOSE_TEXT) == []


def test_every_port_is_published_on_the_loopback_interface_only() -> None:
    ports = [port for service in _SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_volume_that_holds_data_is_named() -> None:
    used = {v.partition(":")[0] for s in _SERVICES.values() for v in s.get("volumes", [])}
    assert used == set(_COMPOSE["volumes"])


def test_the_service_waits_for_the_load_and_the_load_for_neo4j() -> None:
    assert _SERVICES["neo4j"]["healthcheck"]["test"]
    assert _SERVICES["load"]["depends_on"]["neo4j"]["condition"] == "service_healthy"
    waits_for = _SERVICES["graphsvc"]["depends_on"]
    assert waits_for["load"]["condition"] == "service_completed_successfully"


def test_the_embedded_profile_starts_no_neo4j() -> None:
    embedded = [
        name for name, service in _SERVICES.items() if "embedded" in service.get("profiles", [])
    ]
    assert embedded == ["embedded"]
    service = _SERVICES["embedded"]
    assert "depends_on" not in service
    assert "GRAPHSVC_URI" not in service["environment"]


def test_the_neo4j_image_is_the_version_that_the_tests_run_on() -> None:
    assert _SERVICES["neo4j"]["image"].partition(":")[2].startswith(neo4j_server.CURRENT)


@pytest.mark.parametrize("name", _OURS)
def test_a_container_of_ours_can_write_only_where_it_keeps_data(name: str) -> None:
    service = _SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    data_dir = _environment_of_image()["GRAPHSVC_DATA_DIR"]
    mounted = [volume.partition(":")[2] for volume in service.get("volumes", [])]
    assert mounted == ([] if "GRAPHSVC_URI" in service["environment"] else [data_dir])


def test_the_image_runs_as_a_user_without_privileges() -> None:
    assert [line.split()[1] for line in _DOCKERFILE if line.startswith("USER ")] == ["graphsvc"]


@pytest.mark.parametrize("name", [name for name in _OURS if "command" in _SERVICES[name]])
def test_a_command_of_the_compose_file_is_one_of_the_command_line(name: str) -> None:
    command = [*_SERVICES[name]["command"], "--help"]
    assert subprocess.run(command, env=_environment(), check=False).returncode == 0


@pytest.mark.faults
def test_the_start_command_and_the_health_check_of_the_image_work(tmp_path: Path) -> None:
    port = _free_port()
    start = [part.replace(_IMAGE_PORT, port) for part in _instruction("CMD")]
    check = [part.replace(_IMAGE_PORT, port) for part in _instruction("HEALTHCHECK")]
    assert port in start
    assert _status(check) != 0, "the health check passes with nothing there"
    with _running(start, tmp_path) as server:
        deadline = time.monotonic() + _START_LIMIT_S
        while _status(check) != 0:
            assert server.poll() is None, f"ended with {server.returncode}\n{_log(tmp_path)}"
            assert time.monotonic() < deadline, f"never healthy\n{_log(tmp_path)}"
            time.sleep(0.5)


def _instruction(name: str) -> list[str]:
    """The command, in exec form, of the Dockerfile's one CMD or HEALTHCHECK."""
    (line,) = (line for line in _DOCKERFILE if line.startswith(f"{name} "))
    command: list[str] = json.loads(line[line.index("[") :])
    return command


def _environment_of_image() -> dict[str, str]:
    (line,) = (line for line in _DOCKERFILE if line.startswith("ENV "))
    return dict(part.partition("=")[::2] for part in shlex.split(line)[1:])


def _environment() -> dict[str, str]:
    """This interpreter's `graphsvc` and `python` are found first, as the image's are in it."""
    scripts = str(Path(sys.executable).parent)
    return dict(os.environ) | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = _environment() | {"GRAPHSVC_DATA_DIR": str(folder / "data")}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield server
        finally:
            server.terminate()
            server.wait(60)


def _log(folder: Path) -> str:
    return (folder / "log").read_text("utf-8", errors="replace")


def _status(check: list[str]) -> int:
    return subprocess.run(
        check, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    ).returncode


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
