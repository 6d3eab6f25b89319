"""What the distances between all nodes come to: sums, counts, inverses and the largest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import dijkstra, distance, multi_source, rows
from graphsvc.analysis.progress import current

_PARTS = 8
"""Fixed, since floats are added up by part: the same for any number of threads."""

_SHARED = 16
"""About how many searches of one source cost as much as the same number in a batch, by source."""


class Distances(NamedTuple):
    """Of each node asked about, over the nodes that are connected with it (itself included)."""

    total: np.ndarray
    reached: np.ndarray
    inverses: np.ndarray
    largest: np.ndarray
    sound: np.ndarray
    """Whether Dijkstra's algorithm found no negative weight on the way."""

    def require_sound(self) -> Distances:
        """The same; raises where a negative weight was found.

        Raises
        ------
        ValueError
            As networkx does.
        """
        if not self.sound.all():
            raise contradictory()
        return self


def all_distances(
    graph: Graph,
    weight: str | None,
    *,
    towards: bool,
    nodes: np.ndarray | None = None,
    sources: np.ndarray | None = None,
) -> Distances:
    """Distances between `nodes` and `sources` (all by default), added up for each of `nodes`.

    With weights, or for few nodes, `sources` limits the inverses alone.

    Parameters
    ----------
    towards
        Whether paths lead to the node that is asked about, as networkx's closeness has it, or
        away from it.

    Notes
    -----
    Without weights 256 sources are searched at a time; the cost is at most that of a breadth first
    search for each source, and mostly a small part of it. For few nodes, one search from each costs
    less. With weights, Dijkstra's algorithm runs from each of `nodes`.
    """
    everyone = np.arange(len(graph), dtype=np.int32)
    nodes = everyone if nodes is None else nodes
    sources = everyone if sources is None else sources
    values = graph.values(weight)
    if values is None and nodes.size * _SHARED > sources.size:
        return _in_batches(graph, towards, nodes, sources)
    ahead = graph.into if towards else graph.out
    counted = np.zeros(len(graph), np.bool_)
    counted[sources] = True
    progress = current()
    state = progress.begin(nodes.size)
    parts = max(1, min(_PARTS, nodes.size))
    if values is None:
        found = _sound(
            distance.from_each(ahead.indptr, ahead.indices, nodes, counted, parts, state)
        )
    else:
        lengths = np.asarray(graph.into_values(weight) if towards else values, np.float64)
        found = Distances(
            *dijkstra.from_each(ahead.indptr, ahead.indices, lengths, nodes, counted, parts, state)
        )
    progress.check()
    return found


def _in_batches(graph: Graph, towards: bool, nodes: np.ndarray, sources: np.ndarray) -> Distances:
    """By the number of edges, many sources at a time.

    Nodes are numbered anew, those that most edges come to first: their masks, which are looked at
    most often, then stand together.
    """
    out, into = (graph.out, graph.into) if towards else (graph.into, graph.out)
    order = np.argsort(-into.lengths, kind="stable")
    place = np.empty(len(graph), np.int32)
    place[order] = np.arange(len(graph), dtype=np.int32)
    begins, ends = place[out.sources], place[out.indices]
    indptr, indices, _ = rows.rows_of(begins, ends, len(graph), False, False)
    # An undirected graph is its own transpose.
    turned = (indptr, indices)
    if graph.directed:
        turned_indptr, turned_indices, _ = rows.transposed(indptr, indices)
        turned = (turned_indptr, turned_indices)
    progress = current()
    state = progress.begin(sources.size)
    parts = max(1, min(_PARTS, sources.size // multi_source.LANES))
    chosen = np.sort(place[sources])
    columns = multi_source.from_many(indptr, indices, *turned, chosen, parts, state)
    progress.check()
    return _sound([column[place[nodes]] for column in columns])


def _sound(columns: Sequence[np.ndarray]) -> Distances:
    """What was found without weights, which cannot be negative then."""
    total, reached, inverses, largest = columns
    return Distances(total, reached, inverses, largest, np.ones(total.size, np.bool_))


def inverse_distances(
    graph: Graph, weight: str | None, nodes: np.ndarray, sources: np.ndarray
) -> np.ndarray:
    """The sum of the inverse distances from `sources` to each of `nodes`.

    With weights, Dijkstra's algorithm runs from those that are fewer, as in networkx.

    Raises
    ------
    ValueError
        When a weight is negative and Dijkstra's algorithm notices.
    """
    values = graph.values(weight)
    if values is None or nodes.size < sources.size:
        found = all_distances(graph, weight, towards=True, nodes=nodes, sources=sources)
        return found.require_sound().inverses
    progress = current()
    state = progress.begin(sources.size)
    inverses, sound = dijkstra.onto_each(
        *(graph.out.indptr, graph.out.indices, np.asarray(values, np.float64)),
        *(sources, max(1, min(_PARTS, sources.size)), state),
    )
    progress.check()
    if not sound:
        raise contradictory()
    sums: np.ndarray = inverses[nodes]
    return sums


def all_connected(graph: Graph) -> bool:
    """Whether every node reaches every other; two searches say it."""
    return len(graph) == 0 or all(
        distance.breadth_first(side.indptr, side.indices, 0, len(graph))[0].size == len(graph)
        for side in (graph.out, graph.into)
    )


def contradictory() -> ValueError:
    """Networkx's own error for a shorter way to a node that was settled."""
    return ValueError("Contradictory paths found:", "negative weights?")
