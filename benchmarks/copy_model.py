"""Graphs that grow by copying, which have hubs as real networks do, as columns of edges.

Each new node cites five earlier ones on average: with even chances a random one, or one that a
random earlier node cites (J. Kleinberg et al., The Web as a Graph, 1999). A twentieth of the edges
are given twice, ids are permuted, and edges come in random order. The same seed, the same graph.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

MEAN_DEGREE = 5
PARALLEL = 0.05
SEED = 20261


@dataclass(frozen=True)
class Columns:
    """Edge `i` leads from `source[i]` to `target[i]`; nodes are 0 to `nodes` - 1."""

    nodes: int
    source: np.ndarray
    target: np.ndarray


def copy_model(nodes: int, seed: int = SEED) -> Columns:
    """Five edges a node in all, parallel ones included."""
    random = np.random.default_rng(seed)
    distinct = int(nodes * MEAN_DEGREE / (1 + PARALLEL))
    degrees = random.multinomial(distinct - (nodes - 1), np.full(nodes - 1, 1 / (nodes - 1))) + 1
    choices = random.random((distinct, 2))
    source, target = _grown(nodes, degrees, choices)
    again = random.integers(0, distinct, nodes * MEAN_DEGREE - distinct)
    order = random.permutation(nodes * MEAN_DEGREE)
    names = random.permutation(nodes)
    return Columns(
        nodes,
        names[np.concatenate((source, source[again]))][order],
        names[np.concatenate((target, target[again]))][order],
    )


@numba.njit(cache=True)
def _grown(nodes, degrees, choices):  # type: ignore[no-untyped-def]
    source = np.empty(choices.shape[0], np.int64)
    target = np.empty(choices.shape[0], np.int64)
    begin = np.zeros(nodes + 1, np.int64)
    edge = 0
    for node in range(1, nodes):
        begin[node] = edge
        for _ in range(degrees[node - 1]):
            chance, which = choices[edge]
            model = int(which * node)
            cited = model
            if chance < 0.5 and model > 0:
                first, last = begin[model], begin[model + 1] if model + 1 < node else begin[node]
                if last > first:
                    cited = target[first + int(chance * 2 * (last - first))]
            source[edge], target[edge] = node, cited
            edge += 1
        begin[node + 1] = edge
    return source, target
