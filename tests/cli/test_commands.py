"""The command line as a whole: its commands, its exit codes, its versions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from graphsvc import __version__, errors
from graphsvc.cli import diagnosing, program
from tests.cli.conftest import Run

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"


def _documented(pattern: str) -> list[str]:
    return re.findall(rf"^\| {pattern} \|", DOCS.read_text("utf-8"), re.MULTILINE)


def _errors(kind: type[errors.GraphsvcError] = errors.GraphsvcError) -> set[int]:
    return {kind.exit_code}.union(*(_errors(child) for child in kind.__subclasses__()))


def test_help_has_every_documented_command_and_no_other() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "graphsvc", "--help"], capture_output=True, text=True, check=True
    )
    listed = re.findall(r"^  ([a-z]+) ", run.stdout.split("Commands:")[1], re.MULTILINE)
    table = DOCS.read_text("utf-8").partition("\n\nRows come out")[0]
    assert listed == re.findall(r"^\| `([a-z]+)` \|", table, re.MULTILINE)


def test_every_exit_code_is_documented() -> None:
    ours = {diagnosing.EXIT_PROBLEMS, program.EXIT_INTERRUPTED, program.EXIT_BROKEN_PIPE}
    assert {int(code) for code in _documented(r"(\d+)")} == {0} | _errors() | ours


@pytest.mark.parametrize("module", ["pydantic", "neo4j", "fastapi", "rich.console", "asyncio"])
def test_help_imports_nothing_heavy(module: str) -> None:
    code = (
        "import sys; from graphsvc.cli.program import app\n"
        "try: app(['--help'])\n"
        f"except SystemExit: sys.exit({module!r} in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)


def test_version_names_program_python_engine_and_driver(run: Run) -> None:
    versions = json.loads(run("version", "--format", "json").stdout)
    assert versions["graphsvc"] == __version__
    assert versions["neo4j driver"] == metadata.version("neo4j")
    assert {"python", "arcadedb-embedded"} <= versions.keys()


def test_a_bad_setting_is_named(run: Run) -> None:
    result = run("facts", env={"GRAPHSVC_MAX_ROWS": "many"})
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "GRAPHSVC_MAX_ROWS" in result.stderr


def test_a_database_that_is_not_there_is_named(run: Run) -> None:
    env = {"GRAPHSVC_URI": "bolt://127.0.0.1:1", "GRAPHSVC_PASSWORD": "x"}
    result = run("facts", env=env)
    assert (result.stdout, result.exit_code) == ("", 7)
    assert "bolt://127.0.0.1:1" in result.stderr


def test_an_unexpected_failure_names_a_file_with_the_details(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(program, "app", fail)
    with pytest.raises(SystemExit) as ended:
        program.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "RuntimeError: boom" in said
    assert "Traceback" not in said
    named = Path(said.split("with ")[1].strip().removesuffix("."))
    assert "boom" in named.read_text("utf-8")
    named.unlink()
