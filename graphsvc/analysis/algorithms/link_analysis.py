"""Who matters because those who matter point to them: PageRank, hubs and authorities."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np

from graphsvc.analysis.convergence import not_converged
from graphsvc.analysis.generations import Generations
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import pagerank as kernels
from graphsvc.analysis.kernels import power
from graphsvc.analysis.lanczos import leading_vector
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched

_NEARLY = 1 + 1e-9
"""A lower bound of a change is this much off at most, by rounding."""


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
    tolerance for one node does not depend on the size of the graph.

    A step is linear in edges. Where the graph has no cycle and every node starts with and is given
    the same, all steps together are linear in the sum over edges of the longest path to each: what
    comes to a node from `i` edges away is then the same in every step. The same bits for any number
    of threads.

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
    if len(G) == 0:
        return {}
    uniform = personalization is None and nstart is None and dangling is None
    if uniform and G.generations is not None:
        return G.by_node(_by_series(G, G.generations, alpha, max_iter, tol, weight))
    teleport = np.full(len(G), 1.0 / len(G))
    if personalization is not None:
        if sum(personalization.get(node, 0) for node in G) == 0:
            raise ZeroDivisionError
        teleport = _distribution(G, personalization)
    lost_to = teleport if dangling is None else _distribution(G, dangling)
    start = np.full(len(G), 1.0 / len(G)) if nstart is None else _distribution(G, nstart)
    return G.by_node(_by_steps(G, alpha, teleport, max_iter, tol, start, weight, lost_to))


def _distribution(G: Graph, given: Mapping[Node, float]) -> np.ndarray:
    found = np.array([given.get(node, 0) for node in G.node_list], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread: np.ndarray = found / found.sum()
    return spread


def _by_steps(
    G: Graph,
    alpha: float,
    teleport: np.ndarray,
    max_iter: int,
    tol: float,
    x: np.ndarray,
    weight: str | None,
    lost_to: np.ndarray,
) -> np.ndarray:
    n, into, weights = len(G), G.into, _floats(G.into_values(weight))
    share = alpha * _share(_strength(G, weight))
    passed, held = x * share, x[share == 0].sum()
    sums = np.empty((-(-n // kernels.BLOCK), 2))
    progress = current()
    state = progress.begin(max_iter)
    change = np.inf
    for step in range(max_iter):
        passed = kernels.step(
            into.indptr, into.indices, weights, passed, share, lost_to, float(alpha * held),
            teleport, float(1 - alpha), x, sums,
        )  # fmt: skip
        change, held = (float(part) for part in sums.sum(axis=0))
        if change < n * tol:
            return x
        state[0] = step + 1
        progress.check()
    raise not_converged(max_iter, change, n * tol)


def _by_series(
    G: Graph, line: Generations, alpha: float, max_iter: int, tol: float, weight: str | None
) -> np.ndarray:
    n, first, rows = len(G), line.first, line.rows
    if weight not in line.weights:
        values = G.values(weight)
        weights = np.ones(rows.entries)
        if values is not None:
            weights = power.taken(values, line.entry)
        line.weights[weight] = _share(_strength(G, weight))[line.order], weights
    share, weights = line.weights[weight]
    progress = current()
    parts = np.empty(line.parts)
    sums, lost = np.zeros((2, first.size - 1, -(-n // kernels.BLOCK)))
    state = progress.begin(first.size - 1)
    kernels.series(
        first, rows.indptr, rows.indices, weights, alpha * share, parts, sums, lost, state
    )
    state, held = progress.begin(max_iter), lost.sum(axis=1) / n
    given, change, x = np.zeros(first.size - 1), np.inf, np.empty(n)
    given[0] = 1
    for step in range(1, max_iter + 1):
        last = given
        given = np.concatenate(([alpha * (held @ last) + 1 - alpha], last[:-1]))
        more = given - last
        # No change of a block is less than that of its sum: there is no need to look closer.
        if np.abs(more @ sums).sum() < n * (n * tol) * _NEARLY or step == max_iter:
            change = kernels.assembled(first, line.order, parts, given / n, more / n, x).sum()
            if change < n * tol:
                return x
        state[0] = step
        progress.check()
    raise not_converged(max_iter, float(change), n * tol)


@dispatched()
def hits(
    G: Graph,
    max_iter: int = 100,
    tol: float = 1.0e-8,
    nstart: Mapping[Node, float] | None = None,
    normalized: bool = True,
) -> tuple[dict[Node, float], dict[Node, float]]:
    """Hubs and authorities: the first singular vectors of the adjacency matrix `A`.

    Authorities `a` satisfy `A.T @ A @ a = s**2 * a` for the largest singular value `s`, to `tol**2`
    or the last digits; hubs are `A @ a`. Both add up to 1, or, not normalized, `a` has length 1.
    Found by Lanczos' method, restarted at most `max_iter` times, as networkx does.

    Where more than one vector satisfies this, as on bipartite or disconnected graphs whose parts
    have the same `s`, networkx returns any of them; this returns the one that the power iteration
    from `nstart` leads to, by default from a vector of ones, so that no node is negative (with
    weights that are not). A step is linear in edges. The same bits for any number of threads.

    Raises
    ------
    networkx.PowerIterationFailedConvergence
        After `max_iter` restarts; the message has the residual.
    networkx.NetworkXError
        When no edge weighs anything, so that nothing is a hub; networkx fails inside scipy there.
    ValueError
        When there is only one node, or `nstart` does not have them all.

    References
    ----------
    .. [1] J. Kleinberg, Authoritative Sources in a Hyperlinked Environment, J. of the ACM 46
       (1999). https://doi.org/10.1145/324133.324140
    """
    n = len(G)
    if n == 0:
        return {}, {}
    start = np.ones(n) if nstart is None else np.array(list(nstart.values()), np.float64)
    if n == 1 or start.size != n:
        raise ValueError("hits needs two nodes, and a start for each.")
    out_weights, into_weights = _floats(G.values("weight")), _floats(G.into_values("weight"))
    out, into = G.out, G.into
    if not out.entries or (not out_weights.any() and out_weights.size):
        raise nx.NetworkXError("No edge weighs anything, so that nothing is a hub.")

    def squared(x: np.ndarray) -> np.ndarray:
        hubs = power.product(out.indptr, out.indices, out_weights, x)
        found: np.ndarray = power.product(into.indptr, into.indices, into_weights, hubs)
        return found

    authorities = leading_vector(squared, start, max_iter, tol**2)
    hubs = power.product(out.indptr, out.indices, out_weights, authorities)
    if normalized:
        hubs, authorities = hubs / hubs.sum(), authorities / authorities.sum()
    return G.by_node(hubs), G.by_node(authorities)


def _floats(values: np.ndarray | None) -> np.ndarray:
    return power.NO_WEIGHTS if values is None else values.astype(np.float64)


def _strength(G: Graph, weight: str | None) -> np.ndarray:
    """The weights of the edges that leave each node, added up."""
    values = G.values(weight)
    if values is None:
        return G.out.lengths.astype(np.float64)
    found: np.ndarray = power.row_sums(G.out.indptr, values)
    return found


def _share(strength: np.ndarray) -> np.ndarray:
    share: np.ndarray = np.divide(1.0, strength, out=np.zeros(strength.size), where=strength != 0)
    return share
