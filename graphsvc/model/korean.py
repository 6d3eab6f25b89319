"""Korean particles: which of a pair follows a word depends on the sound that the word ends in.

A sentence is written with both, as dictionaries do: "이(가)", "을(를)", "은(는)", "와(과)",
"(으)로". `settled` keeps the one that fits.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = 0xAC00, 0xD7A3, 28
_RIEUL = 8

_DIGITS_IN_RIEUL = frozenset("178")
_DIGITS_IN_CONSONANT = frozenset("036")
_LETTERS_IN_RIEUL = frozenset("LR")
_LETTERS_IN_CONSONANT = frozenset("MN")

_GLOSS = re.compile(r"(?<=\S)\s*(\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|㈜)\s*$")
_SILENT = re.compile(r"[^\w%℃㎡]+$")
_LATIN = re.compile(r"[A-Za-z]+$")
_SHORT_STOP = re.compile(r"(^|[^aeiou])(oo|[aeiou])[kptc]$|ck$")

_PAIRS = (
    ("이", "가"),
    ("을", "를"),
    ("은", "는"),
    ("과", "와"),
    ("으로", "로"),
    ("이나", "나"),
    ("이라", "라"),
)
"""After a consonant, after a vowel."""

_SPELLINGS = {
    spelling: pair
    for pair in _PAIRS
    for spelling in (f"{pair[0]}({pair[1]})", f"{pair[1]}({pair[0]})")
} | {"(으)로": _PAIRS[4], "(이)나": _PAIRS[5], "(이)라": _PAIRS[6]}

PARTICLES = "|".join(map(re.escape, sorted(_SPELLINGS, key=len, reverse=True)))
"""A pattern that matches a pair of particles as it is written in a sentence."""


class Ending(Enum):
    """The sound a word ends in: a vowel, ㄹ, another consonant."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"


def settled(word: str, pair: str) -> str:
    """The one of a written pair of particles that follows a word.

    Where it is not known how the word sounds (it ends in a Chinese character, say) the pair stays
    as it was written.
    """
    ending = ending_of(word)
    if ending is None:
        return pair
    after_consonant, after_vowel = _SPELLINGS[pair]
    # "으로" is the one particle before which ㄹ counts as a vowel: 서울로.
    like_vowel = ending is Ending.VOWEL or (ending is Ending.RIEUL and after_vowel == "로")
    return after_vowel if like_vowel else after_consonant


def ending_of(word: str) -> Ending | None:
    """The sound a word ends in, as it is read aloud in Korean; None where that is not known.

    What stands in brackets at the end is not read, nor are quotation marks and stops: the word
    before them counts. Digits are read as Sino-Korean numbers (10 십, 2030 이천삼십). Latin
    capitals alone are read by the names of the letters (KTL 케이티엘), other Latin words roughly
    as loanwords are spelt: l is ㄹ; m, n and ng are consonants, with a silent e after them too; so
    are k, p, t and c after one short vowel (net 넷, robotic 로보틱); all else ends in a vowel
    (bank 뱅크, center 센터).
    """
    text = _read_part(unicodedata.normalize("NFC", word))
    if not text:
        return None
    last = text[-1]
    if _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
        return _ending(rieul=final == _RIEUL, consonant=final != 0)
    if last.isascii() and last.isdigit():
        return _ending_of_number(text)
    if latin := _LATIN.search(text):
        return _ending_of_latin(latin[0])
    return Ending.VOWEL if last in "%℃" else None


def _read_part(text: str) -> str:
    while (shorter := _SILENT.sub("", _GLOSS.sub("", text))) != text:
        text = shorter
    return text


def _ending(*, rieul: bool, consonant: bool) -> Ending:
    if rieul:
        return Ending.RIEUL
    return Ending.CONSONANT if consonant else Ending.VOWEL


def _ending_of_number(text: str) -> Ending:
    digits = text[len(text.rstrip("0123456789")) :]
    zeros = len(digits) - len(digits.rstrip("0"))
    is_fraction = re.search(r"[0-9]\.[0-9]+$", text) is not None
    if zeros >= 12 and zeros < len(digits) and not is_fraction:
        return (
            Ending.VOWEL
        )  # 조; the smaller units 십, 백, 천, 만, 억 end in consonants, as does 영
    last = text[-1]
    return _ending(rieul=last in _DIGITS_IN_RIEUL, consonant=last in _DIGITS_IN_CONSONANT)


def _ending_of_latin(word: str) -> Ending:
    if word.isupper() or len(word) == 1:
        letter = word[-1].upper()
        return _ending(rieul=letter in _LETTERS_IN_RIEUL, consonant=letter in _LETTERS_IN_CONSONANT)
    sounded = re.sub(r"(?<=[lmn])e$", "", word.lower())
    return _ending(
        rieul=sounded.endswith("l"),
        consonant=sounded.endswith(("m", "n", "ng")) or bool(_SHORT_STOP.search(sounded)),
    )
