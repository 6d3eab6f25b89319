"""Which measures are timed, how each peer computes them, and how results are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import networkit as nk
import networkx as nx
import numpy as np
import rustworkx as rx

from benchmarks.analysis_peers import Peers
from graphsvc.analysis.graph import Graph

PIVOTS = 200
FEW = 20
"""How many nodes or pivots stand for all, where a peer would take hours."""

ALWAYS = 10**9


@dataclass(frozen=True)
class Peer:
    """How a library computes a measure, and which part of it where that is not all."""

    call: Callable[[Peers], Any]
    share: Callable[[int], float] = lambda _: 1
    most_nodes: int = ALWAYS


Check = Callable[[Any, Peers], tuple[float, str]]


@dataclass(frozen=True)
class Measure:
    """One measure on graphs of so many nodes."""

    name: str
    ours: Callable[[Graph], Any]
    peers: Mapping[str, Peer]
    check: Check
    tolerance: float = 1e-8
    directed: bool = True
    least_nodes: int = 0
    most_nodes: int = ALWAYS


def array(values: Any) -> np.ndarray:
    """A mapping by node, or a list, as an array."""
    return np.array(list(values.values()) if isinstance(values, dict) else values, np.float64)


def against(call: Callable[[Peers], Any], *, relative: bool = False) -> Check:
    """The largest difference from a peer's values by node."""

    def check(ours: Any, peers: Peers) -> tuple[float, str]:
        mine, theirs = array(ours), array(call(peers))
        difference = np.abs(mine - theirs)
        if relative:
            difference = difference / np.maximum(np.abs(theirs), 1)
        return float(np.nanmax(difference)), "relative" if relative else "at most"

    return check


# --- the measures -----------------------------------------------------------------------------


def tolerance(n: int) -> float:
    """Networkx multiplies its tolerance by the number of nodes; this makes it 1e-9 in all."""
    return 1e-9 / n


def pagerank(graph: Any) -> Any:
    """By networkx's name."""
    return nx.pagerank(graph, tol=tolerance(len(graph)), max_iter=500)


def networkit_pagerank(peers: Peers) -> Any:
    """With sinks spread and the same norm."""
    rank = nk.centrality.PageRank(
        peers.networkit,
        damp=0.85,
        tol=1e-9,
        distributeSinks=nk.centrality.SinkHandling.DistributeSinks,
    )
    rank.norm = nk.centrality.Norm.L1_NORM
    return rank.run().scores()


def scipy_pagerank(peers: Peers) -> np.ndarray:
    """The power iteration with a sparse product a step."""
    matrix = peers.scipy
    n = matrix.shape[0]
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    share = np.divide(1.0, strength, out=np.zeros(n), where=strength != 0)
    turned = matrix.T.tocsr()
    sinks = strength == 0
    x = np.full(n, 1 / n)
    while True:
        last = x
        x = 0.85 * (turned @ (x * share) + last[sinks].sum() / n) + 0.15 / n
        if np.abs(x - last).sum() < 1e-9:
            return x


def pivots(graph: Any, k: int) -> list[Any]:
    """Those that networkx draws with seed 1."""
    return Random(1).sample(list(range(len(graph))), k)


def sampled(graph: Any) -> Any:
    """Betweenness by pivots."""
    return nx.betweenness_centrality(graph, k=PIVOTS, seed=1)


def igraph_sampled(peers: Peers) -> np.ndarray:
    """Sums over the same pivots, scaled as networkx does."""
    n = peers.columns.nodes
    chosen = pivots(peers.graphsvc, PIVOTS)
    sums = array(peers.igraph.betweenness(directed=True, sources=chosen))
    return rescaled(sums, n, chosen)


def rescaled(sums: np.ndarray, n: int, chosen: list[int]) -> np.ndarray:
    """Networkx 3.6: a pivot was an end k - 1 times, any other node k times."""
    scale = np.full(n, 1 / (len(chosen) * (n - 2)))
    scale[chosen] = 1 / ((len(chosen) - 1) * (n - 2))
    return sums * scale


def few_sources(peers: Peers) -> None:
    """Igraph's exact betweenness, from a part of the sources."""
    peers.igraph.betweenness(directed=True, sources=list(range(0, peers.columns.nodes, 100)))


def harmonic_few(peers: Peers) -> None:
    """networkx, for a few nodes."""
    nx.harmonic_centrality(peers.networkx, nbunch=range(FEW))


def closeness_few(peers: Peers) -> list[float]:
    """networkx, one node after the other."""
    return [nx.closeness_centrality(peers.networkx, u=node) for node in range(FEW)]


def triangles_by_clustering(peers: Peers) -> np.ndarray:
    """Igraph lists triangles, and counts none by node: its clustering, times pairs."""
    degrees = array(peers.igraph.degree())
    shares = array(peers.igraph.transitivity_local_undirected(mode="zero"))
    return np.rint(shares * degrees * (degrees - 1) / 2)


def igraph_betweenness(peers: Peers) -> np.ndarray:
    """Exact, scaled as networkx does."""
    n = peers.columns.nodes
    return array(peers.igraph.betweenness(directed=True)) / ((n - 1) * (n - 2))


def few_closenesses(ours: Any, peers: Peers) -> tuple[float, str]:
    """From networkx's for a few nodes: igraph's closeness is another where not all is reached."""
    return float(np.abs(array(ours)[:FEW] - closeness_few(peers)).max()), f"at most, in {FEW} nodes"


def same_components(ours: Any, peers: Peers) -> tuple[float, str]:
    """How many nodes are in another component than by igraph, named by their first nodes."""
    mine, theirs = (np.empty(peers.columns.nodes, np.int64) for _ in range(2))
    for labels, found in (mine, ours), (theirs, peers.igraph.connected_components()):
        for component in found:
            labels[list(component)] = min(component)
    return float((mine != theirs).sum()), "nodes elsewhere"


