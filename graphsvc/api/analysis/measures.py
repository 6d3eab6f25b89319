"""The measures that can be computed, each with its parameters and definition."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field, JsonValue

from graphsvc.analysis.catalog import METRICS
from graphsvc.api.analysis.requests import parameters_schema
from graphsvc.api.http.answers import Closed
from graphsvc.api.http.live_graph import GraphVersionDep
from graphsvc.api.http.parameters import EndpointParameters
from graphsvc.api.http.responses import answer
from graphsvc.api.http.routes import ReadRoute

router = APIRouter(tags=["Analysis"], route_class=ReadRoute)


class MetricDescription(Closed):
    """A measure, and what it takes."""

    name: str
    title: str
    title_ko: str
    definition: str
    reference: str
    rows: Literal["nodes", "edges", "groups", "degrees", "kinds", "graph"] = Field(
        description="What a row of its result is about."
    )
    picture: Literal["ranks", "degrees", "kinds", "communities"] | None = Field(
        description="What `/picture` of its result draws; null: nothing."
    )
    cost: Literal["linear", "iterations", "pivots", "all pairs", "resamples"] = Field(
        description="What its time grows with, times nodes and edges."
    )
    undirected: bool = Field(description="Whether directions are left out.")
    parameters: dict[str, JsonValue] = Field(description="JSON Schema of its parameters.")


class Catalog(Closed):
    """All measures."""

    items: list[MetricDescription]
    total: int
    graph_version: int


@router.get("/analysis", response_model=Catalog, summary="Measures of networks · 네트워크 지표")
async def list_measures(at: GraphVersionDep, _: Annotated[EndpointParameters, Query()]) -> Response:
    """Every measure with its parameters (JSON Schema), definition, reference and cost."""
    items = metric_descriptions()
    return answer(at, {"items": items, "total": len(items)})


def metric_descriptions() -> list[dict[str, Any]]:
    """Every measure as `MetricDescription` has it."""
    return [
        {
            "name": metric.name,
            "title": metric.title,
            "title_ko": metric.title_ko,
            "definition": metric.definition,
            "reference": metric.reference,
            "rows": metric.shape,
            "picture": metric.picture,
            "cost": metric.cost,
            "undirected": metric.undirected,
            "parameters": parameters_schema(metric),
        }
        for metric in METRICS.values()
    ]
