"""The same graph as networkx, scipy, igraph, networkit and rustworkx hold it.

Each is built once, when it is first asked for, from the merged edges of ours: node `i` is `i` to
all of them. networkit may use both cores; the others use one for what is measured here.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import igraph
import networkit as nk
import networkx as nx
import numpy as np
import rustworkx as rx
from scipy.sparse import csr_array

from benchmarks.copy_model import Columns
from graphsvc.analysis.building import from_edges
from graphsvc.analysis.graph import Graph


class Peers:
    """One graph, directed or not, in every peer's form."""

    def __init__(self, columns: Columns, *, directed: bool) -> None:
        self.columns, self.directed = columns, directed

    @cached_property
    def graphsvc(self) -> Graph:
        """Ours, with parallel edges added up as `weight`."""
        return self.built()

    def built(self) -> Graph:
        """Ours, built anew from the columns, with its transpose."""
        made = from_edges(
            self.columns.source,
            self.columns.target,
            directed=self.directed,
            nodes=np.arange(self.columns.nodes),
        )
        _ = made.into
        return made

    @cached_property
    def edges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Source, target and weight of each edge, once."""
        out = self.graphsvc.out
        kept = np.arange(out.entries) if self.directed else out.each_once
        weights = self.graphsvc.attributes["weight"]
        return out.sources[kept], out.indices[kept], weights[kept].astype(np.float64)

    @cached_property
    def networkx(self) -> nx.Graph:
        """Nodes are numbers; edges have `weight`."""
        made = nx.DiGraph() if self.directed else nx.Graph()
        made.add_nodes_from(range(self.columns.nodes))
        source, target, weight = (column.tolist() for column in self.edges)
        made.add_weighted_edges_from(zip(source, target, weight, strict=True))
        return made

    @cached_property
    def igraph(self) -> igraph.Graph:
        """Edges have `weight`."""
        source, target, weight = self.edges
        made = igraph.Graph(
            n=self.columns.nodes,
            edges=np.column_stack((source, target)),
            directed=self.directed,
        )
        made.es["weight"] = weight
        return made

    @cached_property
    def networkit(self) -> nk.Graph:
        """Weighted."""
        source, target, weight = self.edges
        return nk.GraphFromCoo(
            (weight, (source.astype(np.uint64), target.astype(np.uint64))),
            n=self.columns.nodes,
            weighted=True,
            directed=self.directed,
        )

    @cached_property
    def rustworkx(self) -> Any:
        """Edges carry their weight."""
        made = rx.PyDiGraph() if self.directed else rx.PyGraph()
        made.add_nodes_from(range(self.columns.nodes))
        source, target, weight = (column.tolist() for column in self.edges)
        made.add_edges_from(list(zip(source, target, weight, strict=True)))
        return made

    @cached_property
    def scipy(self) -> csr_array:
        """The adjacency matrix, both ways where undirected."""
        out = self.graphsvc.out
        shape = (self.columns.nodes, self.columns.nodes)
        weights = self.graphsvc.attributes["weight"].astype(np.float64)
        return csr_array((weights, out.indices, out.indptr), shape=shape)
