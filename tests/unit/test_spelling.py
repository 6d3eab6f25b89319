"""What a misspelt word may have meant."""

from __future__ import annotations

import subprocess
import sys

import pytest

from graphsvc.model.spelling import did_you_mean, near, nearest

TYPES = ("FUNDS", "SUPPORTS", "LOCATED_IN", "PART_OF")
IDS = ("tide-center", "ebb-center", "gull-city", "pier-agency")


@pytest.mark.parametrize(
    ("word", "known", "parts", "found"),
    [
        ("FUND", TYPES, False, ["FUNDS"]),
        ("suports", TYPES, False, ["SUPPORTS"]),
        ("LOCATEDIN", TYPES, False, ["LOCATED_IN"]),
        ("xyz", TYPES, False, []),
        ("", TYPES, False, []),
        ("x" * 10_000, TYPES, False, []),
        ("\ud800", TYPES, False, []),
        ("센타", ("센터", "기관"), False, []),
        ("협력센타", ("협력센터", "협력기관"), False, ["협력센터"]),
        ("tide", IDS, False, []),
        ("tide", IDS, True, ["tide-center"]),
        ("center", IDS, True, ["tide-center", "ebb-center"]),
        ("amount", ("amount_krw", "log_amount", "value"), False, ["log_amount", "amount_krw"]),
        ("tide-centre", IDS, True, ["tide-center", "ebb-center"]),
    ],
)
def test_the_near_words_are_found_best_first(
    word: str, known: tuple[str, ...], parts: bool, found: list[str]
) -> None:
    assert near(word, known, parts=parts) == found
    assert near(word, reversed(known), parts=parts) == found
    assert near(word, known, 1, parts=parts) == found[:1]


def test_advice_names_the_near_words_or_all() -> None:
    assert did_you_mean("tide-centre", IDS) == "Did you mean tide-center or ebb-center?"
    assert did_you_mean("xyz", TYPES) == ""
    assert nearest("xyz", TYPES) == "Known: FUNDS, LOCATED_IN, PART_OF, SUPPORTS."


def test_a_command_that_needs_no_advice_does_not_load_what_makes_it() -> None:
    program = "import sys, graphsvc.cli, graphsvc.model.spelling; print('rapidfuzz' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout == b"False\n"
