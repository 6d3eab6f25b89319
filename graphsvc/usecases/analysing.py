"""A measure of the network of a database: the question, and its answer with its origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import networkx as nx
from pydantic import ValidationError

from graphsvc.analysis.catalog import METRICS, RANKED
from graphsvc.analysis.hashing import graph_hash
from graphsvc.analysis.metric import Inputs, Metric, Parameters
from graphsvc.analysis.network import Network
from graphsvc.analysis.result import Result, columns_of, versions
from graphsvc.analysis.table import Table
from graphsvc.errors import AnalysisError, InvalidInputError, NotFoundError
from graphsvc.model.spelling import nearest
from graphsvc.store.database import Database
from graphsvc.store.state import require_ready
from graphsvc.usecases.network import NetworkFilter, read_network

ENGINES = ("process",)
"""Where a measure is computed. The database's own engine, or other machines, would be others."""


@dataclass(frozen=True)
class Question:
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

    @classmethod
    def of(
        cls,
        metric: str,
        parameters: dict[str, Any],
        filter_: NetworkFilter,
        seed: int = 0,
        engine: str = "process",
    ) -> Question:
        """A question whose names and values were looked at.

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
    def of_plain(cls, content: dict[str, Any]) -> Question:
        """What `plain` made."""
        asked = dict(content["filter"])
        for name in ("types", "kinds"):
            asked[name] = None if asked[name] is None else tuple(asked[name])
        asked["as_of"] = None if asked["as_of"] is None else date.fromisoformat(asked["as_of"])
        return cls.of(
            content["metric"],
            content["parameters"],
            NetworkFilter(**asked),
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


async def analyse(
    database: Database, question: Question, found: Callable[[str], Result | None] | None = None
) -> Result:
    """Read the network and compute the measure.

    Parameters
    ----------
    found
        Asked, with the network's hash, whether the answer is known already.

    Raises
    ------
    AnalysisError
        When the filter leaves nothing, the measure is not defined for what it leaves, or an
        iteration does not converge (the message has how far off it was).
    CancelledError
        When the progress at work was cancelled.
    """
    vocabulary = (await require_ready(database)).vocabulary()
    started = _now()
    network = await read_network(database, vocabulary, question.filter)
    if not len(network.graph):
        raise _nothing_left(question)
    before = None
    if (day := getattr(question.parameters, "before", None)) is not None:
        before = await read_network(database, vocabulary, replace(question.filter, as_of=day))
    digest = graph_hash(network)
    if before is not None:
        digest = f"{digest}:{graph_hash(before)}"
    known = found(digest) if found is not None else None
    if known is not None:
        return known
    inputs = Inputs(network, question.parameters, question.seed, before)
    table = computed(question.metric, inputs)
    asked = question.plain()
    return Result(
        **asked,
        graph={
            "version": network.graph_version,
            "hash": digest,
            "nodes": len(network.graph),
            "edges": network.graph.number_of_edges(),
            "left_out": network.left_out,
        },
        versions=versions(),
        started_at=started,
        finished_at=_now(),
        definition=question.metric.definition,
        reference=question.metric.reference,
        columns=columns_of(question.metric, table, _described(network, before)),
    )


def computed(metric: Metric, inputs: Inputs) -> Table:
    """The measure's table; what networkx raises becomes our own error."""
    try:
        return metric.compute(inputs)
    except nx.PowerIterationFailedConvergence as error:
        raise AnalysisError(
            f"{metric.name} did not converge: {error.args[0]}.",
            mend="Allow more steps (max_iter), or a larger tol.",
        ) from error
    except (nx.NetworkXException, ZeroDivisionError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise AnalysisError(
            f"{metric.name} cannot be computed on this network: {reason.rstrip('.')}.",
            mend="See what it is defined for in GET /v1/analysis, and choose another filter.",
        ) from error


def _nothing_left(question: Question) -> AnalysisError:
    asked = {name: value for name, value in question.filter.plain().items() if value}
    said = ", ".join(f"{name}={value}" for name, value in asked.items())
    return AnalysisError(
        f"The filter leaves no relationship: {said or 'none was given'}.",
        mend="Ask for more types or kinds, another day, or another weight.",
        field="filter",
    )


def _described(*networks: Network | None) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for network in networks:
        if network is None:
            continue
        english = network.graph.node_attributes.get("name_en") or network.names
        for node, kind, name, name_en in zip(
            network.graph.node_list, network.kinds, network.names, english, strict=True
        ):
            found[str(node)] = {"kind": kind, "name": name, "name_en": name_en}
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
