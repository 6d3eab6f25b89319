"""Which nodes belong together: the methods of Louvain and Leiden, and modularity."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import networkx as nx
import numpy as np
from networkx.algorithms.community.quality import NotAPartition
from networkx.utils import create_py_random_state

from graphsvc.analysis.adjacency import Adjacency, merged_rows
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.kernels import communities as kernels
from graphsvc.analysis.leiden import leiden
from graphsvc.analysis.progress import current
from graphsvc.analysis.registry import dispatched

Communities = list[set[Node]]
_THRESHOLD = 0.0000001
_EXPONENTS = 400
"""Of two: the largest weight is within 2^-400 and 2^400, so that squares of sums are finite."""
_FEW_NODES = 1_000
"""As many networkx's own passes are made for; a pass more costs nobody anything."""


@dispatched()
def louvain_communities(
    G: Graph,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = _THRESHOLD,
    max_level: int | None = None,
    seed: Any = None,
) -> Communities:
    """Communities of high modularity by the Louvain method, the same for the same seed.

    Of up to 1,000 nodes, with another `threshold`, a `max_level` or negative weights: the last of
    `louvain_partitions`, which are networkx's own for the seed. Of larger graphs nodes are looked
    at again only after a neighbour has moved, and once more on the way back from the last level,
    which takes less time and finds more modularity: communities differ from networkx's there. A
    look at a node is linear in its edges; a few looks at each are made.

    References
    ----------
    .. [1] V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, Fast Unfolding of Communities
       in Large Networks, J. of Statistical Mechanics (2008).
       https://doi.org/10.1088/1742-5468/2008/10/P10008
    .. [2] N. Ozaki, H. Tezuka, M. Inaba, A Simple Acceleration Method for the Louvain Algorithm,
       Int. J. of Computer and Electrical Engineering 8 (2016).
    .. [3] R. Rotta, A. Noack, Multilevel Local Search Algorithms for Modularity Clustering, ACM J.
       of Experimental Algorithmics 16 (2011). https://doi.org/10.1145/1963190.1970376
    """
    if max_level is not None and max_level <= 0:
        raise ValueError("max_level argument must be a positive integer or None")
    as_it_comes = threshold == _THRESHOLD and max_level is None
    if as_it_comes and len(G) > _FEW_NODES and _is_plain(G, _weights(G, weight)):
        return _sets(G, _refined(_Level.of(G, weight), resolution, create_py_random_state(seed)))
    partitions = louvain_partitions(G, weight, resolution, threshold, seed)
    return deque(islice(partitions, max_level), maxlen=1).pop()


def _is_plain(G: Graph, weights: np.ndarray | None) -> bool:
    """Whether there are edges, none weighs less than nothing, and all weigh a finite sum."""
    if not G.out.entries:
        return False
    return weights is None or bool((weights >= 0).all() and 0 < weights.sum() < np.inf)


def _weights(G: Graph, weight: str | None) -> np.ndarray | None:
    """What each edge weighs, times a power of two where a sum's square would be out of range.

    Modularity is the same at any scale. So are the bits, which such a factor does not change.
    """
    values = G.values(weight)
    if values is None:
        return None
    weights = values.astype(np.float64)
    exponent = int(np.frexp(np.abs(weights).max(initial=0))[1])
    return weights if abs(exponent) <= _EXPONENTS else np.ldexp(weights, -exponent)


@dispatched()
def louvain_partitions(
    G: Graph,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = _THRESHOLD,
    seed: Any = None,
) -> Iterator[Communities]:
    """The partition after each level of the Louvain method: networkx's own for the same seed.

    Nodes are tried in the order that the seed shuffles them into, communities as they are met, and
    the first of equal gains wins, as in networkx. (Where sums of weights are not whole numbers, the
    last digit may tell equal gains apart in another way.) A pass over all nodes is linear in edges;
    passes are made until no node moves. Nodes whose gains are rounding may move in circles, in
    networkx for ever; here a move has to gain more and more after 64 passes, so that it ends.

    References
    ----------
    .. [1] V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, Fast Unfolding of Communities
       in Large Networks, J. of Statistical Mechanics (2008).
       https://doi.org/10.1088/1742-5468/2008/10/P10008
    .. [2] N. Dugue, A. Perez, Directed Louvain: Maximizing Modularity in Directed Networks, 2015.
    """
    labels = np.arange(len(G))
    if not G.out.entries:
        yield _sets(G, labels)
        return
    random = create_py_random_state(seed)
    level = _Level.of(G, weight)
    last = _modularity(level, np.arange(level.nodes), resolution)
    places, moved = _one_level(level, resolution, random)[0], True
    while moved:
        labels = places[labels]
        yield _sets(G, labels)
        now = _modularity(level, places, resolution)
        if now - last <= threshold:
            return
        last, level = now, level.merged(places)
        places, moved = _one_level(level, resolution, random)


