"""Who matters because those who matter point to them: PageRank."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graphsvc.analysis.convergence import not_converged
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import power
from graphsvc.analysis.layers import LayeredRank, Layers
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched


@dispatched()
def pagerank(
    G: Graph,
    alpha: float = 0.85,
    personalization: Mapping[Node, float] | None = None,
    max_iter: int = 100,
    tol: float = 1.0e-6,
    nstart: Mapping[Node, float] | None = None,
    weight: str | None = "weight",
    dangling: Mapping[Node, float] | None = None,
) -> dict[Node, float]:
    """PageRank by power iteration: start vector, update and stopping rule are networkx's.

    It stops when a step changes the ranks by less than `len(G) * tol` in all (L1), so that the
    tolerance for one node does not depend on the size of the graph. A step is linear in edges.

    Raises
    ------
    networkx.PowerIterationFailedConvergence
        After `max_iter` steps; the message has the last change.
    ZeroDivisionError
        When the personalization is zero everywhere.

    References
    ----------
    .. [1] L. Page, S. Brin, R. Motwani, T. Winograd, The PageRank Citation Ranking: Bringing
       Order to the Web, 1999. http://ilpubs.stanford.edu:8090/422/
    """
    n = len(G)
    if n == 0:
        return {}
    values = G.values(weight)
    strength = _row_sums(G, values)
    share = np.divide(1.0, strength, out=np.zeros(n), where=strength != 0)
    if personalization is dangling is nstart is None and (values is None or values.min() >= 0):
        layers = Layers.of(G)
        if layers is not None:
            return _layered(G, LayeredRank(layers, share, values, alpha), max_iter, n * tol)
    weights = power.NO_WEIGHTS
    if values is not None:
        weights = np.asarray(G.into_values(weight), np.float64)
    teleport = np.array([1.0 / n]) if personalization is None else _spread(G, personalization)
    lost_to = teleport if dangling is None else _spread(G, dangling)
    x = np.full(n, 1.0 / n) if nstart is None else _spread(G, nstart)
    progress = current()
    state = progress.begin(max_iter)
    lost, z, next_z = float(x[strength == 0].sum()), x * share, np.empty(n)
    change = np.inf
    for step in range(max_iter):
        change, lost = power.rank_step(
            *(G.into.indptr, G.into.indices, weights, share),
            *(alpha, lost, lost_to, teleport, x, z, next_z),
        )
        if change < n * tol:
            return G.by_node(x)
        z, next_z = next_z, z
        state[0] = step + 1
        progress.check()
    raise not_converged(max_iter, change, n * tol)


def _layered(G: Graph, rank: LayeredRank, max_iter: int, tolerance: float) -> dict[Node, float]:
    current().check()
    change = np.inf
    for _ in range(max_iter):
        change = rank.step(tolerance)
        if change < tolerance:
            return G.by_node(rank.ranks())
    raise not_converged(max_iter, change, tolerance)


def _row_sums(G: Graph, values: np.ndarray | None) -> np.ndarray:
    if values is None:
        return G.out.lengths.astype(np.float64)
    return np.bincount(G.out.sources, weights=values, minlength=len(G))


def _spread(G: Graph, given: Mapping[Node, float]) -> np.ndarray:
    found = np.array([given.get(node, 0) for node in G.node_list], np.float64)
    if found.sum() == 0:
        raise ZeroDivisionError
    spread: np.ndarray = found / found.sum()
    return spread
