"""Facts, in their three forms: a relationship, a funding, an observation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    Tag,
    TypeAdapter,
    field_validator,
    model_validator,
)

from graphsvc.model.entity import Slug
from graphsvc.model.evidence import Evidence
from graphsvc.model.money import LARGEST_INTEGER, Money
from graphsvc.model.period import Edtf, Period, period_of

FUNDS = "FUNDS"
"""The type that joins funders and recipients; the loader makes it for fundings too."""


class Modality(StrEnum):
    """Whether a fact has happened, is planned, is aimed at or is forecast."""

    ACTUAL = "actual"
    PLANNED = "planned"
    TARGET = "target"
    FORECAST = "forecast"


class Basis(StrEnum):
    """Whether the source says it, or a named rule draws it from what the source says."""

    STATED = "stated"
    IMPLIED = "implied"


class Fact(BaseModel, ABC):
    """What the three forms share."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    form: ClassVar[str]

    id: Slug
    program: Slug | None = None
    money: Money | None = None
    period: Edtf | None = None
    period_note: str | None = None
    modality: Modality = Modality.ACTUAL
    stated_by: Slug | None = None
    basis: Basis = Basis.STATED
    basis_note: str | None = None
    conflicts_with: tuple[Slug, ...] = ()
    conflict_note: str | None = None
    note: str | None = None
    evidence: tuple[Evidence, ...]

    @field_validator("evidence")
    @classmethod
    def _has_evidence(cls, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        if not evidence:
            raise ValueError("a fact without evidence is refused: name the document and the place")
        return evidence

    @model_validator(mode="after")
    def _reasons_are_given(self) -> Self:
        if self.basis is Basis.IMPLIED and not self.basis_note:
            raise ValueError("an implied fact needs a basis_note that names the rule")
        if self.conflicts_with and not self.conflict_note:
            raise ValueError("conflicts_with needs a conflict_note that says what differs")
        return self

    @property
    def when(self) -> Period:
        """The period with its bounds."""
        return period_of(self.period)

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the documents that state the fact, each once, in the evidence's order."""
        return tuple(dict.fromkeys(item.document for item in self.evidence))

    @abstractmethod
    def mentioned(self) -> tuple[str, ...]:
        """Ids of every entity the fact names, each once."""


def _named(*groups: str | tuple[str, ...] | None) -> tuple[str, ...]:
    flat = (item for group in groups for item in (group if isinstance(group, tuple) else (group,)))
    return tuple(dict.fromkeys(item for item in flat if item is not None))


def _refuse_observation_modality(modality: Modality) -> Modality:
    if modality in (Modality.TARGET, Modality.FORECAST):
        raise ValueError(f"modality {modality} is for observations; write planned or actual")
    return modality


class RelationshipFact(Fact):
    """One subject, one object, and the type that joins them."""

    form: ClassVar[str] = "relationship"
    subject: Slug
    type: str
    object: Slug
    role: str | None = None
    role_en: str | None = None

    _modality = field_validator("modality")(_refuse_observation_modality)

    @model_validator(mode="after")
    def _joins_two_things(self) -> Self:
        if self.subject == self.object:
            raise ValueError(f"subject and object are both {self.subject!r}")
        return self

    def mentioned(self) -> tuple[str, ...]:
        """Subject, object, program and who says so."""
        return _named(self.subject, self.object, self.program, self.stated_by)


class FundingFact(Fact):
    """One sum with several or unstated parties; empty `funders`: the source names no payer."""

    form: ClassVar[str] = "funding"
    funders: tuple[Slug, ...] = ()
    recipients: tuple[Slug, ...] = ()
    money: Money

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if not self.recipients and self.program is None:
            raise ValueError("a funding names at least one recipient or a program")
        for field in ("funders", "recipients"):
            parties = getattr(self, field)
            if len(set(parties)) != len(parties):
                raise ValueError(f"{field} names one party twice")
        if self.modality is not Modality.ACTUAL:
            raise ValueError("a funding is actual: money.stage says how far the sum is")
        return self

    def mentioned(self) -> tuple[str, ...]:
        """Funders, recipients, program and who says so."""
        return _named(self.funders, self.recipients, self.program, self.stated_by)


Number = Annotated[int, Strict()] | Annotated[float, Strict(), Field(allow_inf_nan=False)]


class ObservationFact(Fact):
    """A metric of one subject: a date, a number with its unit, or money."""

    form: ClassVar[str] = "observation"
    subject: Slug
    metric: str
    value: Edtf | Number | None = None
    unit: str | None = None

    @field_validator("value")
    @classmethod
    def _whole_numbers_are_integers(cls, value: str | float | None) -> str | int | float | None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER:
            raise ValueError(f"value is beyond {LARGEST_INTEGER}, the most the graph holds")
        return value

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if (self.value is None) == (self.money is None):
            raise ValueError("an observation has either a value or money")
        return self

    def mentioned(self) -> tuple[str, ...]:
        """Subject, program and who says so."""
        return _named(self.subject, self.program, self.stated_by)


AnyFact = RelationshipFact | FundingFact | ObservationFact


def form_of(keys: Any) -> str:
    """The form that a mapping's keys (or a fact) show: relationship, funding or observation."""
    if isinstance(keys, Fact):
        return keys.form
    if "metric" in keys:
        return "observation"
    if "funders" in keys or "recipients" in keys:
        return "funding"
    # A funding of a program may name neither party, and what is empty is not written.
    if "money" in keys and {"subject", "type", "object"}.isdisjoint(keys):
        return "funding"
    return "relationship"


FACT: TypeAdapter[AnyFact] = TypeAdapter(
    Annotated[
        Annotated[RelationshipFact, Tag("relationship")]
        | Annotated[FundingFact, Tag("funding")]
        | Annotated[ObservationFact, Tag("observation")],
        Discriminator(form_of),
    ]
)
"""Reads a fact of any form from a mapping."""