@dispatched()
def leiden_communities(
    G: Graph,
    weight: str | None = "weight",
    resolution: float = 1,
    max_level: int | None = None,
    seed: Any = None,
) -> Communities:
    """Well-connected communities of high modularity by the Leiden method, by networkit.

    `max_level` is how often the whole is repeated, three times by default. networkx has the
    signature and leaves the method to others. The same for the same seed: one thread.

    Raises
    ------
    graphsvc.errors.InvalidInputError
        When networkit is not installed (`pip install graphsvc[analysis]`).
    networkx.NetworkXError
        When a weight is negative or no finite number, or all are 0.

    References
    ----------
    .. [1] V. A. Traag, L. Waltman, N. J. van Eck, From Louvain to Leiden: Guaranteeing
       Well-Connected Communities, Scientific Reports 9 (2019).
       https://doi.org/10.1038/s41598-019-41695-z
    """
    if max_level is not None and max_level <= 0:
        raise ValueError("max_level argument must be a positive integer or None")
    if G.directed:
        raise nx.NetworkXNotImplemented("not implemented for directed type")
    if not G.out.entries:
        return [{node} for node in G]
    weights = _weights(G, weight)
    if not _is_plain(G, weights):
        raise nx.NetworkXError(
            "The Leiden method needs weights that are finite and not negative, one above 0."
        )
    random = create_py_random_state(seed)
    return _sets(G, leiden(G, weights, resolution, max_level or 3, random))


@dispatched()
def modularity(
    G: Graph,
    communities: Iterable[Iterable[Node]],
    weight: str | None = "weight",
    resolution: float = 1,
) -> float:
    """How many edges stay inside communities, beyond what degrees alone would have; linear.

    Raises
    ------
    networkx.algorithms.community.quality.NotAPartition
        When a node is in no community, or in more than one.
    ZeroDivisionError
        When no edge weighs anything.

    References
    ----------
    .. [1] M. E. J. Newman, Networks: An Introduction, 2010, page 224.
    .. [2] A. Clauset, M. E. J. Newman, C. Moore, Finding Community Structure in Very Large
       Networks, Physical Review E 70 (2004). https://doi.org/10.1103/PhysRevE.70.066111
    """
    parts = (
        [set(part) for part in communities] if not isinstance(communities, list) else communities
    )
    index = G.index
    known = [index[node] for part in parts for node in part if node in index]
    if not len(G) == len(set(known)) == sum(len(part) for part in parts):
        raise NotAPartition(G, parts)
    labels = np.empty(len(G), np.int64)
    labels[known] = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return _modularity(_Level.of(G, weight), labels, resolution)


