"""What a graph is, in 64 characters: to keep results by, and to say what they are of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import islice
from operator import le
from typing import Any

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.network import Edges, Network

_FORM = b"graphsvc graph 1\n"
"""Stands before all: another way to write content down is another hash."""


def graph_hash(of: Graph | Network) -> str:
    """The SHA-256 of what a graph, or a network, consists of.

    Of a graph: its nodes, whether it is directed, its edges, and their attributes. Of a network
    also the kinds of nodes and every row of its edges with its fact, and the document of each fact
    where it is known: all that a measure can see.
    It does not depend on the order in which nodes and edges were given, nor on the machine, the
    database or the version of Python. An attribute of whole numbers and the same one of fractions
    differ, since results do.

    Linear but for sorting; a second for a million edges.
    """
    digest = hashlib.sha256(_FORM)
    network = of if isinstance(of, Network) else None
    graph = of.graph if isinstance(of, Network) else of
    order, rank = _in_order([_name(node) for node in graph.node_list])
    _add_texts(digest, "nodes", [_name(graph.node_list[place]) for place in order])
    _add_graph(digest, graph, rank)
    if network is not None:
        _add_texts(digest, "kinds", [network.kinds[place] for place in order])
        _add_rows(digest, network, rank)
        _add_affiliations(digest, network, rank)
    return digest.hexdigest()


def _name(node: Any) -> str:
    return f"{type(node).__name__} {node}"


def _add_graph(digest: Any, graph: Graph, rank: np.ndarray) -> None:
    digest.update(b"directed\n" if graph.directed else b"undirected\n")
    source, target = rank[graph.out.sources], rank[graph.out.indices]
    entries = np.arange(source.size) if graph.directed else np.flatnonzero(source <= target)
    entries = entries[_by_pair(source[entries], target[entries], rank.size)]
    _add_numbers(digest, "source", source[entries])
    _add_numbers(digest, "target", target[entries])
    for name in sorted(graph.attributes):
        _add_numbers(digest, f"attribute {name}", graph.attributes[name][entries])


def _add_rows(digest: Any, network: Network, rank: np.ndarray) -> None:
    edges = network.edges
    types, type_ = _ranked(edges.types, edges.type)
    facts, fact = _ranked(edges.facts, edges.fact)
    source, target = rank[edges.source], rank[edges.target]
    rows = np.argsort(type_ * len(facts) + fact, kind="stable")
    rows = rows[_by_pair(source[rows], target[rows], rank.size)]
    _add_texts(digest, "types", types)
    _add_texts(digest, "facts", facts)
    for name, column in (
        ("row source", source),
        ("row target", target),
        ("row type", type_),
        ("row fact", fact),
        ("row amount", edges.amount_krw),
        ("row first day", edges.first_day.astype("datetime64[D]").astype(np.int64)),
        ("row last day", edges.last_day.astype("datetime64[D]").astype(np.int64)),
    ):
        _add_numbers(digest, name, column[rows])
    if edges.document.size:
        _add_documents(digest, edges)


def _add_documents(digest: Any, edges: Edges) -> None:
    documents, rank = _in_order(edges.documents)
    by_fact = np.append(rank, -1)[edges.document]  # -1 is the last: none
    _add_texts(digest, "documents", [edges.documents[place] for place in documents])
    _add_numbers(digest, "fact document", by_fact[np.array(_in_order(edges.facts)[0], np.int64)])


def _add_affiliations(digest: Any, network: Network, rank: np.ndarray) -> None:
    of = network.affiliations
    if of is None:
        return
    commons, common = _ranked(of.commons, of.common)
    _, fact = _ranked(network.edges.facts, of.fact)
    member = rank[of.member]
    rows = np.lexsort((fact, common, member))
    _add_texts(digest, "commons", commons)
    for name, column in (("member", member), ("common", common), ("member fact", fact)):
        _add_numbers(digest, name, column[rows])


def _ranked(names: list[str], places: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Names in order, and the places of rows by it."""
    order, rank = _in_order(names)
    return [names[place] for place in order], rank[places]


def _by_pair(first: np.ndarray, second: np.ndarray, most: int) -> np.ndarray:
    """The order of pairs of places below `most`; equal ones stay as they are."""
    # One sort of one column; np.lexsort takes eight times as long.
    return np.argsort(first * most + second, kind="stable")


def _in_order(names: list[str]) -> tuple[Sequence[int], np.ndarray]:
    """The places of names in their order, and which each has in it."""
    if all(map(le, names, islice(names, 1, None))):  # as they come from a database
        return range(len(names)), np.arange(len(names))
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    return order, rank


def _add_texts(digest: Any, title: str, texts: list[str]) -> None:
    """Texts, one behind the other, after the lengths that tell them apart."""
    _add_numbers(digest, title, np.fromiter(map(len, texts), np.int64, len(texts)))
    digest.update("".join(texts).encode("utf-8", "surrogatepass"))


def _add_numbers(digest: Any, title: str, values: np.ndarray) -> None:
    """Numbers with how many they are, in one form for all machines."""
    whole = values.dtype.kind in "iub"
    written = values.astype("<i8") if whole else values.astype("<f8") + 0.0  # no -0.0
    if not whole:
        written[np.isnan(written)] = np.nan  # which has many forms
    digest.update(f"{title} {'whole' if whole else 'real'} {values.size}\n".encode())
    digest.update(np.ascontiguousarray(written).data)
