"""Seeds made in code: the invented harbor with things and facts that a test needs besides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graphsvc.model.entity import Entity
from graphsvc.model.fact import FACT, AnyFact
from graphsvc.model.seed import Seed


def thing(id_: str, kind: str) -> Entity:
    """A thing that is named by its id."""
    return Entity(id=id_, kind=kind, name=id_, name_en=id_)


def with_things(seed: Seed, *things: Entity) -> Seed:
    """The seed with more things."""
    return replace(seed, entities={**seed.entities, **{each.id: each for each in things}})


def with_facts(seed: Seed, *facts: dict[str, Any]) -> Seed:
    """The seed with more facts, which borrow their evidence."""
    evidence = next(iter(seed.facts.values())).evidence
    made: list[AnyFact] = [FACT.validate_python({"evidence": evidence, **each}) for each in facts]
    return replace(seed, facts={**seed.facts, **{fact.id: fact for fact in made}})


def only(seed: Seed, *facts: dict[str, Any]) -> Seed:
    """The seed's things with these facts alone."""
    made = with_facts(seed, *facts).facts
    return replace(seed, facts={each["id"]: made[each["id"]] for each in facts})


def won(amount: int, **more: Any) -> dict[str, Any]:
    """A sum in won, announced of national money unless told otherwise."""
    return {"amount": amount, "currency": "KRW", "stage": "announced", "source": "national", **more}


def funds(id_: str, payer: str, recipient: str, money: Any = None, **more: Any) -> dict[str, Any]:
    """A fact that one funds another."""
    sum_ = {} if money is None else {"money": money}
    return {"id": id_, "subject": payer, "type": "FUNDS", "object": recipient, **sum_, **more}


def funding(id_: str, payers: list[str], goals: list[str], money: Any, **more: Any) -> Any:
    """A sum with several or unstated parties."""
    return {"id": id_, "funders": payers, "recipients": goals, "money": money, **more}


def link(id_: str, subject: str, type_: str, object_: str, **more: Any) -> dict[str, Any]:
    """A relationship."""
    return {"id": id_, "subject": subject, "type": type_, "object": object_, **more}


def observed(id_: str, subject: str, metric: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """An observation; a number has the unit that its metric has."""
    stated = {} if value is None else {"value": value}
    return {"id": id_, "subject": subject, "metric": metric, **stated, **more}
