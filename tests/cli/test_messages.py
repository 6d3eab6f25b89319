"""What a person sees on stderr while something is waited for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WAITING = """
from graphsvc.cli.messages import waiting
with waiting("Restoring ...") as shown:
    shown.progress(1234)
    shown.say("An earlier load did not finish.")
"""


@pytest.fixture
def on_a_terminal() -> str:
    """What comes out of stderr where it is a terminal."""
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    with os.fdopen(ours, "rb", buffering=0) as screen:
        subprocess.run([sys.executable, "-c", WAITING], stderr=theirs, env=environment, check=True)
        os.close(theirs)
        shown = b""
        try:
            while part := screen.read(65_536):
                shown += part
        except OSError:  # how Linux tells the end of a terminal
            pass
    return shown.decode()


def test_a_terminal_shows_what_is_waited_for_and_how_far_it_is(on_a_terminal: str) -> None:
    assert "Restoring ... 1,234 rows" in on_a_terminal
    assert "An earlier load did not finish." in on_a_terminal


def test_elsewhere_only_what_is_said_stays() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WAITING], capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ("", "An earlier load did not finish.\n")
