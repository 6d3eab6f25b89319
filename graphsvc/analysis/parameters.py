"""What measures take: one closed model for each, whose defaults are those of a result."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from graphsvc.analysis.metric import Parameters
from graphsvc.model.entity import Day

Weighted = Annotated[bool, Field(description="Whether edges count by their weight.")]
Distance = Annotated[
    bool, Field(description="Whether an edge is as long as 1 / weight, and not 1.")
]
Pivots = Annotated[
    int | None,
    Field(ge=1, description="From so many random nodes, drawn by the seed; null: from all."),
]


class PageRank(Parameters):
    """Of PageRank."""

    alpha: Annotated[float, Field(gt=0, lt=1, description="Share that is passed on.")] = 0.85
    tol: Annotated[
        float, Field(gt=0, le=1, description="It stops at a change of this a node (L1).")
    ] = 1e-9
    max_iter: Annotated[int, Field(ge=1, le=100_000, description="Most steps.")] = 1_000
    weighted: Weighted = True


class Power(Parameters):
    """Of power iterations."""

    tol: Annotated[float, Field(gt=0, le=1, description="Change at which it stops.")] = 1e-9
    max_iter: Annotated[int, Field(ge=1, le=100_000, description="Most steps.")] = 1_000
    weighted: Weighted = True


class Hits(Parameters):
    """Of hubs and authorities."""

    tol: Annotated[float, Field(gt=0, le=1, description="Change at which it stops.")] = 1e-8
    max_iter: Annotated[int, Field(ge=1, le=100_000, description="Most steps.")] = 1_000


class Katz(Power):
    """Of Katz centrality."""

    alpha: Annotated[
        float, Field(gt=0, lt=1, description="Damping; below 1 / the largest eigenvalue.")
    ] = 0.1


class Weights(Parameters):
    """Whether weights count."""

    weighted: Weighted = False


class Distances(Parameters):
    """Whether weights make edges shorter."""

    distance: Distance = False


class Betweenness(Distances):
    """Of betweenness."""

    k: Pivots = None
    normalized: Annotated[bool, Field(description="By the number of pairs.")] = True


class Communities(Parameters):
    """Of modularity's greedy search."""

    resolution: Annotated[
        float, Field(gt=0, le=100, description="Above 1: smaller communities.")
    ] = 1.0
    weighted: Weighted = True


class Grouping(Communities):
    """Of the modularity of a partition."""

    by: Annotated[
        Literal["kind", "components", "louvain", "leiden"],
        Field(description="What the groups are."),
    ] = "kind"


class Degrees(Parameters):
    """Of the distribution of degrees."""

    direction: Annotated[
        Literal["both", "in", "out"],
        Field(description="Which edges count, where they have a direction."),
    ] = "both"


class Elected(Parameters):
    """Of VoteRank."""

    k: Annotated[int | None, Field(ge=1, description="Elect so many; null: all who get votes.")] = (
        None
    )


class Spread(Parameters):
    """Of concentration."""

    side: Annotated[
        Literal["funder", "recipient"], Field(description="Whose money is looked at.")
    ] = "funder"
    k: Annotated[int, Field(ge=1, le=1_000, description="How many the top share takes.")] = 3


class Resampling(Parameters):
    """Of rank stability."""

    metric: Annotated[str, Field(description="Measure of nodes that is ranked, by name.")] = (
        "pagerank"
    )
    resamples: Annotated[int, Field(ge=10, le=100_000, description="How often.")] = 1_000
    level: Annotated[
        float, Field(gt=0, lt=1, description="Least coverage of the resampling interval.")
    ] = 0.95
    top: Annotated[int, Field(ge=1, description="Count how often among so many first.")] = 10
    resample: Annotated[
        Literal["document", "fact"],
        Field(description="Draw documents with all their facts, or facts one by one."),
    ] = "document"
    fraction: Annotated[
        float, Field(gt=0, le=1, description="Draw this share of as many as there are (m of n).")
    ] = 1.0


class Change(Parameters):
    """Of a change."""

    before: Annotated[Day, Field(description="The other day (YYYY-MM-DD).")]
    metric: Annotated[str, Field(description="Measure of nodes that is compared.")] = "pagerank"


def weight_of(parameters: Any) -> str | None:
    """The attribute of edges that counts."""
    return "weight" if parameters.weighted else None


def length_of(parameters: Any) -> str | None:
    """The attribute of edges that is their length."""
    return "distance" if parameters.distance else None
