"""Who is near to all others: closeness and harmonic centrality."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphsvc.analysis.distances import all_distances, inverse_distances
from graphsvc.analysis.graph import Graph, Node
from graphsvc.analysis.registry import dispatched, takes_no_functions
from graphsvc.analysis.views import nodes_in


@dispatched(unless=takes_no_functions)
def closeness_centrality(
    G: Graph, u: Node | None = None, distance: str | None = None, wf_improved: bool = True
) -> Any:
    """How near the nodes that reach a node are: their number by the sum of their distances.

    As networkx has it, distances are those *to* the node (turn the graph round for the others),
    and with `wf_improved` (Wasserman and Faust) what is reached by few counts for less.

    References
    ----------
    .. [1] L. C. Freeman, Centrality in Networks: Conceptual Clarification, Social Networks 1
       (1979).
    .. [2] S. Wasserman, K. Faust, Social Network Analysis, 1994, p. 201.
    """
    nodes = None if u is None else G.positions([u])
    if G.directed and G.values(distance) is not None:
        # networkx turns a copy round, which has predecessors in the order of nodes: what Dijkstra's
        # algorithm notices of negative weights depends on it.
        G = Graph(G.node_list, G.out, directed=True, attributes=G.attributes)
    found = all_distances(G, distance, towards=True, nodes=nodes).require_sound()
    others, n = found.reached - 1.0, len(G)
    near = np.divide(others, found.total, out=np.zeros(others.size), where=found.total > 0)
    if wf_improved and n > 1:
        near *= others / (n - 1)
    return near.tolist()[0] if u is not None else G.by_node(near)


@dispatched(unless=takes_no_functions)
def harmonic_centrality(
    G: Graph, nbunch: Any = None, distance: str | None = None, sources: Any = None
) -> dict[Node, float]:
    """The sum of the inverse distances from `sources` to each node of `nbunch`.

    What is at distance 0 is left out, what is not connected adds nothing (and leaves 0).

    References
    ----------
    .. [1] P. Boldi, S. Vigna, Axioms for Centrality, Internet Mathematics 10 (2014).
    """
    # A set, since networkx makes one: the result comes in its order.
    chosen = list(set(nodes_in(G, nbunch)))
    begins = list(set(nodes_in(G, sources)))
    found = inverse_distances(G, distance, G.positions(chosen), G.positions(begins))
    return {node: value or 0 for node, value in zip(chosen, found.tolist(), strict=True)}
