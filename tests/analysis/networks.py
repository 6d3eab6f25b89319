"""Small networks written as lines: `source type target amount`, one line a fact."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphsvc.analysis.building import from_edges
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.network import Edges, Network


def network(
    *lines: str,
    kinds: dict[str, str] | None = None,
    directed: bool = True,
    documents: Sequence[int] = (),
) -> Network:
    """A network of these facts; an amount of `-` is none that is stated.

    `documents` has the document of each fact by number, -1 for none; without, none is known.
    """
    parts = [line.split() for line in lines]
    graph = from_edges(
        np.array([part[0] for part in parts], object),
        np.array([part[2] for part in parts], object),
        directed=directed,
    )
    types = sorted({part[1] for part in parts})
    edges = Edges(
        source=graph.positions(part[0] for part in parts),
        target=graph.positions(part[2] for part in parts),
        type=np.array([types.index(part[1]) for part in parts], np.int16),
        amount_krw=np.array([float(part[3].replace("-", "nan")) for part in parts]),
        first_day=np.full(len(parts), np.datetime64("NaT"), "datetime64[D]"),
        last_day=np.full(len(parts), np.datetime64("NaT"), "datetime64[D]"),
        fact=np.arange(len(parts), dtype=np.int32),
        types=types,
        facts=[f"fact-{i}" for i in range(len(parts))],
        document=np.array(documents, np.int32),
        documents=[f"document-{i}" for i in range(max(documents, default=-1) + 1)],
    )
    named = kinds or {}
    return _of(graph, [named.get(str(node), "Organization") for node in graph], edges)


def of_graph(graph: Graph, kinds: list[str]) -> Network:
    """A network of a graph alone."""
    none = np.empty(0)
    edges = Edges(none, none, none, none, none, none, none, [], [])
    return _of(graph, kinds, edges)


def _of(graph: Graph, kinds: list[str], edges: Edges) -> Network:
    return Network(graph=graph, kinds=kinds, names=[str(node) for node in graph], edges=edges)
