"""The body of `POST /v1/analysis/runs`: a measure, its parameters and the network."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from pydantic import AfterValidator, Field, JsonValue, create_model
from pydantic_core import PydanticCustomError

from graphsvc.analysis.catalog import METRICS, RANKED
from graphsvc.analysis.metric import Metric
from graphsvc.api.http.bodies import Body
from graphsvc.model.entity import Day
from graphsvc.model.network_filter import NetworkFilter
from graphsvc.model.spelling import nearest
from graphsvc.usecases.networks.request import LARGEST_SEED


def _filter_body() -> type[Body]:
    """The model of a request's `filter`: that of networks, whose day may also stand beside it."""
    hints = get_type_hints(NetworkFilter, include_extras=True)
    hints["as_of"] = Annotated[Day | None, Field(description="As `as_of` beside the filter.")]
    members: dict[str, Any] = {
        each.name: (hints[each.name], each.default) for each in fields(NetworkFilter)
    }
    doc = "Which relationships are edges, and what they weigh."
    return create_model("RunFilter", __base__=Body, __doc__=doc, **members)


if TYPE_CHECKING:

    class RunFilter(Body):
        """As `_filter_body` makes it."""

else:
    RunFilter = _filter_body()


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
        default_factory=dict,
        description="Those of the measure that are not to be the default; `GET /v1/analysis` has"
        " the JSON Schema of each measure's.",
    )
    filter: RunFilter = Field(default_factory=RunFilter)
    as_of: Day | None = Field(
        None, description="Only what this day does not rule out.", examples=["2024-05-21"]
    )
    seed: int = Field(0, ge=0, le=LARGEST_SEED, description="Of all that is drawn at random.")
    engine: Literal["process"] = Field("process", description="Where it is computed.")


def parameters_schema(metric: Metric) -> dict[str, Any]:
    """JSON Schema of the parameters that a measure takes."""
    schema = metric.parameters.model_json_schema()
    if ranks := schema.get("properties", {}).get("metric"):
        ranks["enum"] = sorted(RANKED)
    return schema
