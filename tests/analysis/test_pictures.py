"""Pictures are drawn, the same for the same result, or say what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from graphsvc.analysis import pictures
from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError
from tests.analysis.networks import network

pytest.importorskip("matplotlib")

SMALL = network("m funds a -", "m funds b -", "a supports c -", kinds={"m": "Ministry"})


def result(**columns: list[Any]) -> Result:
    return Result("pagerank", {}, {}, 0, "process", {}, {}, "", "", "", "", columns)


NAMES = {"node": ["m", "a"], "name": ["부처", "센터"], "name_en": ["Ministry", "Center"]}
RANKS = {"rank": [1, 2], "rank_low": [1, 1], "rank_median": [1, 2], "rank_high": [2, 4]}
GROUPS = {
    "node": ["m", "a", "b", "c"],
    "name": ["m"] * 4,
    "name_en": ["m"] * 4,
    "group": [1, 1, 2, 2],
}
KINDS = {"Ministry": "ministry", "Organization": "organization"}


@pytest.mark.parametrize(
    "draw",
    [
        lambda form: pictures.ranks(result(**NAMES, value=[0.5, 0.2]), form),
        lambda form: pictures.ranks(result(**NAMES, **RANKS), form),
        lambda form: pictures.degree_distribution(SMALL, form),
        lambda form: pictures.kind_flow(SMALL, KINDS, form),
        lambda form: pictures.community_map(SMALL, result(**GROUPS), form),
    ],
)
def test_a_picture_is_drawn_and_is_the_same_again(draw: Callable[[Any], bytes]) -> None:
    picture = draw("svg")
    assert b"<svg" in picture
    assert draw("svg") == picture
    assert draw("png").startswith(b"\x89PNG")


def words(picture: bytes) -> list[str]:
    """matplotlib notes each text beside its outlines."""
    return re.findall(r"<!-- (.*) -->", picture.decode("utf-8"))


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a font that is there had the letters."""
    monkeypatch.setattr(pictures, "_KOREAN", ("DejaVu Sans",))


@pytest.mark.usefixtures("korean")
@pytest.mark.filterwarnings("ignore:Glyph")
def test_korean_pictures_are_korean_throughout() -> None:
    drawn = words(
        pictures.kind_flow(SMALL, {"Ministry": "부처", "Organization": "기관"}, "svg", "ko")
    )
    assert {"부처", "기관", "주는 쪽", "받는 쪽", "관계 수"} <= set(drawn)
    assert not [word for word in drawn if re.search("[a-z]", word)]


def test_a_share_is_written_without_a_power_whose_sign_fonts_lack() -> None:
    many = network(*(f"hub funds {number} -" for number in range(20)))
    drawn = words(pictures.degree_distribution(many, "svg"))
    assert {"1", "10", "0.1"} <= set(drawn)
    assert not [word for word in drawn if "^" in word]


def test_without_a_korean_font_one_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_KOREAN", ())
    with pytest.raises(InvalidInputError, match="fonts-nanum"):
        pictures.ranks(result(**NAMES, value=[0.5, 0.2]), "svg", "ko")


def test_what_has_no_value_for_each_node_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no value for each node"):
        pictures.ranks(result(value=[1]), "svg")
    with pytest.raises(InvalidInputError, match="no groups"):
        pictures.community_map(SMALL, result(**NAMES), "svg")
