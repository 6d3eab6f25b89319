"""Checks a seed as a whole: ids are unique, references arrive, facts lie where they belong.

What a fact may say by the vocabulary is in `usage`, names and aliases in `naming`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphsvc.errors import SeedProblem
from graphsvc.model.fact import AnyFact, FundingFact, ObservationFact
from graphsvc.model.spelling import did_you_mean
from graphsvc.seeding.draft import Draft, Item
from graphsvc.seeding.naming import check_names
from graphsvc.seeding.usage import check_usage
from graphsvc.seeding.yaml_source import KeyPath

_MOST_ADVISED = 100  # a search for near ids takes milliseconds; a lost file can break thousands


def check(draft: Draft) -> list[SeedProblem]:
    """Everything wrong between the parts of a seed; parts whose form is wrong are passed over.

    Costs time linear in the seed's size.
    """
    return [*check_contents(draft), *_check_places(draft)]


def check_contents(draft: Draft) -> list[SeedProblem]:
    """As `check`, whatever files the parts stand in."""
    return [
        *_check_ids(draft),
        *_References(draft).check(),
        *_check_evidence(draft),
        *_check_conflicts(draft),
        *check_names(draft),
        *check_usage(draft),
    ]


def _check_ids(draft: Draft) -> Iterator[SeedProblem]:
    """Entities, documents and facts share one space of ids, and merged ids are used up."""
    taken: dict[str, tuple[str, str]] = {}
    groups: list[tuple[str, Sequence[Item[object]]]] = [
        ("document", draft.documents),
        ("entity", draft.entities),
        ("fact", draft.facts),
    ]
    for what, items in groups:
        for item in items:
            if item.id is not None:
                yield from _claim(taken, item.id, what, item, ("id",))
    for entity in draft.entities:
        for position, old in enumerate(entity.value.merged_ids if entity.value else ()):
            yield from _claim(taken, old, "merged", entity, ("merged_ids", position))


def _claim(
    taken: dict[str, tuple[str, str]],
    claimed: str,
    what: str,
    item: Item[object],
    path: KeyPath,
) -> Iterator[SeedProblem]:
    where = f"{item.file}:{item.line(*path)}"
    if claimed in taken:
        other, place = taken[claimed]
        message = f"the id {claimed!r} is taken by the {other} in {place}."
        mend = "Ids are unique over the whole seed and never reused."
        yield item.problem(message, mend, at=path)
    else:
        taken[claimed] = ("entity it was merged into" if what == "merged" else what, where)


_ONE_OF = {"entities": "entity", "documents": "document", "facts": "fact"}


class _References:
    """Looks up every id that a fact or an entity names."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.known = {
            "entities": draft.ids(draft.entities),
            "documents": draft.ids(draft.documents),
            "facts": draft.ids(draft.facts),
        }
        self.merged = {
            old: item.value.id
            for item in draft.entities
            if item.value is not None
            for old in item.value.merged_ids
        }
        self.advised = 0

    def check(self) -> Iterator[SeedProblem]:
        """One problem for every id that arrives nowhere."""
        for item in self.draft.facts:
            if item.value is not None:
                yield from self._check_fact(item, item.value)
        for entity in self.draft.entities:
            for document in entity.value.document_aliases if entity.value else ():
                path = ("document_aliases", document)
                yield from self._look_up(entity, path, document, "documents")

    def _check_fact(self, item: Item[AnyFact], fact: AnyFact) -> Iterator[SeedProblem]:
        for path, named in _named_entities(fact):
            yield from self._look_up(item, path, named, "entities")
        for position, other in enumerate(fact.conflicts_with):
            yield from self._look_up(item, ("conflicts_with", position), other, "facts")
        for position, evidence in enumerate(fact.evidence):
            path = ("evidence", position, "document")
            yield from self._look_up(item, path, evidence.document, "documents")

    def _look_up(
        self, item: Item[object], path: KeyPath, named: str, group: str
    ) -> Iterator[SeedProblem]:
        known = self.known[group]
        if named in known or group in self.draft.incomplete:
            return
        message = f"{path[0]} names the unknown {_ONE_OF[group]} {named!r}."
        if named in self.merged:
            yield item.problem(message, f"It was merged into {self.merged[named]!r}.", at=path)
            return
        mend = ""
        if self.advised < _MOST_ADVISED:
            self.advised += 1
            mend = did_you_mean(named, known)
        yield item.problem(message, mend or "Add it, or correct the id.", at=path)


def _named_entities(fact: AnyFact) -> Iterator[tuple[KeyPath, str]]:
    """Where a fact names entities, and which."""
    single: tuple[str, ...] = ("program", "stated_by")
    if isinstance(fact, FundingFact):
        for field in ("funders", "recipients"):
            for position, party in enumerate(getattr(fact, field)):
                yield (field, position), party
    elif isinstance(fact, ObservationFact):
        single = ("subject", *single)
    else:
        single = ("subject", "object", *single)
    for field in single:
        if (named := getattr(fact, field)) is not None:
            yield (field,), named


def _check_evidence(draft: Draft) -> Iterator[SeedProblem]:
    for item in draft.facts:
        seen = set()
        for position, evidence in enumerate(item.value.evidence if item.value else ()):
            place = (evidence.document, evidence.at)
            if place in seen:
                message = f"evidence repeats {evidence.document} {evidence.at}."
                yield item.problem(message, "Keep it once.", at=("evidence", position))
            seen.add(place)


def _check_places(draft: Draft) -> Iterator[SeedProblem]:
    """A fact lives in the file of the document that its first evidence names."""
    documents = draft.ids(draft.documents)
    for item in draft.facts:
        if item.value is None:
            continue
        first = item.value.evidence[0].document
        if first != item.file.stem and first in documents:
            message = f"the first evidence of {item.value.id!r} is in {first}."
            mend = f"Move the fact to facts/{first}.yaml."
            yield item.problem(message, mend, at=("evidence", 0, "document"))


def _check_conflicts(draft: Draft) -> Iterator[SeedProblem]:
    """A conflict is declared on both sides."""
    declared = {item.value.id: set(item.value.conflicts_with) for item in draft.facts if item.value}
    for item in draft.facts:
        for position, other in enumerate(item.value.conflicts_with if item.value else ()):
            path = ("conflicts_with", position)
            if other == item.id:
                yield item.problem(f"{other!r} conflicts with itself.", "Remove it.", at=path)
            elif other in declared and item.id not in declared[other]:
                message = f"{item.id!r} conflicts with {other!r}, which does not say so."
                mend = f"Add {item.id!r} to its conflicts_with, with a conflict_note."
                yield item.problem(message, mend, at=path)
