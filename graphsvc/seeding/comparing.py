"""Compares what a seed wants with what a graph holds, thing by thing: the plan of a load.

Two facts (entities, documents) of one id are the same where their content hashes are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.model.content import content_hash
from graphsvc.model.seed import Seed

MAX_CHANGES_IN_USE = 100_000
"""Above this a change to a graph in use is refused: it would be one transaction too large."""

MAX_RETRACTED_SHARE = 0.1
"""A plan that retracts more of the held facts needs a person's word."""

Hashes = Mapping[str, str]
"""Content hashes by id."""


@dataclass(frozen=True)
class Changes:
    """Ids by what happens to them, each in the seed's (or the graph's) order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retracted: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things change."""
        return len(self.added) + len(self.changed) + len(self.retracted)


@dataclass(frozen=True)
class Plan:
    """What loading a seed would change in a graph."""

    documents: Changes
    entities: Changes
    facts: Changes
    vocabulary_changed: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the graph already holds the seed."""
        return self.count == 0 and not self.vocabulary_changed

    @property
    def count(self) -> int:
        """How many documents, entities and facts change."""
        return self.documents.count + self.entities.count + self.facts.count

    def report(self) -> dict[str, Any]:
        """The plan for facts in numbers and ids, for a person or a program to read."""
        facts = self.facts
        return {
            "added": len(facts.added),
            "changed": len(facts.changed),
            "retracted": len(facts.retracted),
            "unchanged": len(facts.unchanged),
            "ids": {
                "added": list(facts.added),
                "changed": list(facts.changed),
                "retracted": list(facts.retracted),
            },
        }


def compare(held: Hashes, wanted: Hashes) -> Changes:
    """What has to happen to `held` to become `wanted`."""
    return Changes(
        added=tuple(id_ for id_ in wanted if id_ not in held),
        changed=tuple(id_ for id_ in wanted if id_ in held and held[id_] != wanted[id_]),
        retracted=tuple(id_ for id_ in held if id_ not in wanted),
        unchanged=tuple(id_ for id_ in wanted if held.get(id_) == wanted[id_]),
    )


def plan_load(
    seed: Seed,
    *,
    documents: Hashes,
    entities: Hashes,
    facts: Hashes,
    vocabulary_hash: str | None,
) -> Plan:
    """The plan that turns a graph with these content hashes into the seed."""
    return Plan(
        documents=compare(documents, _hashes(seed.documents)),
        entities=compare(entities, _hashes(seed.entities)),
        facts=compare(facts, _hashes(seed.facts)),
        vocabulary_changed=vocabulary_hash != content_hash(seed.vocabulary),
    )


def _hashes(things: Mapping[str, Any]) -> dict[str, str]:
    return {id_: content_hash(thing) for id_, thing in things.items()}
