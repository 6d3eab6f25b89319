"""A knowledge graph service that links agencies, centers and funding to their sources.

For analysts: `graphsvc.graph(...)` reads a graph that networkx computes on from a database, and
`graphsvc.from_edges(...)` makes one from columns.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_ANALYSIS = {
    "Graph": "graphsvc.analysis.graph",
    "from_edges": "graphsvc.analysis.building",
    "from_networkx": "graphsvc.analysis.conversion",
    "graph": "graphsvc.usecases.networks.open_graph",
    "network": "graphsvc.usecases.networks.open_graph",
    "NetworkFilter": "graphsvc.model.network_filter",
    "graph_hash": "graphsvc.analysis.hashing",
    "to_igraph": "graphsvc.analysis.conversion",
    "to_networkx": "graphsvc.analysis.conversion",
    "to_scipy": "graphsvc.analysis.conversion",
}
"""Names that are looked up when they are first used: numpy and numba take a second to import."""

__all__ = ["__version__", *_ANALYSIS]  # noqa: PLE0604 - names, all of them


def __getattr__(name: str) -> Any:
    if name in _ANALYSIS:
        return getattr(import_module(_ANALYSIS[name]), name)
    raise AttributeError(f"module 'graphsvc' has no attribute {name!r}")
