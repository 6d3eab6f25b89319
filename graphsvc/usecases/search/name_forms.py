"""Normal forms of names, equal where only the spelling differs, and where in the name they stand.

Two texts are the same name when their keys are equal: without case, accents, spaces, middle dots
and other punctuation, in one Unicode form, whatever width or composition they were typed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from graphsvc.model.hangul import FINALS, INITIALS, VOWELS

_PLAIN = re.compile(r"[\x00-\x7f가-힣·]*")
"""What folding only lowers: most names."""

_NO_LETTERS = re.compile(r"[\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_JAMO: dict[int, str | None] = {
    **{0x1100 + place: letter for place, letter in enumerate(INITIALS)},
    **{0x1161 + place: letter for place, letter in enumerate(VOWELS)},
    **{0x11A7 + place: letter for place, letter in enumerate(FINALS) if letter},
    **dict.fromkeys((0x115F, 0x1160)),
    0x119E: "·",
}
"""Jamo that compose become those that do not; the fillers, which nobody sees, go.

The vowel ㆍ is obsolete, and what keyboards give for a middle dot.
"""

_KOREAN_FORM = (
    r"(?:\((?:주|유|합|재|사|학|의|복)\)|주식회사|유한책임회사|유한회사|합자회사|합명회사"
    r"|재단법인|사단법인|학교법인|의료법인|사회복지법인|농업회사법인|특수법인)"
)
_ENGLISH_FORM = (
    r"(?:co\.?\s*,?\s*ltd|inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh)"
)
_FORM_BEFORE = re.compile(rf"(?:\s*{_KOREAN_FORM})+\s*")
_FORM_AFTER = re.compile(rf"(?:\s*{_KOREAN_FORM}|[\s,]+{_ENGLISH_FORM}\b\.?)+[\s.]*$")
_OFFICE = re.compile(r"(?<=\S)\s*([시도군구])청$")


def fold(text: str) -> str:
    """The text in one Unicode form, without case and accents; spaces and punctuation stay."""
    if _PLAIN.fullmatch(text):
        return text.lower()
    return "".join(piece for piece, _, _ in _folded_pieces(text))


def key(folded: str) -> str:
    """The letters and digits of a folded text; of one that has none, all but its spaces."""
    return _NO_LETTERS.sub("", folded) or "".join(folded.split())


def words(folded: str) -> list[str]:
    """The keys of its words."""
    return [letters for word in folded.split() if (letters := _NO_LETTERS.sub("", word))]


def without_legal_form(folded: str) -> str:
    """A folded name without (주), 주식회사, 재단법인, Co., Ltd. and the like at either end."""
    start, end = _inside_legal_form(folded)
    return folded[start:end]


def without_office(folded: str) -> str:
    """The local government whose office is named: 창원시 of 창원시청."""
    return _OFFICE.sub(r"\1", folded)


def span(text: str, first: int, last: int, *, bare: bool) -> tuple[int, int]:
    """Where in a text the letters [first, last) of its key stand.

    With `bare` the key is that of the text without its legal form.
    """
    pieces = [
        (letter, start, end) for piece, start, end in _folded_pieces(text) for letter in piece
    ]
    folded = "".join(letter for letter, _, _ in pieces)
    begin, stop = _inside_legal_form(folded) if bare else (0, len(folded))
    inner = pieces[begin:stop]
    kept = [piece for piece in inner if piece[0].isalnum()] or [
        piece for piece in inner if not piece[0].isspace()
    ]
    return kept[first][1], kept[last - 1][2]


def _inside_legal_form(folded: str) -> tuple[int, int]:
    before = _FORM_BEFORE.match(folded)
    start = before.end() if before else 0
    after = _FORM_AFTER.search(folded, start)
    end = after.start() if after else len(folded)
    return (start, end) if _NO_LETTERS.sub("", folded[start:end]) else (0, len(folded))


def _folded_pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character with what combines with it: folded, and where it stands in the text."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _combines(text[end]):
            yield _fold_piece(text[start:end]), start, end
            start = end


def _combines(letter: str) -> bool:
    return "\u1160" <= letter <= "\u11ff" or unicodedata.category(letter) == "Mn"


def _fold_piece(piece: str) -> str:
    if piece.isascii():
        return piece.lower()
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", piece).casefold())
    return unicodedata.normalize("NFC", apart).translate(_JAMO)
