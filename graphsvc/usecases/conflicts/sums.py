"""Conflicts of sums: a thing's stated total that is smaller than what goes to its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

from graphsvc.model.money import MoneySource, plain
from graphsvc.model.period import Bounds, period_of
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.seeding.usage import PROGRAM
from graphsvc.store.database import Row
from graphsvc.usecases.money.stated_sums import ZERO, bounds_of, plus, plus_or_none

Parents = Mapping[str, set[str]]
"""For each thing what it is a part of."""

Canonical = Callable[[str], str]
"""One id for all things that are taken for one."""


_TOTALLED = ("Center", "Facility")


@dataclass(frozen=True, slots=True)
class StatedSum:
    """What of a sum is compared; small, since every sum of the graph is held for a while."""

    fact: str
    payers: tuple[str, ...]
    goals: tuple[str, ...]
    program: str | None
    currency: str
    stage: str
    source: str | None
    period: str | None
    regrant: bool
    least: Decimal
    most: Decimal | None

    @classmethod
    def of(cls, row: Row) -> StatedSum:
        """The sum of a row of `stated_sums`."""
        least, most = bounds_of(row)
        return cls(
            fact=row["fact_id"],
            payers=tuple(row["payers"]),
            goals=tuple(row["recipients"]),
            program=row["program"],
            currency=row["currency"],
            stage=row["stage"],
            source=row["source"],
            period=row["period"],
            regrant=bool(row["regrant"]),
            least=least,
            most=most,
        )


IsTotal = Callable[[StatedSum], bool]
"""Says of a sum whether it is the total of what it goes to."""


@dataclass(frozen=True)
class SumConflict:
    """A total, at its most, that is smaller than its parts, at their least."""

    subject: str
    currency: str
    stage: str
    whole: Decimal
    whole_facts: tuple[str, ...]
    parts: Decimal
    part_facts: tuple[str, ...]
    dated: bool
    """Whether each part falls within the time of the total beyond doubt."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts of the total, then those of the parts."""
        return self.whole_facts + self.part_facts

    def view(self) -> dict[str, Any]:
        """The two figures as readers see them."""
        return {
            "currency": self.currency,
            "stage": self.stage,
            "whole": {"amount": plain(self.whole), "facts": list(self.whole_facts)},
            "parts": {"amount": plain(self.parts), "facts": list(self.part_facts)},
        }


def conflicting_sums(
    sums: Iterable[StatedSum], parents: Parents, canonical: Canonical, is_total: IsTotal
) -> Iterator[SumConflict]:
    """Every thing whose total, in one currency and stage, is smaller than its parts.

    The whole is everything that goes to the thing alone, regrants included. Parts are sums that
    go to parts of it (PART_OF, at any depth), or that run under it as their program; never
    regrants, nor a sum within another that is counted. A part is held only against a total that
    names no payer or the same payers, that is of the same source or of mixed ones, and whose time
    holds that of the part.
    """
    index = _Index(sums, parents, canonical)
    for subject, currency, stage in sorted(index.wholes):
        wholes = index.wholes[subject, currency, stage]
        totals = [whole for whole in wholes if is_total(whole)]
        parts = index.parts_of(subject, currency, stage, totals) if totals else []
        nothing: Decimal | None = ZERO
        most = reduce(plus_or_none, (whole.most for whole in wholes), nothing)
        least = reduce(plus, (part.least for part in parts), ZERO)
        if most is not None and most < least:
            yield SumConflict(
                subject,
                currency,
                stage,
                whole=most,
                whole_facts=_ids(wholes),
                parts=least,
                part_facts=_ids(parts),
                dated=all(_is_surely_within(part, totals) for part in parts),
            )


def totals_of(vocabulary: Vocabulary, kinds: Mapping[str, str]) -> IsTotal:
    """Which sums are totals of what they go to, by its kind.

    What a program gets is all that it has to give. A center's or a facility's total names no
    payer: one with a payer is a grant, beside which its parts may get others. What goes to any
    other organization is no total of it.
    """

    def is_total(each: StatedSum) -> bool:
        kind = kinds[each.goals[0]]
        if each.regrant:
            return False
        return vocabulary.is_a(kind, PROGRAM) or (
            not each.payers and vocabulary.is_a(kind, *_TOTALLED)
        )

    return is_total


