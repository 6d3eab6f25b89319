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
    leads through it. Path counts are floats: exact up to 2^53. Weighted paths are as long as each
    other where the sums of their weights are equal floats, as in networkx.

    What sources reach is renumbered first. Without weights each source then costs as many steps as
    it reaches edges, or fewer, since eight sources at a time share what they reach alike; with
    weights, Dijkstra's algorithm runs from each. Each of up to eight parts takes 96 bytes a node
    (in about 1 GiB, if there are more than two). The same bits for any number of threads.

    References
    ----------
    .. [1] U. Brandes, A Faster Algorithm for Betweenness Centrality, J. of Mathematical Sociology
       25 (2001). https://doi.org/10.1080/0022250X.2001.9990249
    .. [2] U. Brandes, C. Pich, Centrality Estimation in Large Networks, International J. of
       Bifurcation and Chaos 17 (2007). https://doi.org/10.1142/S0218127407018403
    .. [3] A. E. Sariyuce, E. Saule, K. Kaya, U. V. Catalyurek, Regularizing Graph Centrality
       Computations, J. of Parallel and Distributed Computing 76 (2015).
       https://doi.org/10.1016/j.jpdc.2014.07.006
    """
    pivots = _sample(G, None if k == len(G) else k, seed)
    sources = np.arange(len(G), dtype=np.int32) if pivots is None else pivots
    scores = _dependencies(G, sources, weight, of_edges=False, endpoints=endpoints)
    n = len(G)
    others = n if endpoints else n - 1
    if others < 2:
        return _by_node(G, scores)
    count = others if pivots is None else pivots.size
    if pivots is None or endpoints:
        return _by_node(G, scores * _scale(G, count, others, normalized))
    factors = np.full(n, _scale(G, count, others, normalized))
    factors[pivots] = _scale(G, count - 1, others, normalized) if count > 1 else math.nan
    return _by_node(G, scores * factors)


def _by_node(G: Graph, scores: np.ndarray) -> dict[Node, float]:
    """As `G.by_node`, in half the time where most nodes lie on no path."""
    found = np.flatnonzero(scores)
    if 2 * found.size > scores.size:
        return G.by_node(scores)
    mapping = dict.fromkeys(G.node_list, 0.0)
    names = map(G.node_list.__getitem__, found.tolist())
    mapping.update(zip(names, scores[found].tolist(), strict=True))
    return mapping


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
    both: np.ndarray = sums[which[out.each_once]]
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
    kernels.add_dependencies(indptr, indices, weights, sources, of_edges, endpoints, sums, state)
    progress.check()
    scores[where if of_edges else nodes] = sums.sum(axis=0)
    return scores


def _entries(begins: np.ndarray, indptr: np.ndarray) -> np.ndarray:
    """Where the entries of rows stood that began at `begins` and now begin at `indptr`."""
    moved = np.repeat(begins - indptr[:-1], np.diff(indptr))
    return moved + np.arange(moved.size)


def _parts(sources: int, nodes: int, entries: int, *, weighted: bool) -> int:
    """In how many parts, by what there is to do and the memory that each takes."""
    batches = sources if weighted else -(-sources // kernels.LANES)
    room = nodes * _NODE_BYTES + entries * _ENTRY_BYTES
    most = max(2, min(_MOST_PARTS, _PARTS_BYTES // max(1, room)))
    return max(1, min(most, batches // 2, sources * entries // _PART_STEPS))
