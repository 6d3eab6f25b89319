"""Names without a database: their normal forms, and the laws that finding them obeys."""

from __future__ import annotations

import random
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graphsvc.model import hangul
from graphsvc.usecases.search.finding import find
from graphsvc.usecases.search.name_forms import fold, key, span, without_legal_form, without_office
from graphsvc.usecases.search.name_index import NameIndex, Thing
from graphsvc.usecases.search.text_lookup import (
    LEAST_SIMILARITY,
    JoinedTexts,
    SimilarTexts,
    SortedTexts,
)

NAME = st.text(min_size=1, max_size=30).filter(lambda text: key(fold(text)))
KOREAN = st.text("가각간갑강개거국기나달도록바사산서성시오온원은의이장전조지한함 ·㈜a1", min_size=1)
ORDER = ("exact", "alias", "prefix", "inside", "choseong", "fuzzy")


def things(*names: str) -> list[Thing]:
    """Things with these names, the first with most relationships."""
    return [
        Thing(f"t{place:03}", "Center", name, f"Name {place}", (), len(names) - place)
        for place, name in enumerate(names)
    ]


def found(index: NameIndex, text: str, **options: object) -> list[tuple[str, str]]:
    return [(hit.thing.id, hit.match) for hit in find(index, text, **options).hits]  # type: ignore[arg-type]


@given(st.lists(NAME | KOREAN.filter(lambda text: key(fold(text))), min_size=1, max_size=6))
def test_every_name_finds_itself_first_and_exactly(names: list[str]) -> None:
    index = NameIndex(things(*names))
    for name in names:
        for mode in ("full", "prefix"):
            first = find(index, name, mode=mode).hits[0]
            assert (first.match, first.score) == ("exact", 1.0)
            assert key(fold(first.matched)) == key(fold(name))


@given(st.lists(KOREAN, max_size=8), st.text(max_size=40) | KOREAN, st.integers(1, 5))
def test_hits_are_in_order_once_each_and_their_spans_stand_in_the_name(
    names: list[str], text: str, limit: int
) -> None:
    index = NameIndex(things(*names))
    for mode in ("full", "prefix"):
        answer = find(index, text, mode=mode, limit=limit)
        hits = answer.hits
        ranks = [(-hit.score, -hit.thing.degree, hit.thing.id) for hit in hits]
        assert ranks == sorted(ranks)
        assert [ORDER.index(hit.match) for hit in hits] == sorted(
            ORDER.index(hit.match) for hit in hits
        )
        assert len({hit.thing.id for hit in hits}) == len(hits) <= limit
        assert answer.total is None or answer.total >= len(hits)
        for hit in hits:
            assert 0 <= hit.score <= 1
            if hit.span is not None:
                assert 0 <= hit.span[0] < hit.span[1] <= len(hit.matched)


@given(st.lists(KOREAN, max_size=5), KOREAN)
def test_the_order_in_which_things_come_does_not_matter(names: list[str], text: str) -> None:
    all_things = things(*names)
    shuffled = random.Random(1).sample(all_things, len(all_things))

    assert find(NameIndex(all_things), text) == find(NameIndex(shuffled), text)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_whatever_the_unicode_form(text: str) -> None:
    letters = key(fold(text))

    assert key(fold(letters)) == letters
    assert key(fold(unicodedata.normalize("NFC", text))) == letters
    assert key(fold(unicodedata.normalize("NFD", text))) == letters


@given(NAME)
def test_a_key_spans_the_name_it_comes_from(text: str) -> None:
    start, end = span(text, 0, len(key(fold(text))), bare=False)

    assert key(fold(text[start:end])) == key(fold(text))


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("의료·바이오", "의료바이오"),
        ("의료・바이오", "의료바이오"),
        ("의료‧바이오", "의료바이오"),
        ("의료ㆍ바이오", "의료바이오"),
        ("U-헬스  종합", "u헬스종합"),
        ("ＫＥＲＩ", "keri"),
        ("Café", "cafe"),
        ("R&D", "rd"),
        ("ㅅㅇ", "ㅅㅇ"),
        ("ᄉᄋ", "ㅅㅇ"),
        ("++", "++"),
        (" \t", ""),
    ],
)
def test_the_key_of_a_text(text: str, letters: str) -> None:
    assert key(fold(text)) == letters


@pytest.mark.parametrize(
    "text",
    [
        *("(주)물결", "㈜물결", "주식회사 물결", "물결 주식회사", "물결(주)", "（주）물결"),
        *("재단법인 물결", "(재)물결", "사단법인 물결", "(사) 물결", "유한회사물결"),
        *("농업회사법인 주식회사 물결",),
    ],
)
def test_a_korean_legal_form_is_no_part_of_the_name(text: str) -> None:
    assert without_legal_form(fold(text)) == "물결"