def modularity_of(peers: Peers, communities: list[set[Any]]) -> float:
    """By our own exact function."""
    return float(nx.community.modularity(peers.graphsvc, communities))


def networkit_louvain(peers: Peers) -> list[set[int]]:
    """PLM as it comes."""
    found = nk.community.PLM(peers.networkit).run().getPartition()
    return [set(found.getMembers(part)) for part in found.getSubsetIds()]


def no_worse(ours: Any, peers: Peers) -> tuple[float, str]:
    """How much modularity we have less than networkit."""
    gap = modularity_of(peers, networkit_louvain(peers)) - modularity_of(peers, ours)
    return gap, "less modularity than networkit"


def scaled(part: int) -> Callable[[int], float]:
    """The share of all nodes that so many are."""
    return lambda n: part / n


MEASURES = [
    Measure(
        "pagerank",
        pagerank,
        {
            "networkx": Peer(lambda p: pagerank(p.networkx)),
            "scipy": Peer(scipy_pagerank),
            "igraph": Peer(lambda p: p.igraph.pagerank(weights="weight")),
            "networkit": Peer(networkit_pagerank),
            "rustworkx": Peer(
                lambda p: rx.pagerank(
                    p.rustworkx, weight_fn=float, tol=tolerance(p.columns.nodes), max_iter=500
                )
            ),
        },
        against(scipy_pagerank),
        tolerance=1e-9,
    ),
    Measure(
        "betweenness, 200 pivots",
        sampled,
        {
            "networkx": Peer(
                lambda p: nx.betweenness_centrality(p.networkx, k=FEW // 10, seed=1),
                lambda _: FEW // 10 / PIVOTS,
            ),
            "igraph": Peer(igraph_sampled),
            "networkit": Peer(
                lambda p: nk.centrality.EstimateBetweenness(
                    p.networkit, PIVOTS, normalized=True, parallel=True
                ).run()
            ),
        },
        against(igraph_sampled),
        tolerance=1e-9,
    ),
    Measure(
        "betweenness, exact",
        nx.betweenness_centrality,
        {
            "networkx": Peer(
                lambda p: nx.betweenness_centrality(p.networkx, k=FEW, seed=1), scaled(FEW)
            ),
            "igraph": Peer(few_sources, lambda _: 0.01),
        },
        against(igraph_betweenness),
        most_nodes=100_000,
    ),
    Measure(
        "harmonic",
        nx.harmonic_centrality,
        {
            "networkx": Peer(harmonic_few, scaled(FEW)),
            "igraph": Peer(lambda p: p.igraph.harmonic_centrality(mode="in", normalized=False)),
            "networkit": Peer(
                lambda p: nk.centrality.HarmonicCloseness(p.networkit, False).run(),
            ),
        },
        against(lambda p: p.igraph.harmonic_centrality(mode="in", normalized=False), relative=True),
        most_nodes=100_000,
        tolerance=1e-9,
    ),
    Measure(
        "closeness",
        nx.closeness_centrality,
        {
            "networkx": Peer(closeness_few, scaled(FEW)),
            "igraph": Peer(lambda p: p.igraph.closeness(mode="in")),
        },
        few_closenesses,
        most_nodes=100_000,
    ),
    Measure(
        "core number",
        nx.core_number,
        {
            "networkx": Peer(lambda p: nx.core_number(p.networkx)),
            "igraph": Peer(lambda p: p.igraph.coreness()),
            "networkit": Peer(
                lambda p: nk.centrality.CoreDecomposition(p.networkit).run().scores()
            ),
            "rustworkx": Peer(lambda p: rx.core_number(p.rustworkx)),
        },
        against(lambda p: p.igraph.coreness()),
        tolerance=0,
        directed=False,
    ),
    Measure(
        "triangles",
        nx.triangles,
        {
            "networkx": Peer(lambda p: nx.triangles(p.networkx), most_nodes=10**5),
            "igraph": Peer(lambda p: p.igraph.list_triangles()),
        },
        against(triangles_by_clustering),
        tolerance=0,
        directed=False,
    ),
    Measure(
        "clustering",
        nx.clustering,
        {
            "networkx": Peer(lambda p: nx.clustering(p.networkx), most_nodes=10**5),
            "igraph": Peer(lambda p: p.igraph.transitivity_local_undirected(mode="zero")),
            "networkit": Peer(
                lambda p: (
                    nk.centrality.LocalClusteringCoefficient(p.networkit, turbo=True).run().scores()
                )
            ),
        },
        against(lambda p: p.igraph.transitivity_local_undirected(mode="zero")),
        tolerance=1e-12,
        directed=False,
    ),
    Measure(
        "constraint",
        nx.constraint,
        {
            "networkx": Peer(
                lambda p: nx.constraint(p.networkx, nodes=range(FEW)), scaled(FEW), 10**5
            ),
            "igraph": Peer(lambda p: p.igraph.constraint()),
        },
        against(lambda p: p.igraph.constraint()),
        directed=False,
    ),
    Measure(
        "connected components",
        lambda g: list(nx.connected_components(g)),
        {
            "networkx": Peer(lambda p: list(nx.connected_components(p.networkx))),
            "igraph": Peer(lambda p: list(p.igraph.connected_components())),
            "rustworkx": Peer(lambda p: rx.connected_components(p.rustworkx)),
        },
        same_components,
        tolerance=0,
        directed=False,
    ),
    Measure(
        "louvain",
        lambda g: nx.community.louvain_communities(g, seed=1),
        {"networkit": Peer(networkit_louvain)},
        no_worse,
        tolerance=0,
        directed=False,
    ),
]
