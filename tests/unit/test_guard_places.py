"""Where a statement is wrong, shown to whoever wrote it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.store.guard import caret
from graphsvc.store.guard.places import position


@pytest.mark.parametrize(
    ("statement", "line", "column", "shown"),
    [
        ("RETURN 1 +", 1, 11, "RETURN 1 +\n          ^"),
        ("MATCH (n)\nRETRUN n", 2, 1, "RETRUN n\n^"),
        ("MATCH (n)\r\n\tRETRUN n", 2, 2, " RETRUN n\n ^"),
        ("RETURN '충북' +", 1, 14, "RETURN '충북' +\n               ^"),
        ("", 1, 1, "\n^"),
        ("RETURN 1", 2, 1, ""),
        ("RETURN 1", 1, 10, ""),
        ("RETURN 1", 0, 0, ""),
    ],
)
def test_the_caret_stands_under_the_column(
    statement: str, line: int, column: int, shown: str
) -> None:
    assert caret(statement, line, column) == shown


@pytest.mark.parametrize("column", [1, 30, 79, 200, 401])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    statement = "".join(chr(ord("a") + i % 26) for i in range(400))

    line, mark = caret(statement, 1, column).split("\n")

    assert max(len(line), len(mark)) <= 79
    assert line[mark.index("^") :][:1] == statement[column - 1 : column]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.data())
def test_every_place_of_every_text_can_be_shown(statement: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(statement)))

    line, mark = caret(statement, *position(statement, offset)).split("\n")

    assert mark.strip() == "^"
    # What takes no cell (an accent that is combined with the letter before) is a letter more.
    assert sum(unicodedata.category(letter) not in ("Mn", "Me", "Cf") for letter in line) <= 79
