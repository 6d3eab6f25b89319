"""Neighbourhoods: a thing and what stands around it, for drawing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from graphsvc.api.facts import EntityName
from graphsvc.api.http.answers import Closed, GraphVersionNumber
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import (
    KindNames,
    TimeParameters,
    TypeNames,
    WholeNumber,
    known_kinds,
    known_types,
)
from graphsvc.api.http.problems import MERGED
from graphsvc.api.http.responses import answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.relationships import Relationship
from graphsvc.usecases.connections.neighbourhood import (
    MOST_NODES,
    MOST_RELATIONSHIPS,
    NeighbourhoodRequest,
    neighbourhood,
)

router = APIRouter(tags=["Entities"], route_class=ReadRoute)


class ConnectedEntity(EntityName):
    """A thing as it stands in a drawing."""

    degree: int = Field(description="How many relationships to other things it has in all.")


class NeighbourhoodParameters(TimeParameters):
    """How far around, and what of it."""

    depth: Annotated[
        WholeNumber, Field(ge=1, le=3, description="How many relationships away at most.")
    ] = 1
    limit: Annotated[
        WholeNumber,
        Field(
            ge=1,
            le=50,
            description="Most relationships of one type in one direction that are followed from"
            " each thing.",
        ),
    ] = 10
    type: Annotated[
        TypeNames,
        Field(description="Only relationships of these types; without it all, POSSIBLY_SAME too."),
    ] = None
    kind: Annotated[
        KindNames,
        Field(
            description="Only things of these kinds or kinds below them; the center is shown"
            " whatever it is."
        ),
    ] = None


class NeighbourhoodNode(ConnectedEntity):
    """A thing in the drawing."""

    distance: int = Field(description="How many relationships it is from the center; 0: that.")


class RelationshipsLeftOut(Closed):
    """Relationships of one thing that would have been followed, and are not shown."""

    id: str = Field(description="Id of the thing.")
    type: str = Field(description="Relationship type.")
    direction: Literal["out", "in"] = Field(description="`out`: the thing is the subject.")
    relationships: int = Field(description="Their number.")


class Neighbourhood(Closed):
    """A thing and what stands around it."""

    center: str = Field(description="Id of the thing in the middle.")
    nodes: list[NeighbourhoodNode] = Field(
        description="The things in the order they were found, the center first. Those whose"
        " `degree` is more than the relationships shown can be expanded."
    )
    relationships: list[Relationship] = Field(
        description="Every one that joins two of the things: first those by which things were"
        " found, then the others, largest sum in won first."
    )
    left_out: list[RelationshipsLeftOut] = Field(
        description="What the limits left out, by thing, type and direction; of things on the rim,"
        " which were not expanded, `degree` tells it."
    )
    truncated: bool = Field(
        description=f"Whether the whole drawing was cut, at {MOST_NODES} things or"
        f" {MOST_RELATIONSHIPS} relationships."
    )
    graph_version: GraphVersionNumber


@router.get(
    "/entities/{id}/neighbourhood",
    response_model=Neighbourhood,
    summary="What stands around one thing, for drawing · 한 개체의 주변",
    responses=MERGED,
)
async def get_neighbourhood(
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[NeighbourhoodParameters, Query()],
) -> Response:
    """The thing, those around it, and every relationship among those that are shown.

    From each thing the first `limit` relationships of each type and direction are followed:
    largest sum of its own in won first, then the latest, then in the order of ids. What that
    leaves out is counted in `left_out`. The whole drawing holds at most 300 things and 1,000
    relationships; where more would come, each type's first goes before any type's second.

    A sum that several pay stands on the funding (`funding_id`, `funding_amount`), not on the
    relationships it makes, and does not count in their order.
    """
    asked = NeighbourhoodRequest(
        center=id,
        depth=query.depth,
        limit=query.limit,
        types=known_types(at.vocabulary, query.type),
        kinds=known_kinds(at.vocabulary, "kind", query.kind),
        time=query.time,
    )
    return answer(at, await neighbourhood(at.database, at.vocabulary, asked))
