"""Hangul as it is typed: key strokes of the two-set keyboard, initial consonants, particles.

A syllable U+AC00 + (initial * 21 + vowel) * 28 + final is laid out by arithmetic (The Unicode
Standard, 3.12). Single letters are the compatibility jamo ㄱ to ㅣ throughout.
"""

from __future__ import annotations

import re
from functools import cache

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
LETTERS = frozenset((*INITIALS, *VOWELS, *FINALS)) - {""}
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINAL_RIEUL = FINALS.index("ㄹ")

_TWO_STROKES = dict(
    zip(
        "ㅘㅙㅚㅝㅞㅟㅢㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        map(
            "".join,
            zip(
                "ㅗㅗㅗㅜㅜㅜㅡㄱㄴㄴㄹㄹㄹㄹㄹㄹㄹㅂ",
                "ㅏㅐㅣㅓㅔㅣㅣㅅㅈㅎㄱㅁㅂㅅㅌㅍㅎㅅ",
                strict=True,
            ),
        ),
        strict=True,
    )
)
_ONE_LETTER = {strokes: letter for letter, strokes in _TWO_STROKES.items()}

_LATIN_KEYS = dict(
    zip(
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        strict=True,
    )
)
_HANGUL_KEYS = {
    # Shift changes seven keys only; on the others the capital is the same letter.
    **{latin.upper(): jamo for jamo, latin in _LATIN_KEYS.items() if latin.islower()},
    **{latin: jamo for jamo, latin in _LATIN_KEYS.items()},
}
_TO_LATIN, _TO_HANGUL = str.maketrans(_LATIN_KEYS), str.maketrans(_HANGUL_KEYS)

_VOWEL_STROKES = "".join(letter for letter in VOWELS if letter not in _TWO_STROKES)
_TYPED_SYLLABLE = re.compile(
    f"([{INITIALS}])"
    f"({'|'.join(pair for pair in _ONE_LETTER if pair[0] in VOWELS)}|[{_VOWEL_STROKES}])"
    f"((?:{'|'.join(pair for pair in _ONE_LETTER if pair[0] in INITIALS)}"
    f"|[{''.join(final for final in FINALS if final and final in INITIALS)}])"
    f"(?![{_VOWEL_STROKES}]))?"
)

_AFTER_CONSONANT = ("으로", "이나", "이랑", "은", "이", "을", "과")
_AFTER_VOWEL = ("나", "랑", "는", "가", "를", "와", "로")
_AFTER_ANY = (
    *("에게서", "에서", "에게", "께서", "부터", "까지", "처럼", "보다", "하고", "마다"),
    *("의", "에", "도", "만", "께"),
)
_PARTICLES = sorted({*_AFTER_CONSONANT, *_AFTER_VOWEL, *_AFTER_ANY}, key=len, reverse=True)
_FEWEST_LETTERS = 2
"""What a particle is taken off of; a single syllable with one is more often a word."""


def is_syllable(letter: str) -> bool:
    """Whether a character is a whole Hangul syllable."""
    return _FIRST_SYLLABLE <= ord(letter) <= _LAST_SYLLABLE


def is_korean(text: str) -> bool:
    """Whether a text has whole syllables, and no letter of Hangul alone."""
    return any(map(is_syllable, text)) and LETTERS.isdisjoint(text)


def strokes(text: str) -> str:
    """The key strokes that type a text on the two-set keyboard, as jamo.

    What is typed so far is always a prefix of what it will be: 사, 산, 산ㅇ and 산어 of 산업, or 달
    and 닭 of 달기. Other characters stay as they are.
    """
    return text.translate(_stroke_table())


def initials(text: str) -> str:
    """Each syllable as its initial consonant; clusters as the two letters that made them.

    An input method makes one letter of some two consonants (ㅂㅅ becomes ㅄ); here they are two.
    """
    return text.translate(_initial_table())


def is_initials(text: str) -> bool:
    """Whether a text is nothing but initial consonants."""
    return (
        bool(text)
        and all(letter in INITIALS for letter in initials(text))
        and not (any(map(is_syllable, text)))
    )


def typed_as_hangul(text: str) -> str:
    """What the Latin keys of a text give on the two-set keyboard: tkatjd is 삼성."""
    return _TYPED_SYLLABLE.sub(_composed, text.translate(_TO_HANGUL))


def typed_as_latin(text: str) -> str:
    """What the Hangul keys of a text give on a Latin keyboard: ㅏ시 is ktl."""
    return strokes(text).translate(_TO_LATIN)


def without_particle(text: str) -> list[str]:
    """What is left when a particle at the end is taken off; the longest particle first.

    A particle is one only after the sound it goes with (은 after a consonant, 는 after a vowel)
    or after what is no Hangul, whose sound is not known.
    """
    return [
        stem
        for particle in _PARTICLES
        if text.endswith(particle)
        and len(stem := text[: -len(particle)].rstrip()) >= _FEWEST_LETTERS
        and _goes_with(stem[-1], particle)
    ]


def _goes_with(last: str, particle: str) -> bool:
    if not is_syllable(last) or particle in _AFTER_ANY:
        return True
    final = (ord(last) - _FIRST_SYLLABLE) % len(FINALS)
    if particle == "로":
        return final in (0, _FINAL_RIEUL)
    return (particle in _AFTER_CONSONANT) == bool(final)


def _composed(typed: re.Match[str]) -> str:
    initial, vowel, final = typed.groups(default="")
    vowel, final = _ONE_LETTER.get(vowel, vowel), _ONE_LETTER.get(final, final)
    place = INITIALS.index(initial) * len(VOWELS) + VOWELS.index(vowel)
    return chr(_FIRST_SYLLABLE + place * len(FINALS) + FINALS.index(final))


@cache
def _stroke_table() -> dict[int, str]:
    table = {ord(letter): pair for letter, pair in _TWO_STROKES.items()}
    for code in range(_FIRST_SYLLABLE, _LAST_SYLLABLE + 1):
        rest, final = divmod(code - _FIRST_SYLLABLE, len(FINALS))
        initial, vowel = divmod(rest, len(VOWELS))
        letters = (INITIALS[initial], VOWELS[vowel], FINALS[final])
        table[code] = "".join(_TWO_STROKES.get(letter, letter) for letter in letters)
    return table


@cache
def _initial_table() -> dict[int, str]:
    in_a_row = len(VOWELS) * len(FINALS)
    table = {
        code: INITIALS[(code - _FIRST_SYLLABLE) // in_a_row]
        for code in range(_FIRST_SYLLABLE, _LAST_SYLLABLE + 1)
    }
    clusters = {ord(a): pair for a, pair in _TWO_STROKES.items() if pair[0] in INITIALS}
    return table | clusters
