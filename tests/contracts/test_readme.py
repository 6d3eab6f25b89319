"""Every command that the README tells a newcomer to run exists as it is written."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from graphsvc.cli.program import app

_REPOSITORY = Path(__file__).resolve().parents[2]
_README = (_REPOSITORY / "README.md").read_text("utf-8")
_PROJECT: dict[str, Any] = tomllib.loads((_REPOSITORY / "pyproject.toml").read_text("utf-8"))
_BLOCKS = re.findall(r"^```sh\n(.*?)^```", _README, re.MULTILINE | re.DOTALL)
_COMMANDS = re.findall(
    r"(?<![\w-])graphsvc ([a-z][^`\n&]*)",
    "\n".join([*_BLOCKS, *re.findall(r"`(graphsvc [^`]*)`", _README)]),
)


def _parsed(words: list[str]) -> click.Context:
    """What the command line makes of the words, without running the command."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        name, *words = words
        assert name in command.commands, f"there is no command {name!r}"
        command = command.commands[name]
    context: click.Context = command.make_context(command.name, words)
    return context


def test_the_first_command_makes_an_environment_installs_the_program_and_starts_it() -> None:
    parts = _BLOCKS[0].strip().split(" && ")
    assert parts == [
        "python3 -m venv .venv",
        ".venv/bin/pip install .",
        ".venv/bin/graphsvc serve",
    ]
    assert "graphsvc" in _PROJECT["project"]["scripts"]
    oldest = _PROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"Python {oldest} or newer" in _README
    port = _parsed(["serve"]).params["port"]
    assert f"curl -s 'localhost:{port}/v1/relationships?type=FUNDS" in _BLOCKS[1]


@pytest.mark.parametrize("command", sorted(set(map(str.strip, _COMMANDS))))
def test_a_command_takes_the_arguments_it_is_shown_with(command: str) -> None:
    words = shlex.split(command)
    assert _parsed(words).command.name in words
