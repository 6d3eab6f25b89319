"""PageRank's power iteration on a graph without cycles, at a small part of its cost.

Money that flows down never comes back, so networks of funding have few cycles or none. With A the
matrix of what ranks pass on, a step is `x' = a A x + c`, where the number c (the same for all
nodes) holds what is lost and what teleports. So the t-th iterate is a sum over k of numbers c times
`(a A)^k 1`. On a graph without cycles that vector is 0 but for nodes of depth k or more: all of
them together are worked out once, in the time of a few steps. What is left of a step, also the
change that the stopping rule looks at, is arithmetic with one number for each k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.kernels import layers as kernels
from graphsvc.analysis.kernels.power import NO_WEIGHTS

_MOST_VALUES_A_NODE = 64
"""Long paths have many layers, which take memory: beyond this many each, plain steps do."""


@dataclass(frozen=True)
class Layers:
    """A graph without cycles, its nodes by falling depth.

    `order` are positions; rows are of predecessors, the deepest first; `entry` is the entry of
    `graph.out` that each came from; `at_least[k]` nodes are k or more deep.
    """

    order: np.ndarray
    begins: np.ndarray
    sources: np.ndarray
    entry: np.ndarray
    at_least: np.ndarray

    @classmethod
    def of(cls, graph: Graph) -> Layers | None:
        """The layers of a graph; None where it has cycles, or too many layers. Linear; kept."""
        held = graph.__networkx_cache__
        if "layers" not in held:
            held["layers"] = cls._made(graph)
        found: Layers | None = held["layers"]
        return found

    @classmethod
    def _made(cls, graph: Graph) -> Layers | None:
        out = graph.out
        depth = kernels.depths(out.indptr, out.indices)
        if not depth.size or depth.min() < 0:
            return None
        order, place, at_least = kernels.deepest_first(depth, int(depth.max()) + 1)
        if at_least.sum(dtype=np.int64) > _MOST_VALUES_A_NODE * depth.size:
            return None
        begins, sources, entry = kernels.rows_by_depth(out.indptr, out.indices, order, place)
        return cls(order, begins, sources, entry, at_least)


class LayeredRank:
    """The iterates of PageRank that begin evenly and teleport evenly, without ever making them.

    Parameters
    ----------
    share
        What a node passes on to each edge of weight 1, by position; 0 where it has none.
    weights
        Of the entries of `graph.out`, none of them negative; or None.
    """

    def __init__(
        self, layers: Layers, share: np.ndarray, weights: np.ndarray | None, alpha: float
    ) -> None:
        self._layers, self._alpha = layers, alpha
        self._n = int(layers.at_least[0])
        self._offsets = np.concatenate(([0], np.cumsum(layers.at_least, dtype=np.int64)))
        by_place = share[layers.order]
        of_rows = NO_WEIGHTS if weights is None else weights[layers.entry].astype(np.float64)
        self._values = kernels.passed_on(
            *(layers.begins, layers.sources, of_rows),
            *(alpha * by_place, layers.at_least, self._offsets),
        )
        lost = by_place == 0
        parts = [
            self._values[begin:end]
            for begin, end in zip(self._offsets[:-1], self._offsets[1:], strict=True)
        ]
        self._sums = np.array([part.sum() for part in parts])
        self._lost = np.array([part[lost[: part.size]].sum() for part in parts])
        # c of the steps so far, the newest first; what the even start has stands before all.
        self._added = np.array([1.0 / self._n])

    def step(self, tolerance: float) -> float:
        """Do one step; returns its change (L1), or a bound on the same side of `tolerance`."""
        lost = self._product(self._added, self._lost)
        added = (self._alpha * lost + 1 - self._alpha) / self._n
        differences = np.diff(np.concatenate(([added], self._added, [0.0])))[: self._sums.size]
        self._added = np.concatenate(([added], self._added))[: self._sums.size + 1]
        # Nodes of depth 0 all change alike: where they alone change enough, no other is looked at.
        alike = self._n - (self._layers.at_least[1] if self._layers.at_least.size > 1 else 0)
        least = float(alike * abs(differences[0]))
        if least >= tolerance:
            return least
        return float(np.abs(self._combined(differences)).sum())

    def ranks(self) -> np.ndarray:
        """The iterate, by position."""
        ranks = np.empty(self._n)
        ranks[self._layers.order] = self._combined(self._added)
        return ranks

    def _product(self, factors: np.ndarray, parts: np.ndarray) -> float:
        size = min(factors.size, parts.size)
        return float(factors[:size] @ parts[:size])

    def _combined(self, factors: np.ndarray) -> np.ndarray:
        found: np.ndarray = kernels.combined(
            self._values, self._layers.at_least, self._offsets, factors
        )
        return found
