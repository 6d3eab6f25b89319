"""Changes to a seed as curators make them: facts and things that come, go and become another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from graphsvc.model.fact import AnyFact
from graphsvc.model.seed import Seed

Step = Callable[[Seed], Seed]


def with_facts(seed: Seed, *facts: AnyFact) -> Seed:
    """The seed with these facts, in place of those with their ids."""
    return replace(seed, facts={**seed.facts, **{fact.id: fact for fact in facts}})


def without_facts(seed: Seed, *ids: str) -> Seed:
    """The seed less these facts."""
    return replace(seed, facts={id_: fact for id_, fact in seed.facts.items() if id_ not in ids})


def with_fact(seed: Seed, id_: str, **changes: Any) -> Seed:
    """The seed with one fact changed."""
    return with_facts(seed, seed.facts[id_].model_copy(update=changes))


def with_entity(seed: Seed, id_: str, **changes: Any) -> Seed:
    """The seed with one thing changed."""
    changed = seed.entities[id_].model_copy(update=changes)
    return replace(seed, entities={**seed.entities, id_: changed})


def with_document(seed: Seed, id_: str, **changes: Any) -> Seed:
    """The seed with one document changed."""
    changed = seed.documents[id_].model_copy(update=changes)
    return replace(seed, documents={**seed.documents, id_: changed})


def merged(seed: Seed, old: str, new: str) -> Seed:
    """The seed after `old` turned out to be `new`; facts between the two go."""
    facts = {}
    for id_, fact in seed.facts.items():
        renamed = _renamed(fact, old, new)
        if renamed is not None:
            facts[id_] = renamed
    entities = {id_: entity for id_, entity in seed.entities.items() if id_ != old}
    into = entities[new]
    entities[new] = into.model_copy(update={"merged_ids": (*into.merged_ids, old)})
    return replace(seed, entities=entities, facts=facts)


def _renamed(fact: AnyFact, old: str, new: str) -> AnyFact | None:
    changes: dict[str, Any] = {}
    for name in ("subject", "object", "program", "stated_by"):
        if getattr(fact, name, None) == old:
            changes[name] = new
    for name in ("funders", "recipients"):
        parties = getattr(fact, name, ())
        if old in parties:
            changes[name] = tuple(dict.fromkeys(new if id_ == old else id_ for id_ in parties))
    changed = fact.model_copy(update=changes)
    ends = (getattr(changed, "subject", None), getattr(changed, "object", None))
    return None if ends == (new, new) else changed
