"""The body of `POST /v1/analysis/runs`: a measure, its parameters and the network."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from graphsvc.analysis.catalog import METRICS, RANKED
from graphsvc.analysis.metric import Metric
from graphsvc.api.http.bodies import Body
from graphsvc.model.entity import Day
from graphsvc.model.money import LARGEST_INTEGER
from graphsvc.model.spelling import nearest
from graphsvc.usecases.networks.request import LARGEST_SEED

KindBodyName = Annotated[str, Field(max_length=100, json_schema_extra={"x-vocabulary": "kinds"})]
TypeBodyName = Annotated[str, Field(max_length=100, json_schema_extra={"x-vocabulary": "types"})]


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
    parameters = parameters_schema(metric)
    return {
        "title": metric.title,
        "properties": {"metric": {"const": metric.name}, "parameters": parameters},
        "required": ["metric", *(["parameters"] if "required" in parameters else [])],
    }


def parameters_schema(metric: Metric) -> dict[str, Any]:
    """JSON Schema of the parameters that a measure takes."""
    schema = metric.parameters.model_json_schema()
    if ranks := schema.get("properties", {}).get("metric"):
        ranks["enum"] = sorted(RANKED)
    return schema