@dataclass(frozen=True)
class _Level:
    """A graph whose nodes may be communities; its edges in networkx's order, each once.

    `rows` has the neighbours of each node both ways, in the order in which edges were given, and
    `both` what their edges weigh.
    """

    nodes: int
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    rows: Adjacency
    both: np.ndarray
    directed: bool

    @classmethod
    def of(cls, G: Graph, weight: str | None) -> _Level:
        kept = np.arange(G.out.entries) if G.directed else G.out.each_once
        values = _weights(G, weight)
        weights = np.ones(kept.size) if values is None else values[kept]
        ends = G.out.sources[kept], G.out.indices[kept]
        return cls.of_edges(*ends, weights, len(G), directed=G.directed)

    @classmethod
    def of_edges(
        cls, source: np.ndarray, target: np.ndarray, weight: np.ndarray, n: int, *, directed: bool
    ) -> _Level:
        """From edges that may be parallel: their weights are added up."""
        merged = merged_rows(source, target, n, directed=directed)
        rows, weights = merged.adjacency, merged.values(weight)
        if not directed:
            kept = rows.each_once
            ends = rows.sources[kept], rows.indices[kept]
            return cls(n, *ends, weights[kept], rows, weights, directed)
        one_way = np.concatenate((source, target)), np.concatenate((target, source))
        either = merged_rows(*one_way, n, directed=True)
        both = either.values(np.concatenate((weight, weight)))
        return cls(n, rows.sources, rows.indices, weights, either.adjacency, both, directed)

    @property
    def degrees(self) -> tuple[np.ndarray, np.ndarray]:
        """Outward and inward; both the degree, loops twice, where edges have no direction."""
        outward = np.bincount(self.source, self.weight, self.nodes)
        inward = np.bincount(self.target, self.weight, self.nodes)
        return (outward, inward) if self.directed else (outward + inward, outward + inward)

    def merged(self, places: np.ndarray) -> _Level:
        """The graph of these communities."""
        source, target = (places[ends].astype(np.int32) for ends in (self.source, self.target))
        nodes = int(places.max()) + 1
        return _Level.of_edges(source, target, self.weight, nodes, directed=self.directed)


def _one_level(level: _Level, resolution: float, random: Any) -> tuple[np.ndarray, bool]:
    """The community of each node, numbered without gaps, and whether any node moved."""
    rows, (outward, inward) = level.rows, level.degrees
    progress = current()
    found, moved = kernels.moved(
        *(rows.indptr, rows.indices, level.both, _order(level, random), outward, inward),
        *(float(level.weight.sum()), _resolution(level, resolution), progress.begin(1)),
    )
    progress.check()
    return np.unique(found, return_inverse=True)[1], bool(moved)


def _order(level: _Level, random: Any) -> np.ndarray:
    """All nodes as networkx shuffles them."""
    order = list(range(level.nodes))
    random.shuffle(order)
    return np.array(order, np.int32)


def _refined(level: _Level, resolution: float, random: Any) -> np.ndarray:
    """The community of each node: levels upward by settling, and settled again on the way back."""
    alone = np.arange(level.nodes, dtype=np.int32)
    found, moved = _settled(level, alone, resolution, random)
    if not moved:
        return found
    above = _refined(level.merged(found), resolution, random)
    return _settled(level, above[found].astype(np.int32), resolution, random)[0]


def _settled(
    level: _Level, community: np.ndarray, resolution: float, random: Any
) -> tuple[np.ndarray, bool]:
    """Communities after nodes have moved from these, numbered without gaps, and if any did."""
    rows, progress = level.rows, current()
    moved = kernels.settled(
        *(rows.indptr, rows.indices, level.both, _order(level, random), community),
        *(np.stack(level.degrees, axis=1), float(level.weight.sum())),
        *(_resolution(level, resolution), progress.begin(level.nodes)),
    )
    progress.check()
    return np.unique(community, return_inverse=True)[1], bool(moved)


def _resolution(level: _Level, resolution: float) -> float:
    """As the kernels take it: where edges have no direction both degrees are the whole degree."""
    # networkx counts a product of degrees once for an edge without direction, and by 2 m^2.
    return float(resolution) / (1 if level.directed else 4)


def _modularity(level: _Level, labels: np.ndarray, resolution: float) -> float:
    outward, inward = level.degrees
    total = float(outward.sum())
    if total == 0:
        raise ZeroDivisionError("No edge weighs anything.")
    from_, to = labels[level.source], labels[level.target]
    inside = np.bincount(from_[from_ == to], level.weight[from_ == to])
    out, in_ = np.bincount(labels, outward), np.bincount(labels, inward)
    weight = total if level.directed else total / 2
    return float(inside.sum() / weight - resolution * (out * in_).sum() / total**2)


def _sets(G: Graph, labels: np.ndarray) -> Communities:
    order = np.argsort(labels, kind="stable")
    nodes = G.node_list
    named = [nodes[position] for position in order.tolist()]
    bounds = np.flatnonzero(np.diff(labels[order], prepend=-1, append=-2)).tolist()
    return [set(named[low:high]) for low, high in pairwise(bounds)]
