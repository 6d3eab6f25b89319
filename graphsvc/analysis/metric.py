"""What a measure is: its parameters, its definition, what it costs, and what computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from graphsvc.analysis.network import Network

Cost = Literal["linear", "iterations", "pivots", "all pairs", "resamples"]
Shape = Literal["nodes", "edges", "groups", "degrees", "kinds", "graph"]
Picture = Literal["ranks", "degrees", "kinds", "communities"]

_SECONDS_A_STEP = 2e-8
_SECONDS_A_CALL = 1e-3
_ITERATIONS = 100


class Parameters(BaseModel):
    """The parameters of a measure; a name that it does not have is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NoParameters(Parameters):
    """None."""


@dataclass(frozen=True)
class Inputs:
    """What a measure is computed from; `before` where it sets two states side by side."""

    network: Network
    parameters: Any
    seed: int
    before: Network | None = None


@dataclass(frozen=True)
class NodeFunction:
    """A function of networkx with one value for each node.

    `options` are its arguments, from the parameters of the measure; with `seeded` also a seed.
    """

    function: str
    options: Callable[[Any], dict[str, Any]]
    seeded: bool


@dataclass(frozen=True)
class Metric:
    """A measure of networks.

    Parameters
    ----------
    computed_by
        A function of networkx, or the name of one of ours in `graphsvc.analysis.computing`. That
        module takes long to import, and a service only describes measures.
    shape
        What a row of its result is about; `kinds` are pairs of kinds.
    cost
        What its time grows with: `linear` in nodes and edges, that for each of some iterations,
        pivots or resamples, or for all pairs of nodes.
    undirected
        Whether it is defined for graphs without directions alone; these are then left out.
    sorted_by
        The column whose largest value comes first; None keeps the order of the computation.
    picture
        What is drawn of its result; None where nothing is.
    uses
        Packages that have a part in its numbers, besides those that all measures need.
    method
        Version of how it is computed: one more each time that its numbers mean something else.
    """

    name: str
    title: str
    title_ko: str
    definition: str
    reference: str
    shape: Shape
    cost: Cost
    computed_by: str | NodeFunction
    parameters: type[Parameters] = NoParameters
    undirected: bool = False
    sorted_by: str | None = None
    picture: Picture | None = None
    uses: tuple[str, ...] = ()
    method: int = 1

    def seconds(self, nodes: int, edges: int, parameters: Parameters) -> float:
        """A rough guess, to tell what is answered at once from what is waited for."""
        calls = int(getattr(parameters, "resamples", 1))
        steps = self._times(nodes, parameters) * (nodes + edges)
        return _SECONDS_A_CALL * calls + _SECONDS_A_STEP * steps

    def _times(self, nodes: int, parameters: Parameters) -> int:
        """How often it goes through the network."""
        match self.cost:
            case "iterations":
                return _ITERATIONS
            case "pivots":
                return min(nodes, getattr(parameters, "k", None) or nodes)
            case "all pairs":
                return nodes
            case "resamples":
                return (_ITERATIONS + nodes // 10) * int(getattr(parameters, "resamples", 1))
        return 1

    def memory(self, nodes: int, edges: int, parameters: Parameters) -> int:
        """Bytes that it takes at most, with the network, roughly: what a refusal goes by."""
        of_network = 600 * nodes + 200 * edges
        by_node = {
            "pivots": 16 * 8 + 2 * 250,
            "all pairs": 8 * 32,
            "resamples": 8 * 8 * int(getattr(parameters, "resamples", 1)),
        }
        return of_network + by_node.get(self.cost, 64) * nodes
