"""One-mode projection: members that belong to the same things are joined to each other."""

from __future__ import annotations

import numpy as np

from graphsvc.analysis.affiliations import Affiliations
from graphsvc.analysis.network import Network, Nodes, occurring, selected
from graphsvc.analysis.weighting import Edges


def projected(
    nodes: Nodes, edges: Edges, stays: np.ndarray, joins: np.ndarray, *, isolates: bool = False
) -> Network:
    """The network of the nodes that stay, joined by what they have in common.

    Parameters
    ----------
    stays, joins
        Whether each node stays, and whether it can be had in common; none does both. Relationships
        between the two count, in either direction, and no others.
    isolates
        Keep the nodes that share nothing with anybody.
    """
    source, target = edges.source, edges.target
    forward, backward = stays[source] & joins[target], joins[source] & stays[target]
    edges = edges.at(np.flatnonzero(forward | backward))
    turned = joins[edges.source]
    member = np.where(turned, edges.target, edges.source)
    common = np.where(turned, edges.source, edges.target)
    if not isolates:
        rows = np.flatnonzero(_in_company(member, common)[member])
        edges, member, common = edges.at(rows), member[rows], common[rows]
    count = len(nodes.ids)
    kept, members_at = selected(stays if isolates else occurring(count, member))
    things, commons_at = selected(occurring(count, common))
    affiliations = Affiliations(
        member=members_at[member],
        common=commons_at[common],
        fact=edges.fact,
        members=kept.size,
        commons=[nodes.ids[place] for place in things.tolist()],
    )
    members = nodes.at(kept.tolist())
    return Network(
        graph=affiliations.graph(members.ids, members.attributes()),
        kinds=members.kinds,
        names=members.names,
        edges=edges.without_rows(),
        affiliations=affiliations,
    )


def _in_company(member: np.ndarray, common: np.ndarray) -> np.ndarray:
    """Whether each node has something in common with another."""
    nodes = max(member.max(initial=0), common.max(initial=0)) + 1
    pairs = np.sort(member.astype(np.int64) * nodes + common)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    members, commons = pairs // nodes, pairs % nodes
    found = np.zeros(nodes, np.bool_)
    found[members[np.bincount(commons)[commons] > 1]] = True
    return found
