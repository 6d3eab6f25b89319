"""Relationships between things: who funds, supports, operates, signs what."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.facts import DatedFact
from graphsvc.api.http.answers import Amount, Closed, Page
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep
from graphsvc.api.http.parameters import (
    Id,
    KindNames,
    KnownAt,
    PageParameters,
    TimeParameters,
    TypeNames,
    WholeAmount,
    known_kinds,
    known_types,
    require_order,
)
from graphsvc.api.http.problems import MERGED
from graphsvc.api.http.responses import Walk
from graphsvc.api.http.routes import ReadRoute
from graphsvc.model.fact import Basis
from graphsvc.usecases.lists.entities import relationship_counts, require_entities
from graphsvc.usecases.lists.relationships import (
    KEY_TYPES,
    RelationshipFilter,
    Sort,
    relationships,
)

router = APIRouter(tags=["Relationships"], route_class=ReadRoute)


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


class RelationshipCount(Closed):
    """How many relationships of a type a thing has."""

    type: str
    outgoing: int = Field(description="Those of which it is the subject.")
    incoming: int = Field(description="Those of which it is the object.")


class EntityRelationship(Relationship):
    """One relationship as seen from one of its ends."""

    direction: Literal["out", "in"] = Field(description="`out`: the thing is the subject.")


class EntityRelationships(Page[EntityRelationship]):
    """A page of a thing's relationships, and how many it has of each type."""

    counts: list[RelationshipCount]


class RelationshipParameters(PageParameters, TimeParameters):
    """Which relationships, in which order."""

    type: Annotated[TypeNames, Field(description="Only relationships of these types.")] = None
    subject: Annotated[Id | None, Field(description="Id of the subject.", examples=["motie"])] = (
        None
    )
    object: Annotated[Id | None, Field(description="Id of the object.")] = None
    subject_kind: Annotated[
        KindNames, Field(description="Kinds of the subject, or ancestors of them.")
    ] = None
    object_kind: Annotated[
        KindNames, Field(description="Kinds of the object, or ancestors of them.")
    ] = None
    min_amount_krw: Annotated[
        WholeAmount | None, Field(description="Least sum of its own, in won.")
    ] = None
    max_amount_krw: Annotated[
        WholeAmount | None, Field(description="Largest sum of its own, in won.")
    ] = None
    modality: Annotated[
        Literal["actual", "planned"] | None, Field(description="Whether it has come about.")
    ] = None
    basis: Annotated[
        Basis | None, Field(description="Whether the source says it, or a rule draws it.")
    ] = None
    known_at: KnownAt = None
    sort: Annotated[
        Sort,
        Field(
            description="`recency`: by the first day it holds (else the last), latest first and"
            " undated last. `amount`: by its own sum in won, largest first and those without one"
            " last. Ties are in the order of ids."
        ),
    ] = "recency"


@router.get(
    "/relationships",
    response_model=Page[Relationship],
    summary="Relationships between things · 관계 목록",
)
async def list_relationships(
    request: Request, at: GraphVersionDep, query: Annotated[RelationshipParameters, Query()]
) -> Response:
    """Filtered, sorted and dated.

    Which centers a ministry funds: `type=FUNDS&subject=...&object_kind=Center`. Whom a center
    supports: `type=SUPPORTS&subject=...`.
    """
    require_order(query.min_amount_krw, query.max_amount_krw)
    wanted = RelationshipFilter(
        types=known_types(at.vocabulary, query.type),
        subject=query.subject,
        object=query.object,
        subject_kinds=known_kinds(at.vocabulary, "subject_kind", query.subject_kind),
        object_kinds=known_kinds(at.vocabulary, "object_kind", query.object_kind),
        min_amount_krw=query.min_amount_krw,
        max_amount_krw=query.max_amount_krw,
        modality=query.modality,
        basis=query.basis,
        time=query.time,
    )
    walk = Walk.of(request, query, *KEY_TYPES[query.sort])
    part = await relationships(
        at.database, at.vocabulary, wanted, sort=query.sort, start=walk.start, limit=query.limit
    )
    if not part.items:
        await require_entities(
            at.database,
            ever=query.known_at is not None,
            subject=query.subject,
            object=query.object,
        )
    return walk.answer(at, part)


class EntityRelationshipParameters(PageParameters, TimeParameters):
    """Which relationships of a thing."""

    type: Annotated[TypeNames, Field(description="Only relationships of these types.")] = None
    direction: Annotated[
        Literal["out", "in", "both"],
        Field(description="`out`: the thing is the subject; `in`: it is the object."),
    ] = "both"


@router.get(
    "/entities/{id}/relationships",
    response_model=EntityRelationships,
    summary="Relationships of one thing · 한 개체의 관계",
    responses=MERGED,
)
async def list_entity_relationships(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[EntityRelationshipParameters, Query()],
) -> Response:
    """By recency, latest first and undated last, with counts per type and direction."""
    walk = Walk.of(request, query, *KEY_TYPES["recency"])
    part = await relationships(
        at.database,
        at.vocabulary,
        _of_entity(at, id, query),
        sort="recency",
        start=walk.start,
        limit=query.limit,
    )
    counts = await relationship_counts(at.database, id)
    if not counts:
        await require_entities(at.database, id=id)
    for item in part.items:
        item["direction"] = "out" if item["subject"]["id"] == id else "in"
    return walk.answer(at, part, counts=counts)


def _of_entity(
    at: GraphVersion, id_: str, query: EntityRelationshipParameters
) -> RelationshipFilter:
    return RelationshipFilter(
        types=known_types(at.vocabulary, query.type),
        entity=id_ if query.direction == "both" else None,
        subject=id_ if query.direction == "out" else None,
        object=id_ if query.direction == "in" else None,
        time=query.time,
    )
