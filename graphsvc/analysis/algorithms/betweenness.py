"""Who lies on the shortest paths of others: betweenness of nodes and of edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from networkx.utils import create_py_random_state

from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import betweenness as kernels
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched, takes_no_functions

_MOST_PARTS = 8
_PART_STEPS = 1_000_000
"""What is worth a part of its own, in sources times entries."""
_PARTS_BYTES = 2**30
"""The most that parts may take together, if there are more than two."""
_NODE_BYTES = 96
_ENTRY_BYTES = 32


@dispatched(unless=takes_no_functions)
def betweenness_centrality(
    G: Graph,
    k: int | None = None,
    normalized: bool = True,
    weight: str | None = None,
    endpoints: bool = False,
    seed: Any = None,
) -> dict[Node, float]:
    """The share of shortest paths that lead through each node; exact, or from `k` pivots.

    Definition, pivots and scaling are networkx's (3.6): pivots are
    `seed.sample(list(G), k)`, and a pivot's own sum is scaled by k - 1, since no path from itself
    leads through it. Path counts are floats: exact up to 2^53.

    Linear in edges for each source without weights, eight sources at a time; with weights,
    Dijkstra's algorithm for each source. The same bits for any number of threads.

    References
    ----------
    .. [1] U. Brandes, A Faster Algorithm for Betweenness Centrality, J. of Mathematical Sociology
       25 (2001). https://doi.org/10.1080/0022250X.2001.9990249
    .. [2] U. Brandes, C. Pich, Centrality Estimation in Large Networks, International J. of
       Bifurcation and Chaos 17 (2007).
    """
    pivots = None if k == len(G) and not endpoints else _sample(G, k, seed)
    sources = np.arange(len(G), dtype=np.int32) if pivots is None else pivots
    scores = _dependencies(G, sources, weight, of_edges=False, endpoints=endpoints)
    n = len(G)
    others = n if endpoints else n - 1
    if others < 2:
        return G.by_node(scores)
    count = others if pivots is None else pivots.size
    if pivots is None or endpoints:
        return G.by_node(scores * _scale(G, count, others, normalized))
    factors = np.full(n, _scale(G, count, others, normalized))
    factors[pivots] = _scale(G, count - 1, others, normalized) if count > 1 else math.nan
    return G.by_node(scores * factors)


def _sample(G: Graph, k: int | None, seed: Any) -> np.ndarray | None:
    """Positions of the pivots; what is drawn depends on the number of nodes alone."""
    if k is None:
        return None
    return np.array(create_py_random_state(seed).sample(range(len(G)), k), np.int32)


def _scale(G: Graph, sources: int, others: int, normalized: bool) -> float:
    if normalized:
        return 1 / (sources * (others - 1))
    return others / (sources * (1 if G.directed else 2))


@dispatched(unless=takes_no_functions)
def edge_betweenness_centrality(
    G: Graph,
    k: int | None = None,
    normalized: bool = True,
    weight: str | None = None,
    seed: Any = None,
) -> dict[tuple[Node, Node], float]:
    """The share of shortest paths that lead along each edge; as `betweenness_centrality`.

    References
    ----------
    .. [1] U. Brandes, On Variants of Shortest-Path Betweenness Centrality and their Generic
       Computation, Social Networks 30 (2008). https://doi.org/10.1016/j.socnet.2007.11.001
    """
    pivots = _sample(G, k, seed)
    sources = np.arange(len(G), dtype=np.int32) if pivots is None else pivots
    scores = _dependencies(G, sources, weight, of_edges=True, endpoints=False)
    if not G.directed:
        scores = _both_ways(G, scores)
    n = len(G)
    if n > 1:
        scores = scores * _scale(G, n if pivots is None else pivots.size, n, normalized)
    return dict(zip(G.edges, scores.tolist(), strict=True))


def _both_ways(G: Graph, scores: np.ndarray) -> np.ndarray:
    """For each edge, in the order of `G.edges`, what both of its entries have."""
    out = G.out
    ends = np.stack((out.sources, out.indices))
    keys = ends.min(axis=0).astype(np.int64) * len(G) + ends.max(axis=0)
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    sums = np.bincount(which, weights=scores, minlength=first.size)
    kept = np.flatnonzero(out.sources <= out.indices)
    both: np.ndarray = sums[which[kept]]
    return both


def _dependencies(
    G: Graph, sources: np.ndarray, weight: str | None, *, of_edges: bool, endpoints: bool
) -> np.ndarray:
    """Sums over sources for each node, or for each entry of `G.out`."""
    progress = current()
    out, values = G.out, G.values(weight)
    sources = sources[out.lengths[sources] > 0]
    nodes, indptr, indices, sources = kernels.reached(out.indptr, out.indices, sources)
    state = progress.begin(sources.size)
    where = _entries(out.indptr[nodes], indptr) if of_edges or values is not None else nodes
    parts = _parts(sources.size, nodes.size, indices.size, weighted=values is not None)
    scores = np.zeros(out.entries if of_edges else len(G))
    weights = None if values is None else values[where].astype(np.float64)
    sums = np.zeros((parts, where.size if of_edges else nodes.size))
    add = kernels.one_by_one if parts == 1 else kernels.at_once
    add(indptr, indices, weights, sources, of_edges, endpoints, sums, state)
    progress.check()
    scores[where if of_edges else nodes] = sums.sum(axis=0)
    return scores


def _entries(begins: np.ndarray, indptr: np.ndarray) -> np.ndarray:
    """Where rows that were moved to `indptr` had their entries, one after the other."""
    moved = np.repeat(begins - indptr[:-1], np.diff(indptr))
    return moved + np.arange(moved.size)


def _parts(sources: int, nodes: int, entries: int, *, weighted: bool) -> int:
    """In how many parts, by what there is to do and the memory that each takes."""
    batches = sources if weighted else -(-sources // kernels.LANES)
    room = nodes * _NODE_BYTES + entries * _ENTRY_BYTES
    most = max(2, min(_MOST_PARTS, _PARTS_BYTES // max(1, room)))
    return max(1, min(most, batches // 2, sources * entries // _PART_STEPS))
