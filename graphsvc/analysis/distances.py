"""What the distances between all nodes come to: sums, counts, inverses and the largest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import dijkstra, distance
from graphsvc.analysis.progress import current

_PARTS = 8


class Distances(NamedTuple):
    """Of each node asked about, over the nodes that are connected with it (itself included)."""

    total: np.ndarray
    reached: np.ndarray
    inverses: np.ndarray
    largest: np.ndarray


def all_distances(
    graph: Graph,
    weight: str | None,
    *,
    towards: bool,
    nodes: np.ndarray | None = None,
    sources: np.ndarray | None = None,
) -> Distances:
    """Distances between `nodes` and `sources` (all by default), added up for each of `nodes`.

    Parameters
    ----------
    towards
        Whether paths lead to the node that is asked about, as networkx's closeness has it, or
        away from it.

    Raises
    ------
    ValueError
        When a weight is negative and Dijkstra's algorithm notices.

    Notes
    -----
    Without weights 256 sources are searched at a time; the cost is at most that of a breadth first
    search for each source, and mostly a small part of it. With weights, Dijkstra's algorithm runs
    from each of `nodes`.
    """
    everyone = np.arange(len(graph), dtype=np.int32)
    nodes = everyone if nodes is None else nodes
    sources = everyone if sources is None else sources
    values = graph.values(weight)
    progress = current()
    if values is None:
        rows = graph.out if towards else graph.into
        parts = max(1, min(_PARTS, sources.size // distance.LANES))
        state = progress.begin(sources.size)
        found = distance.from_many(rows.indptr, rows.indices, sources, parts, state)
        progress.check()
        return Distances(*(column[nodes] for column in found))
    rows = graph.into if towards else graph.out
    lengths = graph.into_values(weight) if towards else values
    counted = np.zeros(len(graph), np.bool_)
    counted[sources] = True
    *columns, good = dijkstra.from_each(
        rows.indptr,
        rows.indices,
        np.asarray(lengths, np.float64),
        nodes,
        counted,
        progress.begin(nodes.size),
    )
    progress.check()
    if not good:
        raise contradictory()
    return Distances(*columns)


def contradictory() -> ValueError:
    """Networkx's own error for a shorter way to a node that was settled."""
    return ValueError("Contradictory paths found:", "negative weights?")
