"""Things in the world: organizations, programs, places, people."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.facts import Fact
from graphsvc.api.http.answers import Closed, GraphVersionNumber, InstantText, Page
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import (
    Id,
    KindNames,
    PageParameters,
    TimeParameters,
    known_kinds,
)
from graphsvc.api.http.problems import MERGED
from graphsvc.api.http.responses import Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.relationships import RelationshipCount
from graphsvc.usecases.lists.entities import (
    EntityFilter,
    EntitySort,
    entities,
    entity_detail,
    require_entities,
)

router = APIRouter(tags=["Entities"], route_class=ReadRoute)

_KEY_TYPES = {"name": (str, str, str), "degree": (int, str, str), "recency": (str, str, str)}


class Entity(Closed):
    """A thing in the world."""

    id: str = Field(description="Its id, which never changes.")
    kind: str = Field(description="Its kind, a key of the vocabulary's kinds.")
    labels: list[str] = Field(description="Entity, its kind's ancestors, its kind.")
    name: str
    name_en: str
    name_en_translated: bool = Field(description="Whether the English name is our translation.")
    aliases: list[str]


class DatedObservation(Fact):
    """One observation, and whether it holds on the day asked about."""

    holds: Literal["yes", "possibly"] | None = Field(
        None, description="Whether it holds on `as_of`; left out where no day was given."
    )


class EntityDetail(Entity):
    """A thing with all that is held of it."""

    document_aliases: dict[str, list[str]] = Field(
        description="Words that mean it inside one document only, by document."
    )
    merged_ids: list[str] = Field(description="Ids of things that turned out to be this one.")
    note: str | None
    recorded_at: InstantText
    relationship_counts: list[RelationshipCount]
    observations: list[DatedObservation]
    graph_version: GraphVersionNumber


class EntityParameters(PageParameters):
    """Which things, in which order."""

    kind: Annotated[
        KindNames, Field(description="Kinds, or ancestors of them.", examples=[["Center"]])
    ] = None
    name_prefix: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]+$",
            description="How the name, the English name or an alias begins, in any case.",
            examples=["한국"],
        ),
    ] = None
    place: Annotated[
        Id | None,
        Field(description="Place or local government it is in, directly or by another place."),
    ] = None
    sort: Annotated[
        EntitySort,
        Field(
            description="`name`; `degree`: number of relationships, most first; `recency`: what"
            " was recorded last, first. Ties are in the order of names, then ids."
        ),
    ] = "name"


@router.get("/entities", response_model=Page[Entity], summary="Things, filtered · 개체 목록")
async def list_entities(
    request: Request, at: GraphVersionDep, query: Annotated[EntityParameters, Query()]
) -> Response:
    """Things of a kind, by the beginning of their name, in a place."""
    prefix = query.name_prefix
    wanted = EntityFilter(
        kinds=known_kinds(at.vocabulary, "kind", query.kind),
        prefix=None if prefix is None else unicodedata.normalize("NFC", prefix).lower(),
        place=query.place,
    )
    walk = Walk.of(request, query, *_KEY_TYPES[query.sort])
    part = await entities(
        at.database, at.vocabulary, wanted, sort=query.sort, start=walk.start, limit=query.limit
    )
    if not part.items:
        await require_entities(at.database, place=query.place)
    return walk.answer(at, part)


class EntityDetailParameters(TimeParameters):
    """Which of its observations."""


@router.get(
    "/entities/{id}",
    response_model=EntityDetail,
    summary="One thing · 개체 하나",
    responses=MERGED,
)
async def get_entity(
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[EntityDetailParameters, Query()],
) -> Response:
    """All that is held of it, its observations, and how many relationships it has.

    `as_of` and `undated` choose among the observations; the counts are of all relationships.
    """
    return answer(at, await entity_detail(at.database, at.vocabulary, id, time=query.time))
