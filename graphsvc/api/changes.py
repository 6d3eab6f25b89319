"""What changed: the feed of all loads, and the history of one thing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.documents import Document
from graphsvc.api.facts import FactState
from graphsvc.api.http.answers import Closed, InstantText, Page
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import (
    InstantParameter,
    KnownAt,
    PageParameters,
    TimeParameters,
)
from graphsvc.api.http.problems import MERGED
from graphsvc.api.http.responses import Walk
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.timeline import beside
from graphsvc.errors import InvalidInputError
from graphsvc.usecases.history.changes import changes
from graphsvc.usecases.history.entity_history import entity_history
from graphsvc.usecases.history.events import What

router = APIRouter(tags=["Time"], route_class=ReadRoute)


class EntityState(Closed):
    """A thing as it was curated."""

    id: str
    kind: str = Field(description="Its kind then; the vocabulary of now may not have it.")
    name: str
    name_en: str
    name_en_translated: bool
    aliases: list[str]
    document_aliases: dict[str, list[str]]
    merged_ids: list[str] = Field(description="Ids of things that turned out to be this one.")
    note: str | None


class _Change(Closed):
    id: str = Field(description="Id of what changed.")
    how: Literal["added", "changed", "retracted"]
    at: InstantText
    graph_version: int = Field(description="The load that changed it.")
    fields: list[str] = Field(description="What differs between before and after.")


class FactChange(_Change):
    """A fact was added, changed or retracted."""

    what: Literal["fact"]
    before: FactState | None = Field(description="Null where it was added.")
    after: FactState | None = Field(description="Null where it was retracted.")


class EntityChange(_Change):
    """A thing was added, changed (renamed, say) or retracted."""

    what: Literal["entity"]
    before: EntityState | None
    after: EntityState | None
    merged_into: str | None = Field(
        description="The thing that it turned out to be, where it was retracted for that."
    )


class DocumentChange(_Change):
    """A document was added, changed or retracted."""

    what: Literal["document"]
    before: Document | None
    after: Document | None


AnyChange = Annotated[FactChange | EntityChange | DocumentChange, Field(discriminator="what")]


class Amounts(Closed):
    """How many of what were touched."""

    added: int
    changed: int
    retracted: int


class Load(Closed):
    """One load, and how much it changed in all, whatever was asked for."""

    graph_version: int
    at: InstantText
    documents: Amounts
    entities: Amounts
    facts: Amounts


class Changes(Page[AnyChange]):
    """A page of the feed."""

    loads: list[Load] = Field(description="The loads that made the changes of this page.")


class ChangesParameters(PageParameters, TimeParameters):
    """Which changes."""

    what: Annotated[What | None, Field(description="Only changes of such things.")] = None
    since: Annotated[
        InstantParameter, Field(description="Only what changed after this instant (RFC 3339).")
    ] = None
    until: Annotated[
        InstantParameter, Field(description="Only what changed up to this instant (RFC 3339).")
    ] = None
    known_at: KnownAt = None


@router.get("/changes", response_model=Changes, summary="What changed · 변경 내역")
async def list_changes(
    request: Request, at: GraphVersionDep, query: Annotated[ChangesParameters, Query()]
) -> Response:
    """What loads added, changed and retracted, oldest first, with what it was before and after.

    To follow the feed: read all pages, keep the `at` of the last change, and come back with it as
    `since`. A load is one instant, so that nothing is seen twice or missed. Without `since` it
    begins with the first load, which added everything.

    Within a load documents come first, then things, then facts, each in the order of ids. What
    stands beside ids, and `merged_into`, are what that load said: `before` as it found them,
    `after` as it left them. `known_at` leaves out what changed later.

    `as_of` and `undated` choose among the changes of facts: those of facts whose period, before
    the change or after it, is such as they ask for; each of both then says whether it `holds` on
    that day. Things and documents have no period: their changes stay, unless `what` leaves them
    out.
    """
    _require_order(query.since, query.until)
    walk = Walk.of(request, query, str, str)
    part, loads = await changes(
        at.database,
        what=query.what,
        since=query.since,
        until=query.until,
        time=query.time,
        known_at=query.known_at,
        start=walk.start,
        limit=query.limit,
    )
    return walk.answer(at, part, loads=loads)


def _require_order(since: str | None, until: str | None) -> None:
    if since is not None and until is not None and since > until:
        raise InvalidInputError(
            f"since {since} is after until {until}.", mend="Swap them.", field="since"
        )


class EntityHistory(Page[AnyChange]):
    """A page of a thing's history, and how the thing stands."""

    id: str
    status: Literal["live", "retracted"]
    retracted_at: InstantText | None
    entity: EntityState = Field(description="As it is held, or was held last.")


class EntityHistoryParameters(PageParameters, TimeParameters):
    """Which of it."""

    known_at: KnownAt = None


@router.get(
    "/entities/{id}/history",
    response_model=EntityHistory,
    summary="History of one thing · 한 개체의 내력",
    responses=MERGED,
)
async def list_entity_history(
    request: Request,
    id: str,  # noqa: A002 - the name that the path shows
    at: GraphVersionDep,
    query: Annotated[EntityHistoryParameters, Query()],
) -> Response:
    """What a thing was, what was merged into it, and how the facts that name it changed.

    Oldest first, in the shape of `/v1/changes`: a rename is a change whose `fields` have `name`.
    A thing that is held no more has its history still; one that was merged sends on to the thing
    that stands for it, whose history tells of the merger.

    `as_of` and `undated` choose among the changes of facts, as in `/v1/changes`, by what named the
    thing before or after; those of the thing itself stay.
    """
    walk = Walk.of(request, query, str, str)
    part, state = await entity_history(
        at.database,
        at.vocabulary,
        id,
        beside=await beside(at),
        time=query.time,
        known_at=query.known_at,
        start=walk.start,
        limit=query.limit,
    )
    return walk.answer(at, part, **state)
