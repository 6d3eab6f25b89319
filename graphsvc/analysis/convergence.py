"""The error of a power iteration that did not settle."""

from __future__ import annotations

import networkx as nx

NO_CYCLE = "the graph has no cycle, so that every node comes to have nothing"
"""Why a directed graph has no eigenvector centrality; the error's message ends with it."""


def not_converged(
    steps: int, residual: float, tolerance: float, why: str | None = None
) -> nx.PowerIterationFailedConvergence:
    """Networkx's own error, whose message also says how far off the last step was."""
    error = nx.PowerIterationFailedConvergence(steps)
    error.args = (
        f"{error.args[-1]}: the last one changed {residual:.3g}, more than {tolerance:.3g}",
    )
    if why is not None:
        error.args = (f"{error.args[0]}; {why}",)
    return error
