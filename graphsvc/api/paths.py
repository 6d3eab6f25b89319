"""Paths: how one thing hangs together with another, fact by fact."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from graphsvc.api.http.answers import Closed, GraphVersionNumber
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import (
    DecimalNumber,
    Id,
    Ids,
    TimeParameters,
    TypeNames,
    WholeNumber,
    known_types,
)
from graphsvc.api.http.responses import answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.neighbourhood import ConnectedEntity
from graphsvc.api.relationships import Relationship
from graphsvc.model.choices import Language
from graphsvc.usecases.connections.paths import (
    MOST_FACTS,
    Direction,
    PathRequest,
    paths,
)

router = APIRouter(tags=["Paths"], route_class=ReadRoute)


class PathParameters(TimeParameters):
    """Between which things, and along what."""

    from_: Annotated[
        Id, Field(alias="from", description="Where the paths begin.", examples=["motie"])
    ]
    to: Annotated[Id, Field(description="Where they end.", examples=["gangwon"])]
    max_hops: Annotated[WholeNumber, Field(ge=1, le=6, description="Most steps of a path.")] = 4
    k: Annotated[WholeNumber, Field(ge=1, le=20, description="Most paths.")] = 3
    type: Annotated[
        TypeNames,
        Field(
            description="Relationship types to go along; without it all that analyses count, which"
            " leaves out POSSIBLY_SAME."
        ),
    ] = None
    direction: Annotated[
        Direction,
        Field(
            description="`forward`: every step goes from a subject to an object, as money flows;"
            " `backward`: from an object to a subject; `any`: either way. Symmetric relationships"
            " are gone along either way in each."
        ),
    ] = "any"
    avoid: Annotated[Ids, Field(description="Ids of things that no path may go through.")] = None
    hub_penalty: Annotated[
        DecimalNumber,
        Field(
            ge=0,
            le=10,
            description="What going through a well-connected thing costs: a path costs its hops"
            " plus, for each thing between its ends, this times log10 of the number of"
            " relationships that the thing has.",
        ),
    ] = 0.0
    lang: Annotated[Language, Field(description="Language of the readings.")] = Language.KO


class StepFact(Relationship):
    """One fact on the way."""

    travelled: Literal["forward", "backward"] = Field(
        description="`forward`: from its subject to its object."
    )
    reading: str = Field(description="The fact as a sentence, told in the direction of travel.")


class Step(Closed):
    """From one thing to the next."""

    from_: str = Field(alias="from", description="Id of the thing it leaves.")
    to: str = Field(description="Id of the thing it reaches.")
    facts: list[StepFact] = Field(
        description=f"What joins the two, latest first and undated last; at most {MOST_FACTS}."
    )
    facts_left_out: int = Field(description="How many more facts join them.")


class Path(Closed):
    """One way from the first thing to the last; no thing stands on it twice."""

    hops: int = Field(description="How many steps it has.")
    cost: float = Field(description="Its hops and what its hubs cost.")
    nodes: list[ConnectedEntity] = Field(description="The things on it, ends included.")
    steps: list[Step]


class Paths(Closed):
    """The cheapest paths between two things."""

    items: list[Path] = Field(description="Cheapest first; empty where there is none.")
    reached: bool = Field(description="Whether there is a path at all.")
    searched_hops: int = Field(
        description="No path of at most so many hops is cheaper than those that are shown."
    )
    truncated: bool = Field(
        description="Whether the search gave up at `searched_hops`, though longer paths were asked"
        " for and may belong here: too much would have had to be looked at."
    )
    graph_version: GraphVersionNumber


@router.get(
    "/paths", response_model=Paths, summary="How two things hang together · 두 개체 사이의 경로"
)
async def list_paths(at: GraphVersionDep, query: Annotated[PathParameters, Query()]) -> Response:
    """The k cheapest paths between two things, each step with every fact that joins its two.

    No thing stands on a path twice. Paths are in the order of their cost (their hops, unless
    `hub_penalty` makes hubs dear), then of their hops, then of the ids on them. A step is one for
    all facts that join its two things, in the direction asked for and on the day asked about, so
    that parallel facts do not crowd out other paths.

    Where no path is found, `items` is empty and `reached` false. Who passes money on to whom:
    `type=FUNDS&direction=forward`. Without the ministry that everything goes through:
    `avoid=...`, or more gently `hub_penalty=1`.

    A search that would have to look at more than 200,000 relationships stops: it answers with the
    paths it has found and `truncated`, and where it has found none with a problem that says how to
    narrow it.
    """
    asked = PathRequest(
        source=query.from_,
        target=query.to,
        max_hops=query.max_hops,
        k=query.k,
        types=known_types(at.vocabulary, query.type),
        direction=query.direction,
        avoid=query.avoid or (),
        hub_penalty=query.hub_penalty,
        time=query.time,
    )
    return answer(at, await paths(at.database, at.vocabulary, asked, query.lang))