@pytest.mark.parametrize(
    "text", ["Wave Co., Ltd.", "Wave Co.,Ltd", "WAVE INC", "Wave, Inc.", "Wave Corporation"]
)
def test_an_english_legal_form_is_no_part_of_the_name(text: str) -> None:
    assert without_legal_form(fold(text)) == "wave"


@pytest.mark.parametrize("text", ["재단법인", "주식회사", "inc", "incheon", "유한양행", "(주)"])
def test_what_only_looks_like_a_legal_form_stays(text: str) -> None:
    assert without_legal_form(text) == text


@pytest.mark.parametrize(
    ("text", "government"),
    [("창원시청", "창원시"), ("창원 시청", "창원시"), ("강원도청", "강원도"), ("교육청", "교육청"),
     ("시청", "시청"), ("시청자", "시청자")],
)  # fmt: skip
def test_an_office_stands_for_its_government(text: str, government: str) -> None:
    assert without_office(text) == government


def test_a_particle_is_taken_off_only_where_no_name_has_it() -> None:
    index = NameIndex(things("물결부", "물결부가", "물결부가공센터"))
    assert found(index, "물결부가") == [("t001", "exact"), ("t002", "prefix")]

    index = NameIndex(things("물결부", "물결부가공센터"))
    assert found(index, "물결부가") == [("t000", "exact"), ("t001", "prefix")]


def test_a_full_search_looks_for_all_words_inside_a_name() -> None:
    index = NameIndex(things("바다 의료 지원센터", "바다 지원센터", "의료 바다 AI 지원센터"))

    assert found(index, "지원센터 의료") == [("t000", "inside"), ("t002", "inside")]
    assert found(index, "지원센터 ai") == [("t002", "inside")]


def test_short_latin_texts_are_not_looked_for_inside_words() -> None:
    assert found(NameIndex(things("Maritime")), "ti") == []
    assert found(NameIndex(things("Maritime")), "time") == [("t000", "inside")]


def test_two_letters_are_never_a_typo_of_others() -> None:
    assert found(NameIndex(things("KTL", "조민")), "KTX") == []


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "\U0010ffff", "%", "(주)", "가" * 5000])
def test_an_empty_index_and_any_text_find_nothing(text: str) -> None:
    for mode in ("full", "prefix"):
        answer = find(NameIndex([]), text, mode=mode)
        assert (answer.hits, answer.total) == ([], 0)


TEXTS = st.lists(st.text("abㄱㅏ", min_size=1, max_size=8), max_size=20)


@given(TEXTS, st.text("abㄱㅏ", min_size=1, max_size=4))
def test_lookups_find_what_a_plain_loop_finds(texts: list[str], text: str) -> None:
    numbered = list(enumerate(texts))
    in_order = SortedTexts(texts)
    assert set(in_order.equal_to(text)) == {n for n, other in numbered if other == text}
    assert set(in_order.beginning_with(text)) == {
        n for n, other in numbered if other.startswith(text)
    }
    inside, complete = JoinedTexts(texts).containing(text, 1000)
    assert (inside.tolist(), complete) == ([n for n, other in numbered if text in other], True)


@given(
    st.lists(st.text("abcdㄱㄴㅏㅓ", min_size=1), max_size=20), st.text("abcdㄱㄴㅏㅓ", min_size=4)
)
def test_no_similar_text_is_left_out_before_it_is_compared(texts: list[str], text: str) -> None:
    numbers, similarities, complete = SimilarTexts(texts).like(text, np.ones(len(texts), bool))
    expected = {
        number
        for number, other in enumerate(texts)
        if OSA.normalized_similarity(text, other, score_cutoff=LEAST_SIMILARITY) > 0
    }
    assert set(numbers) == expected
    assert complete
    assert all(similarities >= LEAST_SIMILARITY)


@given(KOREAN.filter(lambda text: key(fold(text))))
def test_every_keystroke_of_a_name_finds_it(name: str) -> None:
    letters = key(fold(name))
    index = NameIndex(things(name))
    typed = hangul.typed_as_latin(letters)
    for end in range(1, len(typed) + 1):
        if letters.isascii():
            continue
        shown = hangul.typed_as_hangul(typed[:end])
        if hangul.strokes(letters).startswith(hangul.strokes(shown)):
            assert found(index, shown, mode="prefix"), shown
