"""What the analysis endpoints take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from graphsvc.analysis.catalog import METRICS, RANKED
from graphsvc.analysis.metric import Metric
from graphsvc.api.http.bodies import Body
from graphsvc.api.models import Closed
from graphsvc.api.models import Instant as InstantText
from graphsvc.model.entity import Day
from graphsvc.model.money import LARGEST_INTEGER
from graphsvc.model.spelling import nearest
from graphsvc.usecases.networks.request import LARGEST_SEED

KindBodyName = Annotated[str, Field(max_length=100, json_schema_extra={"x-vocabulary": "kinds"})]
TypeBodyName = Annotated[str, Field(max_length=100, json_schema_extra={"x-vocabulary": "types"})]


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
        description="What `format=svg` or `png` of its result draws; null: nothing."
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


class NetworkFilterBody(Body):
    """Which relationships are edges, and what they weigh."""

    types: list[TypeBodyName] | None = Field(
        None, min_length=1, max_length=50, description="Relationship types; null: all that count."
    )
    kinds: list[KindBodyName] | None = Field(
        None, min_length=1, max_length=50, description="Kinds that both ends must be of."
    )
    certain_only: bool = Field(False, description="Leave out what is undated or dated in doubt.")
    basis: Literal["stated", "implied"] | None = None
    modality: Literal["actual", "planned"] | None = None
    stage: Literal["announced", "selected", "budgeted", "disbursed"] | None = None
    min_amount_krw: int | None = Field(None, ge=0, le=LARGEST_INTEGER)
    directed: bool = Field(True, description="Whether edges have a direction.")
    project: KindBodyName | None = Field(
        None, description="With `through`: join things of this kind by what they share."
    )
    through: KindBodyName | None = Field(None, description="The kind of what they share.")
    weight: Literal["count", "amount_krw", "log_amount"] = "count"
    isolates: bool = Field(False, description="Keep things that no edge joins.")


def _known_metric(name: str) -> str:
    if name not in METRICS:
        raise PydanticCustomError(
            "unknown_metric",
            "there is no measure of that name.",
            {"mend": nearest(name, METRICS)},
        )
    return name


class RunRequest(Body):
    """A measure on a part of the network."""

    metric: Annotated[str, AfterValidator(_known_metric)] = Field(
        description="A measure of `GET /v1/analysis`.", json_schema_extra={"enum": list(METRICS)}
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict, description="Those of the measure that are not to be the default."
    )
    filter: NetworkFilterBody = Field(default_factory=NetworkFilterBody)
    as_of: Day | None = Field(
        None, description="Only what this day does not rule out.", examples=["2024-05-21"]
    )
    seed: int = Field(0, ge=0, le=LARGEST_SEED, description="Of all that is drawn at random.")
    engine: Literal["process"] = Field("process", description="Where it is computed.")


def run_request_schema() -> dict[str, Any]:
    """JSON Schema of `RunRequest`, with the parameters that each measure takes."""
    schema = RunRequest.model_json_schema()
    schema["properties"]["filter"] = schema.pop("$defs")["NetworkFilterBody"]
    del schema["properties"]["parameters"]["additionalProperties"]
    schema["oneOf"] = [_request_for(metric) for metric in METRICS.values()]
    return schema


def _request_for(metric: Metric) -> dict[str, Any]:
    parameters = _parameters_schema(metric)
    return {
        "title": metric.title,
        "properties": {"metric": {"const": metric.name}, "parameters": parameters},
        "required": ["metric", *(["parameters"] if "required" in parameters else [])],
    }


def _parameters_schema(metric: Metric) -> dict[str, Any]:
    schema = metric.parameters.model_json_schema()
    if ranks := schema.get("properties", {}).get("metric"):
        ranks["enum"] = sorted(RANKED)
    return schema


class RunProblem(Closed):
    """What went wrong, as problem details have it."""

    type: str
    detail: str
    mend: str
    field: str | None


class AnalysedGraph(Closed):
    """The network that was computed on."""

    version: int
    hash: str = Field(description="SHA-256 of its content.")
    nodes: int
    edges: int
    left_out: int = Field(description="Relationships without a weight by the rule.")


class Provenance(Closed):
    """What is needed to find the numbers again."""

    graph: AnalysedGraph
    versions: dict[str, str]
    started_at: InstantText
    finished_at: InstantText
    definition: str
    reference: str


class AnalysisRun(Closed):
    """A run of a measure."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
    metric: str
    parameters: dict[str, JsonValue] = Field(description="All of them, defaults too.")
    filter: dict[str, JsonValue] = Field(description="All of it, defaults too.")
    seed: int
    engine: str
    graph_version: int = Field(description="The load that made the graph when it was asked.")
    created_at: InstantText
    started_at: InstantText | None
    ended_at: InstantText | None
    done: float = Field(description="Share of the stage at work that is done, 0 to 1.")
    seconds_left: float | None = Field(description="By its pace so far.")
    problem: RunProblem | None


class AnalysisRunDetail(AnalysisRun):
    """A run, and where it is done its first rows."""

    provenance: Provenance | None
    total: int | None = Field(description="How many rows the result has.")
    top: list[dict[str, JsonValue]] = Field(description="The first ten rows of the result.")


class RunPage(Closed):
    """A page of the list of runs, the newest first."""

    items: list[AnalysisRun]
    next_cursor: str | None
    total: int | None
    graph_version: int


class ResultPage(Closed):
    """A page of a result."""

    items: list[dict[str, JsonValue]]
    next_cursor: str | None
    total: int | None
    graph_version: int = Field(description="The load that made the graph it was computed on.")
    provenance: Provenance


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
            "parameters": _parameters_schema(metric),
        }
        for metric in METRICS.values()
    ]
