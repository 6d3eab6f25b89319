"""Which edges are to be expected: what pairs of nodes have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import networkx as nx
import numpy as np

from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import prediction as kernels
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched

Pair = tuple[Node, Node]
Scored = Iterator[tuple[Node, Node, float]]
_BATCH = 1 << 14


@dispatched()
def jaccard_coefficient(G: Graph, ebunch: Iterable[Pair] | None = None) -> Scored:
    """The share of the neighbours of either node that both have; 0 where they have none.

    For pairs of `ebunch`, or all that have no edge, in networkx's order. Linear in the degrees of
    each pair.

    Raises
    ------
    networkx.NodeNotFound
        When a node is not there.

    References
    ----------
    .. [1] D. Liben-Nowell, J. Kleinberg, The Link-Prediction Problem for Social Networks, J. of the
       American Society for Information Science and Technology 58 (2007).
    """

    def scores(sources: np.ndarray, targets: np.ndarray) -> list[float]:
        shared, _, either = _in_common(G, sources, targets, np.zeros(len(G)))
        return [a / b if b else 0 for a, b in zip(shared, either, strict=True)]

    return _scored(G, ebunch, scores)


@dispatched()
def resource_allocation_index(G: Graph, ebunch: Iterable[Pair] | None = None) -> Scored:
    """Neighbours in common, each worth 1 by its degree; pairs as for `jaccard_coefficient`.

    References
    ----------
    .. [1] T. Zhou, L. Lu, Y.-C. Zhang, Predicting Missing Links via Local Information, European
       Physical J. B 71 (2009). https://doi.org/10.1140/epjb/e2009-00335-8
    """
    return _by_worth(G, ebunch, G.degree.array.astype(np.float64))


@dispatched()
def adamic_adar_index(G: Graph, ebunch: Iterable[Pair] | None = None) -> Scored:
    """Neighbours in common, each worth 1 by the logarithm of its degree.

    Pairs as for `jaccard_coefficient`.

    Raises
    ------
    ZeroDivisionError
        When a neighbour in common has degree 1, which takes a pair of a node with itself.

    References
    ----------
    .. [1] L. A. Adamic, E. Adar, Friends and Neighbors on the Web, Social Networks 25 (2003).
       https://doi.org/10.1016/S0378-8733(03)00009-1
    """
    return _by_worth(G, ebunch, np.log(np.maximum(G.degree.array, 1)))


@dispatched()
def preferential_attachment(G: Graph, ebunch: Iterable[Pair] | None = None) -> Scored:
    """The product of both degrees; pairs as for `jaccard_coefficient`.

    References
    ----------
    .. [1] A.-L. Barabasi, R. Albert, Emergence of Scaling in Random Networks, Science 286 (1999).
    """
    degree = G.degree.array

    def scores(sources: np.ndarray, targets: np.ndarray) -> list[float]:
        found: list[float] = (degree[sources] * degree[targets]).tolist()
        return found

    return _scored(G, ebunch, scores)


@dispatched()
def common_neighbor_centrality(
    G: Graph, ebunch: Iterable[Pair] | None = None, alpha: float = 0.8
) -> Scored:
    """Neighbours in common, and how near the nodes are: `alpha` of the one, the rest of the other.

    Pairs as for `jaccard_coefficient`; a breadth-first search for each first node, unless `alpha`
    is 1.

    Raises
    ------
    networkx.NetworkXAlgorithmError
        When a pair is a node with itself.

    References
    ----------
    .. [1] I. Ahmad, M. U. Akhtar, S. Noor, A. Shahnaz, Missing Link Prediction using Common
       Neighbor and Centrality based Parameterized Algorithm, Scientific Reports 10 (2020).
       https://doi.org/10.1038/s41598-019-57304-y
    """

    def scores(sources: np.ndarray, targets: np.ndarray) -> list[float]:
        if (sources == targets).any():
            raise nx.NetworkXAlgorithmError("Self loops are not supported")
        shared, _, _ = _in_common(G, sources, targets, np.zeros(len(G)))
        if alpha == 1:
            return [*shared]
        near = [len(G) / steps if steps > 0 else 0.0 for steps in _steps(G, sources, targets)]
        return [alpha * a + (1 - alpha) * b for a, b in zip(shared, near, strict=True)]

    return _scored(G, ebunch, scores)


def _by_worth(G: Graph, ebunch: Iterable[Pair] | None, divisor: np.ndarray) -> Scored:
    with np.errstate(divide="ignore"):
        worth = 1 / divisor

    def scores(sources: np.ndarray, targets: np.ndarray) -> list[float]:
        shared, worths, _ = _in_common(G, sources, targets, worth)
        if not np.isfinite(worths).all():
            raise ZeroDivisionError("A neighbour in common has degree 1.")
        return [value if count else 0 for count, value in zip(shared, worths, strict=True)]

    return _scored(G, ebunch, scores)


def _in_common(
    G: Graph, sources: np.ndarray, targets: np.ndarray, worth: np.ndarray
) -> tuple[list[int], list[float], list[int]]:
    seen = np.full(len(G), -1, np.int32)
    found = kernels.in_common(G.out.indptr, G.out.indices, sources, targets, worth, seen)
    shared, worths, either = (part.tolist() for part in found)
    return shared, worths, either


def _steps(G: Graph, sources: np.ndarray, targets: np.ndarray) -> Iterator[int]:
    steps, queue = np.empty((2, len(G)), np.int32)
    last = -1
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        if source != last:
            kernels.steps_from(G.out.indptr, G.out.indices, source, steps, queue)
            last = source
        yield int(steps[target])


def _scored(
    G: Graph,
    ebunch: Iterable[Pair] | None,
    scores: Callable[[np.ndarray, np.ndarray], list[float]],
) -> Scored:
    """Batches of pairs; nodes are looked up at once where pairs were given, as networkx does."""
    if ebunch is None:
        return _in_batches(G, nx.non_edges(G), scores)
    pairs = [(source, target) for source, target in ebunch]
    G.positions(node for pair in pairs for node in pair)
    return _in_batches(G, iter(pairs), scores)


def _in_batches(
    G: Graph,
    pairs: Iterator[Pair],
    scores: Callable[[np.ndarray, np.ndarray], list[float]],
) -> Scored:
    while batch := list(islice(pairs, _BATCH)):
        current().check()
        ends = np.array([(G.index[a], G.index[b]) for a, b in batch], np.int32)
        found = scores(ends[:, 0], ends[:, 1])
        yield from ((*pair, score) for pair, score in zip(batch, found, strict=True))
