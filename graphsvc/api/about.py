"""What the graph is made of: its vocabulary, and how much it holds."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from graphsvc.api.facts import Form
from graphsvc.api.http.answers import Closed, GraphVersionNumber, InstantText
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import no_parameters
from graphsvc.api.http.responses import answer
from graphsvc.model.vocabulary import ValueType
from graphsvc.usecases.about.statistics import statistics

router = APIRouter(tags=["About"], dependencies=[Depends(no_parameters)])


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
    loaded_at: InstantText
    documents: int
    entities: int
    facts: int
    kinds: dict[str, int] = Field(description="Things by their own kind.")
    types: dict[str, TypeCount] = Field(description="Relationships between things, by type.")
    metrics: dict[str, int] = Field(description="Observations by metric.")
    forms: dict[Form, int] = Field(description="Facts by form.")
    graph_version: GraphVersionNumber


@router.get("/vocabulary", response_model=Vocabulary, summary="Kinds, types and metrics · 어휘")
async def get_vocabulary(at: GraphVersionDep) -> Response:
    """Which kinds of things, relationship types and metrics there are, and how they read."""
    vocabulary = at.vocabulary
    content = {
        "kinds": [
            {
                "kind": name,
                "parent": kind.parent,
                "labels": vocabulary.labels(name),
                "name": kind.name,
            }
            for name, kind in vocabulary.kinds.items()
        ],
        "types": [{"type": name, **dict(kind)} for name, kind in vocabulary.types.items()],
        "metrics": [{"metric": name, **dict(kind)} for name, kind in vocabulary.metrics.items()],
    }
    return answer(at, content)


@router.get("/statistics", response_model=Statistics, summary="How much there is · 통계")
async def get_statistics(at: GraphVersionDep) -> Response:
    """Counts per kind, relationship type, metric and form."""
    return answer(at, await statistics(at.database, at.state))
