"""Mapping of entities, documents and facts to nodes and relationships, and back.

A relationship fact is one relationship. A funding is a `Funding` node with CONTRIBUTES and
GOES_TO relationships, and FUNDS between its funders and recipients. An observation is an
`Observation` node on its subject. The sum of a fact stands once: on the relationship of a
relationship fact, else on the node.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import StoreError
from graphsvc.model.content import content_hash
from graphsvc.model.entity import Document, Entity
from graphsvc.model.evidence import parse_evidence
from graphsvc.model.fact import (
    FACT,
    FUNDS,
    AnyFact,
    FundingFact,
    ObservationFact,
    RelationshipFact,
)
from graphsvc.model.money import Money, plain
from graphsvc.model.vocabulary import Vocabulary

MONEY_FIELDS = tuple(Money.model_fields)
"""Properties of a carrier that state its sum."""

_AMOUNTS = ("amount", "amount_min", "amount_max")
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?")

Properties = dict[str, Any]
End = tuple[str, str]
"""A node to attach to: a label and an id."""

_STATEMENT_FIELDS = (
    "program",
    "period",
    "period_note",
    "stated_by",
    "basis_note",
    "conflict_note",
    "note",
)


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node to create, with every label it will ever have."""

    labels: tuple[str, ...]
    properties: Properties


@dataclass(frozen=True, slots=True)
class RelationshipRow:
    """A relationship to create between two nodes."""

    type: str
    start: End
    end: End
    properties: Properties


def entity_row(entity: Entity, vocabulary: Vocabulary, recorded_at: str) -> NodeRow:
    """The node of an entity, with the labels of its kind."""
    return NodeRow(vocabulary.labels(entity.kind), entity_properties(entity, recorded_at))


def entity_properties(entity: Entity, recorded_at: str) -> Properties:
    """What an entity's node carries."""
    aliases = [f"{doc}#{name}" for doc, names in entity.document_aliases.items() for name in names]
    return _without_nulls(
        {
            "id": entity.id,
            "kind": entity.kind,
            "name": entity.name,
            "name_en": entity.name_en,
            "name_en_translated": entity.name_en_translated,
            "aliases": list(entity.aliases),
            "document_aliases": aliases,
            "merged_ids": list(entity.merged_ids) or None,
            "note": entity.note,
            "recorded_at": recorded_at,
            "content_hash": content_hash(entity),
        }
    )


def entity_of(properties: Mapping[str, Any]) -> Entity:
    """The entity that a node's properties stand for."""
    document_aliases: dict[str, list[str]] = {}
    for text in properties.get("document_aliases") or ():
        document, _, name = text.partition("#")
        document_aliases.setdefault(document, []).append(name)
    names = ("id", "kind", "name", "name_en", "name_en_translated", "aliases", "merged_ids", "note")
    kept = {name: properties[name] for name in names if properties.get(name) is not None}
    return Entity.model_validate({**kept, "document_aliases": document_aliases})


def document_row(document: Document, recorded_at: str) -> NodeRow:
    """The node of a document."""
    curated = document.model_dump(mode="json", exclude_none=True)
    recorded = {"recorded_at": recorded_at, "content_hash": content_hash(document)}
    return NodeRow(("Document",), {**curated, **recorded})


def document_of(properties: Mapping[str, Any]) -> Document:
    """The document that a node's properties stand for."""
    return Document.model_validate({name: properties.get(name) for name in Document.model_fields})


def fact_rows(fact: AnyFact, recorded_at: str) -> tuple[list[NodeRow], list[RelationshipRow]]:
    """The nodes and relationships that a fact makes in the graph."""
    match fact:
        case RelationshipFact():
            return [], [_relationship_row(fact, recorded_at)]
        case FundingFact():
            return _funding_rows(fact, recorded_at)
        case ObservationFact():
            return _observation_rows(fact, recorded_at)


def _relationship_row(fact: RelationshipFact, recorded_at: str) -> RelationshipRow:
    properties = {
        "id": fact.id,
        **_fact_properties(fact, recorded_at),
        "content_hash": content_hash(fact),
        "role": fact.role,
        "role_en": fact.role_en,
        **_money_properties(fact.money),
    }
    start, end = ("Entity", fact.subject), ("Entity", fact.object)
    return RelationshipRow(fact.type, start, end, _without_nulls(properties))


