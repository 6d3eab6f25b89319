"""The index of all names of all things; finding.py looks them up.

A pure index: it is built from rows and asked without a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphsvc.model import hangul
from graphsvc.usecases.search.name_forms import fold, key, without_legal_form
from graphsvc.usecases.search.text_lookup import JoinedTexts, SimilarTexts, SortedTexts

Field = Literal["name", "name_en", "alias"]
FIELDS: tuple[Field, ...] = ("name", "name_en", "alias")
ALIAS = FIELDS.index("alias")


class Thing(NamedTuple):
    """What a thing is called; `degree` is its number of relationships."""

    id: str
    kind: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    degree: int


class NameIndex:
    """The names of things, each a row.

    Rows stand in the order of rank: things by number of relationships (most first), then by id; of
    one thing the name, the English name, the aliases. A name with a company's or foundation's form
    has a second row, `bare`, whose key lacks it. Names of one thing with equal keys are one row.

    It is not changed once built, so any thread may ask it. Building it takes O(n log n) time and
    O(n) memory: 6 s and 200 MB for 100,000 things of four to five names (docs/benchmarks.md).
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = sorted(things, key=lambda thing: (-thing.degree, thing.id))
        self.keys: list[str] = []
        self.texts: list[str] = []
        owners: list[int] = []
        fields: list[int] = []
        bare: list[bool] = []
        for owner, thing in enumerate(self.things):
            for letters, text, field, is_bare in _rows(thing):
                self.keys.append(letters)
                self.texts.append(text)
                owners.append(owner)
                fields.append(field)
                bare.append(is_bare)
        self.owners = np.array(owners, np.int32)
        self.fields = np.array(fields, np.uint8)
        self.bare = np.array(bare, np.bool_)

        strokes = list(map(hangul.strokes, self.keys))
        korean = [row for row, letters in enumerate(self.keys) if strokes[row] != letters]
        self.by_key = SortedTexts(self.keys)
        self.by_strokes = SortedTexts([strokes[row] for row in korean], korean)
        initials = [hangul.initials(self.keys[row]) for row in korean]
        self.by_initials = SortedTexts(initials, korean)
        self.joined = JoinedTexts(self.keys)
        self.similar = SimilarTexts(strokes)

        self._kinds = sorted({thing.kind for thing in self.things})
        places = {kind: place for place, kind in enumerate(self._kinds)}
        self._kind_of = np.array([places[thing.kind] for thing in self.things], np.int32)

    def of_kinds(self, wanted: Callable[[str], bool] | None) -> NDArray[np.bool_]:
        """Whether each thing is of a wanted kind; all are where no kind is named."""
        if wanted is None or not self.things:
            return np.ones(len(self.things), np.bool_)
        return np.array([wanted(kind) for kind in self._kinds], np.bool_)[self._kind_of]


def _rows(thing: Thing) -> Iterator[tuple[str, str, int, bool]]:
    """Key, text, place of the field, and whether the key lacks the text's legal form."""
    seen = {""}
    names = [(thing.name, 0), (thing.name_en, 1), *((alias, ALIAS) for alias in thing.aliases)]
    for text, field in names:
        folded = fold(text)
        full = key(folded)
        for letters in (full, key(without_legal_form(folded))):
            if letters not in seen:
                seen.add(letters)
                yield letters, text, field, letters != full
