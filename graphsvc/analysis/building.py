"""Graphs from columns: the ends of edges, and their weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from graphsvc.analysis.adjacency import counted_rows, merged_rows
from graphsvc.analysis.columns import Ids, read_ids, read_weights, require_sums
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import few_rows, rows
from graphsvc.errors import InvalidInputError

_SPARSE = 4
"""Integer ids are numbered by a table while their range is at most this many times their number."""


class Ends(NamedTuple):
    """The nodes in order, and the positions (int32) of both ends of each edge."""

    nodes: list[Node] | np.ndarray
    source: np.ndarray
    target: np.ndarray


def from_edges(
    source: Iterable[Any] | np.ndarray,
    target: Iterable[Any] | np.ndarray,
    weight: Sequence[float] | np.ndarray | None = None,
    directed: bool = True,
    nodes: Iterable[Any] | np.ndarray | None = None,
) -> Graph:
    """A graph from the two ends of its edges.

    Parameters
    ----------
    source, target
        Ids of nodes: what can be a key of a dict. Those that Python holds equal are one node, as
        in networkx: `1` and `"1"` are two, `1` and `1.0` one. Edge `i` leads from `source[i]` to
        `target[i]`.
    weight
        What each edge weighs, a real number; without it, 1.
    directed
        Whether edges have a direction.
    nodes
        Nodes that stand first, in this order, whether edges name them or not.

    Returns
    -------
    Graph
        Its nodes are the ids, in the order in which networkx would have met them. Parallel edges
        are one edge that weighs their sum, in the order given; `weight` is an attribute of edges
        where weights were given or edges were parallel.

    Raises
    ------
    InvalidInputError
        When columns differ in length, an id is None or cannot be hashed, or a weight, or the sum
        of those of parallel edges, is no finite number of 64 bits.

    Notes
    -----
    Linear; from 5 million edges with integer ids a quarter of a second.
    """
    source, target = read_ids(source, "source"), read_ids(target, "target")
    if len(source) != len(target):
        raise InvalidInputError(
            f"source has {len(source)} ids and target {len(target)}.",
            mend="Give two columns of the same length.",
            field="target",
        )
    weights = None if weight is None else read_weights(weight, len(source))
    ends = _numbered(source, target, [] if nodes is None else read_ids(nodes, "nodes"))
    ids = ends.nodes
    if weights is None:
        adjacency, times = counted_rows(ends.source, ends.target, len(ids), directed=directed)
        parallel = adjacency.entries and times.max() > 1
        attributes = {"weight": times.astype(np.int64)} if parallel else {}
    else:
        merged = merged_rows(ends.source, ends.target, len(ids), directed=directed)
        # A column as long as the edges is not held while another is made.
        del ends
        adjacency = merged.adjacency
        attributes = {"weight": require_sums(weights, merged.values)}
    return Graph(ids, adjacency, directed=directed, attributes=attributes)


def _numbered(source: Ids, target: Ids, given: Ids) -> Ends:
    columns = [column for column in (source, target, given) if len(column)]
    # A few ids are numbered before a table's loop would be compiled.
    few = len(source) + len(given) <= few_rows.MOST
    arrays = [column for column in columns if isinstance(column, np.ndarray)]
    if not few and len(arrays) == len(columns):
        low = min((int(column.min()) for column in arrays), default=0)
        high = max((int(column.max()) for column in arrays), default=-1)
        span = high - low + 1
        if span <= _SPARSE * sum(column.size for column in arrays) and high < 2**63:
            return _numbered_by_table(_whole(source), _whole(target), _whole(given), low, span)
    return _numbered_by_name(*(_plain(column) for column in (source, target, given)))


def _whole(ids: Ids) -> np.ndarray:
    return np.asarray(ids, np.int64)


def _plain(ids: Ids) -> list[Node]:
    return ids.tolist() if isinstance(ids, np.ndarray) else ids


def _numbered_by_table(
    source: np.ndarray, target: np.ndarray, given: np.ndarray, low: int, span: int
) -> Ends:
    positions = np.full(span, -1, np.int32)
    order = np.empty(span, np.int64)
    _, _, count = rows.number_ends(given, given, low, positions, order, 0)
    one, other, count = rows.number_ends(source, target, low, positions, order, count)
    return Ends(order[:count].copy(), one, other)


def _numbered_by_name(source: list[Node], target: list[Node], given: list[Node]) -> Ends:
    index: dict[Node, int] = {}
    for node in given:
        index.setdefault(node, len(index))
    ends = np.empty(2 * len(source), np.int32)
    for i, (one, other) in enumerate(zip(source, target, strict=True)):
        ends[2 * i] = index.setdefault(one, len(index))
        ends[2 * i + 1] = index.setdefault(other, len(index))
    return Ends(list(index), ends[0::2].copy(), ends[1::2].copy())
