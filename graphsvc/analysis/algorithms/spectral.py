"""Who matters by whom they know, in powers of the adjacency matrix: eigenvector, Katz."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np

from graphsvc.analysis.convergence import NO_CYCLE, not_converged
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import power
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched


@dispatched()
def eigenvector_centrality(
    G: Graph,
    max_iter: int = 100,
    tol: float = 1.0e-6,
    nstart: Mapping[Node, float] | None = None,
    weight: str | None = None,
) -> dict[Node, float]:
    """The leading left eigenvector of the adjacency matrix: a node has what those before it have.

    Power iteration with `A + I`; start vector, norm and stopping rule are networkx's: a step that
    changes the vector by less than `len(G) * tol` in all (L1) is the last. A step is linear in
    edges. The same bits for any number of threads.

    Raises
    ------
    networkx.PowerIterationFailedConvergence
        After `max_iter` steps; the message has the last change, and says so where there is no cycle
        and therefore no eigenvector.
    networkx.NetworkXPointlessConcept
        When there are no nodes.
    networkx.NetworkXError
        When `nstart` is zero everywhere.

    References
    ----------
    .. [1] P. Bonacich, Technique for Analyzing Overlapping Memberships, Sociological Methodology
       4 (1972). https://doi.org/10.2307/270732
    """
    if len(G) == 0:
        raise nx.NetworkXPointlessConcept("cannot compute centrality for the null graph")
    nodes = G.node_list if nstart is None else list(nstart)
    x = np.ones(len(G))
    if nstart is not None:
        if all(value == 0 for value in nstart.values()):
            raise nx.NetworkXError("initial vector cannot have all zero values")
        if sum(nstart.values()) == 0:
            raise ZeroDivisionError("the initial vector adds up to zero")
        x = np.array([nstart[node] for node in G.node_list], np.float64)
    x = x / x.sum()
    weights = _weights(G, weight)
    progress, change = current(), np.inf
    state = progress.begin(max_iter)
    for step in range(max_iter):
        last = x
        x = last + power.product(G.into.indptr, G.into.indices, weights, last)
        x = x / (_length(x) or 1)
        change = float(np.abs(x - last).sum())
        if change < len(G) * tol:
            return _in_order(G.by_node(x), nodes)
        state[0] = step + 1
        progress.check()
    raise not_converged(max_iter, change, len(G) * tol, None if _has_cycle(G) else NO_CYCLE)


def _has_cycle(G: Graph) -> bool:
    if not G.directed:
        return True
    return bool(G.loops.size) or nx.number_strongly_connected_components(G) < len(G)


@dispatched()
def katz_centrality(
    G: Graph,
    alpha: float = 0.1,
    beta: float | Mapping[Node, float] = 1.0,
    max_iter: int = 1000,
    tol: float = 1.0e-6,
    nstart: Mapping[Node, float] | None = None,
    normalized: bool = True,
    weight: str | None = None,
) -> dict[Node, float]:
    """All walks that end at a node, each weighing `beta` of its start and `alpha` for each step.

    Solves `x = alpha * A.T @ x + beta` by iteration; start vector, norm and stopping rule are
    networkx's, as for `eigenvector_centrality`. It converges while `alpha` is less than 1 by the
    largest eigenvalue. A step is linear in edges. The same bits for any number of threads.

    Raises
    ------
    networkx.PowerIterationFailedConvergence
        After `max_iter` steps; the message has the last change.
    networkx.NetworkXError
        When `beta` is a mapping that does not have every node.

    References
    ----------
    .. [1] L. Katz, A New Status Index Derived from Sociometric Analysis, Psychometrika 18 (1953).
       https://doi.org/10.1007/BF02289026
    """
    if len(G) == 0:
        return {}
    given = _given(G, beta)
    nodes = G.node_list if nstart is None else list(nstart)
    x = np.zeros(len(G))
    if nstart is not None:
        x = np.array([nstart[node] for node in G.node_list], np.float64)
    weights = _weights(G, weight)
    progress, change = current(), np.inf
    state = progress.begin(max_iter)
    for step in range(max_iter):
        last = x
        x = alpha * power.product(G.into.indptr, G.into.indices, weights, last) + given
        change = float(np.abs(x - last).sum())
        if change < len(G) * tol:
            length = _length(x) if normalized else 0
            return _in_order(G.by_node(x * (1 / length) if length else x), nodes)
        state[0] = step + 1
        progress.check()
    raise not_converged(max_iter, change, len(G) * tol)


def _given(G: Graph, beta: float | Mapping[Node, float]) -> np.ndarray:
    try:
        return np.full(len(G), float(beta))  # type: ignore[arg-type]
    except (TypeError, ValueError, AttributeError) as error:
        by_node: Mapping[Node, float] = beta  # type: ignore[assignment]
        if set(by_node) != set(G):
            message = "beta dictionary must have a value for every node"
            raise nx.NetworkXError(message) from error
        return np.array([by_node[node] for node in G.node_list], np.float64)


def _weights(G: Graph, weight: str | None) -> np.ndarray:
    values = G.into_values(weight)
    return power.NO_WEIGHTS if values is None else values.astype(np.float64)


def _length(x: np.ndarray) -> float:
    # Not by BLAS, whose sums depend on its number of threads.
    return float(np.sqrt(np.square(x).sum()))


def _in_order(values: dict[Node, float], nodes: list[Node]) -> dict[Node, float]:
    return values if list(values) == nodes else {node: values[node] for node in nodes}
