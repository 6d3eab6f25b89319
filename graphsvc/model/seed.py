"""A seed: everything curated, whole and checked for form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from graphsvc.model.entity import Document, Entity, Name, Slug
from graphsvc.model.fact import AnyFact
from graphsvc.model.vocabulary import Vocabulary


class Manifest(BaseModel):
    """What a seed is: its id outlives every correction and tells one seed from another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    title: Name
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    licence: Name
    format: Literal[1]


@dataclass(frozen=True)
class Seed:
    """A manifest, a vocabulary, and documents, entities and facts by id, in file order."""

    manifest: Manifest
    vocabulary: Vocabulary
    documents: dict[str, Document]
    entities: dict[str, Entity]
    facts: dict[str, AnyFact]