def _funding_rows(
    fact: FundingFact, recorded_at: str
) -> tuple[list[NodeRow], list[RelationshipRow]]:
    shared = _fact_properties(fact, recorded_at)
    node = NodeRow(
        ("Funding",),
        _without_nulls(
            {
                "id": fact.id,
                **shared,
                "content_hash": content_hash(fact),
                "funders": list(fact.funders),
                "recipients": list(fact.recipients),
                **_money_properties(fact.money),
            }
        ),
    )
    here = ("Funding", fact.id)
    # A funding of a program that names no recipient goes to the program.
    goals = fact.recipients or ((fact.program,) if fact.program else ())
    ends = [
        *(("CONTRIBUTES", ("Entity", funder), here) for funder in fact.funders),
        *(("GOES_TO", here, ("Entity", goal)) for goal in goals),
        *(
            (FUNDS, ("Entity", funder), ("Entity", goal))
            for funder in fact.funders
            for goal in goals
            if funder != goal
        ),
    ]
    relationships = []
    for type_name, start, end in ends:
        unique = fact.id if len(ends) == 1 else f"{fact.id}~{start[1]}~{end[1]}"
        link = {"funding_id": fact.id} if type_name == FUNDS else {}
        properties = _without_nulls({"id": unique, **shared, **link})
        relationships.append(RelationshipRow(type_name, start, end, properties))
    return [node], relationships


def _observation_rows(
    fact: ObservationFact, recorded_at: str
) -> tuple[list[NodeRow], list[RelationshipRow]]:
    shared = _fact_properties(fact, recorded_at)
    carried = {
        "id": fact.id,
        **shared,
        "content_hash": content_hash(fact),
        "subject": fact.subject,
        "metric": fact.metric,
        "value": fact.value,
        "unit": fact.unit,
        **_money_properties(fact.money),
    }
    node = NodeRow(("Observation",), _without_nulls(carried))
    start, end = ("Entity", fact.subject), ("Observation", fact.id)
    link = RelationshipRow("HAS_OBSERVATION", start, end, _without_nulls({"id": fact.id, **shared}))
    return [node], [link]


def _fact_properties(fact: AnyFact, recorded_at: str) -> Properties:
    when = fact.when
    return {
        "fact_id": fact.id,
        **{name: getattr(fact, name) for name in _STATEMENT_FIELDS},
        "modality": fact.modality.value,
        "basis": fact.basis.value,
        "valid_from": when.valid_from.isoformat() if when.valid_from else None,
        "valid_to": when.valid_to.isoformat() if when.valid_to else None,
        "period_bounds": when.bounds.value,
        "conflicts_with": list(fact.conflicts_with) or None,
        "documents": list(fact.documents),
        "evidence": [str(item) for item in fact.evidence],
        "recorded_at": recorded_at,
    }


def _money_properties(money: Money | None) -> Properties:
    if money is None:
        return {}
    return {
        "amount": plain(money.amount),
        "currency": money.currency,
        "amount_krw": money.amount_krw,
        "qualifier": money.qualifier,
        "amount_min": None if money.amount_min is None else plain(money.amount_min),
        "amount_max": None if money.amount_max is None else plain(money.amount_max),
        "stage": money.stage,
        "source": money.source,
        "regrant": money.regrant,
    }


def require_amounts(carrier: Mapping[str, Any]) -> None:
    """Refuse to add up or to show an amount that is none.

    Raises
    ------
    StoreError
        When something other than graphsvc wrote it.
    """
    for name in _AMOUNTS:
        value = carrier.get(name)
        if value is not None and not (isinstance(value, str) and _AMOUNT.fullmatch(value)):
            fact = carrier.get("fact_id") or carrier.get("id")
            raise StoreError(
                f"The {name} of the fact {fact!r} in the graph is no number; something other than"
                " graphsvc wrote it.",
                mend="`graphsvc doctor` says what was written, and how to undo it.",
            )


def _without_nulls(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if value is not None}


def fact_of(properties: Mapping[str, Any], **ends: str) -> AnyFact:
    """The fact that its carrier's properties stand for; `ends` are a relationship's own.

    Raises
    ------
    ValueError
        When somebody else wrote what is no fact.
    """
    curated: dict[str, Any] = {
        name: properties[name]
        for name in (
            *_STATEMENT_FIELDS,
            *("modality", "basis", "conflicts_with", "role", "role_en"),
            *("funders", "recipients", "subject", "metric", "value", "unit"),
        )
        if name in properties
    }
    if "amount" in properties:
        curated["money"] = {name: properties[name] for name in MONEY_FIELDS if name in properties}
    curated["id"] = properties.get("fact_id")
    curated["evidence"] = [parse_evidence(text) for text in properties.get("evidence") or ()]
    return FACT.validate_python({**curated, **ends})


def mentions_of(facts: Iterable[AnyFact]) -> dict[tuple[str, str], None]:
    """Pairs of document and entity that MENTIONS joins, each once, in the facts' order."""
    return {
        (document, entity): None
        for fact in facts
        for document in fact.documents
        for entity in fact.mentioned()
    }


def mention_rows(mentions: Iterable[tuple[str, str]]) -> list[RelationshipRow]:
    """MENTIONS relationships for pairs of document and entity."""
    return [
        RelationshipRow(
            "MENTIONS",
            ("Document", document),
            ("Entity", entity),
            {"id": f"{document}~{entity}"},
        )
        for document, entity in mentions
    ]


def fact_from_json(text: str) -> AnyFact:
    """The fact that `content.to_json` wrote."""
    return FACT.validate_python(json.loads(text))
