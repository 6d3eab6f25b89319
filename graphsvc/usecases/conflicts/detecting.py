"""Finds conflicts between facts: declared ones, and values, sums and positions that differ.

What is compared, and what is left alone because it need not contradict, is in docs/conflicts.md.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from graphsvc.model.period import Period, parse_period, period_of
from graphsvc.model.time_question import ANY_TIME
from graphsvc.model.vocabulary import ValueType, Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.rows import require_amounts
from graphsvc.usecases.conflicts.sameness import Sameness
from graphsvc.usecases.conflicts.sums import (
    IsTotal,
    Parents,
    StatedSum,
    SumConflict,
    conflicting_sums,
    totals_of,
)
from graphsvc.usecases.money.stated_sums import SumFilter, bounds_of, stated_sums

POSITION = "HOLDS_POSITION"
PART_OF = "PART_OF"
POSSIBLY_SAME = "POSSIBLY_SAME"

HowFound = Literal["declared", "role", "sum", "values"]
"""How a conflict came to light."""


@dataclass(frozen=True)
class Conflict:
    """Facts that give different accounts.

    `certain` is false where they do so only if things are one that possibly are, or if they hold
    at one time, which is not sure. `possibly_same` are the facts by which things may be one.
    """

    found: HowFound
    facts: tuple[str, ...]
    certain: bool
    possibly_same: tuple[str, ...] = ()
    sums: SumConflict | None = None


async def find_conflicts(database: Database, vocabulary: Vocabulary) -> list[Conflict]:
    """Every conflict; a found one that a curator declared between the same facts stands once."""
    same = Sameness(
        [
            (row["fact_id"], row["subject"], row["object"])
            for row in await _links(database, vocabulary, POSSIBLY_SAME)
        ]
    )
    subjects: dict[str, str] = {}
    found = [
        *_values(await _observations(database, vocabulary, subjects), same),
        *_roles(await _positions(database, vocabulary), same),
        *await _sums(database, vocabulary, same),
    ]
    declared = _declared(await database.read("read/conflicts/declared_conflicts"), subjects, same)
    known = {frozenset(conflict.facts) for conflict in declared}
    return [*declared, *(item for item in found if frozenset(item.facts) not in known)]


async def _links(database: Database, vocabulary: Vocabulary, type_: str) -> list[Row]:
    if type_ not in vocabulary.types:
        return []
    slots = {"type": type_, "holds": database.catalog.fragment("holds")}
    return await database.read("read/money/links_of_type", slots, **ANY_TIME.parameters())


# --- declared -----------------------------------------------------------------------------------


def _declared(rows: Iterable[Row], subjects: dict[str, str], same: Sameness) -> list[Conflict]:
    """Each pair once, also where only one of them declares it."""
    pairs = {tuple(sorted((row["fact_id"], other))) for row in rows for other in row["others"]}
    conflicts = []
    for pair in sorted(pairs):
        links = same.links(subjects[id_] for id_ in pair if id_ in subjects)
        conflicts.append(Conflict("declared", pair, certain=not links, possibly_same=links))
    return conflicts


# --- what is said of one thing ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Saying:
    """One of several facts that are compared with each other.

    `about` is the thing that must be one for them to clash, `what` is all else that must be equal.
    """

    fact: str
    about: str
    what: tuple[Any, ...]
    content: Any


Clash = Callable[[_Saying, _Saying], bool]


def _clashes(
    sayings: list[_Saying], same: Sameness, clash: Clash
) -> Iterator[tuple[list[_Saying], tuple[str, ...]]]:
    """Sayings of one thing that clash with one another; then those across things possibly one."""
    for group in _grouped(sayings, lambda item: (item.about, item.what)):
        if clashing := _clashing(group, clash):
            yield clashing, ()

    def across(one: _Saying, other: _Saying) -> bool:
        return one.about != other.about and clash(one, other)

    for group in _grouped(sayings, lambda item: (same.first(item.about), item.what)):
        if len({item.about for item in group}) > 1 and (clashing := _clashing(group, across)):
            yield clashing, same.links(item.about for item in clashing)


def _grouped(sayings: Iterable[_Saying], key: Callable[[_Saying], Any]) -> Iterable[list[_Saying]]:
    groups: dict[Any, list[_Saying]] = {}
    for item in sayings:
        groups.setdefault(key(item), []).append(item)
    return (group for group in groups.values() if len(group) > 1)


def _clashing(group: list[_Saying], clash: Clash) -> list[_Saying]:
    return [one for one in group if any(clash(one, other) for other in group if other is not one)]


# --- values -------------------------------------------------------------------------------------


async def _observations(
    database: Database, vocabulary: Vocabulary, subjects: dict[str, str]
) -> list[_Saying]:
    sayings = []
    async for row in database.stream("read/conflicts/observed_values"):
        require_amounts(row)
        subjects[row["fact_id"]] = row["subject"]
        metric = vocabulary.metrics.get(row["metric"])
        is_date = metric is not None and metric.value is ValueType.DATE
        when = _time(row["period"])
        what = (row["metric"], row["modality"], row["program"], row["currency"], when)
        sayings.append(_Saying(row["fact_id"], row["subject"], what, _content(row, is_date)))
    return sayings


def _time(text: str | None) -> tuple[Any, ...]:
    """Equal for periods that are the same, however they are written."""
    period = period_of(text)
    if text is None or "X" in text or (period.valid_from, period.valid_to) == (None, None):
        return (text,)
    return period.valid_from, period.valid_to


@dataclass(frozen=True, slots=True)
class _Value:
    """A date, a number or the bounds of a sum, and whether its time is beyond doubt."""

    value: Any
    certain: bool


def _content(row: Row, is_date: bool) -> _Value:
    # Dates that differ do so by the bounds they state; a time must be stated whole.
    certain = (
        not parse_period(row["value"]).in_doubt if is_date else period_of(row["period"]).certain
    )
    return _Value(row["value"] if row["amount"] is None else bounds_of(row), certain)


def _values(sayings: list[_Saying], same: Sameness) -> Iterator[Conflict]:
    def clash(one: _Saying, other: _Saying) -> bool:
        return not _may_agree(one.content.value, other.content.value)

    for clashing, links in _clashes(sayings, same, clash):
        certain = not links and all(item.content.certain for item in clashing)
        yield Conflict("values", tuple(item.fact for item in clashing), certain, links)


def _may_agree(one: Any, other: Any) -> bool:
    match one, other:
        case (least, most), (other_least, other_most):
            return not (_is_below(most, other_least) or _is_below(other_most, least))
        case str(), str():
            return _may_be_one_date(one, other)
    return bool(one == other)


def _is_below(most: Any, least: Any) -> bool:
    return most is not None and most < least


_CALENDAR_DATE = re.compile(r"([0-9X]{4}(?:-[0-9X]{2}){0,2})\??")


def _may_be_one_date(one: str, other: str) -> bool:
    """Whether one may be the other, less or more exactly told."""
    if any(mark in text for text in (one, other) for mark in "~%"):
        return True
    first, second = _CALENDAR_DATE.fullmatch(one), _CALENDAR_DATE.fullmatch(other)
    if first and second:
        pairs = zip(first[1], second[1], strict=False)
        return all(here == there or "X" in (here, there) for here, there in pairs)
    return _overlap(_span(parse_period(one)), _span(parse_period(other)))


_Span = tuple[date, date]


def _span(period: Period) -> _Span:
    return period.valid_from or date.min, period.valid_to or date.max


def _overlap(one: _Span, other: _Span) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


# --- positions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Holder:
    """Who holds a position, from the day on which that surely began to the day until which."""

    person: str
    span: _Span
    closed: bool
    """Whether both ends are stated, and without doubt."""


async def _positions(database: Database, vocabulary: Vocabulary) -> list[_Saying]:
    """Positions that surely were held on some day; of the others no day is known to be shared."""
    if POSITION not in vocabulary.types:
        return []
    sayings = []
    for row in await database.read("read/conflicts/positions", {"type": POSITION}):
        span = _sure_span(row["period"])
        if span is None or not row["role"]:
            continue
        closed = period_of(row["period"]).certain
        what = ("".join(row["role"].split()).casefold(), row["modality"])
        holder = _Holder(row["subject"], span, closed)
        sayings.append(_Saying(row["fact_id"], row["object"], what, holder))
    return sayings


def _sure_span(text: str | None) -> _Span | None:
    """The days that a period covers whatever the exact days of its ends; None where there are none.

    From 2018 to 2022 surely covers 2018-12-31 to 2022-01-01: so whoever comes in 2022 after
    another who left in 2022 does not clash with that one.
    """
    if text is None or "X" in text:
        return None
    sides, whole = text.split("/"), parse_period(text)
    first = date.min if whole.valid_from is None else parse_period(sides[0]).valid_to
    last = date.max if whole.valid_to is None else parse_period(sides[-1]).valid_from
    return (first, last) if first is not None and last is not None and first <= last else None


def _roles(sayings: list[_Saying], same: Sameness) -> Iterator[Conflict]:
    def loosely(one: _Saying, other: _Saying) -> bool:
        here, there = one.content, other.content
        are_two = same.first(here.person) != same.first(there.person)
        return are_two and _overlap(here.span, there.span)

    def surely(one: _Saying, other: _Saying) -> bool:
        return one.content.closed and other.content.closed and loosely(one, other)

    sure = {
        (tuple(item.fact for item in clashing), links)
        for clashing, links in _clashes(sayings, same, surely)
    }
    for facts, links in sorted(sure):
        yield Conflict("role", facts, not links, links)
    for clashing, links in _clashes(sayings, same, loosely):
        facts = tuple(item.fact for item in clashing)
        if (facts, links) not in sure:
            yield Conflict("role", facts, certain=False, possibly_same=links)


# --- sums ---------------------------------------------------------------------------------------


async def _sums(database: Database, vocabulary: Vocabulary, same: Sameness) -> list[Conflict]:
    kinds: dict[str, str] = {}
    rows = stated_sums(database, SumFilter(), kinds)
    stated = [StatedSum.of(row) async for row in rows if row["amount"] is not None]
    parents: dict[str, set[str]] = {}
    for link in await _links(database, vocabulary, PART_OF):
        parents.setdefault(link["subject"], set()).add(link["object"])
    is_total = totals_of(vocabulary, kinds)
    return await asyncio.to_thread(_sums_of, stated, parents, same, is_total)


def _sums_of(
    stated: list[StatedSum], parents: Parents, same: Sameness, is_total: IsTotal
) -> list[Conflict]:
    conflicts = [
        Conflict("sum", sums.facts, sums.dated, sums=sums)
        for sums in conflicting_sums(stated, parents, lambda id_: id_, is_total)
    ]
    known = {frozenset(conflict.facts) for conflict in conflicts}
    for sums in conflicting_sums(stated, parents, same.first, is_total):
        links = same.links(_ways(stated, parents, sums, same))
        if links and frozenset(sums.facts) not in known:
            conflicts.append(Conflict("sum", sums.facts, False, links, sums))
    return conflicts


def _ways(stated: list[StatedSum], parents: Parents, sums: SumConflict, same: Sameness) -> set[str]:
    """What these sums go to and run under, and all by which that is a part of the subject."""
    facts = set(sums.facts)
    mine = [each for each in stated if each.fact in facts]
    found = {each.program for each in mine if each.program is not None}
    found.update(goal for each in mine for goal in each.goals)
    waiting, seen = [same.first(id_) for id_ in found], {sums.subject}
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for part, wholes in parents.items():
            if same.first(part) == here:
                found.update((part, *wholes))
                waiting.extend(map(same.first, wholes))
    return found
