"""Readings of a query: as it was typed, trimmed, or as if typed on another keyboard."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from graphsvc.model import hangul
from graphsvc.usecases.search.name_forms import fold, key, without_legal_form, without_office, words

Change = Literal["legal_form", "particle", "office", "keyboard"]

_MOST_PARTICLES = 3
_FEWEST_INITIALS = 3
"""So many initial consonants make a guess at the keyboard; fewer may be anything."""

_Text = tuple[str, tuple[Change, ...]]
"""A folded text, and what was changed to get it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to look for: its key, the keys of its words, and what was changed to get it."""

    text: str
    key: str
    words: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of one text, by how far they are from what was typed.

    `plain`: as it stands, and without the form of a company or foundation. `trimmed`: without
    particles (산업부가) and the word for a government's office (창원시청). `mistyped`: as if the
    keyboard had been in the other language. No two have the same key.
    """

    plain: tuple[Reading, ...]
    trimmed: tuple[Reading, ...]
    mistyped: tuple[Reading, ...]

    @classmethod
    def of(cls, text: str) -> Readings:
        """Everything that a text may mean; nothing where it has no character to look for."""
        folded = fold(text)
        seen: set[str] = set()
        return cls(
            _readings([(folded, ())], seen),
            _readings(_trimmed(folded), seen),
            _readings(_mistyped(text), seen),
        )


def _readings(texts: Iterable[_Text], seen: set[str]) -> tuple[Reading, ...]:
    found = []
    for text, changes in _with_bare(texts):
        if (letters := key(text)) and letters not in seen:
            seen.add(letters)
            found.append(Reading(text, letters, tuple(words(text)), changes))
    return tuple(found)


def _with_bare(texts: Iterable[_Text]) -> Iterator[_Text]:
    for text, changes in texts:
        yield text, changes
        yield without_legal_form(text), (*changes, "legal_form")


def _trimmed(folded: str) -> Iterator[_Text]:
    texts: list[_Text] = [(folded, ())]
    for _ in range(_MOST_PARTICLES + 1):
        for text, changes in texts:
            if changes:
                yield text, changes
            yield without_office(text), (*changes, "office")
        texts = [
            (stem, ("particle",))
            for text, _ in texts
            for stem in hangul.without_particle(_without_full_stop(text))
        ]


def _without_full_stop(text: str) -> str:
    end = len(text)
    while end and not text[end - 1].isalnum():
        end -= 1
    return text[:end]


def _mistyped(text: str) -> Iterator[_Text]:
    wide = unicodedata.normalize("NFKC", text)
    folded = fold(text)
    if any(letter.isascii() and letter.isalpha() for letter in folded):
        for latin in (wide, wide.lower()):
            typed = fold(hangul.typed_as_hangul(latin))
            if any(map(hangul.is_syllable, typed)) or len(typed) >= _FEWEST_INITIALS:
                yield typed, ("keyboard",)
    elif any(letter in hangul.LETTERS or hangul.is_syllable(letter) for letter in folded):
        yield fold(hangul.typed_as_latin(folded)), ("keyboard",)
