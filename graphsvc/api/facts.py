"""Facts: fundings, which have several or unstated parties, and any fact with its history."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.http.answers import (
    Amount,
    Closed,
    GraphVersionNumber,
    InstantText,
    IntegerValue,
    Page,
)
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import (
    EndpointParameters,
    Id,
    KnownAt,
    PageParameters,
    TimeParameters,
    WholeAmount,
    require_order,
)
from graphsvc.api.http.responses import Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.model.entity import Day
from graphsvc.model.evidence import Digest
from graphsvc.model.fact import Basis, Modality
from graphsvc.model.money import MoneySource, Qualifier, Stage
from graphsvc.model.period import Bounds
from graphsvc.usecases.lists.entities import require_entities
from graphsvc.usecases.lists.facts import fact_with_history
from graphsvc.usecases.lists.fundings import FundingFilter, fundings
from graphsvc.usecases.lists.relationships import KEY_TYPES, Sort

router = APIRouter(tags=["Facts"], route_class=ReadRoute)


Form = Literal["relationship", "funding", "observation"]


class EntityName(Closed):
    """A thing as it is named beside facts."""

    id: str = Field(description="Its id, which never changes.")
    kind: str = Field(description="Its kind, a key of the vocabulary's kinds.")
    name: str = Field(description="Its name, in Korean where it has a Korean one.")
    name_en: str = Field(description="Its name in English, which may be our translation.")
    aliases: list[str] = Field(description="Other spellings of its name.")


class Evidence(Closed):
    """One place in one document that states a fact; never the text itself."""

    document: str = Field(description="Id of the document.")
    paragraph: int = Field(description="The paragraph, from 1; blank lines do not count.")
    start: int = Field(description="First character in the paragraph, from 0.")
    end: int = Field(description="The character after the last one.")
    digest: Digest = Field(description="First 16 hex digits of the span's SHA-256.")


class MoneyStated(Closed):
    """A sum as its source states it; nothing is converted."""

    amount: Amount
    currency: str = Field(description="ISO 4217 code.")
    qualifier: Qualifier | None = Field(description="How the source hedges the amount.")
    amount_min: Amount | None = Field(description="Lower bound, only where stated.")
    amount_max: Amount | None = Field(description="Upper bound, only where stated.")
    stage: Stage | None = Field(description="How far the sum is on its way to being paid.")
    source: MoneySource | None = Field(description="Whose money it is.")
    regrant: bool = Field(description="Whether it passes on money that is counted already.")


class Fact(Closed):
    """One fact, in any of the three forms; what a form does not have is null or empty."""

    id: str = Field(description="Id of the fact, which outlives corrections.")
    form: Form
    subject: EntityName | None
    object: EntityName | None
    funders: list[EntityName] = Field(description="Who pays; empty where no payer is named.")
    recipients: list[EntityName] = Field(description="Who gets a funding.")
    program: EntityName | None = Field(description="The program it ran under.")
    type: str | None = Field(description="Relationship type.")
    metric: str | None = Field(description="What an observation observes.")
    value: str | int | float | IntegerValue | None = Field(
        description="An EDTF date or a number; whole ones from 2^53 on as text with their type."
    )
    unit: str | None = Field(description="A number's unit.")
    money: MoneyStated | None
    modality: Modality
    basis: Basis
    stated_by: str | None = Field(description="Id of who says so, where a claim is reported.")
    role: str | None = Field(description="A person's position, as the source words it.")
    period: str | None = Field(description="When it holds (EDTF), as exact as the source.")
    valid_from: str | None = Field(description="First day, where a bound is known.")
    valid_to: str | None = Field(description="Last day, where a bound is known.")
    period_bounds: Bounds
    conflicts_with: list[str] = Field(description="Facts that give another account.")
    documents: list[str] = Field(description="Ids of the documents that state it.")
    evidence: list[Evidence]


class _Notes(Closed):
    role_en: str | None = Field(description="The position in English.")
    period_note: str | None = Field(description="What the period was read from.")
    basis_note: str | None = Field(description="The rule by which the fact is implied.")
    conflict_note: str | None = Field(description="How the accounts differ.")
    note: str | None
    recorded_at: InstantText


class DetailedFact(Fact, _Notes):
    """One fact with its notes."""


class DatedFact(DetailedFact):
    """One fact with its notes, and whether it holds on the day asked about."""

    holds: Literal["yes", "possibly"] | None = Field(
        None, description="Whether it holds on `as_of`; left out where no day was given."
    )


class FactVersion(Closed):
    """A fact as it was, until it changed or was withdrawn."""

    change: Literal["changed", "retracted"]
    recorded_at: InstantText
    superseded_at: InstantText
    graph_version: int = Field(description="The load that ended it.")
    fact: Fact


class FactState(DetailedFact):
    """A fact as it is or was, and whether it holds on the day asked about."""

    holds: Literal["yes", "possibly", "no"] | None = Field(
        None, description="Whether it holds on `as_of`; left out where no day was given."
    )


class FactWithHistory(FactState):
    """One fact and all that it was."""

    status: Literal["live", "retracted"]
    retracted_at: InstantText | None
    history: list[FactVersion] = Field(description="Versions that are held no more, oldest first.")
    graph_version: GraphVersionNumber


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
    request: Request, at: GraphVersionDep, query: Annotated[FundingParameters, Query()]
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
        time=query.time,
    )
    walk = Walk.of(request, query, *KEY_TYPES[query.sort])
    part = await fundings(at.database, wanted, sort=query.sort, start=walk.start, limit=query.limit)
    if not part.items:
        await require_entities(
            at.database, funder=query.funder, recipient=query.recipient, program=query.program
        )
    return walk.answer(at, part)


class FactParameters(EndpointParameters):
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
async def get_fact(
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[FactParameters, Query()],
) -> Response:
    """With its evidence and its history; a withdrawn one is still found, and says when.

    A fact that was asked for by its id is shown whatever the day: `as_of` leaves nothing out here.
    """
    fact = await fact_with_history(
        at.database, at.vocabulary.types, id, as_of=query.as_of, known_at=query.known_at
    )
    return answer(at, fact)
