"""Whether like is tied to like: the correlation of degrees or attributes along edges."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np

from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.registry import dispatched


@dispatched()
def degree_assortativity_coefficient(
    G: Graph,
    x: str = "out",
    y: str = "in",
    weight: str | None = None,
    nodes: Iterable[Node] | None = None,
) -> float:
    """Newman's coefficient of degree: the correlation of the degrees at both ends of edges.

    Of directed graphs, the `x` degree of sources and the `y` degree of targets; an undirected edge
    counts both ways, a loop once. NaN where degrees do not vary. Linear in edges.

    References
    ----------
    .. [1] M. E. J. Newman, Mixing Patterns in Networks, Physical Review E 67 (2003).
       https://doi.org/10.1103/PhysRevE.67.026126
    """
    return _correlation(*_degrees_of_ends(G, x, y, weight, nodes))


@dispatched()
def degree_pearson_correlation_coefficient(
    G: Graph,
    x: str = "out",
    y: str = "in",
    weight: str | None = None,
    nodes: Iterable[Node] | None = None,
) -> float:
    """The same as `degree_assortativity_coefficient`, and as in networkx an error for no edges.

    Raises
    ------
    ValueError
        When there are fewer than two ends to correlate.
    """
    of_sources, of_targets = _degrees_of_ends(G, x, y, weight, nodes)
    if of_sources.size < 2:
        raise ValueError("There are fewer than two pairs of degrees to correlate.")
    if not np.ptp(of_sources) or not np.ptp(of_targets):
        return float("nan")
    found = _correlation(of_sources, of_targets)
    return max(-1.0, min(1.0, found)) if found == found else found


@dispatched()
def attribute_assortativity_coefficient(
    G: Graph, attribute: str, nodes: Iterable[Node] | None = None
) -> float:
    """Newman's coefficient of a category: how many edges stay inside one, beyond chance.

    A node without the attribute is of the category None. With `nodes`, of the edges that leave
    these. Linear in edges.

    References
    ----------
    .. [1] M. E. J. Newman, Mixing Patterns in Networks, Physical Review E 67 (2003).
       https://doi.org/10.1103/PhysRevE.67.026126
    """
    numbers: dict[Hashable, int] = {}
    values = [value for _, value in G.nodes(data=attribute)]
    category = np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)
    chosen = _among(G, nodes)[G.out.sources]
    sources, targets = G.out.sources[chosen], G.out.indices[chosen]
    if not sources.size:
        return 0.0
    from_, to = category[sources], category[targets]
    shares = [np.bincount(side, minlength=len(numbers)) / sources.size for side in (from_, to)]
    chance = float((shares[0] * shares[1]).sum())
    inside = np.count_nonzero(from_ == to) / sources.size
    return float("nan") if chance == 1 else float((inside - chance) / (1 - chance))


@dispatched()
def numeric_assortativity_coefficient(
    G: Graph, attribute: str, nodes: Iterable[Node] | None = None
) -> float:
    """Newman's coefficient of a number that nodes have: its correlation along edges.

    NaN where it does not vary. Linear in edges.

    Raises
    ------
    KeyError
        When a node does not have the attribute, or is not there.

    References
    ----------
    .. [1] M. E. J. Newman, Mixing Patterns in Networks, Physical Review E 67 (2003).
       https://doi.org/10.1103/PhysRevE.67.026126
    """
    chosen = list(G) if nodes is None else list(nodes)
    column = [value for _, value in G.nodes(data=attribute)]
    for node in chosen:
        if column[G.index[node]] is None:
            raise KeyError(attribute)
    # As in networkx, a target need not be chosen, but must have the number of one that is.
    taken = {column[G.index[node]] for node in chosen}
    numbers = np.array([_number(value) if value in taken else np.nan for value in column])
    kept = _among(G, chosen)[G.out.sources] & ~np.isnan(numbers[G.out.indices])
    return _correlation(numbers[G.out.sources[kept]], numbers[G.out.indices[kept]])


def _number(value: Any) -> float:
    if not isinstance(value, (bool, int, float, np.number)):
        raise TypeError(f"{value!r} is not a number.")
    return float(value)


def _degrees_of_ends(
    G: Graph, x: str, y: str, weight: str | None, nodes: Iterable[Node] | None
) -> tuple[np.ndarray, np.ndarray]:
    ways = {"in": G.in_degree, "out": G.out_degree}
    of_source, of_target = (ways[x], ways[y]) if G.directed else (G.degree, G.degree)
    sources, targets = _ends(G, nodes)
    return (
        of_source(weight=weight).array[sources].astype(np.float64),
        of_target(weight=weight).array[targets].astype(np.float64),
    )


def _ends(G: Graph, nodes: Iterable[Node] | None) -> tuple[np.ndarray, np.ndarray]:
    """Source and target of each entry whose ends are both among these nodes."""
    chosen = _among(G, nodes)
    kept = chosen[G.out.sources] & chosen[G.out.indices]
    return G.out.sources[kept], G.out.indices[kept]


def _among(G: Graph, nodes: Iterable[Node] | None) -> np.ndarray:
    chosen = np.full(len(G), nodes is None)
    if nodes is not None:
        chosen[[G.index[node] for node in set(nodes) if node in G]] = True
    return chosen


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Pearson's, about the means; NaN where one side does not vary."""
    if not x.size or not np.ptp(x) or not np.ptp(y):
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))
