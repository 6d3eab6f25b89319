"""Finds things by what they are called, however that is spelt, abbreviated or typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from graphsvc.model import hangul
from graphsvc.usecases.search.name_forms import span
from graphsvc.usecases.search.name_index import ALIAS, FIELDS, Field, NameIndex, Thing
from graphsvc.usecases.search.readings import Change, Reading, Readings
from graphsvc.usecases.search.text_lookup import Numbers

Match = Literal["exact", "alias", "prefix", "inside", "choseong", "fuzzy"]
Mode = Literal["full", "prefix"]

_SCORES: dict[Match, tuple[float, float]] = {
    "exact": (1.0, 0.99),
    "alias": (0.95, 0.94),
    "prefix": (0.8, 0.75),
    "inside": (0.65, 0.6),
    "choseong": (0.55, 0.5),
}
"""The better and the lesser way of each match."""

_SIMILAR = 0.45
"""What the similarity is a part of where it is all there is."""

_PER_CHANGE = 0.01
_FEWEST_INSIDE = 2
_FEWEST_INSIDE_LATIN = 3
"""Letters that are looked for inside names; fewer are in too many."""

_MOST_PLACES = 10_000
_MOST_PLACES_TYPING = 2_000
"""Where a text stands in more places, those of lower rank are not looked at."""

_FEWEST_STROKES = 4
"""Key strokes that are compared; of fewer, none may be wrong."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, and why.

    `matched` is one of its names. `span` tells which characters of it were found; None where they
    are not together. `read_as` is what was looked for where `changes` made it another text than
    was typed.
    """

    thing: Thing
    matched: str
    field: Field
    match: Match
    score: float
    span: tuple[int, int] | None
    read_as: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """The best hits, and how many there are: None where not everything was looked through."""

    hits: list[Hit]
    total: int | None


def find(
    index: NameIndex,
    text: str,
    *,
    mode: Mode = "full",
    kinds: Callable[[str], bool] | None = None,
    limit: int = 20,
) -> Hits:
    """The things that a text may mean, best first.

    By score; equal scores by number of relationships, most first, then by id. `mode` prefix is for
    a text that is still being typed: its last syllable may be unfinished, nothing similar is
    looked for, and the lesser ways to match are tried only while there is room.

    Cost: bisections, and O(m) for m names that begin alike; where a text is looked for inside
    names, one scan of all; where nothing else matches (`full`), a comparison with all.
    """
    return _Search(index, text, mode == "prefix", index.of_kinds(kinds), limit).found()


@dataclass(frozen=True, slots=True)
class _Matched:
    row: int
    match: Match
    score: float
    reading: Reading


class _Search:
    """One search. A thing that was found is open no more, so its best match counts."""

    def __init__(
        self, index: NameIndex, text: str, typing: bool, open_: NDArray[np.bool_], limit: int
    ) -> None:
        self._index = index
        self._text = text
        self._typing = typing
        self._open = open_
        self._limit = limit
        self._found: list[_Matched] = []
        self._total = 0
        self._complete = True
        self._whole_name = False

    def found(self) -> Hits:
        """Look, from what stands nearest to what was typed to what is farthest from it."""
        readings = Readings.of(self._text)
        self._find_whole(readings.plain)
        # 파도과 may be a name, so a particle is one only where no name matches with it.
        self._until_found(self._find_whole, readings.trimmed)
        self._whole_name = bool(self._found)
        self._find_parts(readings.plain)
        self._until_found(self._find_any, (*readings.trimmed, *readings.mistyped))
        if not self._found and not self._typing:
            # Latin letters always give some Hangul; where it is no syllables, it was not meant.
            korean = (other for other in readings.mistyped if hangul.is_korean(other.key))
            self._find_similar((*readings.plain, *readings.trimmed, *korean))
        best = sorted(self._found, key=_rank)
        hits = [self._hit(matched) for matched in best[: self._limit]]
        return Hits(hits, self._total if self._complete else None)

    def _until_found(
        self, look: Callable[[Iterable[Reading]], None], readings: Iterable[Reading]
    ) -> None:
        for reading in readings:
            if self._found:
                return
            look((reading,))

    def _find_any(self, readings: Iterable[Reading]) -> None:
        self._find_whole(readings)
        self._find_parts(readings, inside=not self._typing)

    def _find_whole(self, readings: Iterable[Reading]) -> None:
        index = self._index
        typed = _without_case(self._text)
        for match in ("exact", "alias"):
            for reading in readings:
                rows = index.by_key.equal_to(reading.key)
                rows = rows[(index.fields[rows] == ALIAS) == (match == "alias")]
                verbatim = [row for row in rows if _without_case(index.texts[row]) == typed]
                self._take(np.array(verbatim, np.int32), match, 0, reading)
                self._take(rows, match, 1, reading)

    def _find_parts(self, readings: Iterable[Reading], *, inside: bool = True) -> None:
        for reading in readings:
            self._find_beginnings(reading)
            if self._typing and len(self._found) >= self._limit:
                self._complete = False
                return
            if inside:
                self._find_inside(reading)
            self._find_initials(reading)

    def _find_beginnings(self, reading: Reading) -> None:
        self._take(self._index.by_key.beginning_with(reading.key), "prefix", 0, reading)
        if self._typing and not hangul.is_initials(reading.key):
            strokes = hangul.strokes(reading.key)
            self._take(self._index.by_strokes.beginning_with(strokes), "prefix", 1, reading)

    def _find_inside(self, reading: Reading) -> None:
        if _is_worth_a_scan(reading.key):
            self._take(self._containing(reading.key), "inside", 0, reading)
        if self._typing or self._whole_name or len(reading.words) < 2:
            return
        longest = max(reading.words, key=len)
        if _is_worth_a_scan(longest):
            keys = self._index.keys
            rows = self._containing(longest)
            every = [
                row for row in rows.tolist() if all(word in keys[row] for word in reading.words)
            ]
            self._take(np.array(every, np.int32), "inside", 1, reading)

    def _containing(self, part: str) -> Numbers:
        most = _MOST_PLACES_TYPING if self._typing else _MOST_PLACES
        rows, complete = self._index.joined.containing(part, most)
        self._complete &= complete
        return rows

    def _find_initials(self, reading: Reading) -> None:
        if hangul.is_initials(reading.key):
            initials = hangul.initials(reading.key)
            self._take(self._index.by_initials.equal_to(initials), "choseong", 0, reading)
            self._take(self._index.by_initials.beginning_with(initials), "choseong", 1, reading)

    def _take(self, rows: Numbers, match: Match, way: int, reading: Reading) -> None:
        """Keep the first row of each thing that is still open; rows are in the order of rank."""
        rows = np.sort(rows[self._open[self._index.owners[rows]]])
        owners = self._index.owners[rows]
        first = np.flatnonzero(np.diff(owners, prepend=-1))
        self._open[owners] = False
        self._total += len(first)
        score = _score(_SCORES[match][way], reading)
        best = rows[first[: self._limit]]
        self._found += [_Matched(int(row), match, score, reading) for row in best]

    def _find_similar(self, readings: Iterable[Reading]) -> None:
        index = self._index
        open_rows = self._open[index.owners]
        candidates: list[_Matched] = []
        for reading in readings:
            strokes = hangul.strokes(reading.key)
            if len(strokes) < _FEWEST_STROKES:
                continue
            rows, similarities, complete = index.similar.like(strokes, open_rows)
            self._complete &= complete
            candidates += [
                _Matched(int(row), "fuzzy", _score(_SIMILAR * float(similarity), reading), reading)
                for row, similarity in zip(rows, similarities, strict=True)
            ]
        best: dict[int, _Matched] = {}
        for matched in sorted(candidates, key=_rank):
            best.setdefault(int(index.owners[matched.row]), matched)
        self._total += len(best)
        self._found += best.values()

    def _hit(self, matched: _Matched) -> Hit:
        index, row, reading = self._index, matched.row, matched.reading
        changes = reading.changes
        if index.bare[row] and "legal_form" not in changes:
            changes = (*changes, "legal_form")
        return Hit(
            thing=index.things[index.owners[row]],
            matched=index.texts[row],
            field=FIELDS[index.fields[row]],
            match=matched.match,
            score=matched.score,
            span=self._span(matched),
            read_as=reading.text if reading.changes else None,
            changes=changes,
        )

    def _span(self, matched: _Matched) -> tuple[int, int] | None:
        row, asked = matched.row, matched.reading.key
        letters, text = self._index.keys[row], self._index.texts[row]
        first, bare = 0, bool(self._index.bare[row])
        match matched.match:
            case "exact" | "alias":
                if not bare:
                    return 0, len(text)
                last = len(letters)
            case "prefix":
                last = _typed_letters(letters, asked)
            case "inside":
                first = letters.find(asked)
                last = first + len(asked)
            case "choseong":
                last = min(len(hangul.initials(asked)), len(letters))
            case "fuzzy":
                return None
        return None if first < 0 else span(text, first, last, bare=bare)


def _rank(matched: _Matched) -> tuple[float, int]:
    return -matched.score, matched.row


def _score(best: float, reading: Reading) -> float:
    return round(best - _PER_CHANGE * len(reading.changes), 3)


def _without_case(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()


def _is_worth_a_scan(part: str) -> bool:
    if hangul.is_initials(part):
        return False
    fewest = _FEWEST_INSIDE if any(map(hangul.is_syllable, part)) else _FEWEST_INSIDE_LATIN
    return len(part) >= fewest


def _typed_letters(letters: str, asked: str) -> int:
    """How many letters of a name have been typed, the last one perhaps in part."""
    if letters.startswith(asked):
        return len(asked)
    left = len(hangul.strokes(asked))
    for place, letter in enumerate(letters):
        left -= len(hangul.strokes(letter))
        if left <= 0:
            return place + 1
    return len(letters)
