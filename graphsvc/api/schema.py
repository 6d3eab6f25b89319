"""`GET /v1/schema`: what there is to ask for in Cypher."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from graphsvc.api.about import Bilingual, Reads
from graphsvc.api.http.answers import Closed, GraphVersionNumber
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import no_parameters
from graphsvc.api.http.responses import answer
from graphsvc.usecases.about.schema import schema

router = APIRouter(tags=["Cypher"], dependencies=[Depends(no_parameters)])


class SchemaProperty(Closed):
    """A property that some of them have."""

    name: str
    types: list[str] = Field(
        description="Types of its values: string, integer, float, boolean, list of string, ..."
    )
    count: int = Field(description="How many have it.")


class SchemaLabel(Closed):
    """A label, and what its nodes have."""

    label: str
    parent: str | None = Field(
        description="The next more general label, which its nodes have too; null for Entity and"
        " for records (documents, fundings, observations, earlier states)."
    )
    name: Bilingual | None
    count: int = Field(description="Its nodes.")
    properties: list[SchemaProperty]


class SchemaJoin(Closed):
    """What some relationships of a type join: kinds of things, or labels of records."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    count: int


class SchemaType(Closed):
    """A relationship type, and what its relationships have and join."""

    type: str
    name: Bilingual | None
    reads: Reads | None = Field(description="How it reads aloud; null for what no fact states.")
    symmetric: bool = Field(description="Whether it means the same in both directions.")
    count: int = Field(description="Its relationships.")
    properties: list[SchemaProperty]
    joins: list[SchemaJoin]


class SchemaExample(Closed):
    """A statement to begin one of your own from."""

    why: str
    statement: str


class Schema(Closed):
    """What the graph is made of."""

    labels: list[SchemaLabel]
    types: list[SchemaType]
    examples: list[SchemaExample]
    graph_version: GraphVersionNumber


@router.get("/schema", response_model=Schema, summary="What Cypher can ask for · 스키마")
async def get_schema(at: GraphVersionDep) -> Response:
    """Labels, relationship types and properties that the graph has, with types and counts.

    To be read before one writes Cypher, by people and language models. It is worked out once for
    each version of the graph; `GET /v1/vocabulary` says what there may be.
    """
    content = await at.compute_once("schema", lambda: schema(at.database, at.vocabulary))
    return answer(at, content)
