"""Network measures: ours through networkx, beside five other libraries, on the same arrays.

    python benchmarks/analysis.py                         # half an hour; needs 12 GB
    python benchmarks/analysis.py --measures pagerank --sizes 10000 100000

Graphs are those of benchmarks/copy_model.py, of 10^4, 10^5 and 10^6 nodes and five times as many
edges. `call` is `nx.f(G)` on a graph that is built, with the result mapping; `kernel` is the same
without that mapping; `from columns` is building the graph from two columns of ids, with its
transpose, and the call. What a peer took is its call on a graph of its own that is built. Every
result is compared to a peer's before it is timed. Each figure is the median of its rounds; a time
with `~` is worked out from a part of the work. Both cores are there for all; who uses one is said
in analysis_peers.py.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkit as nk
import networkx as nx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.analysis_measures import MEASURES, Measure
from benchmarks.analysis_peers import Peers
from benchmarks.copy_model import copy_model
from graphsvc.analysis.graph import Graph

ROUNDS = 3
LONG_S = 20
"""What takes longer is timed once."""

LINEAR = (
    "pagerank",
    "core number",
    "triangles",
    "clustering",
    "constraint",
    "connected components",
)

SIZES = (10_000, 100_000, 1_000_000)


def median_s(call: Callable[[], Any]) -> float:
    """Seconds, the median of the rounds."""
    times: list[float] = []
    while len(times) < ROUNDS and sum(times) < LONG_S:
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


@contextmanager
def without_mapping() -> Iterator[None]:
    """Results as arrays, so that the making of dicts is not timed."""
    by_node = Graph.by_node
    Graph.by_node = lambda _, values: values  # type: ignore[assignment,method-assign,misc]
    try:
        yield
    finally:
        Graph.by_node = by_node  # type: ignore[method-assign]


def compare(measure: Measure, peers: Peers) -> str:
    """Compute once by us and by the peer that checks us; stop where they differ."""
    ours = measure.ours(peers.graphsvc)
    difference, unit = measure.check(ours, peers)
    if not difference <= measure.tolerance:
        raise SystemExit(f"{measure.name}: differs by {difference:.3g} {unit}.")
    return f"{difference:.1e} {unit}"


def row(measure: Measure, peers: Peers, kernels: dict[str, list[float]]) -> list[str]:
    """One line of the table; the kernel's time is kept for `growth`."""
    compared = compare(measure, peers)
    graph = peers.graphsvc
    call = median_s(lambda: measure.ours(graph))
    with without_mapping():
        kernel = median_s(lambda: measure.ours(graph))
    kernels.setdefault(measure.name, []).append(kernel)
    whole = median_s(lambda: measure.ours(peers.built()))
    cells = [
        measure.name,
        f"{peers.columns.nodes:,}",
        seconds(kernel),
        seconds(call),
        seconds(whole),
    ]
    for name in ("networkx", "scipy", "igraph", "networkit", "rustworkx"):
        peer = measure.peers.get(name)
        if peer is None or peers.columns.nodes > peer.most_nodes:
            cells.append("")
            continue
        share = peer.share(peers.columns.nodes)
        taken = median_s(lambda peer=peer: peer.call(peers)) / share  # type: ignore[misc]
        mark = "" if share == 1 else "~"
        cells.append(f"{mark}{seconds(taken)} ({taken / call:,.1f}x)")
    return [*cells, compared]


def building(peers: Peers) -> list[str]:
    """From columns of ids to rows and their transpose, beside filling networkx's dicts."""
    ours = median_s(peers.built)
    pairs = [column.tolist() for column in (peers.columns.source, peers.columns.target)]
    theirs = median_s(lambda: nx.DiGraph(list(zip(*pairs, strict=True))))
    cells = ["building", f"{peers.columns.nodes:,}", seconds(ours), "", seconds(ours)]
    return [*cells, f"{seconds(theirs)} ({theirs / ours:,.0f}x)", *[""] * 4, ""]


def growth(kernels: dict[str, list[float]]) -> str:
    """How many times longer ten times the nodes took, for measures that are linear."""
    lines = []
    for name in LINEAR:
        times = kernels.get(name, [])
        steps = [f"{later / before:.1f}x" for before, later in pairwise(times)]
        if steps:
            lines.append(f"- {name}: {', '.join(steps)}")
    return "\n".join(lines)


def seconds(value: float) -> str:
    """Three figures."""
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--measures", nargs="+", choices=[m.name for m in MEASURES])
    given = parser.parse_args()
    print("| measure | nodes | kernel | call | from columns | networkx | scipy | igraph"
          " | networkit | rustworkx | compared |")  # fmt: skip
    print("|---|" + "---:|" * 9 + "---|")
    kernels: dict[str, list[float]] = {}
    for size in given.sizes:
        columns = copy_model(size)
        both = {directed: Peers(columns, directed=directed) for directed in (True, False)}
        if not given.measures:
            print("| " + " | ".join(building(both[True])) + " |", flush=True)
        for measure in MEASURES:
            if given.measures and measure.name not in given.measures:
                continue
            if measure.least_nodes <= size <= measure.most_nodes:
                cells = row(measure, both[measure.directed], kernels)
                print("| " + " | ".join(cells) + " |", flush=True)
    print(f"\nTen times the nodes took, from one size to the next:\n\n{growth(kernels)}")
    print(f"\nnetworkx {nx.__version__}, networkit {nk.__version__}.")


if __name__ == "__main__":
    main()
