"""Line, column and excerpt of a place in a statement."""

from __future__ import annotations

import unicodedata

_WIDTH = 79
"""Cells of a terminal that an excerpt takes."""

_MARGIN = 20
"""Cells that stay readable behind the place, where a line is cut."""

_CUT = "..."


def position(statement: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, from 1, in code points; lines end where Cypher ends them."""
    before = _with_plain_ends(statement[:offset])
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def caret(statement: str, line: int, column: int) -> str:
    """The line of the statement and below it a ^ under the column, both from 1; empty without it.

    The ^ stands right where letters are shown in one width: a Korean one takes two cells. A long
    line is cut around the place, and what has no shape of its own is shown as a blank.
    """
    lines = _with_plain_ends(statement).split("\n")
    if not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1):
        return ""
    shown = [letter if letter.isprintable() else " " for letter in lines[line - 1]]
    first, last, at = 0, len(shown), column - 1
    if _cells(shown) > _WIDTH:
        first, last = _window(shown, at)
    before = [_CUT if first else "", *shown[first:at]]
    behind = [*shown[at:last], _CUT if last < len(shown) else ""]
    return f"{''.join(before + behind).rstrip()}\n{' ' * _cells(before)}^"


def _window(shown: list[str], at: int) -> tuple[int, int]:
    """The part of a long line that is shown: mostly what stands before the place."""
    room = _WIDTH - 2 * len(_CUT)
    first = last = at
    while last < len(shown) and _cells(shown[at : last + 1]) <= _MARGIN:
        last += 1
    while first > 0 and _cells(shown[first - 1 : last]) <= room:
        first -= 1
    while last < len(shown) and _cells(shown[first : last + 1]) <= room:
        last += 1
    return first, last


def _cells(letters: list[str]) -> int:
    return sum(_cell(letter) for text in letters for letter in text)


def _cell(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
