"""Facts: fundings, which have several or unstated parties, and any fact with its history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.http.live_graph import AtVersion
from graphsvc.api.http.parameters import (
    Id,
    KnownAt,
    PageParameters,
    Parameters,
    TimeParameters,
    Undated,
    WholeAmount,
    require_order,
)
from graphsvc.api.http.responses import Page, Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.models import DatedFact, FactWithHistory
from graphsvc.model.entity import Day
from graphsvc.usecases.lists.entities import require_entities
from graphsvc.usecases.lists.facts import fact_with_history
from graphsvc.usecases.lists.fundings import FundingFilter, fundings
from graphsvc.usecases.lists.relationships import KEY_TYPES, Sort

router = APIRouter(tags=["Facts · 사실"], route_class=ReadRoute)


class FundingParameters(PageParameters, TimeParameters):
    """Which fundings, in which order."""

    funder: Annotated[Id | None, Field(description="Id of one of those who pay.")] = None
    recipient: Annotated[Id | None, Field(description="Id of one of those who get it.")] = None
    program: Annotated[Id | None, Field(description="Id of the program.")] = None
    min_amount_krw: Annotated[WholeAmount | None, Field(description="Least sum in won.")] = None
    max_amount_krw: Annotated[WholeAmount | None, Field(description="Largest sum in won.")] = None
    sort: Annotated[
        Sort,
        Field(
            description="`recency`: by the first day it holds (else the last), latest first and"
            " undated last. `amount`: by the sum in won, largest first and other currencies last."
        ),
    ] = "recency"


@router.get(
    "/fundings",
    response_model=Page[DatedFact],
    summary="Sums with several or unstated parties · 자금 목록",
)
async def list_fundings(
    request: Request, at: AtVersion, query: Annotated[FundingParameters, Query()]
) -> Response:
    """Sums that several pay or get, or whose payer no source names.

    A sum with one payer and one recipient stands on their FUNDS relationship.
    """
    require_order(query.min_amount_krw, query.max_amount_krw)
    wanted = FundingFilter(
        funder=query.funder,
        recipient=query.recipient,
        program=query.program,
        min_amount_krw=query.min_amount_krw,
        max_amount_krw=query.max_amount_krw,
        as_of=query.as_of,
        certain_only=query.undated is Undated.EXCLUDE,
    )
    walk = Walk.of(request, query, *KEY_TYPES[query.sort])
    part = await fundings(at.database, wanted, sort=query.sort, start=walk.start, limit=query.limit)
    if not part.items:
        await require_entities(
            at.database, funder=query.funder, recipient=query.recipient, program=query.program
        )
    return walk.answer(at, part)


class FactParameters(Parameters):
    """On which day, and at which instant."""

    as_of: Annotated[
        Day | None,
        Field(
            description="Adds whether it `holds` on this day: yes, possibly, or no.",
            examples=["2024-05-21"],
        ),
    ] = None
    known_at: KnownAt = None


@router.get("/facts/{id}", response_model=FactWithHistory, summary="One fact · 사실 하나")
async def show_fact(
    id: str,  # noqa: A002 - the name that the path shows
    at: AtVersion,
    query: Annotated[FactParameters, Query()],
) -> Response:
    """With its evidence and its history; a withdrawn one is still found, and says when.

    A fact that was asked for by its id is shown whatever the day: `as_of` leaves nothing out here.
    """
    fact = await fact_with_history(
        at.database, at.vocabulary.types, id, as_of=query.as_of, known_at=query.known_at
    )
    return answer(at, fact)
