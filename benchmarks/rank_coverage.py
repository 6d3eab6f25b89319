"""How often the resampling intervals of `rank_stability` hold the true rank: by simulation.

The truth is a fixed superpopulation of 4,000 documents, drawn once from a seed: a node's true rank
is its rank by the measure in the network of all of them (equal ones share the mean of their
places). A data set is a simple random sample of its documents, with replacement, and is given to
the very function that the service calls. Coverage is the share of nodes whose interval holds the
true rank, the mean over data sets; its Monte Carlo error is the standard deviation of this share
over the data sets by the square root of how many there are. `least` is the coverage of the node
that is covered least, and `width` how many ranks wide the intervals are on the whole.

Four payers, five programs and six recipients have weights of which some are nearly equal (0.50 and
0.52, 1.00, 1.05 and 1.10). A document has one fact, or three to eight; each speaks mostly of one
payer and of one program, so that its facts are not independent.

    python benchmarks/rank_coverage.py                          # the table in docs/analysis.md
    python benchmarks/rank_coverage.py --metric pagerank        # one measure of it
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np

from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.computing import compute
from graphsvc.analysis.metric import Inputs
from graphsvc.analysis.network import Edges, Network, Nodes, network_of
from graphsvc.analysis.ranking import ranks

PAYERS = np.array([1, 1.05, 1.1, 2])
PROGRAMS = np.array([1, 1.05, 1.1, 1.6, 2.5])
RECIPIENTS = np.array([0.5, 0.52, 1, 1.05, 1.1, 2])
FIRST_PROGRAM, FIRST_RECIPIENT = PAYERS.size, PAYERS.size + PROGRAMS.size
COUNT = FIRST_RECIPIENT + RECIPIENTS.size
NODES = Nodes(
    [f"n{place:02}" for place in range(COUNT)], ["Organization"] * COUNT, *[[""] * COUNT] * 2
)

FACTS_BY_TOPIC = 0.7
"""How many of a document's facts are of its own payer; half as many are of its own program."""


class Design(NamedTuple):
    """How many documents are known, and how many facts each states."""

    documents: int
    least_facts: int
    most_facts: int
    resample: str = "document"
    fraction: float = 1.0


DESIGNS = [
    *(Design(documents, 1, 1) for documents in (20, 40, 100, 400)),
    *(Design(documents, 3, 8) for documents in (20, 50, 100)),
    Design(50, 3, 8, fraction=0.5),
    Design(50, 3, 8, resample="fact"),
]


def superpopulation(
    least: int, most: int, *, size: int = 4_000, seed: int = 99
) -> list[np.ndarray]:
    """The facts of each document: pairs of who pays and who is paid."""
    random = np.random.default_rng(seed)

    def drawn(weights: np.ndarray) -> int:
        return int(random.choice(weights.size, p=weights / weights.sum()))

    def of_topic(topic: int, share: float, weights: np.ndarray) -> int:
        return topic if random.random() < share else drawn(weights)

    def fact(payer: int, program: int) -> tuple[int, int]:
        pays = of_topic(payer, FACTS_BY_TOPIC, PAYERS)
        through = FIRST_PROGRAM + of_topic(program, FACTS_BY_TOPIC / 2, PROGRAMS)
        if random.random() < 0.5:
            return pays, through
        # What a program has is given on; the rest is given directly.
        return through if random.random() < 0.7 else pays, FIRST_RECIPIENT + drawn(RECIPIENTS)

    found = []
    for _ in range(size):
        payer, program = drawn(PAYERS), drawn(PROGRAMS)
        facts = [fact(payer, program) for _ in range(random.integers(least, most + 1))]
        found.append(np.array(facts, np.int32))
    return found


def network_of_documents(documents: list[np.ndarray]) -> Network:
    """The network of these documents, each of which is one of its own."""
    facts = np.concatenate(documents)
    undated = np.full(len(facts), "NaT", "datetime64[D]")
    edges = Edges(
        source=facts[:, 0],
        target=facts[:, 1],
        type=np.zeros(len(facts), np.int16),
        amount_krw=np.full(len(facts), np.nan),
        first_day=undated,
        last_day=undated,
        fact=np.arange(len(facts), dtype=np.int32),
        types=["FUNDS"],
        facts=[f"fact-{place}" for place in range(len(facts))],
        document=np.repeat(np.arange(len(documents)), [len(d) for d in documents]).astype(np.int32),
        documents=[f"document-{place}" for place in range(len(documents))],
    )
    return network_of(NODES, edges, isolates=True)


def true_ranks(metric: str, documents: list[np.ndarray]) -> np.ndarray:
    """By node, from the whole superpopulation."""
    measure = METRICS[metric]
    inputs = Inputs(network_of_documents(documents), measure.parameters(), 0)
    return ranks(np.asarray(compute(measure, inputs).columns["value"]))


def coverage(metric: str, design: Design, *, data_sets: int, resamples: int) -> dict[str, Any]:
    """The coverage of one design, as a row of the table."""
    documents = superpopulation(design.least_facts, design.most_facts)
    truth = true_ranks(metric, documents)
    random = np.random.default_rng(1)
    stability = METRICS["rank_stability"]
    chosen = stability.parameters(
        metric=metric, resamples=resamples, resample=design.resample, fraction=design.fraction
    )
    holds = np.empty((data_sets, COUNT), np.bool_)
    width = np.empty(data_sets)
    for number in range(data_sets):
        sample = random.integers(0, len(documents), design.documents)
        network = network_of_documents([documents[place] for place in sample])
        columns = compute(stability, Inputs(network, chosen, number)).columns
        place = [NODES.ids.index(str(node)) for node in columns["node"]]
        low, high = np.asarray(columns["rank_low"]), np.asarray(columns["rank_high"])
        holds[number, place] = (low <= truth[place]) & (truth[place] <= high)
        width[number] = (high - low).mean()
    by_data_set = holds.mean(axis=1)
    return {
        "metric": metric,
        "documents": design.documents,
        "facts of each": f"{design.least_facts}-{design.most_facts}".replace("1-1", "1"),
        "drawn": design.resample + (f", {design.fraction:g} n" if design.fraction < 1 else ""),
        "coverage": f"{by_data_set.mean():.3f}",
        "error": f"{by_data_set.std(ddof=1) / np.sqrt(data_sets):.3f}",
        "least": f"{holds.mean(axis=0).min():.2f}",
        "width": f"{width.mean():.1f} of {COUNT - 1}",
    }


def main() -> None:
    """Print the table, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--metric", nargs="+", default=["strength", "pagerank", "degree"])
    parser.add_argument("--data-sets", type=int, default=200)
    parser.add_argument("--resamples", type=int, default=200)
    asked = parser.parse_args()
    first = True
    for metric in asked.metric:
        for design in DESIGNS:
            row = coverage(metric, design, data_sets=asked.data_sets, resamples=asked.resamples)
            if first:
                print("| " + " | ".join(row) + " |")
                print("|---" * len(row) + "|")
            first = False
            print("| " + " | ".join(map(str, row.values())) + " |", flush=True)


if __name__ == "__main__":
    main()
