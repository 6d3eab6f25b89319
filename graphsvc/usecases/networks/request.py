"""A request for an analysis: which measure, with which parameters, on which part of the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from graphsvc.analysis.catalog import METRICS, RANKED
from graphsvc.analysis.metric import Metric, Parameters
from graphsvc.errors import InvalidInputError, LimitError, NotFoundError
from graphsvc.model.network_filter import NetworkFilter
from graphsvc.model.spelling import nearest

LARGEST_SEED = 2**31 - 1
ENGINES = ("process",)
"""Where a measure is computed. The database's own engine, or other machines, would be others."""


@dataclass(frozen=True)
class AnalysisRequest:
    """Which measure, on which part of the network."""

    metric: Metric
    parameters: Parameters
    filter: NetworkFilter
    seed: int = 0
    engine: str = "process"

    def plain(self) -> dict[str, Any]:
        """As JSON has it; all defaults are there."""
        return {
            "metric": self.metric.name,
            "parameters": self.parameters.model_dump(mode="json"),
            "filter": self.filter.plain(),
            "seed": self.seed,
            "engine": self.engine,
        }

    def seconds(self, nodes: int, edges: int) -> float:
        """A rough guess at how long it takes on a network of this size."""
        return self.metric.seconds(nodes, edges, self.parameters)

    def require_memory(self, nodes: int, edges: int, most_mib: int) -> None:
        """Refuse what would not fit.

        Raises
        ------
        LimitError
            With the estimate.
        """
        needed = self.metric.memory(nodes, edges, self.parameters) // 2**20
        if needed > most_mib:
            raise LimitError(
                f"{self.metric.name} on {nodes:,} nodes and {edges:,} edges would take about"
                f" {needed:,} MiB; an analysis may take {most_mib:,} MiB.",
                mend="Ask for a part of the network, or raise GRAPHSVC_ANALYSIS_MEMORY_MB, if the"
                " machine has the memory.",
            )

    @classmethod
    def of(
        cls,
        metric: str,
        parameters: dict[str, Any],
        filter_: NetworkFilter,
        seed: int = 0,
        engine: str = "process",
    ) -> AnalysisRequest:
        """A request whose names and values were looked at.

        Raises
        ------
        NotFoundError
            When there is no such measure.
        InvalidInputError
            When a parameter is not what it must be.
        """
        found = METRICS.get(metric)
        if found is None:
            raise NotFoundError(
                f"There is no measure {metric[:80]!r}.",
                mend=nearest(metric, sorted(METRICS)),
                field="metric",
            )
        if engine not in ENGINES:
            raise InvalidInputError(
                f"There is no engine {engine[:80]!r}.",
                mend=f"Known is: {', '.join(ENGINES)}.",
                field="engine",
            )
        if not 0 <= seed <= LARGEST_SEED:
            raise InvalidInputError(
                f"The seed is {seed}.", mend=f"Give one from 0 to {LARGEST_SEED}.", field="seed"
            )
        read = _parameters(found, parameters)
        ranked = getattr(read, "metric", None)
        if ranked is not None and ranked not in RANKED:
            raise InvalidInputError(
                f"{str(ranked)[:80]!r} is no measure with one value for each node.",
                mend=nearest(str(ranked), sorted(RANKED)),
                field="parameters.metric",
            )
        if found.undirected:
            filter_ = replace(filter_, directed=False)
        return cls(found, read, filter_, seed, engine)

    @classmethod
    def of_plain(cls, content: dict[str, Any]) -> AnalysisRequest:
        """What `plain` made; raises as `of` does, and where the filter is none."""
        return cls.of(
            content["metric"],
            content["parameters"],
            NetworkFilter.of_plain(content["filter"]),
            content["seed"],
            content["engine"],
        )


def _parameters(metric: Metric, given: dict[str, Any]) -> Parameters:
    try:
        return metric.parameters.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "parameters"
        known = ", ".join(metric.parameters.model_fields) or "none"
        if first["type"] == "extra_forbidden":
            raise InvalidInputError(
                f"{metric.name} has no parameter {name[:80]!r}.",
                mend=f"Known are: {known}.",
                field=f"parameters.{name[:80]}",
            ) from None
        raise InvalidInputError(
            f"The parameter {name} of {metric.name}: {first['msg']}.",
            field=f"parameters.{name}",
        ) from None
