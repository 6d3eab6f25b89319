"""Money flows: stated sums added up between things, kinds, places or programs."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from graphsvc.api.http.answers import Amount, Closed, GraphVersionNumber, Page
from graphsvc.api.http.consistent_reads import consistent_read
from graphsvc.api.http.live_graph import GraphVersion, GraphVersionDep
from graphsvc.api.http.parameters import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    Id,
    Limit,
    PageParameters,
    TimeParameters,
    Truth,
)
from graphsvc.api.http.responses import Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.errors import InvalidInputError
from graphsvc.model.money import CURRENCIES, Currency, MoneySource, Stage
from graphsvc.store.state import require_unchanged
from graphsvc.usecases.lists.entities import require_entities
from graphsvc.usecases.money.flows import KEY_TYPES, Flows, flow_page, flows
from graphsvc.usecases.money.groups import GroupBy
from graphsvc.usecases.money.sankey import diagrams
from graphsvc.usecases.money.stated_sums import SumFilter

router = APIRouter(tags=["Money"], route_class=ReadRoute)


class GroupMember(Closed):
    """A thing, or a kind of things, that pays or gets money."""

    id: str = Field(description="Id of the thing, or the kind.")
    kind: str | None = Field(description="Kind of the thing; null where it is a kind itself.")
    name: str
    name_en: str


class Group(Closed):
    """One end of a flow."""

    key: str = Field(
        description="Names the group and no other: the member's id, several joined by `+`, or"
        " `:unstated-payer`, `:unstated-program`, `:unknown-payer` or `:unknown-recipient`.",
        examples=["motie", "gull-city+wave-ministry"],
    )
    is_: Literal["one", "joint", "unstated", "unknown"] = Field(
        alias="is",
        description="`joint`: several together, and no source says who has which share."
        " `unstated`: the source names no payer (by program: no program). `unknown`: where the"
        " party is, no source says.",
    )
    members: list[GroupMember | None] = Field(
        description="In the order of ids; null stands for members whose place is not known."
    )


class _Figures(Closed):
    gross: Amount | None = Field(description="All sums; null where none is stated.")
    regrants: Amount | None = Field(
        description="The part that passes on money which another fact counts already."
    )
    net: Amount | None = Field(description="Gross minus regrants.")
    amount: Amount | None = Field(
        description="The figure that was asked for: gross, or with `net=true` net."
    )
    least: Amount | None = Field(
        description="Lower bound of `amount`: stated lower bounds, else amounts that are exact or"
        " `at_least`; other sums count as zero here."
    )
    most: Amount | None = Field(
        description="Upper bound of `amount`: stated upper bounds, else amounts that are exact or"
        " `at_most`; null where any sum has neither."
    )
    common: Amount | None = Field(
        description="The part of `amount` that several pay or get together: nobody's share."
    )
    at_least: int = Field(description="How many of the sums are stated as a least amount.")
    at_most: int = Field(description="How many are stated as a largest amount.")
    about: int = Field(description="How many are stated as a rough amount.")


class _Cell(_Figures):
    id: str = Field(description="The same as long as its groups, currency and stage are.")
    currency: str | None = Field(description="ISO 4217; null for facts without a sum.")
    stage: Stage | None = Field(description="Null for facts without a sum.")
    facts: list[str] = Field(description="Ids of the facts that it adds up: every one.")
    without_amount: int = Field(
        description="How many facts between the two groups state no sum; they are in no figure."
    )
    holds: Literal["yes", "possibly"] | None = Field(
        None,
        description="`yes` if each of its facts surely holds on `as_of`; left out where no day"
        " was given.",
    )


class FlowCell(_Cell):
    """What flows from one group to another in one currency and stage."""

    from_: Group = Field(alias="from")
    to: Group


class FlowTotal(_Figures):
    """All sums of one currency and stage; each stands in it once."""

    currency: str
    stage: Stage
    facts: int = Field(description="How many facts it adds up.")


class FlowTable(Page[FlowCell]):
    """A page of cells, and the totals of the whole table."""

    shape: Literal["table"]
    totals: list[FlowTotal] = Field(description="By currency and stage, of all pages.")
    without_amount: int = Field(description="How many facts state no sum.")


class FlowLink(_Cell):
    """A link of a diagram: a cell of the table."""

    from_: str = Field(alias="from", description="`key` of a node.")
    to: str = Field(description="`key` of a node.")


class CutLink(FlowLink):
    """A link that is not to be drawn, since money would go round in a circle."""

    because: Literal["loop", "cycle"] = Field(
        description="`loop`: it leads from a group to itself. `cycle`: larger links, which were"
        " taken before it, lead from its end to its beginning."
    )


class LinksLeftOut(Closed):
    """What is too small for a diagram with so many links."""

    links: int
    amount: Amount


class FlowDiagram(Closed):
    """Flows of one currency and stage, without circles: `links`, `cut` and `left_out` are all."""

    currency: str
    stage: Stage
    nodes: list[Group] = Field(description="In the order of keys; also those of cut links.")
    links: list[FlowLink] = Field(description="Largest first.")
    cut: list[CutLink] = Field(description="Largest first.")
    left_out: LinksLeftOut
    total: FlowTotal


class FlowDiagrams(Closed):
    """One diagram for each currency and stage."""

    shape: Literal["sankey"]
    diagrams: list[FlowDiagram]
    without_amount: int = Field(description="How many facts state no sum; none is drawn.")
    graph_version: GraphVersionNumber


CurrencyCode = Annotated[Currency, Field(json_schema_extra={"enum": sorted(CURRENCIES)})]


class FlowParameters(PageParameters, TimeParameters):
    """Which sums, between what, and in which shape."""

    group_by: Annotated[
        GroupBy,
        Field(
            description="`entity`: each payer and recipient for itself. `kind`: their kinds."
            " `place`: the local government that they are or are in (else the largest place that"
            " is known). `program`: from each payer to the program that the money runs under or"
            " goes to."
        ),
    ] = GroupBy.ENTITY
    payer: Annotated[
        Id | None,
        Field(
            alias="from",
            description="Id of a thing that pays, alone or with others.",
            examples=["motie"],
        ),
    ] = None
    recipient: Annotated[
        Id | None,
        Field(alias="to", description="Id of a thing that gets the money, alone or with others."),
    ] = None
    stage: Annotated[Stage | None, Field(description="How far the sums are.")] = None
    source: Annotated[MoneySource | None, Field(description="Whose money it is.")] = None
    currency: Annotated[
        CurrencyCode | None, Field(description="ISO 4217 code. Nothing is converted.")
    ] = None
    net: Annotated[
        Truth,
        Field(
            description="Whether `amount`, its bounds and the order leave out regrants, which pass"
            " on money that another fact counts already. Cells show both figures either way."
        ),
    ] = False
    shape: Annotated[
        Literal["table", "sankey"],
        Field(description="`table`: a page of cells. `sankey`: diagrams without circles, whole."),
    ] = "table"
    limit: Annotated[
        Limit,
        Field(
            description="Most cells of one page; or most links of one diagram, where it is"
            f" {MAX_LIMIT} unless told."
        ),
    ] = DEFAULT_LIMIT


@router.get(
    "/flows",
    response_model=Annotated[FlowTable | FlowDiagrams, Field(discriminator="shape")],
    summary="Money flows, added up · 자금 흐름",
)
async def list_flows(
    request: Request, at: GraphVersionDep, query: Annotated[FlowParameters, Query()]
) -> Response:
    """Who pays how much to whom: sums of FUNDS relationships and of fundings, each taken once.

    Currencies and stages are never added together. A sum that several pay or get stands in a
    `joint` group, charged to none of them, and one whose payer no source names in an `unstated`
    group. Every cell lists the facts that it adds up.

    Facts without a sum have cells of their own, last and with null for the figures; where stage,
    source or currency is asked for they are only counted, for they state none of these.
    In the order of currencies and stages, largest first.

    The first page adds up everything, which takes seconds in a large graph; the pages after it, and
    a diagram of the same, do not.
    """
    walk = Walk.of(request, query, *KEY_TYPES)
    _refuse_pages_of_a_drawing(query)
    return await consistent_read(request, at, partial(_answer, walk, query))


async def _answer(walk: Walk, query: FlowParameters, at: GraphVersion) -> Response:
    found = await _added_up(query, at)
    if not found.cells:
        ids: dict[str, Any] = {"from": query.payer, "to": query.recipient}
        await require_entities(at.database, **ids)
    shared = {"shape": query.shape, "without_amount": sum(found.without_amount.values())}
    if query.shape == "sankey":
        most = query.limit if "limit" in query.model_fields_set else MAX_LIMIT
        drawn = await diagrams(at.database, at.vocabulary, found, most)
        return answer(at, {"diagrams": drawn, **shared})
    part = await flow_page(at.database, at.vocabulary, found, start=walk.start, limit=query.limit)
    return walk.answer(at, part, totals=found.totals, **shared)


async def _added_up(query: FlowParameters, at: GraphVersion) -> Flows:
    """All cells, which every page and every shape of them has in common."""
    wanted = SumFilter(
        payer=query.payer,
        recipient=query.recipient,
        stage=query.stage,
        source=query.source,
        currency=query.currency,
        time=query.time,
    )

    async def make() -> Flows:
        found = await flows(at.database, at.vocabulary, wanted, query.group_by, net=query.net)
        await require_unchanged(at.database, at.state)  # else what is kept were of two versions
        return found

    return await at.compute_once(("flows", wanted, query.group_by, query.net), make, Flows.size)


def _refuse_pages_of_a_drawing(query: FlowParameters) -> None:
    if query.shape != "sankey":
        return
    for name, what in (("cursor", "pages"), ("fields", "items"), ("compact", "items")):
        if getattr(query, name):
            raise InvalidInputError(
                f"A diagram has no {what}.", mend=f"Leave {name} out.", field=name
            )
