"""Where the nodes of a network stand in a picture of its groups."""

from __future__ import annotations

import networkx as nx
import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.network import Network
from graphsvc.analysis.table import Layout

MOST_DRAWN = 400
"""More nodes than that cannot be told apart on a page."""

_PULL_BETWEEN = 0.1
_DIGITS = 6


def layout_of_groups(network: Network, group: np.ndarray, seed: int) -> Layout:
    """A spring layout of the nodes of highest degree, by the `group` of each node.

    Edges within a group pull ten times as hard as others, and each group starts at a place of its
    own on a circle. The same for a seed; quadratic in the nodes drawn, which are at most 400. The
    springs are those of T. Fruchterman and E. Reingold, Software: Practice and Experience 21
    (1991), https://doi.org/10.1002/spe.4380211102.
    """
    graph = network.graph
    degrees = graph.degree.array
    drawn = np.sort(np.argsort(-degrees, kind="stable")[:MOST_DRAWN])
    pairs = _pairs(graph.subgraph(graph.node_list[place] for place in drawn.tolist()))
    groups = group[drawn]
    within = groups[pairs[:, 0]] == groups[pairs[:, 1]]
    springs = nx.Graph()
    springs.add_nodes_from(range(drawn.size))
    for (one, other), inside in zip(pairs.tolist(), within.tolist(), strict=True):
        springs.add_edge(one, other, pull=1.0 if inside else _PULL_BETWEEN)
    start = dict(enumerate(_on_a_circle(groups, seed)))
    found = nx.spring_layout(springs, pos=start, weight="pull", seed=seed)
    at = np.array([found[place] for place in range(drawn.size)]).round(_DIGITS)
    described = {"kind": network.kinds, "name": network.names, "name_en": network.names_en}
    return Layout(
        {
            "node": [str(graph.node_list[place]) for place in drawn.tolist()],
            **{what: [of[place] for place in drawn.tolist()] for what, of in described.items()},
            "group": groups.tolist(),
            "degree": degrees[drawn].tolist(),
            "x": at[:, 0].tolist(),
            "y": at[:, 1].tolist(),
        },
        [(one, other) for one, other in pairs.tolist()],
    )


def _pairs(graph: Graph) -> np.ndarray:
    """The pairs of positions that an edge joins in either direction, loops left out."""
    ends = np.stack((graph.out.sources, graph.out.indices), axis=1)
    found: np.ndarray = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    return found


def _on_a_circle(groups: np.ndarray, seed: int) -> np.ndarray:
    """Places around those of the groups, which stand on a circle."""
    _, place = np.unique(groups, return_inverse=True)
    angle = 2 * np.pi * place / (place.max() + 1)
    around = np.random.default_rng(seed).normal(0, 0.1, (len(groups), 2))
    return np.stack((np.cos(angle), np.sin(angle)), axis=1) + around
