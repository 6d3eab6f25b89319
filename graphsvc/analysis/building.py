"""Graphs from columns: the ends of edges, and their weights."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from graphsvc.analysis.adjacency import counted_rows, merged_rows
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
    source: Sequence[Any] | np.ndarray,
    target: Sequence[Any] | np.ndarray,
    weight: Sequence[float] | np.ndarray | None = None,
    directed: bool = True,
    nodes: Iterable[Any] | np.ndarray | None = None,
) -> Graph:
    """A graph from the two ends of its edges.

    Parameters
    ----------
    source, target
        Ids of nodes, integers or strings; edge `i` leads from `source[i]` to `target[i]`.
    weight
        What each edge weighs; without it, 1.
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
        When columns differ in length, or a weight is no finite number.

    Notes
    -----
    Linear; from 5 million edges with integer ids a quarter of a second.
    """
    source, target = np.asarray(source), np.asarray(target)
    if source.ndim != 1 or source.shape != target.shape:
        raise InvalidInputError(
            f"source has {source.shape} ids and target {target.shape}.",
            mend="Give two columns of the same length.",
            field="target",
        )
    weights = _checked(weight, source.size)
    ends = _numbered(source, target, nodes)
    ids = ends.nodes
    if weights is None:
        adjacency, times = counted_rows(ends.source, ends.target, len(ids), directed=directed)
        parallel = adjacency.entries and times.max() > 1
        attributes = {"weight": times.astype(np.int64)} if parallel else {}
    else:
        merged = merged_rows(ends.source, ends.target, len(ids), directed=directed)
        # A column as long as the edges is not held while another is made.
        del ends
        adjacency, attributes = merged.adjacency, {"weight": merged.values(weights)}
    return Graph(ids, adjacency, directed=directed, attributes=attributes)


def _checked(weight: Sequence[float] | np.ndarray | None, edges: int) -> np.ndarray | None:
    if weight is None:
        return None
    try:
        weights = np.asarray(weight)
        weights = weights.astype(np.int64 if weights.dtype.kind in "iub" else np.float64)
    except (TypeError, ValueError):
        raise InvalidInputError(
            "A weight is no number.", mend="Give a number for each edge.", field="weight"
        ) from None
    if weights.shape != (edges,):
        raise InvalidInputError(
            f"There are {edges} edges and {weights.size} weights.",
            mend="Give one weight for each edge.",
            field="weight",
        )
    bad = np.flatnonzero(~np.isfinite(weights))
    if bad.size:
        raise InvalidInputError(
            f"The weight of edge {int(bad[0])} is {weights[bad[0]]}.",
            mend="Give a finite number for each edge.",
            field="weight",
        )
    return weights


def _numbered(
    source: np.ndarray, target: np.ndarray, nodes: Iterable[Any] | np.ndarray | None
) -> Ends:
    given = np.empty(0, np.int64)
    if nodes is not None:
        given = np.asarray(nodes if hasattr(nodes, "__len__") else list(nodes))
    columns = [column for column in (source, target, given) if column.size]
    # A few ids are numbered before a table's loop would be compiled.
    few = source.size + given.size <= few_rows.MOST
    if not few and all(column.dtype.kind in "iu" for column in columns):
        low = min((int(column.min()) for column in columns), default=0)
        high = max((int(column.max()) for column in columns), default=-1)
        span = high - low + 1
        if span <= _SPARSE * sum(column.size for column in columns) and high < 2**63:
            return _numbered_by_table(_whole(source), _whole(target), _whole(given), low, span)
    return _numbered_by_name(source, target, given)


def _whole(ids: np.ndarray) -> np.ndarray:
    return ids.astype(np.int64, copy=False)


def _numbered_by_table(
    source: np.ndarray, target: np.ndarray, given: np.ndarray, low: int, span: int
) -> Ends:
    positions = np.full(span, -1, np.int32)
    order = np.empty(span, np.int64)
    _, _, count = rows.number_ends(given, given, low, positions, order, 0)
    one, other, count = rows.number_ends(source, target, low, positions, order, count)
    return Ends(order[:count].copy(), one, other)


def _numbered_by_name(source: np.ndarray, target: np.ndarray, given: np.ndarray) -> Ends:
    index: dict[Hashable, int] = {}
    for node in given.tolist():
        index.setdefault(node, len(index))
    ends = np.empty(2 * source.size, np.int32)
    pairs = zip(source.tolist(), target.tolist(), strict=True)
    for i, (one, other) in enumerate(pairs):
        ends[2 * i] = index.setdefault(one, len(index))
        ends[2 * i + 1] = index.setdefault(other, len(index))
    return Ends(list(index), ends[0::2].copy(), ends[1::2].copy())
