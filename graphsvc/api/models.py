"""What answers look like: the shapes that OpenAPI describes and the tests hold answers to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphsvc.api.http.responses import Page
from graphsvc.model.evidence import Digest
from graphsvc.model.fact import Basis, Modality
from graphsvc.model.money import MoneySource, Qualifier, Stage
from graphsvc.model.period import Bounds
from graphsvc.model.vocabulary import ValueType

Form = Literal["relationship", "funding", "observation"]
Instant = Annotated[
    str, Field(description="RFC 3339, UTC", examples=["2026-05-21T09:00:00.000000Z"])
]
Amount = Annotated[str, Field(description="Decimal digits, as stated", examples=["28700000000"])]
GraphVersionNumber = Annotated[
    int, Field(description="The load that made the graph this was read from.")
]


class Closed(BaseModel):
    """A shape with these members and no others."""

    model_config = ConfigDict(extra="forbid")


class EntityName(Closed):
    """A thing as it is named beside facts."""

    id: str = Field(description="Its id, which never changes.")
    kind: str = Field(description="Its kind, a key of the vocabulary's kinds.")
    name: str = Field(description="Its name, in Korean where it has a Korean one.")
    aliases: list[str] = Field(description="Other spellings of its name.")


class ConnectedEntity(EntityName):
    """A thing as it stands in a drawing."""

    name_en: str
    degree: int = Field(description="How many relationships to other things it has in all.")


class Evidence(Closed):
    """One place in one document that states a fact; never the text itself."""

    document: str = Field(description="Id of the document.")
    paragraph: int = Field(description="The paragraph, from 1; blank lines do not count.")
    start: int = Field(description="First character in the paragraph, from 0.")
    end: int = Field(description="The character after the last one.")
    digest: Digest = Field(description="First 16 hex digits of the span's SHA-256.")


class MoneyStated(Closed):
    """A sum as its source states it; nothing is converted."""

    amount: Amount
    currency: str = Field(description="ISO 4217 code.")
    qualifier: Qualifier | None = Field(description="How the source hedges the amount.")
    amount_min: Amount | None = Field(description="Lower bound, only where stated.")
    amount_max: Amount | None = Field(description="Upper bound, only where stated.")
    stage: Stage | None = Field(description="How far the sum is on its way to being paid.")
    source: MoneySource | None = Field(description="Whose money it is.")
    regrant: bool = Field(description="Whether it passes on money that is counted already.")


class Fact(Closed):
    """One fact, in any of the three forms; what a form does not have is null or empty."""

    id: str = Field(description="Id of the fact, which outlives corrections.")
    form: Form
    subject: EntityName | None
    object: EntityName | None
    funders: list[EntityName] = Field(description="Who pays; empty where no payer is named.")
    recipients: list[EntityName] = Field(description="Who gets a funding.")
    program: EntityName | None = Field(description="The program it ran under.")
    type: str | None = Field(description="Relationship type.")
    metric: str | None = Field(description="What an observation observes.")
    value: str | int | float | None = Field(description="An EDTF date or a number.")
    unit: str | None = Field(description="A number's unit.")
    money: MoneyStated | None
    modality: Modality
    basis: Basis
    stated_by: str | None = Field(description="Id of who says so, where a claim is reported.")
    role: str | None = Field(description="A person's position, as the source words it.")
    period: str | None = Field(description="When it holds (EDTF), as exact as the source.")
    valid_from: str | None = Field(description="First day, where a bound is known.")
    valid_to: str | None = Field(description="Last day, where a bound is known.")
    period_bounds: Bounds
    conflicts_with: list[str] = Field(description="Facts that give another account.")
    documents: list[str] = Field(description="Ids of the documents that state it.")
    evidence: list[Evidence]


class _Notes(Closed):
    role_en: str | None = Field(description="The position in English.")
    period_note: str | None = Field(description="What the period was read from.")
    basis_note: str | None = Field(description="The rule by which the fact is implied.")
    conflict_note: str | None = Field(description="How the accounts differ.")
    note: str | None
    recorded_at: Instant


class DetailedFact(Fact, _Notes):
    """One fact with its notes."""


class DatedObservation(Fact):
    """One observation, and whether it holds on the day asked about."""

    holds: Literal["yes", "possibly"] | None = Field(
        None, description="Whether it holds on `as_of`; left out where no day was given."
    )


class DatedFact(DetailedFact):
    """One fact with its notes, and whether it holds on the day asked about."""

    holds: Literal["yes", "possibly"] | None = Field(
        None, description="Whether it holds on `as_of`; left out where no day was given."
    )


class Sum(Closed):
    """An amount in a currency."""

    amount: Amount
    currency: str


class Relationship(DatedFact):
    """One relationship between two things."""

    id: str = Field(description="Id of the relationship.")
    fact_id: str = Field(description="Id of the fact that it stands for, or is part of.")
    funding_id: str | None = Field(description="The funding that made it, if one did.")
    funding_amount: Sum | None = Field(
        description="That funding's whole sum, which may have several payers and recipients."
    )


class EntityRelationship(Relationship):
    """One relationship as seen from one of its ends."""

    direction: Literal["out", "in"] = Field(description="`out`: the thing is the subject.")


class FactVersion(Closed):
    """A fact as it was, until it changed or was withdrawn."""

    change: Literal["changed", "retracted"]
    recorded_at: Instant
    superseded_at: Instant
    graph_version: int = Field(description="The load that ended it.")
    fact: Fact


class FactState(DetailedFact):
    """A fact as it is or was, and whether it holds on the day asked about."""

    holds: Literal["yes", "possibly", "no"] | None = Field(
        None, description="Whether it holds on `as_of`; left out where no day was given."
    )


class FactWithHistory(FactState):
    """One fact and all that it was."""

    status: Literal["live", "retracted"]
    retracted_at: Instant | None
    history: list[FactVersion] = Field(description="Versions that are held no more, oldest first.")
    graph_version: GraphVersionNumber


class Entity(Closed):
    """A thing in the world."""

    id: str = Field(description="Its id, which never changes.")
    kind: str = Field(description="Its kind, a key of the vocabulary's kinds.")
    labels: list[str] = Field(description="Entity, its kind's ancestors, its kind.")
    name: str
    name_en: str
    name_en_translated: bool = Field(description="Whether the English name is our translation.")
    aliases: list[str]


class RelationshipCount(Closed):
    """How many relationships of a type a thing has."""

    type: str
    outgoing: int = Field(description="Those of which it is the subject.")
    incoming: int = Field(description="Those of which it is the object.")


class EntityDetail(Entity):
    """A thing with all that is held of it."""

    document_aliases: dict[str, list[str]] = Field(
        description="Words that mean it inside one document only, by document."
    )
    merged_ids: list[str] = Field(description="Ids of things that turned out to be this one.")
    note: str | None
    recorded_at: Instant
    relationship_counts: list[RelationshipCount]
    observations: list[DatedObservation]
    graph_version: GraphVersionNumber


class EntityRelationships(Page[EntityRelationship]):
    """A page of a thing's relationships, and how many it has of each type."""

    counts: list[RelationshipCount]


