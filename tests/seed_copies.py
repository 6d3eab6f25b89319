"""Edits one fact in a copy of a seed folder, as a curator would."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

_FACT = re.compile(r"^  - id: (\S+)\n(?:(?!  - id: ).*\n)*", re.MULTILINE)


def remove_fact(copy: Path, fact: str) -> None:
    """Take a fact out of the folder."""
    _edit(copy, fact, lambda _: "")


def add_note(copy: Path, fact: str, note: str) -> None:
    """Give a note to a fact that has none."""
    _edit(copy, fact, lambda text: f"{text.rstrip()}\n    note: {note}\n\n")


def _edit(copy: Path, fact: str, edit: Callable[[str], str]) -> None:
    for file in (copy / "facts").iterdir():
        text = file.read_text("utf-8")
        for match in _FACT.finditer(text):
            if match[1] == fact:
                edited = text[: match.start()] + edit(match[0]) + text[match.end() :]
                file.write_text(edited, "utf-8")
                return
    raise AssertionError(f"{copy} has no fact {fact}")
