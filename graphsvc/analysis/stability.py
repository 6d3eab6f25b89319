"""How far a ranking can be trusted: ranks over resampled documents, and before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import networkx as nx
import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.network import Network
from graphsvc.analysis.progress import current
from graphsvc.analysis.ranking import ROUNDING, Tolerance, levels, ranks
from graphsvc.analysis.table import Remark, Table

Score = Callable[[Graph], Mapping[Any, float]]
"""A measure of nodes, as networkx's functions are: `networkx.pagerank`, say."""

Unit = Literal["document", "fact"]
"""What is drawn: a document with the facts that it states, or a fact alone."""

FEW_DOCUMENTS = 20
"""With fewer units, documents as a rule, there is no interval: its coverage is not known."""

FEW_FACTS = 100
"""With fewer facts a warning is given."""

_MOST_LEFT_OUT = 0.05
"""Resamples on which a measure is not defined are no random choice: more leave no interval."""


def rank_stability(
    network: Network,
    score: Score,
    *,
    resample: Unit = "document",
    fraction: float = 1.0,
    resamples: int = 1_000,
    level: float = 0.95,
    top: int = 10,
    seed: int = 0,
    tolerance: Tolerance = ROUNDING,
) -> Table:
    """A resampling interval for each node's rank, by drawing the documents again and again.

    Each resample draws documents with replacement; every fact of a document comes with it, as often
    as it was drawn, and nodes stay. A fact that several documents state goes with the first that
    its evidence names, so that each fact is drawn with one; a fact without a document is drawn
    alone. The measure is computed anew on each resample, and nodes are ranked.

    The interval is not made of these ranks, whose percentiles cover too little. It says how many
    nodes are above a node for certain and how many below [1]_: for the differences of its value
    from those of all others, each divided by its standard deviation over the resamples, a number c
    is found that the largest deviation from the difference in all facts does not exceed in `level`
    of the resamples; what differs by more than c standard deviations is above or below for certain.
    docs/analysis.md has how often such intervals cover, found by benchmarks/rank_coverage.py.

    It says how much of a rank rests on which documents happen to be known; it does not know what
    nobody has written down.

    Parameters
    ----------
    resample
        `fact` draws facts one by one: only where they are independent of each other.
    fraction
        A resample has so many of as many documents (or facts) as there are: m out of n. Deviations
        are scaled to n by the square root of m / n.
    level
        At least the share of samples of documents whose interval would hold a node's rank among
        all documents that there might be.
    top
        `in_top` is the share of the resamples in which a node is among so many of the first.
    seed
        Of numpy's PCG64. The same seed gives the same intervals.
    tolerance
        That of the measure: values within it are equal, and share a rank.

    Returns
    -------
    Table
        `node`, `value` and `rank` from all facts, `rank_low` and `rank_high` of the interval,
        `rank_median` of the resamples, `in_top`, and `rank_holds`, the share of the resamples in
        which the rank is the same; by rank. There is no interval (NaN) with fewer than
        `FEW_DOCUMENTS` documents, or facts where these are drawn, or where the measure is not
        defined on more than a twentieth of the resamples. Resamples on which it is not defined, or
        does not converge, are left out and counted.

    Raises
    ------
    networkx.NetworkXException, ZeroDivisionError
        When the measure is not defined on the network, or on no resample.

    Notes
    -----
    Besides the measure, time is resamples times the square of the nodes.

    References
    ----------
    .. [1] M. Mogstad, J. Romano, A. Shaikh, D. Wilhelm, Inference for Ranks with Applications to
       Mobility across Neighbourhoods and Academic Achievement across Countries, Review of Economic
       Studies 91 (2024). https://doi.org/10.1093/restud/rdad006
    .. [2] M. Xie, K. Singh, C.-H. Zhang, Confidence Intervals for Population Ranks in the Presence
       of Ties and Near Ties, J. of the American Statistical Association 104 (2009): why percentiles
       of ranks do not cover. https://doi.org/10.1198/jasa.2009.0142
    """
    unit_of_fact = network.edges.units(documents=resample == "document")
    units = int(unit_of_fact.max(initial=-1)) + 1
    documents = int(network.edges.units(documents=True).max(initial=-1)) + 1
    values = _values(score, network.graph)
    drawn, left_out = _resampled(
        network, score, unit_of_fact, max(1, round(fraction * units)), resamples, seed
    )
    found = np.array([ranks(each, tolerance) for each in drawn])
    rank = ranks(values, tolerance)
    size = np.sqrt(max(1, round(fraction * units)) / max(units, 1))
    if units < FEW_DOCUMENTS or left_out > _MOST_LEFT_OUT * resamples:
        low = high = np.full(values.size, np.nan)
    else:
        low, high = _intervals(values, drawn, size, level, tolerance)
    order = np.argsort(rank, kind="stable")
    nodes = network.graph.node_list
    counts = {
        "documents": documents,
        "facts": unit_of_fact.size,
        "resamples": resamples,
        "resamples_left_out": left_out,
    }
    return Table(
        {
            "node": [str(nodes[position]) for position in order.tolist()],
            "value": values[order],
            "rank": rank[order],
            "rank_low": low[order],
            "rank_median": np.quantile(found, 0.5, axis=0, method="nearest")[order],
            "rank_high": high[order],
            "in_top": (found <= top).mean(axis=0)[order],
            "rank_holds": (found == rank).mean(axis=0)[order],
        },
        counts=counts,
        remarks=_remarks(counts, resample, units),
    )


