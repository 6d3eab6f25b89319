"""Money flows: stated sums added up between things, kinds, places or programs."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator, Field

from graphsvc.api.flow_models import FlowDiagrams, FlowTable
from graphsvc.api.http.consistent_reads import of_one_version
from graphsvc.api.http.live_graph import AtVersion, GraphVersion
from graphsvc.api.http.parameters import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    Id,
    Limit,
    PageParameters,
    TimeParameters,
    Undated,
)
from graphsvc.api.http.responses import Walk, answer
from graphsvc.api.http.routes import ReadRoute
from graphsvc.api.http.texts import shown
from graphsvc.errors import InvalidInputError
from graphsvc.model.money import CURRENCIES, Currency, MoneySource, Stage
from graphsvc.store.state import require_unchanged
from graphsvc.usecases.lists.entities import require_entities
from graphsvc.usecases.money.flows import KEY_TYPES, Flows, flow_page, flows
from graphsvc.usecases.money.groups import GroupBy
from graphsvc.usecases.money.sankey import diagrams
from graphsvc.usecases.money.stated_sums import SumFilter

router = APIRouter(tags=["Money · 자금"], route_class=ReadRoute)


def _truth(value: object) -> object:
    # pydantic would also take 1, on, yes and t.
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError(f"{shown(value)} is neither true nor false")
    return value


Truth = Annotated[bool, BeforeValidator(_truth)]
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
    response_model=FlowTable | FlowDiagrams,
    summary="Money flows, added up · 자금 흐름",
)
async def list_flows(
    request: Request, at: AtVersion, query: Annotated[FlowParameters, Query()]
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
    return await of_one_version(request, at, partial(_answer, walk, query))


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
        as_of=query.as_of,
        certain_only=query.undated is Undated.EXCLUDE,
    )

    async def make() -> Flows:
        found = await flows(at.database, at.vocabulary, wanted, query.group_by, net=query.net)
        await require_unchanged(at.database, at.state)  # else what is kept were of two versions
        return found

    return await at.kept(("flows", wanted, query.group_by, query.net), make, Flows.size)


def _refuse_pages_of_a_drawing(query: FlowParameters) -> None:
    if query.shape == "sankey" and query.cursor is not None:
        raise InvalidInputError("A diagram has no pages.", mend="Leave cursor out.", field="cursor")
