"""Checks that facts use the vocabulary as it is meant: types, kinds, money, roles, metrics."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graphsvc.errors import SeedProblem
from graphsvc.model.fact import (
    FUNDS,
    AnyFact,
    FundingFact,
    Modality,
    ObservationFact,
    RelationshipFact,
)
from graphsvc.model.money import Money
from graphsvc.model.spelling import nearest
from graphsvc.model.vocabulary import RelationshipType, ValueType, Vocabulary
from graphsvc.seeding.draft import Draft, Item

PROGRAM = "Program"
"""The kind that a fact's `program` names, where the vocabulary has a kind of that name."""


def check_usage(draft: Draft) -> Iterator[SeedProblem]:
    """Facts that say what the vocabulary does not allow; nothing without a vocabulary."""
    if draft.vocabulary is None:
        return
    kinds = {item.value.id: item.value.kind for item in draft.entities if item.value is not None}
    usage = _Usage(draft.vocabulary, kinds)
    for item in draft.facts:
        if item.value is not None:
            yield from usage.check(item, item.value)


class _Usage:
    """The vocabulary, and the kind of every entity."""

    def __init__(self, vocabulary: Vocabulary, kinds: dict[str, str]) -> None:
        self.vocabulary = vocabulary
        self.kinds = kinds

    def check(self, item: Item[AnyFact], fact: AnyFact) -> Iterator[SeedProblem]:
        yield from self._check_program(item, fact)
        yield from _check_notes(item, fact)
        if isinstance(fact, RelationshipFact):
            yield from self._check_relationship(item, fact)
        elif isinstance(fact, FundingFact):
            yield from self._check_funding(item, fact)
        else:
            yield from self._check_observation(item, fact)

    def _is_a(self, entity: str, *ancestors: str) -> bool:
        # An entity that is unknown or broken has been reported where it stands.
        kind = self.kinds.get(entity)
        return kind is None or self.vocabulary.is_a(kind, *ancestors)

    def _check_program(self, item: Item[AnyFact], fact: AnyFact) -> Iterator[SeedProblem]:
        if fact.program is None or PROGRAM not in self.vocabulary.kinds:
            return
        if not self._is_a(fact.program, PROGRAM):
            yield item.problem(
                f"program names {fact.program!r}, a {self.kinds[fact.program]}.",
                f"Name a {PROGRAM} or leave the key out.",
                at=("program",),
            )

    def _check_relationship(
        self, item: Item[AnyFact], fact: RelationshipFact
    ) -> Iterator[SeedProblem]:
        joined = self.vocabulary.types.get(fact.type)
        if joined is None:
            message = f"unknown type {fact.type!r}."
            yield item.problem(message, nearest(fact.type, self.vocabulary.types), at=("type",))
            return
        yield from self._check_ends(item, fact, joined)
        yield from _check_role(item, fact, joined)
        if fact.money is None:
            return
        if not joined.money:
            carriers = [name for name, other in self.vocabulary.types.items() if other.money]
            message = f"a relationship of type {fact.type} bears no money."
            mend = f"Types that do: {', '.join(carriers) or 'none'}."
            yield item.problem(message, mend, at=("money",))
        if fact.modality is not Modality.ACTUAL:
            message = f"a fact with money is actual, not {fact.modality}."
            mend = "money.stage says how far the sum is."
            yield item.problem(message, mend, at=("modality",))
        yield from _check_transfer(item, fact.money)

    def _check_ends(
        self, item: Item[AnyFact], fact: RelationshipFact, joined: RelationshipType
    ) -> Iterator[SeedProblem]:
        subject, target = self.kinds.get(fact.subject), self.kinds.get(fact.object)
        if subject is None or target is None:
            return
        may_join = partial(self.vocabulary.may_join, fact.type)
        if may_join(subject, target) or (joined.symmetric and may_join(target, subject)):
            return
        may_begin = self.vocabulary.is_a(subject, *joined.subject)
        yield item.problem(
            f"{fact.type} may not join a {subject} to a {target}.",
            f"It joins {_listed(joined.subject)} to {_listed(joined.object)}.",
            at=("object",) if may_begin else ("subject",),
        )

    def _check_funding(self, item: Item[AnyFact], fact: FundingFact) -> Iterator[SeedProblem]:
        joined = self.vocabulary.types.get(FUNDS)
        if joined is None:
            message = f"a funding needs the type {FUNDS}, which the vocabulary does not have."
            yield item.problem(message, f"Add {FUNDS} to vocabulary.yaml.", at=())
            return
        ends = (("funders", joined.subject), ("recipients", joined.object))
        for field, allowed in ends:
            for position, party in enumerate(getattr(fact, field)):
                if not self._is_a(party, *allowed):
                    message = f"{field} names {party!r}, a {self.kinds[party]}."
                    mend = f"{FUNDS} allows {_listed(allowed)} there."
                    yield item.problem(message, mend, at=(field, position))
        both = set(fact.funders) & set(fact.recipients)
        for party in sorted(both):
            message = f"{party!r} is a funder and a recipient of one sum."
            at = ("recipients", fact.recipients.index(party))
            yield item.problem(message, "Keep it on one side.", at=at)
        yield from _check_transfer(item, fact.money)

    def _check_observation(
        self, item: Item[AnyFact], fact: ObservationFact
    ) -> Iterator[SeedProblem]:
        metric = self.vocabulary.metrics.get(fact.metric)
        if metric is None:
            message = f"unknown metric {fact.metric!r}."
            mend = nearest(fact.metric, self.vocabulary.metrics)
            yield item.problem(message, mend, at=("metric",))
            return
        given = _value_type(fact)
        if given is not metric.value:
            message = f"{fact.metric} is {_SPOKEN[metric.value]}, not {_SPOKEN[given]}."
            at = ("money",) if given is ValueType.MONEY else ("value",)
            yield item.problem(message, _HOW_TO_WRITE[metric.value], at=at)
        elif fact.unit is not None and fact.unit != metric.unit:
            message = f"unit {fact.unit!r} is not the unit of {fact.metric}."
            mend = f"It is {metric.unit!r}." if metric.unit else "It has none: leave the key out."
            yield item.problem(message, mend, at=("unit",))
        if fact.money is not None and fact.money.regrant:
            message = "an observation passes no money on."
            yield item.problem(message, "Leave regrant out.", at=("money", "regrant"))


