"""The timeline of a thing or a document."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.facts import DatedFact
from graphsvc.api.http.answers import Page
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep
from graphsvc.api.http.parameters import Id, KnownAt, PageParameters, TimeParameters
from graphsvc.api.http.responses import Walk
from graphsvc.api.http.routes import ReadRoute
from graphsvc.errors import InvalidInputError
from graphsvc.usecases.history.fact_carriers import Beside, facts_beside
from graphsvc.usecases.history.timeline import TimelineFilter, timeline
from graphsvc.usecases.lists.documents import require_document
from graphsvc.usecases.lists.entities import require_entities

router = APIRouter(tags=["Time"], route_class=ReadRoute)


class TimelineItem(DatedFact):
    """One fact, and where it stands in the timeline."""

    when: str | None = Field(
        description="By what it is placed (EDTF): its value where `at_value`, else its period."
    )
    at_value: bool = Field(
        description="Whether it stands at its value, a date, and not at its period."
    )
    starts: str | None = Field(description="First day it may be about; null where none is known.")
    ends: str | None = Field(description="Last day it may be about; null where none is known.")
    open_start: bool = Field(description="Whether no beginning is stated (`..` or empty).")
    open_end: bool = Field(description="Whether no end is stated (`..` or empty).")
    uncertain: bool = Field(
        description="Whether the date is marked `?`, `~` or `%`, or has an unknown part (`X`)."
    )
    undated: bool = Field(description="Whether it has no date, or one of an unknown year.")
    unknown_year: bool = Field(description="Whether it has a date, but of an unknown year.")
    roles: list[Literal["subject", "object", "funder", "recipient", "program", "stated_by"]] = (
        Field(description="How it names the thing asked about; empty for a document.")
    )


class TimelineParameters(PageParameters, TimeParameters):
    """Whose timeline, and what of it."""

    entity: Annotated[
        Id | None, Field(description="Id of a thing: the facts that name it, in any role.")
    ] = None
    document: Annotated[
        Id | None, Field(description="Id of a document: the facts that it states.")
    ] = None
    known_at: KnownAt = None


@router.get("/timeline", response_model=Page[TimelineItem], summary="Facts by their days · 시간표")
async def list_timeline(
    request: Request, at: GraphVersionDep, query: Annotated[TimelineParameters, Query()]
) -> Response:
    """The facts of one thing or one document, by the days that they are about.

    Give `entity` or `document`, not both. Every fact stands at its `period`, except an observation
    whose value is a date: that stands at its value, and says `at_value`. So a planned opening
    stands at the day for which it is planned, with its `modality`.

    The order: by the first day (where no beginning is stated, by the last), then by the last day,
    with those that have no end behind, then by id. After all of them come dates of an unknown year
    in the order of their texts (`XXXX-09`), then what states no day at all, in the order of ids.

    `as_of` and `holds` are about the period, as everywhere. `undated=exclude` leaves out what is
    `undated`, `uncertain` or open at a side here; together with `as_of` it keeps only what surely
    holds.
    """
    _require_one(query)
    wanted = TimelineFilter(
        entity=query.entity,
        document=query.document,
        time=query.time,
    )
    walk = Walk.of(request, query, str, str)
    part = await timeline(
        at.database,
        at.vocabulary,
        wanted,
        beside=await beside(at),
        start=walk.start,
        limit=query.limit,
    )
    if not part.items:
        ever = query.known_at is not None
        await require_entities(at.database, ever=ever, entity=query.entity)
        await require_document(at.database, query.document, "document")
    return walk.answer(at, part)


async def beside(at: GraphVersion) -> Beside:
    """The facts that name things beside their ends, listed once for a version of the graph."""
    return await at.compute_once("facts-beside", partial(facts_beside, at.database))


def _require_one(query: TimelineParameters) -> None:
    if (query.entity is None) == (query.document is None):
        what = "Neither entity nor document is" if query.entity is None else "Both are"
        raise InvalidInputError(
            f"{what} given.",
            mend="Give entity=... or document=...: the timeline is that of one of them.",
            field="entity",
        )
