"""Relationships read aloud: particles that fit the names."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graphsvc import paths
from graphsvc.model.korean import Ending, ending_of, settled
from graphsvc.model.reading import read_aloud
from graphsvc.model.vocabulary import Vocabulary

V, R, C = Ending.VOWEL, Ending.RIEUL, Ending.CONSONANT


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    text = (paths.packaged_seed_dir() / "vocabulary.yaml").read_text("utf-8")
    return Vocabulary.model_validate(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        ("산업통상자원부", V),
        ("강원특별자치도", V),
        ("진흥원", C),
        ("서울", R),
        ("한국산업기술시험원(KTL)", C),
        ("셀트리온 (주)", C),
        ("삼우㈜", V),
        ("(재)강원테크노파크", V),
        ("'밀물센터'", V),
        ("바이오·", V),
        ("KTL", R),
        ("KIST", V),
        ("KAIST", V),
        ("KERI", V),
        ("LH", V),
        ("GM", C),
        ("3M", C),
        ("Google", R),
        ("Biomade", V),
        ("Center", V),
        ("Line", C),
        ("Samsung", C),
        ("Internet", C),
        ("Robotic", C),
        ("Book", C),
        ("Bank", V),
        ("Work", V),
        ("제1", R),
        ("2", V),
        ("3", C),
        ("10", C),
        ("2030", C),
        ("1.5", V),
        ("1.0", C),
        ("1000000000000", V),
        ("0", C),
        ("50%", V),
        ("大韓", None),
        ("", None),
        ("...", None),
    ],
)
def test_a_word_ends_as_it_is_read_aloud(word: str, ending: Ending | None) -> None:
    assert ending_of(word) is ending


@pytest.mark.parametrize(
    ("word", "pair", "particle"),
    [
        ("도", "이(가)", "가"),
        ("원", "이(가)", "이"),
        ("도", "을(를)", "를"),
        ("원", "을(를)", "을"),
        ("도", "은(는)", "는"),
        ("원", "은(는)", "은"),
        ("도", "와(과)", "와"),
        ("원", "와(과)", "과"),
        ("원", "과(와)", "과"),
        ("도", "(으)로", "로"),
        ("서울", "(으)로", "로"),
        ("원", "(으)로", "으로"),
        ("서울", "이(가)", "이"),
        ("大韓", "이(가)", "이(가)"),
    ],
)
def test_the_particle_fits_the_word(word: str, pair: str, particle: str) -> None:
    assert settled(word, pair) == particle


def test_decomposed_hangul_ends_as_composed_hangul_does() -> None:
    assert ending_of("\u110b\u116f\u11ab") is C


@pytest.mark.parametrize(
    ("type_name", "subject", "object_", "forward", "sentence"),
    [
        ("FUNDS", "산업통상자원부", "강원특별자치도", True,
         "산업통상자원부가 강원특별자치도에 자금을 댄다"),
        ("FUNDS", "산업통상자원부", "강원특별자치도", False,
         "강원특별자치도는 산업통상자원부의 자금을 받는다"),
        ("SUPPORTS", "춘천센터", "KTL", True, "춘천센터가 KTL을 지원한다"),
        ("OPERATES", "진흥원", "센터", False, "센터는 진흥원이 운영한다"),
        ("PARTNERS_WITH", "대학교", "연구원", True, "대학교와 연구원이 협력한다"),
        ("PARTNERS_WITH", "대학교", "연구원", False, "연구원과 대학교가 협력한다"),
        ("POSSIBLY_SAME", "밀물센터", "조석원", True, "밀물센터와 조석원은 같은 것일 수 있다"),
    ],
)  # fmt: skip
def test_a_relationship_reads_as_a_korean_sentence(
    vocabulary: Vocabulary,
    type_name: str,
    subject: str,
    object_: str,
    forward: bool,
    sentence: str,
) -> None:
    joined = vocabulary.types[type_name]

    assert read_aloud(joined, subject, object_, forward=forward) == sentence


def test_in_english_names_stand_as_they_are(vocabulary: Vocabulary) -> None:
    joined = vocabulary.types["FUNDS"]

    assert read_aloud(joined, "A", "B", language="en") == "A funds B"
    assert read_aloud(joined, "A", "B", forward=False, language="en") == "B is funded by A"


def test_a_name_with_braces_is_text(vocabulary: Vocabulary) -> None:
    sentence = read_aloud(vocabulary.types["FUNDS"], "{object}", "나{subject}", language="en")

    assert sentence == "{object} funds 나{subject}"


@given(name=st.text(max_size=20))
def test_any_name_can_be_read(name: str) -> None:
    assert settled(name, "은(는)") in {"은", "는", "은(는)"}


def test_every_sentence_of_the_vocabulary_is_settled(vocabulary: Vocabulary) -> None:
    for joined in vocabulary.types.values():
        for forward in (True, False):
            assert "(" not in read_aloud(joined, "진흥원", "센터", forward=forward)
