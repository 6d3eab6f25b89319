"""Results that were kept are found again on every version of Python, to the twelfth digit.

On one machine they are the same in every bit; processors may add up in another order.

python -m tests.analysis.test_verify     # writes verified.json anew
"""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.computing import compute
from graphsvc.analysis.conversion import from_networkx
from graphsvc.analysis.metric import Inputs
from graphsvc.analysis.network import Network
from graphsvc.analysis.result import Result, columns_of, difference
from tests.analysis.networks import network, of_graph

KEPT = Path(__file__).with_name("verified.json")
OF_NODES = (
    *("pagerank", "eigenvector", "closeness", "harmonic", "betweenness", "edge_betweenness"),
    *("core_number", "clustering", "constraint", "effective_size", "brokerage", "summary"),
)
FACTS = network(
    *(f"m{i % 7} funds c{i % 5} {1 + i}" for i in range(20)),
    *(f"c{i % 5} supports f{i % 11} -" for i in range(25)),
)


def random_network() -> Network:
    graph = nx.gnp_random_graph(120, 0.04, seed=5, directed=True)
    for place, (source, target) in enumerate(graph.edges):
        graph[source][target]["weight"] = 1 + place % 9
    return of_graph(from_networkx(graph), ["ABC"[node % 3] for node in graph])


def computed(name: str) -> Result:
    metric = METRICS[name]
    on = random_network() if name in OF_NODES else FACTS
    parameters = metric.parameters(**({"resamples": 50} if name == "rank_stability" else {}))
    columns = columns_of(metric, compute(metric, Inputs(on, parameters, seed=3)), {})
    graph = {"hash": "the same", "version": 1}
    return Result(name, {}, {}, 3, "process", graph, {}, "", "", "", "", columns)


NAMES = (*OF_NODES, "concentration", "rank_stability")


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_result_is_found_again(name: str) -> None:
    kept = Result.from_json(json.dumps(json.loads(KEPT.read_text("utf-8"))[name]).encode())
    found = Result.from_json(computed(name).to_json())
    assert difference(found, kept, tolerance=1e-12) is None


def test_a_difference_is_named() -> None:
    one, other = computed("pagerank"), computed("pagerank")
    other.columns["value"][0] += 0.5
    assert str(other.columns["node"][0]) in str(difference(one, other))
    assert difference(one, other, tolerance=1) is None


if __name__ == "__main__":
    kept = {name: json.loads(computed(name).to_json()) for name in NAMES}
    KEPT.write_text(json.dumps(kept, indent=0) + "\n", "utf-8")
