"""Computes a measure of the network of a database: the result, with what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import networkx as nx

from graphsvc.analysis.computing import compute
from graphsvc.analysis.convergence import NO_CYCLE
from graphsvc.analysis.metric import Inputs, Metric
from graphsvc.analysis.network import Network
from graphsvc.analysis.ranking import tolerance_of
from graphsvc.analysis.result import Result, columns_of, versions
from graphsvc.analysis.table import Table
from graphsvc.errors import AnalysisError
from graphsvc.store.database import Database
from graphsvc.store.state import require_ready
from graphsvc.usecases.networks.network import read_network
from graphsvc.usecases.networks.request import AnalysisRequest


async def analyse(
    database: Database,
    question: AnalysisRequest,
    found: Callable[[str], Result | None] | None = None,
    *,
    most_mib: int | None = None,
) -> Result:
    """Read the network and compute the measure.

    Parameters
    ----------
    found
        Asked, with the network's hash, whether the answer is known already.
    most_mib
        What it may be expected to take, in MiB of memory; None does not ask.

    Raises
    ------
    AnalysisError
        When the filter leaves nothing, the measure is not defined for what it leaves, or an
        iteration does not converge (the message has how far off it was).
    LimitError
        When it is expected to take more memory; the estimate is in the message.
    CancelledError
        When the progress at work was cancelled.
    """
    vocabulary = (await require_ready(database)).vocabulary()
    question = replace(question, filter=question.filter.settled(vocabulary))
    started = _now()
    network = await read_network(database, vocabulary, question.filter)
    if not len(network.graph):
        raise _nothing_left(question)
    if most_mib is not None:
        question.require_memory(len(network.graph), network.graph.number_of_edges(), most_mib)
    before = None
    if (day := getattr(question.parameters, "before", None)) is not None:
        before = await read_network(database, vocabulary, replace(question.filter, as_of=day))
    digest = network.graph.graph["network_hash"]
    if before is not None:
        digest = f"{digest}:{before.graph.graph['network_hash']}"
    known = found(digest) if found is not None else None
    if known is not None:
        return known
    inputs = Inputs(network, question.parameters, question.seed, before)
    table = computed(question.metric, inputs)
    asked = question.plain()
    described, tolerance = _described(network, before), tolerance_of(question.parameters)
    return Result(
        **asked,
        graph={
            "version": network.graph_version,
            "hash": digest,
            "network_hash": digest,
            "nodes": len(network.graph),
            "edges": network.graph.number_of_edges(),
            "left_out": network.left_out,
        },
        versions=versions(question.metric),
        started_at=started,
        finished_at=_now(),
        definition=question.metric.definition,
        reference=question.metric.reference,
        columns=columns_of(question.metric, table, described, tolerance),
        layout=table.layout,
        method=question.metric.method,
        counts=table.counts,
        warnings=[remark._asdict() for remark in table.remarks],
    )


def computed(metric: Metric, inputs: Inputs) -> Table:
    """The measure's table; what networkx raises becomes our own error."""
    try:
        return compute(metric, inputs)
    except nx.PowerIterationFailedConvergence as error:
        if NO_CYCLE in str(error.args[0]):
            raise AnalysisError(
                f"{metric.name} cannot be computed on this network: {NO_CYCLE}.",
                mend="Leave directions out (directed: false, or --undirected), or ask for"
                " pagerank or katz.",
            ) from error
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


def _nothing_left(question: AnalysisRequest) -> AnalysisError:
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
        for node, kind, name, name_en in zip(
            network.graph.node_list, network.kinds, network.names, network.names_en, strict=True
        ):
            found[str(node)] = {"kind": kind, "name": name, "name_en": name_en}
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