class Document(Closed):
    """A source."""

    id: str
    publisher: str | None = Field(description="Null where the document names none.")
    carrier: str | None = Field(description="The portal that carried it.")
    published: str | None = Field(description="EDTF, from the byline alone.")
    retrieved: str | None = Field(description="The day it was fetched.")
    sha256: str = Field(description="Digest of the stored file.")
    description: str = Field(description="What it is about, in our own words.")


class DocumentDetail(Document):
    """A source and the things its facts name."""

    recorded_at: Instant
    entities: list[EntityName]
    graph_version: GraphVersionNumber


class Bilingual(Closed):
    """A text in Korean and English."""

    ko: str
    en: str


class VocabularyKind(Closed):
    """A kind of things."""

    kind: str
    parent: str | None
    labels: list[str] = Field(description="Labels of its nodes, the most general first.")
    name: Bilingual


class Reads(Closed):
    """How a relationship reads aloud, from its subject and from its object."""

    forward: Bilingual
    backward: Bilingual


class VocabularyType(Closed):
    """A relationship type."""

    type: str
    name: Bilingual
    subject: list[str] = Field(description="Kinds its subjects are of.")
    object: list[str] = Field(description="Kinds its objects are of.")
    symmetric: bool
    money: bool = Field(description="Whether it may carry a sum.")
    role: bool = Field(description="Whether it may carry a position.")
    analysed: bool = Field(description="Whether analyses count it unless told otherwise.")
    reads: Reads


class VocabularyMetric(Closed):
    """Something that is observed of things."""

    metric: str
    name: Bilingual
    value: ValueType
    unit: str | None


class Vocabulary(Closed):
    """The kinds, relationship types and metrics of the graph."""

    kinds: list[VocabularyKind]
    types: list[VocabularyType]
    metrics: list[VocabularyMetric]
    graph_version: GraphVersionNumber


class TypeCount(Closed):
    """How many relationships of a type there are."""

    relationships: int
    with_amount: int = Field(description="Those that state a sum of their own.")


class Statistics(Closed):
    """How much the graph holds."""

    seed: str = Field(description="Id of the seed.")
    loaded_at: Instant
    documents: int
    entities: int
    facts: int
    kinds: dict[str, int] = Field(description="Things by their own kind.")
    types: dict[str, TypeCount] = Field(description="Relationships between things, by type.")
    metrics: dict[str, int] = Field(description="Observations by metric.")
    forms: dict[Form, int] = Field(description="Facts by form.")
    graph_version: GraphVersionNumber


class Health(Closed):
    """The process answers."""

    status: Literal["alive"]
    version: str


class Readiness(Closed):
    """There is a graph to read."""

    status: Literal["ready"]
    database: Literal["embedded", "neo4j"]
    schema_version: int
    seed: str
    seed_title: str
    graph_version: GraphVersionNumber
    loaded_at: Instant
    documents: int
    entities: int
    facts: int
