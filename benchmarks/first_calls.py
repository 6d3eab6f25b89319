"""How long the first call of each measure takes, where its kernels have to be compiled.

    python benchmarks/first_calls.py [MEASURE ...]

Each measure is called in processes of its own, on a graph of 2,000 nodes and 5,000 edges: twice in
one whose kernel cache is an empty folder, and once in one that finds the cache filled. Importing
and building the graph comes before and has a line of its own. Seconds are of the processor (of all
threads together): a compiler has one, and other programs on the machine do not count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

NODES, EDGES = 2_000, 5_000

DIRECTED = {
    "pagerank": "nx.pagerank(d)",
    "pagerank, no cycles": "nx.pagerank(a)",
    "hits": "nx.hits(d)",
    "eigenvector": "nx.eigenvector_centrality(d, tol=1e-4)",
    "katz": "nx.katz_centrality(d, alpha=0.01)",
    "closeness": "nx.closeness_centrality(d)",
    "closeness, weighted": "nx.closeness_centrality(w, distance='weight')",
    "closeness, one node": "nx.closeness_centrality(d, u=1)",
    "harmonic": "nx.harmonic_centrality(d)",
    "harmonic, weighted": "nx.harmonic_centrality(w, distance='weight')",
    "betweenness": "nx.betweenness_centrality(d)",
    "betweenness, weighted": "nx.betweenness_centrality(w, weight='weight')",
    "betweenness of edges": "nx.edge_betweenness_centrality(d)",
    "betweenness of edges, weighted": "nx.edge_betweenness_centrality(w, weight='weight')",
    "degree": "nx.degree_centrality(d), nx.in_degree_centrality(d), nx.out_degree_centrality(d)",
    "neighbour degree": "nx.average_neighbor_degree(d)",
    "degree connectivity": "nx.average_degree_connectivity(d)",
    "degree assortativity": "nx.degree_assortativity_coefficient(d)",
    "core number": "nx.core_number(a)",
    "clustering, directed": "nx.clustering(d)",
    "constraint, directed": "nx.constraint(d)",
    "voterank, directed": "nx.voterank(d, 20)",
    "louvain, directed": "nx.community.louvain_communities(d, seed=1)",
    "weakly connected": "nx.number_weakly_connected_components(d)",
    "strongly connected": "nx.number_strongly_connected_components(d)",
    "shortest path": "nx.has_path(d, 0, 1)",
    "paths from one": "nx.single_source_shortest_path(d, 1)",
    "Dijkstra from one": "nx.single_source_dijkstra(w, 1)",
    "Dijkstra from both ends": "nx.bidirectional_dijkstra(v, 0, 1)",
}
UNDIRECTED = {
    "triangles": "nx.triangles(u)",
    "transitivity": "nx.transitivity(u)",
    "clustering": "nx.clustering(u)",
    "clustering, weighted": "nx.clustering(v, weight='weight')",
    "constraint": "nx.constraint(u)",
    "effective size": "nx.effective_size(u)",
    "k-core": "nx.k_core(s)",
    "k-truss": "nx.k_truss(s, 3)",
    "rich club": "nx.rich_club_coefficient(s, normalized=False)",
    "voterank": "nx.voterank(u, 20)",
    "louvain": "nx.community.louvain_communities(u, seed=1)",
    "louvain, partitions": "list(nx.community.louvain_partitions(u, seed=1))",
    "modularity": "nx.community.modularity(u, [set(u)])",
    "connected": "nx.number_connected_components(u)",
    "bridges": "list(nx.bridges(u))",
    "local bridges": "list(nx.local_bridges(u))",
    "articulation points": "list(nx.articulation_points(u))",
    "biconnected": "list(nx.biconnected_components(u))",
    "eccentricity": "nx.eccentricity(c)",
    "diameter, radius, center": "nx.diameter(c), nx.radius(c), nx.center(c), nx.periphery(c)",
    "mean distance": "nx.average_shortest_path_length(c)",
    "Jaccard": "list(nx.jaccard_coefficient(u, [(1, 2)]))",
    "Adamic-Adar": "list(nx.adamic_adar_index(u, [(1, 2)]))",
    "common neighbours": "list(nx.common_neighbor_centrality(u, [(1, 2)]))",
}
MEASURES = DIRECTED | UNDIRECTED


def main() -> None:
    """Print the table of the named measures, or of all, the slowest first call on top."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
        return
    rows = []
    for name in sys.argv[1:] or MEASURES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append((name, timed(name, folder), timed(name, folder)))
            print(name, *rows[-1][1:], file=sys.stderr)
    rows.sort(key=lambda row: -row[1]["first"])
    worst = max(row[1]["graph"] for row in rows), max(row[2]["graph"] for row in rows)
    print("| call | first s | second ms | first with a filled cache s |\n|---|---:|---:|---:|")
    print(f"| import and first graph | {worst[0]:.2f} | | {worst[1]:.2f} |")
    for name, empty, filled in rows:
        print(
            f"| {name} | {empty['first']:.2f} | {1000 * empty['second']:.1f} |"
            f" {filled['first']:.2f} |"
        )


def timed(name: str, folder: str) -> dict[str, float]:
    """Seconds in a fresh process that keeps its kernels in this folder."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", name],
        env=os.environ | {"GRAPHSVC_KERNEL_CACHE_DIR": folder},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(name: str) -> None:
    """Time one measure here, and print the seconds as JSON."""
    began = time.process_time()
    import networkx as nx
    import numpy as np

    from graphsvc import from_edges

    random = np.random.default_rng(1)
    source, target = random.integers(0, NODES, EDGES), random.integers(0, NODES, EDGES)
    weight = random.random(EDGES)
    directed = name in DIRECTED
    first = from_edges(source, target, directed=directed)
    graph_seconds = time.process_time() - began
    apart = source != target
    weighted = from_edges(source, target, weight, directed=directed)
    named: dict[str, Any] = {
        "nx": nx,
        "d": first,  # directed
        "u": first,  # undirected
        "w": weighted,
        "v": weighted,
        "a": from_edges(  # without cycles
            np.maximum(source, target)[apart], np.minimum(source, target)[apart]
        ),
        "s": from_edges(source[apart], target[apart], directed=False),  # without loops
        "c": from_edges(  # connected
            np.append(source, np.arange(NODES - 1)),
            np.append(target, np.arange(1, NODES)),
            directed=False,
        ),
    }
    seconds = []
    for _ in range(2):
        began = time.process_time()
        eval(MEASURES[name], named)  # an expression of the table above
        seconds.append(time.process_time() - began)
    print(json.dumps({"graph": graph_seconds, "first": seconds[0], "second": seconds[1]}))


if __name__ == "__main__":
    main()
