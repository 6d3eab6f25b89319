"""What networkx asks of every backend when it is imported: kept free of heavy imports."""

from __future__ import annotations

from typing import Any


def backend_info() -> dict[str, Any]:
    """Name and address; what it computes is listed at that address."""
    return {
        "backend_name": "graphsvc",
        "project": "graphsvc",
        "package": "graphsvc",
        "short_summary": "Exact network analysis on compressed rows, compiled by numba",
        "description": "Takes graphs made by graphsvc.graph and graphsvc.from_edges",
    }
