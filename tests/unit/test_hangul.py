"""Hangul: the two-set keyboard, initial consonants, particles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.model import hangul

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))


@given(SYLLABLES)
def test_what_is_typed_on_the_other_keyboard_can_be_typed_back(text: str) -> None:
    assert hangul.typed_as_hangul(hangul.typed_as_latin(text)) == text


@given(SYLLABLES)
def test_the_beginning_of_what_is_typed_is_a_beginning_of_its_strokes(text: str) -> None:
    strokes = hangul.strokes(text)
    for end in range(len(strokes)):
        shown = hangul.typed_as_hangul(hangul.typed_as_latin(text)[:end])
        assert strokes.startswith(hangul.strokes(shown))


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    for look in (hangul.strokes, hangul.initials, hangul.typed_as_hangul, hangul.typed_as_latin):
        assert isinstance(look(text), str)
    assert hangul.strokes(hangul.strokes(text)) == hangul.strokes(text)
    assert all(text.startswith(stem) for stem in hangul.without_particle(text))


@pytest.mark.parametrize(
    ("latin", "typed"),
    [
        ("tkatjdqkdldh", "삼성바이오"),
        ("tksdjq", "산업"),
        ("tksdj", "산어"),
        ("ekfrl", "달기"),
        ("ekfr", "닭"),
        ("rhk", "과"),
        ("Rkcl", "까치"),
        ("dkssud 2", "안녕 2"),
        ("TKATJD", "쌈썽"),
    ],
)
def test_latin_keys_compose_syllables(latin: str, typed: str) -> None:
    assert hangul.typed_as_hangul(latin) == typed


@pytest.mark.parametrize(("typed", "latin"), [("ㅏ시", "ktl"), ("ㅏㄷ갸", "keri")])
def test_hangul_keys_give_the_latin_that_was_meant(typed: str, latin: str) -> None:
    assert hangul.typed_as_latin(typed) == latin


@pytest.mark.parametrize(
    ("text", "initials"),
    [("산업통상자원부", "ㅅㅇㅌㅅㅈㅇㅂ"), ("ㅄ", "ㅂㅅ"), ("K-의료", "K-ㅇㄹ"), ("꿈", "ㄲ")],
)
def test_initials_of_syllables_and_clusters(text: str, initials: str) -> None:
    assert hangul.initials(text) == initials


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("산업부가", ["산업부"]),
        ("셀트리온과", ["셀트리온"]),
        ("창원시에서는", ["창원시에서"]),
        ("창원시에서", ["창원시"]),
        ("서울로", ["서울"]),
        ("KTL은", ["KTL"]),
        ("KTL는", ["KTL"]),
        ("부산으로", ["부산", "부산으"]),
        ("파도과", []),
        ("산업부은", []),
        ("길이", []),
        ("", []),
    ],
)
def test_a_particle_goes_with_the_sound_before_it(text: str, stems: list[str]) -> None:
    assert hangul.without_particle(text) == stems
