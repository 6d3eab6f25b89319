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

_MOST_PARTS = 16
_BATCHES_A_PART = 6
"""A part needs room for three numbers of a lane for each node: few batches get few parts."""


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
    if k is None:
        return None
    chosen = create_py_random_state(seed).sample(list(G), k)
    return G.positions(chosen)


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
    progress = current()
    state = progress.begin(sources.size)
    values = G.values(weight)
    out = G.out
    if values is None:
        batches = -(-sources.size // kernels.LANES)
        parts = min(_MOST_PARTS, max(1, batches // _BATCHES_A_PART))
        sums = kernels.dependencies(
            out.indptr, out.indices, sources, parts, of_edges, endpoints, state
        )
    else:
        parts = min(_MOST_PARTS, max(1, sources.size))
        sums = kernels.weighted_dependencies(
            *(out.indptr, out.indices, values.astype(np.float64)),
            *(sources, parts, of_edges, endpoints, state),
        )
    progress.check()
    found: np.ndarray = sums
    return found