def _ids(sums: Iterable[StatedSum]) -> tuple[str, ...]:
    return tuple(sorted(each.fact for each in sums))


class _Index:
    """Stated sums by what they go to and run under."""

    def __init__(self, sums: Iterable[StatedSum], parents: Parents, canonical: Canonical) -> None:
        self._one = canonical
        self._above: dict[str, set[str]] = {}
        for part, wholes in parents.items():
            mine = self._above.setdefault(canonical(part), set())
            mine.update(canonical(whole) for whole in wholes)
        self.wholes: dict[tuple[str, str, str], list[StatedSum]] = {}
        self._parts: dict[tuple[str, str, str], list[StatedSum]] = {}
        for each in sums:
            goals = self._goals(each)
            if len(goals) == 1:
                for goal in goals:
                    key = (goal, each.currency, each.stage)
                    self.wholes.setdefault(key, []).append(each)
            if not each.regrant:
                for subject in self._subjects(each, goals):
                    key = (subject, each.currency, each.stage)
                    self._parts.setdefault(key, []).append(each)

    def _goals(self, each: StatedSum) -> set[str]:
        return {self._one(id_) for id_ in each.goals}

    def _subjects(self, each: StatedSum, goals: set[str]) -> set[str]:
        """Of what a sum is a part: what all its goals are parts of, and its program."""
        subjects = set.intersection(*(self._wholes_of(goal) for goal in goals))
        if each.program is not None:
            subjects.add(self._one(each.program))
        return subjects - goals

    def _wholes_of(self, id_: str) -> set[str]:
        found: set[str] = set()
        waiting = [id_]
        while waiting:
            for whole in self._above.get(waiting.pop(), ()):
                if whole not in found:
                    found.add(whole)
                    waiting.append(whole)
        return found - {id_}

    def parts_of(
        self, subject: str, currency: str, stage: str, totals: list[StatedSum]
    ) -> list[StatedSum]:
        """The sums that the totals should hold, none within another."""
        known = self._parts.get((subject, currency, stage), ())
        parts = [each for each in known if _is_comparable(each, totals)]
        goals = {goal for each in parts for goal in self._goals(each)}
        return [each for each in parts if not self._is_within(each, goals)]

    def _is_within(self, each: StatedSum, goals: set[str]) -> bool:
        """Whether a sum may be part of one that goes to another goal: of a whole, or of a payer."""
        mine = self._goals(each)
        above = set[str]().union(*(self._wholes_of(goal) for goal in mine))
        payers = {self._one(id_) for id_ in each.payers}
        return not (goals - mine).isdisjoint(above | payers)


def _is_comparable(part: StatedSum, totals: Iterable[StatedSum]) -> bool:
    return any(
        (not whole.payers or set(whole.payers) == set(part.payers))
        and whole.source in (part.source, MoneySource.MIXED)
        and _may_hold(whole, part)
        for whole in totals
    )


def _may_hold(whole: StatedSum, part: StatedSum) -> bool:
    """Whether the time of a total holds that of a part, or is not stated."""
    if whole.period is None or whole.period == part.period:
        return True
    outer, inner = period_of(whole.period), period_of(part.period)
    if outer.bounds is Bounds.UNKNOWN:
        return False
    begins = outer.valid_from is None or (
        inner.valid_from is not None and inner.valid_from >= outer.valid_from
    )
    ends = outer.valid_to is None or (
        inner.valid_to is not None and inner.valid_to <= outer.valid_to
    )
    return begins and ends


def _is_surely_within(part: StatedSum, totals: Iterable[StatedSum]) -> bool:
    return period_of(part.period).certain and all(
        period_of(whole.period).certain and _may_hold(whole, part) for whole in totals
    )
