"""The vocabulary: which kinds, relationship types and metrics a graph has. It is data.

Another domain brings another `vocabulary.yaml` and no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ENTITY = "Entity"
RECORD_LABELS = frozenset(
    {
        *("Document", "Funding", "Observation", "Load", "GraphState"),
        *("FactVersion", "EntityVersion", "DocumentVersion"),
    }
)
"""Labels of records: nodes that are no things in the world."""

GENERATED_TYPES = frozenset({"CONTRIBUTES", "GOES_TO", "HAS_OBSERVATION", "MENTIONS"})
"""Relationship types that the loader makes and nobody curates."""

Label = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,49}$")]
TypeName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,49}$")]
RequestedKind = Annotated[str, Field(max_length=100, json_schema_extra={"x-vocabulary": "kinds"})]
RequestedType = Annotated[str, Field(max_length=100, json_schema_extra={"x-vocabulary": "types"})]
"""A kind and a relationship type as a request names them, to be looked up; OpenAPI lists them."""
MetricName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(_Closed):
    """A text in the project's two languages."""

    ko: str
    en: str


class Kind(_Closed):
    """A class of things; its label and its ancestors' labels stand on every node of it."""

    parent: Label | None = None
    name: Bilingual


class Reading(_Closed):
    """How a relationship reads aloud from either end, with {subject} and {object}."""

    forward: Bilingual
    backward: Bilingual


class RelationshipType(_Closed):
    """A relationship type: the kinds it may join, and what it may carry."""

    name: Bilingual
    subject: tuple[Label, ...]
    object: tuple[Label, ...]
    symmetric: bool = False
    money: bool = False
    role: bool = False
    analysed: bool = True
    reads: Reading


class ValueType(StrEnum):
    """What an observation's value is."""

    DATE = "date"
    NUMBER = "number"
    MONEY = "money"


class Metric(_Closed):
    """Something observed of a subject: its value's type, and a number's unit."""

    name: Bilingual
    value: ValueType
    unit: str | None = None

    @model_validator(mode="after")
    def _numbers_have_units(self) -> Self:
        if (self.unit is not None) != (self.value is ValueType.NUMBER):
            raise ValueError("a number metric names its unit, and no other metric does")
        return self


class InconsistentVocabularyError(ValueError):
    """Parts of a vocabulary contradict each other; `problems` says where (keys) and how.

    pydantic passes it on inside a ValidationError, of which seeding makes a SeedError.
    """

    def __init__(self, problems: list[tuple[tuple[str, ...], str]]) -> None:
        super().__init__("; ".join(message for _, message in problems))
        self.problems = problems


class Vocabulary(_Closed):
    """All kinds, types and metrics of one graph.

    Raises
    ------
    InconsistentVocabularyError
        When a kind's parent is missing or circular, a type joins unknown kinds, or a name is
        taken by graphsvc itself.
    """

    kinds: dict[Label, Kind] = Field(min_length=1)
    types: dict[TypeName, RelationshipType] = Field(min_length=1)
    metrics: dict[MetricName, Metric] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        found = [*self._wrong_kinds(), *self._wrong_types()]
        if found:
            raise InconsistentVocabularyError(found)
        return self

    def _wrong_kinds(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for label, kind in self.kinds.items():
            place = ("kinds", label)
            if label in RECORD_LABELS or label == ENTITY:
                yield place, f"kind {label} is a label of graphsvc's own"
            if kind.parent is not None and kind.parent not in self.kinds:
                yield place, f"kind {label} has the unknown parent {kind.parent}"
            if label in self._ancestors(label):
                yield place, f"kind {label} is its own ancestor"

    def _wrong_types(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for name, joined in self.types.items():
            if name in GENERATED_TYPES:
                yield ("types", name), f"type {name} is made by the loader and cannot be curated"
            for end in ("subject", "object"):
                for label in getattr(joined, end):
                    if label not in self.kinds:
                        yield ("types", name, end), f"type {name} joins the unknown kind {label}"

    def _ancestors(self, label: str) -> list[str]:
        chain: list[str] = []
        parent = self.kinds[label].parent
        while parent is not None and parent in self.kinds and parent not in chain:
            chain.append(parent)
            parent = self.kinds[parent].parent
        return chain

    @cached_property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        return {label: (ENTITY, *reversed(self._ancestors(label)), label) for label in self.kinds}

    def labels(self, kind: str) -> tuple[str, ...]:
        """The labels of a node of this kind, from `Entity` down to the kind itself."""
        return self._labels[kind]

    def kind_names(self, language: str) -> dict[str, str]:
        """What each kind is called in a language, `ko` or `en`."""
        return {kind: getattr(known.name, language) for kind, known in self.kinds.items()}

    def is_a(self, kind: str, *ancestors: str) -> bool:
        """Whether a kind is one of these kinds or descends from one."""
        return not set(self._labels[kind]).isdisjoint(ancestors)

    def may_join(self, type_name: str, subject_kind: str, object_kind: str) -> bool:
        """Whether a relationship type may join two kinds, in this direction."""
        joined = self.types[type_name]
        return self.is_a(subject_kind, *joined.subject) and self.is_a(object_kind, *joined.object)
