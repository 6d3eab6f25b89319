"""Conflicts: facts that give different accounts of one thing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.facts import DetailedFact
from graphsvc.api.http.answers import Amount, Closed, Page
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import (
    Id,
    KindNames,
    PageParameters,
    TimeParameters,
    known_kinds,
)
from graphsvc.api.http.responses import Walk
from graphsvc.api.http.routes import ReadRoute
from graphsvc.model.choices import Language
from graphsvc.model.money import Stage
from graphsvc.usecases.conflicts.conflicts import (
    KEY_TYPES,
    ConflictFilter,
    all_conflicts,
    conflict_page,
)
from graphsvc.usecases.conflicts.detecting import HowFound
from graphsvc.usecases.lists.entities import require_entities

router = APIRouter(tags=["Conflicts"], route_class=ReadRoute)


class AddedUp(Closed):
    """What some facts add up to."""

    amount: Amount
    facts: list[str] = Field(description="Ids of the facts.")


class ComparedSums(Closed):
    """A total beside the sum of its parts."""

    currency: str
    stage: Stage
    whole: AddedUp = Field(description="The most that the total can be.")
    parts: AddedUp = Field(description="The least that the parts add up to.")


class Conflict(Closed):
    """Facts that give different accounts of one thing."""

    id: str = Field(description="The same as long as it is between the same facts.")
    found: HowFound = Field(
        description="`declared`: a curator says so. `values`: one metric of one thing at one time"
        " has different values. `sum`: a total is smaller than its parts. `role`: several hold one"
        " position at one time."
    )
    certain: bool = Field(
        description="False where the facts differ only if things are one that are possibly the"
        " same, or where it is not sure that they speak of one time."
    )
    reason: str = Field(
        description="How they differ, in words; of a declared conflict in the curator's language."
    )
    facts: list[DetailedFact] = Field(description="All sides, each with its evidence.")
    possibly_same: list[str] = Field(
        description="Ids of the POSSIBLY_SAME facts by which things may be one; empty where the"
        " conflict does not rest on any."
    )
    sums: ComparedSums | None = Field(description="For `sum`; null for others.")
    holds: Literal["yes", "possibly"] | None = Field(
        None,
        description="`yes` if each of its facts surely holds on `as_of`; left out where no day"
        " was given.",
    )


class ConflictParameters(PageParameters, TimeParameters):
    """Which conflicts."""

    found: Annotated[HowFound | None, Field(description="How it came to light.")] = None
    kind: Annotated[
        KindNames,
        Field(description="Kinds of things that the facts are about, or ancestors of them."),
    ] = None
    entity: Annotated[
        Id | None,
        Field(
            description="Id of a thing that the facts are about: a subject, an object, who pays or"
            " gets a sum.",
            examples=["ktl-biomedical-center"],
        ),
    ] = None
    lang: Annotated[Language, Field(description="In which language reasons are.")] = Language.KO


@router.get(
    "/conflicts",
    response_model=Page[Conflict],
    summary="Facts that give different accounts · 상충하는 사실",
)
async def list_conflicts(
    request: Request, at: GraphVersionDep, query: Annotated[ConflictParameters, Query()]
) -> Response:
    """Declared conflicts first, then those found by comparing; in the order of ids.

    Nothing is decided: each side stands with its evidence. Things that are possibly the same are
    compared as one, and the conflict then names the facts that say why they may be. With `as_of`
    or `undated`, each fact of a conflict must pass. What is compared, and what is not, is in
    docs/conflicts.md.

    The first request after a load compares everything, which takes seconds in a large graph.
    """
    wanted = ConflictFilter(
        found=query.found,
        kinds=known_kinds(at.vocabulary, "kind", query.kind),
        entity=query.entity,
        time=query.time,
    )
    walk = Walk.of(request, query, *KEY_TYPES)
    known = await at.compute_once("conflicts", lambda: all_conflicts(at.database, at.vocabulary))
    part = conflict_page(
        known, at.vocabulary, wanted, query.lang, start=walk.start, limit=query.limit
    )
    if not part.items:
        await require_entities(at.database, entity=query.entity)
    return walk.answer(at, part)
