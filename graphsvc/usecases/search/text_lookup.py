"""Which of many texts equal, begin with, contain or resemble a text; texts go by their number."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

Numbers = NDArray[np.int32]
Bits = NDArray[np.uint64]

_MOST_COMPARED = 4_000
"""Where more texts than this may be similar, those that have less in common are not compared."""

LEAST_SIMILARITY = 0.75
"""One stroke in four may be wrong: one in 천안, three in 셀트리온."""

_CHUNK = 20_000
_BITS = 64


class SortedTexts:
    """Texts in order; equality and beginnings are found by bisection, O(log n)."""

    def __init__(self, texts: Sequence[str], numbers: Sequence[int] | None = None) -> None:
        numbered = zip(texts, numbers if numbers is not None else range(len(texts)), strict=True)
        ordered = [pair for part in _by_first_letters(numbered) for pair in part]
        self._texts = [text for text, _ in ordered]
        self._numbers = np.fromiter((number for _, number in ordered), np.int32, len(ordered))

    def equal_to(self, text: str) -> Numbers:
        """The numbers of the texts that are this one."""
        first = bisect_left(self._texts, text)
        return self._numbers[first : bisect_right(self._texts, text, first)]

    def beginning_with(self, text: str) -> Numbers:
        """The numbers of the texts that begin with this one."""
        first = bisect_left(self._texts, text)
        last = bisect_right(self._texts, text, first, key=lambda other: other[: len(text)])
        return self._numbers[first:last]


def _by_first_letters(numbered: Iterator[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """Sorted in parts: one sort of everything would hold all other threads for its whole time."""
    parts: dict[str, list[tuple[str, int]]] = {}
    for text, number in numbered:
        parts.setdefault(text[:3], []).append((text, number))
    for beginning in sorted(parts):
        yield sorted(parts[beginning])


class JoinedTexts:
    """Texts one after the other in a single string, in which a search is one scan, O(size).

    Texts with letters beyond Latin-1 stand apart, for a text with such letters is in no other.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        narrow = [number for number, text in enumerate(texts) if _is_narrow(text)]
        wide = [number for number, text in enumerate(texts) if not _is_narrow(text)]
        self._narrow, self._wide = _Joined(texts, narrow), _Joined(texts, wide)

    def containing(self, text: str, most: int) -> tuple[Numbers, bool]:
        """The numbers of texts that contain this one, and whether those are all.

        Of more than `most` places the first ones, which have the lowest numbers.
        """
        wide, complete = self._wide.containing(text, most)
        if not _is_narrow(text):
            return wide, complete
        narrow, also_complete = self._narrow.containing(text, most)
        return np.union1d(wide, narrow), complete and also_complete


def _is_narrow(text: str) -> bool:
    return not text or max(text) <= "\xff"


class _Joined:
    def __init__(self, texts: Sequence[str], numbers: Sequence[int]) -> None:
        lengths = np.fromiter((len(texts[number]) + 1 for number in numbers), np.int64)
        self._all = "\n".join(texts[number] for number in numbers)
        self._starts = (np.cumsum(lengths) - lengths).astype(np.int32)
        self._numbers = np.array(numbers, np.int32)

    def containing(self, text: str, most: int) -> tuple[Numbers, bool]:
        places: list[int] = []
        place = self._all.find(text)
        while place >= 0 and len(places) < most:
            places.append(place)
            place = self._all.find(text, place + len(text))
        texts = np.searchsorted(self._starts, np.array(places, np.int32), "right") - 1
        return self._numbers[np.unique(texts)], place < 0


class SimilarTexts:
    """Texts by optimal string alignment: insertions, deletions, changes and swaps of neighbours.

    Comparing takes some 0.3 microseconds a text, so most are left out by their length and by what
    they are made of: an edit brings in or drops at most one letter and three pairs of neighbours.
    Letters and pairs are hashed to 64 bits each, which can only let more through, never less. Of
    what is left those with most pairs in common are compared by rapidfuzz.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lengths = np.fromiter(map(len, texts), np.int32, len(texts))
        self._letters = np.empty(len(texts), np.uint64)
        self._pairs = np.empty(len(texts), np.uint64)
        for first in range(0, len(texts), _CHUNK):
            part = slice(first, first + _CHUNK)
            self._letters[part], self._pairs[part] = _made_of(texts[part])

    def like(
        self, text: str, among: NDArray[np.bool_]
    ) -> tuple[Numbers, NDArray[np.float32], bool]:
        """The numbers of similar texts, how similar each is (to 1), and whether those are all."""
        length = len(text)
        shortest, longest = int(length * LEAST_SIMILARITY), int(length / LEAST_SIMILARITY) + 1
        near = among & (self._lengths >= shortest) & (self._lengths <= longest)
        numbers = np.flatnonzero(near).astype(np.int32)
        most = (np.maximum(self._lengths[numbers], length) * (1 - LEAST_SIMILARITY)).astype(
            np.uint8
        )
        letters, pairs = _made_of([text])
        possible = _differences(letters, self._letters[numbers]) <= most
        numbers, most = numbers[possible], most[possible]
        differences = _differences(pairs, self._pairs[numbers])
        possible = differences <= 3 * most
        numbers, differences = numbers[possible], differences[possible]
        compared = numbers[np.argsort(differences, kind="stable")[:_MOST_COMPARED]]
        similarity = process.cdist(
            [text],
            [self._texts[number] for number in compared.tolist()],
            scorer=OSA.normalized_similarity,
            score_cutoff=LEAST_SIMILARITY,
            dtype=np.float32,
        )[0]
        found = similarity > 0
        return compared[found], similarity[found], len(compared) == len(numbers)


def _differences(mine: Bits, theirs: Bits) -> NDArray[np.uint8]:
    """How much one has that the other has not, at least: the greater of both ways."""
    more: NDArray[np.uint8] = np.bitwise_count(mine & ~theirs)
    less: NDArray[np.uint8] = np.bitwise_count(theirs & ~mine)
    return np.where(more > less, more, less)


def _made_of(texts: Sequence[str]) -> tuple[Bits, Bits]:
    """The letters and the pairs of neighbours of each text, as bits."""
    # A text that is empty would have no bits of its own to gather, so each ends with a mark.
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    joined = "\0".join(texts) + "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    starts = np.cumsum(lengths) - lengths
    mark = codes == 0
    letters = _bits(codes)
    letters[mark] = 0
    pairs = _bits(codes * np.uint64(65_599) + np.roll(codes, -1))
    pairs[mark | np.roll(mark, -1)] = 0
    return np.bitwise_or.reduceat(letters, starts), np.bitwise_or.reduceat(pairs, starts)


def _bits(codes: Bits) -> Bits:
    spread = (codes * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(_BITS - 6)
    return np.uint64(1) << spread
