"""What flows of money look like: cells of a table, and diagrams for drawing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graphsvc.api.http.responses import Page
from graphsvc.api.models import Amount, Closed, GraphVersionNumber
from graphsvc.model.money import Stage


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


class LeftOut(Closed):
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
    left_out: LeftOut
    total: FlowTotal


class FlowDiagrams(Closed):
    """One diagram for each currency and stage."""

    shape: Literal["sankey"]
    diagrams: list[FlowDiagram]
    without_amount: int = Field(description="How many facts state no sum; none is drawn.")
    graph_version: GraphVersionNumber