_SPOKEN = {ValueType.DATE: "a date", ValueType.NUMBER: "a number", ValueType.MONEY: "money"}
_HOW_TO_WRITE = {
    ValueType.DATE: 'Write value: "2024-05-21", as exact as the source.',
    ValueType.NUMBER: "Write value: 12, without quotes.",
    ValueType.MONEY: "Write money: {amount: 1000, currency: KRW}.",
}


def _value_type(fact: ObservationFact) -> ValueType:
    if fact.money is not None:
        return ValueType.MONEY
    return ValueType.DATE if isinstance(fact.value, str) else ValueType.NUMBER


def _listed(kinds: tuple[str, ...]) -> str:
    return " or ".join(kinds)


def _check_role(
    item: Item[AnyFact], fact: RelationshipFact, joined: RelationshipType
) -> Iterator[SeedProblem]:
    if joined.role and not fact.role:
        yield item.problem(f"{fact.type} needs a role.", "Add it as the source says.", at=())
    if fact.role_en is not None and not fact.role and not joined.role:
        message = "role_en stands without a role."
        yield item.problem(message, "Add role as the source says.", at=("role_en",))
    if not joined.role and fact.role is not None:
        message = f"a relationship of type {fact.type} bears no role."
        yield item.problem(message, "Leave role out.", at=("role",))


def _check_transfer(item: Item[AnyFact], money: Money) -> Iterator[SeedProblem]:
    """Money that somebody pays says how far it is and whose it is."""
    for field in ("stage", "source"):
        if getattr(money, field) is None:
            message = f"money that is paid needs its {field}."
            mend = (
                "announced, selected, budgeted or disbursed."
                if field == "stage"
                else "national, local, private, mixed or unknown."
            )
            yield item.problem(message, f"Write {mend}", at=("money",))


def _check_notes(item: Item[AnyFact], fact: AnyFact) -> Iterator[SeedProblem]:
    """A `?` marks what the curator inferred, so a note says from what."""
    value = fact.value if isinstance(fact, ObservationFact) else None
    for field, text in (("period", fact.period), ("value", value)):
        if isinstance(text, str) and "?" in text and not fact.period_note:
            message = f"{field} {text!r} is marked '?' without a period_note."
            yield item.problem(message, "Say in period_note what it is inferred from.", at=(field,))