def _resampled(
    network: Network,
    score: Score,
    unit_of_fact: np.ndarray,
    size: int,
    resamples: int,
    seed: int,
) -> tuple[np.ndarray, int]:
    """The values on each resample of so many units, a row each, and how many have none."""
    random = np.random.default_rng(seed)
    units = int(unit_of_fact.max(initial=-1)) + 1
    found: list[np.ndarray] = []
    failure: Exception | None = None
    for _ in current().steps(resamples):
        times = np.bincount(random.integers(0, units, size), minlength=units)[unit_of_fact]
        if size < units:
            times = times * (units / size)  # sums stay what they are on the whole
        try:
            found.append(_values(score, network.with_facts(times)))
        except (nx.NetworkXException, ZeroDivisionError) as error:
            failure = error
    if not found and failure is not None:
        raise failure
    return np.array(found), resamples - len(found)


def _intervals(
    values: np.ndarray, drawn: np.ndarray, scale: float, level: float, tolerance: Tolerance
) -> tuple[np.ndarray, np.ndarray]:
    """For each node, one more than how many are above it for certain, and how many are not below.

    A difference that is always the same but for rounding is certain; one that is not defined on
    some resample never is.
    """
    equal = levels(values, tolerance)
    rounding = max(*tolerance, *ROUNDING) * np.abs(values[np.isfinite(values)]).max(initial=0)
    low, high = np.ones(values.size), np.full(values.size, float(values.size))
    with np.errstate(invalid="ignore"):
        deviations = (drawn - values) * scale
        for node in current().steps(values.size):
            difference = values - values[node]
            apart = np.abs(deviations - deviations[:, node, None])
            spread = np.sqrt(np.square(apart).mean(axis=0))
            varies = spread > rounding
            c = np.quantile((apart[:, varies] / spread[varies]).max(axis=1, initial=0), level)
            differs = (np.abs(difference) > c * spread) & (equal != equal[node])
            low[node] += np.count_nonzero(differs & (difference > 0))
            high[node] -= np.count_nonzero(differs & (difference < 0))
    return low, high


def _remarks(counts: dict[str, int], resample: Unit, units: int) -> tuple[Remark, ...]:
    found = []
    documents, facts = counts["documents"], counts["facts"]
    if documents < FEW_DOCUMENTS or facts < FEW_FACTS:
        found.append(
            Remark(
                f"Few documents bear this ranking: {documents:,} with {facts:,} facts. Below"
                f" {FEW_DOCUMENTS} documents or {FEW_FACTS} facts ranks are hardly certain.",
                f"이 순위의 근거가 적습니다: 문서 {documents:,}건, 사실 {facts:,}건."
                f" 문서 {FEW_DOCUMENTS}건 또는 사실 {FEW_FACTS}건에 못 미치면"
                " 순위를 믿기 어렵습니다.",
            )
        )
    if units < FEW_DOCUMENTS:
        found.append(
            Remark(
                f"No resampling interval is given below {FEW_DOCUMENTS} {resample}s: it would hold"
                " too little. rank_holds says in what share of the resamples a rank stays.",
                f"재표집 단위가 {FEW_DOCUMENTS}개 미만이면 포함률을 보장할 수 없어 재표집 구간을"
                " 내지 않습니다. rank_holds는 순위가 그대로인 재표본의 비율입니다.",
            )
        )
    if resample == "fact" and documents < facts:
        found.append(
            Remark(
                "Facts were drawn one by one, although several come from one document:"
                " intervals may be too narrow. Draw documents (resample=document).",
                "여러 사실이 한 문서에서 나왔는데 사실을 하나씩 뽑았습니다. 구간이 너무"
                " 좁을 수 있습니다. 문서를 뽑으십시오(resample=document).",
            )
        )
    if left_out := counts["resamples_left_out"]:
        without = left_out > _MOST_LEFT_OUT * counts["resamples"]
        found.append(
            Remark(
                f"{left_out:,} of {counts['resamples']:,} resamples were left out: the measure did"
                " not converge or is not defined on them."
                + (" So many that no interval is given." if without else ""),
                f"재표본 {counts['resamples']:,}개 가운데 {left_out:,}개는 측도가 수렴하지 않거나"
                " 정의되지 않아 뺐습니다."
                + (" 너무 많아 구간을 내지 않습니다." if without else ""),
            )
        )
    return tuple(found)


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
