"""How far a ranking can be trusted: ranks over resampled facts, and ranks before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.network import Network
from graphsvc.analysis.progress import current
from graphsvc.analysis.ranking import ROUNDING, Tolerance, levels, ranks
from graphsvc.analysis.table import Table

Score = Callable[[Graph], Mapping[Any, float]]
"""A measure of nodes, as networkx's functions are: `networkx.pagerank`, say."""


def rank_stability(
    network: Network,
    score: Score,
    *,
    resamples: int = 1_000,
    level: float = 0.95,
    top: int = 10,
    seed: int = 0,
    tolerance: Tolerance = ROUNDING,
) -> Table:
    """An interval for each node's rank, by drawing the facts again and again (the bootstrap).

    Each resample draws as many facts as there are, with replacement; all relationships that a
    fact states come with it, as often as it was drawn, and nodes stay. The measure is computed
    anew on each, and nodes are ranked. So the interval says how much of a rank rests on which
    facts happen to be known; it does not know what nobody has written down.

    Parameters
    ----------
    level
        Share of the resamples that the interval holds, by percentiles.
    top
        `in_top` is the share of the resamples in which a node is among so many of the first.
    seed
        Of numpy's PCG64. The same seed gives the same intervals.
    tolerance
        That of the measure: values within it are equal, and share a rank.

    Returns
    -------
    Table
        `node`, `value` and `rank` from all facts, `rank_low`, `rank_median` and `rank_high` of the
        resamples, `in_top`; by rank.

    References
    ----------
    .. [1] B. Efron, Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7
       (1979).
    .. [2] T. Snijders, S. Borgatti, Non-Parametric Standard Errors and Tests for Network
       Statistics, Connections 22 (1999).
    """
    random = np.random.default_rng(seed)
    facts = len(network.edges.facts)
    values = _values(score, network.graph)
    found = np.empty((resamples, values.size))
    for sample in current().steps(resamples):
        times = np.bincount(random.integers(0, facts, facts), minlength=facts)
        found[sample] = ranks(_values(score, network.with_facts(times)), tolerance)
    low, median, high = np.quantile(
        found, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0, method="nearest"
    )
    rank = ranks(values, tolerance)
    order = np.argsort(rank, kind="stable")
    nodes = network.graph.node_list
    return Table(
        {
            "node": [str(nodes[position]) for position in order.tolist()],
            "value": values[order],
            "rank": rank[order],
            "rank_low": low[order],
            "rank_median": median[order],
            "rank_high": high[order],
            "in_top": (found <= top).mean(axis=0)[order],
        }
    )


def rank_change(
    before: Network, after: Network, score: Score, *, tolerance: Tolerance = ROUNDING
) -> Table:
    """What a measure says of each node in two states of the network, two days' say.

    Values within the tolerance, which is that of the measure, are equal: they share a rank, and
    differences within it come in the order of ids.

    Returns
    -------
    Table
        `node`, `before`, `after`, `difference`, `rank_before`, `rank_after`; largest difference
        first. A node that one of the two does not have is NaN there, and has no rank.
    """
    sides = []
    nodes = sorted({str(node) for network in (before, after) for node in network.graph.node_list})
    for network in (before, after):
        values = _values(score, network.graph)
        places = dict(zip(map(str, network.graph.node_list), range(values.size), strict=True))
        here = np.array([places.get(node, -1) for node in nodes], np.int64)
        known = here >= 0
        for column in (values, ranks(values, tolerance)):
            side = np.full(len(nodes), np.nan)
            side[known] = column[here[known]]
            sides.append(side)
    value_before, rank_before, value_after, rank_after = sides
    difference = value_after - value_before
    largest = np.fmax.reduce(np.abs([*value_before, *value_after]), initial=0)
    order = np.argsort(levels(np.abs(difference), tolerance, largest), kind="stable")
    return Table(
        {
            "node": [nodes[position] for position in order.tolist()],
            "before": value_before[order],
            "after": value_after[order],
            "difference": difference[order],
            "rank_before": rank_before[order],
            "rank_after": rank_after[order],
        }
    )


def _values(score: Score, graph: Graph) -> np.ndarray:
    found = score(graph)
    return np.array([found[node] for node in graph.node_list], np.float64)
