"""The error of a power iteration that did not settle."""

from __future__ import annotations

import networkx as nx


def not_converged(
    steps: int, residual: float, tolerance: float
) -> nx.PowerIterationFailedConvergence:
    """Networkx's own error, whose message also says how far off the last step was."""
    error = nx.PowerIterationFailedConvergence(steps)
    error.args = (
        f"{error.args[-1]}: the last one changed {residual:.3g}, more than {tolerance:.3g}",
    )
    return error


class NoCycleError(nx.PowerIterationFailedConvergence):  # type: ignore[misc]
    """Every node of a directed graph without cycles comes to have nothing: no eigenvector."""

    def __init__(self, failed: nx.PowerIterationFailedConvergence) -> None:
        super().__init__(0)
        self.args = (f"{failed.args[0]}; the graph has no cycle, so that no eigenvector exists",)
