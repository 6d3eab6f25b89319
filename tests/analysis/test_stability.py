"""Ranks, their intervals over resampled facts, and their change."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import networkx as nx
import numpy as np
import pytest

from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.computing import compute
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.metric import Inputs
from graphsvc.analysis.network import Network
from graphsvc.analysis.progress import CancelledError, Progress
from graphsvc.analysis.result import Result, columns_of, difference
from graphsvc.analysis.stability import Unit, rank_change, rank_stability
from graphsvc.analysis.table import Table
from tests.analysis.networks import network

CLEAR = network(*(f"m{i} funds big -" for i in range(30)), "m0 funds small -")
"""Thirty of thirty-one facts bear the first rank; no document is known, so each stands alone."""


def by_articles(articles: int, each: int = 4) -> Network:
    """So many articles, each of which says of one thing alone that it was funded, many times."""
    return network(
        *(f"m{fact} funds r{article % 3} -" for article in range(articles) for fact in range(each)),
        documents=[article for article in range(articles) for _ in range(each)],
    )


def row(table: Table, node: str) -> dict[str, Any]:
    place = list(table.columns["node"]).index(node)
    return {name: values[place] for name, values in table.columns.items()}


def test_a_rank_that_many_facts_bear_has_a_narrow_interval() -> None:
    found = row(rank_stability(CLEAR, nx.in_degree_centrality, resamples=200, seed=1, top=1), "big")
    assert (found["rank"], found["rank_low"], found["rank_high"]) == (1, 1, 1)
    assert (found["in_top"], found["rank_holds"]) == (1, 1)


def test_a_rank_that_one_fact_bears_has_a_wide_interval() -> None:
    found = row(rank_stability(CLEAR, nx.in_degree_centrality, resamples=200, seed=1), "small")
    assert found["rank"] == 2
    assert found["rank_low"] == 2
    assert found["rank_high"] > 10
    # In about a third of the resamples its only fact is not drawn, and it ranks with all others.
    assert 0.5 < found["rank_holds"] < 0.8


def test_what_stands_alike_is_never_above_or_below_for_certain() -> None:
    ring = network(*(f"n{place:02} funds n{(place + 1) % 30:02} -" for place in range(30)))
    columns = rank_stability(ring, nx.pagerank, resamples=50).columns
    assert set(np.asarray(columns["rank_low"])) == {1}
    assert set(np.asarray(columns["rank_high"])) == {30}


@pytest.mark.parametrize("options", [{}, {"fraction": 0.5}, {"resample": "fact"}])
def test_the_same_seed_gives_the_same_numbers_and_another_does_not(options: dict[str, Any]) -> None:
    def numbers(seed: int) -> list[float]:
        table = rank_stability(by_articles(24), nx.pagerank, resamples=30, seed=seed, **options)
        return np.concatenate([table.columns["rank_holds"], table.columns["rank_high"]]).tolist()

    assert numbers(7) == numbers(7)
    assert numbers(7) != numbers(8)


class Drawn:
    """Notes how often each article was drawn, and ranks by nothing."""

    def __init__(self) -> None:
        self.weights: list[dict[tuple[str, str], float]] = []

    def __call__(self, graph: Graph) -> dict[Any, float]:
        self.weights.append({(a, b): weight for a, b, weight in graph.edges(data="weight")})
        return dict.fromkeys(graph.node_list, 1.0)


@pytest.mark.parametrize(
    ("options", "together"),
    [({}, True), ({"fraction": 0.5}, True), ({"resample": "fact"}, False)],
)
def test_the_facts_of_a_document_are_drawn_together(
    options: dict[str, Any], together: bool
) -> None:
    on = network(
        *(f"m{fact} funds r{article} -" for article in range(25) for fact in range(4)),
        documents=[article for article in range(25) for _ in range(4)],
    )
    drawn = Drawn()
    rank_stability(on, drawn, resamples=10, **options)
    for weights in drawn.weights[1:]:
        # With half of n each drawn article counts for 25 / 12.
        assert sum(weights.values()) == pytest.approx(100)
        of_article = [
            {weights.get((f"m{fact}", f"r{article}"), 0) for fact in range(4)}
            for article in range(25)
        ]
        assert all(len(times) == 1 for times in of_article) == together


def test_a_part_of_n_draws_as_many_documents() -> None:
    drawn = Drawn()
    rank_stability(CLEAR, drawn, resamples=50, fraction=0.1)
    # Three of thirty-one facts: no more edges than that, and each for 31 / 3.
    assert max(map(len, drawn.weights[1:])) == 3
    assert min(weight for weights in drawn.weights[1:] for weight in weights.values()) == 31 / 3


@pytest.mark.parametrize(
    ("on", "resample", "interval", "said"),
    [
        (by_articles(25), "document", True, []),
        (by_articles(24), "document", True, ["Few documents bear"]),
        (by_articles(19, 6), "document", False, ["Few documents bear", "No resampling interval"]),
        (by_articles(19, 6), "fact", True, ["Few documents bear", "one by one"]),
        (by_articles(4), "fact", False, ["Few", "No resampling interval", "one by one"]),
        (CLEAR, "document", True, ["Few documents bear"]),
    ],
    ids=["enough", "96 facts", "19 documents", "facts of 19", "16 facts", "none known"],
)
def test_few_documents_are_warned_of_and_have_no_interval(
    on: Network, resample: Unit, interval: bool, said: list[str]
) -> None:
    table = rank_stability(on, nx.pagerank, resamples=20, resample=resample)
    for name in ("rank_low", "rank_high"):
        assert np.isfinite(np.asarray(table.columns[name])).all() == interval
        assert np.isnan(np.asarray(table.columns[name])).all() == (not interval)
    assert np.isfinite(np.asarray(table.columns["rank_holds"])).all()
    assert len(table.remarks) == len(said)
    for remark, words in zip(table.remarks, said, strict=True):
        assert words in remark.en
        assert re.search("[가-힣]", remark.ko)


def test_numbers_say_what_they_rest_on() -> None:
    table = rank_stability(by_articles(24), nx.pagerank, resamples=20)
    assert table.counts == {
        "documents": 24, "facts": 96, "resamples": 20, "resamples_left_out": 0,
    }  # fmt: skip


class Failing:
    """PageRank that does not converge on some of the resamples."""

    def __init__(self, share: float) -> None:
        self.share, self.calls = share, 0

    def __call__(self, graph: Graph) -> dict[Any, float]:
        self.calls += 1
        if self.calls > 1 and (self.calls - 2) % 100 < 100 * self.share:
            raise nx.PowerIterationFailedConvergence(7)
        found: dict[Any, float] = nx.pagerank(graph)
        return found


@pytest.mark.parametrize(("share", "interval"), [(0.01, True), (0.05, True), (0.06, False)])
def test_resamples_without_a_value_are_left_out_and_counted(share: float, interval: bool) -> None:
    table = rank_stability(by_articles(30), Failing(share), resamples=200)
    assert table.counts["resamples_left_out"] == round(200 * share)
    (remark,) = table.remarks
    assert f"{round(200 * share)} of 200" in remark.en
    assert ("no interval" in remark.en) == (not interval)
    assert np.isfinite(np.asarray(table.columns["rank_low"])).all() == interval


def test_a_measure_that_no_resample_has_is_refused() -> None:
    with pytest.raises(nx.PowerIterationFailedConvergence):
        rank_stability(by_articles(30), Failing(1), resamples=10)


def test_a_value_that_some_resamples_lack_is_above_and_below_nothing() -> None:
    def undefined_for_one(graph: Graph) -> dict[Any, float]:
        found = dict(graph.in_degree(weight="weight"))
        return found | {"r0": math.nan if found["r0"] % 8 else found["r0"]}

    on = by_articles(32)
    found = row(rank_stability(on, undefined_for_one, resamples=200), "r0")
    assert (found["rank_low"], found["rank_high"]) == (1, len(on.graph))


@pytest.mark.parametrize(
    ("kept", "said"), [({"method": 2}, None), ({}, "another method: version 2, and not 1")]
)
def test_an_old_result_says_that_it_is_of_another_method(
    kept: dict[str, Any], said: str | None
) -> None:
    measure = METRICS["rank_stability"]
    table = compute(measure, Inputs(CLEAR, measure.parameters(resamples=10), seed=3))
    columns = columns_of(measure, table, {})
    graph = {"hash": "the same", "version": 1}
    ours = Result(
        measure.name, {}, {}, 3, "process", graph, {}, "", "", "", "", columns,
        method=measure.method,
    )  # fmt: skip
    written = json.loads(ours.to_json())
    del written["method"]
    difference_said = difference(ours, Result.from_json(json.dumps(written | kept).encode()))
    assert difference_said == said or (said is not None and said in str(difference_said))


def test_resampling_can_be_cancelled() -> None:
    with Progress() as progress:
        progress.cancel()
        with pytest.raises(CancelledError):
            rank_stability(CLEAR, nx.pagerank, resamples=10)


def test_change_sets_both_states_side_by_side() -> None:
    before = network("m funds a -", "m funds b -", "n funds a -")
    after = network("m funds b -", "n funds b -", "o funds c -")
    table = rank_change(before, after, nx.in_degree_centrality).columns
    rows = dict(zip(table["node"], table["difference"].tolist(), strict=True))
    assert np.isnan(rows["a"])
    assert np.isnan(rows["c"])
    assert rows["b"] == pytest.approx(2 / 4 - 1 / 3)
