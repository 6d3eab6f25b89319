"""The k cheapest simple paths between two nodes of a graph that is only seen a piece at a time.

The search knows no database: what it needs of the graph it asks of a `Steps`. It looks from both
ends, a hop at a time, until no path that it has not seen can be among the k it was asked for.
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Protocol

HOP = 1_000_000
"""Costs are whole millionths of a hop, so that sums are exact and order is the same everywhere."""

MOST_STEPS = 200_000
"""Steps that one search may look at in the graph, and partial paths that it may weigh."""

_WORTH_ASKING = 500
"""In longer layers the number of nodes says enough, and asking for degrees takes too long."""

Sought = tuple[int, int, tuple[str, ...]]
"""What paths are sorted by: cost, hops, and the ids of the nodes in turn."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Steps that were looked at: where each node leads, and how many steps there were.

    A count above what was allowed says that more were there, and that these are not all.
    """

    leads_to: Mapping[str, Collection[str]]
    scanned: int


class Steps(Protocol):
    """The graph, as a search sees it."""

    async def beside(self, ids: list[str], *, ahead: bool, most: int) -> Seen:
        """The nodes to which one step leads from each (`ahead`), or from which one leads to it."""

    async def between(self, ids: list[str], others: list[str], *, ahead: bool, most: int) -> Seen:
        """As `beside`, but only nodes among `others`."""

    async def degrees(self, ids: list[str]) -> Mapping[str, int]:
        """How many relationships each node has."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path and its cost in millionths of a hop."""

    cost: int
    nodes: tuple[str, ...]

    @property
    def hops(self) -> int:
        """Its length."""
        return len(self.nodes) - 1


@dataclass(frozen=True, slots=True)
class FoundPaths:
    """The k cheapest paths, cheapest first.

    They are the cheapest of all paths of at most `searched_hops` hops. `truncated` says that the
    search gave up there, though longer paths were asked for and might have been among the k.
    """

    paths: list[Path]
    searched_hops: int
    truncated: bool


@dataclass
class _Ball:
    """What is known around one end: nodes by layer, each layer a hop further out."""

    ahead: bool
    layers: list[list[str]]
    distance: dict[str, int]

    @classmethod
    def around(cls, centre: str, *, ahead: bool) -> _Ball:
        return cls(ahead, [[centre]], {centre: 0})

    @property
    def radius(self) -> int:
        return len(self.layers) - 1

    def grow(self, found: Iterable[str], closed: Collection[str]) -> None:
        """Add a layer; closed nodes may end a path but not stand on one."""
        layer = sorted({id_ for id_ in found if id_ not in self.distance and id_ not in closed})
        self.distance.update(dict.fromkeys(layer, self.radius + 1))
        self.layers.append(layer)


class _TooMuchError(Exception):
    """The search has looked at as much as it may; caught in this module."""


@dataclass
class PathSearch:
    """The k cheapest simple paths of at most `max_hops` hops, none through a node of `avoid`.

    A path costs its hops, and for each node between its ends `hub_penalty` (in hops) times the
    decimal logarithm of the node's degree. Ties go to the path with fewer hops, then to the one
    whose node ids come first in order.

    It deepens: with the balls of radius a and b around the two ends, and the steps between their
    outermost layers, every path of at most a + b + 1 hops is known. Among what is known, best-first
    search with the exact cost of the rest (by hops left) as its guide yields paths in order. It
    ends when the k-th path costs no more than any longer one could: a node between two others has
    at least two relationships.
    """

    steps: Steps
    source: str
    target: str
    max_hops: int
    k: int
    hub_penalty: float = 0.0
    avoid: frozenset[str] = frozenset()
    most_steps: int = MOST_STEPS
    _successors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set), init=False)
    _predecessors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set), init=False)
    _entering: dict[str, int] = field(default_factory=dict, init=False)
    _scanned: int = field(default=0, init=False)

    async def run(self) -> FoundPaths:
        """Search."""
        self._balls = (
            _Ball.around(self.source, ahead=True),
            _Ball.around(self.target, ahead=False),
        )
        found: list[Path] = []
        for hops in range(1, self.max_hops + 1):
            try:
                whole = await self._know(hops)
                cheapest = await self._cheapest(self.max_hops if whole else hops)
            except _TooMuchError:
                return FoundPaths(found, hops - 1, truncated=True)
            found = cheapest
            if whole:
                return FoundPaths(found, self.max_hops, truncated=False)
            if len(found) == self.k and found[-1].cost <= self._least_cost(hops + 1):
                return FoundPaths(found, hops, truncated=False)
        return FoundPaths(found, self.max_hops, truncated=False)

    def _least_cost(self, hops: int) -> int:
        return hops * HOP + (hops - 1) * self._penalty(2)

    def _penalty(self, degree: int) -> int:
        return round(self.hub_penalty * math.log10(max(degree, 1)) * HOP)

    # --- learning the graph ---------------------------------------------------------------------

    async def _know(self, hops: int) -> bool:
        """Learn every path of so many hops; True when the graph has no longer ones."""
        ahead, back = self._balls
        if self.max_hops > 1 and ahead.radius == 0:
            await asyncio.gather(self._expand(ahead), self._expand(back))
        while ahead.radius + back.radius + 1 < hops:
            await self._expand(await self._lighter_ball())
        if not ahead.layers[-1] or not back.layers[-1]:
            return True
        if ahead.radius + back.radius + 1 == hops:
            await self._meet()
        return False

    async def _expand(self, ball: _Ball) -> None:
        seen = await self.steps.beside(
            ball.layers[-1], ahead=ball.ahead, most=self.most_steps - self._scanned
        )
        self._take(seen, ahead=ball.ahead)
        closed = self.avoid | {self.source, self.target}
        ball.grow((other for others in seen.leads_to.values() for other in others), closed)

    async def _lighter_ball(self) -> _Ball:
        """The ball whose outermost layer has fewer relationships: a hub outweighs hundreds."""
        weights = {ball.ahead: len(ball.layers[-1]) for ball in self._balls}
        if sum(weights.values()) <= _WORTH_ASKING:
            layers = [id_ for ball in self._balls for id_ in ball.layers[-1]]
            degrees = await self.steps.degrees(sorted(set(layers)))
            weights = {
                ball.ahead: sum(degrees.get(id_, 0) for id_ in ball.layers[-1])
                for ball in self._balls
            }
        return min(self._balls, key=lambda ball: weights[ball.ahead])

    async def _meet(self) -> None:
        """The steps between the two outermost layers, looked for from the smaller one."""
        near, far = sorted(self._balls, key=lambda ball: len(ball.layers[-1]))
        seen = await self.steps.between(
            near.layers[-1],
            far.layers[-1],
            ahead=near.ahead,
            most=self.most_steps - self._scanned,
        )
        self._take(seen, ahead=near.ahead)

    def _take(self, seen: Seen, *, ahead: bool) -> None:
        self._scanned += seen.scanned
        if self._scanned > self.most_steps:
            raise _TooMuchError
        onward, backward = self._successors, self._predecessors
        if not ahead:
            onward, backward = backward, onward
        for id_, others in seen.leads_to.items():
            kept = {other for other in others if other != id_ and other not in self.avoid}
            onward[id_] |= kept
            for other in kept:
                backward[other].add(id_)

    # --- searching what is known ----------------------------------------------------------------

    async def _cheapest(self, hops: int) -> list[Path]:
        if self.hub_penalty:
            await self._learn_degrees(hops)
        rest = self._costs_to_target(hops)
        return self._in_order(rest, hops) if self.source in rest[hops] else []

    async def _learn_degrees(self, hops: int) -> None:
        """The degrees of nodes that may stand on a path of so many hops."""
        there = _distances(self.source, self._successors, hops - 1)
        back = _distances(self.target, self._predecessors, hops - 1)
        between = {id_ for id_, far in there.items() if far + back.get(id_, hops) <= hops}
        unknown = sorted(between - self._entering.keys() - {self.source, self.target})
        for id_, degree in (await self.steps.degrees(unknown)).items():
            self._entering[id_] = HOP + self._penalty(degree)

    def _costs_to_target(self, hops: int) -> list[dict[str, int]]:
        """By hops left: the least cost of a walk from each node to the target."""
        rest: list[dict[str, int]] = [{self.target: 0}]
        better = rest[0]
        for _ in range(hops):
            costs, improved = dict(rest[-1]), {}
            for id_, cost in better.items():
                reached = cost + self._cost_of_entering(id_)
                for before in self._predecessors.get(id_, ()):
                    if reached < costs.get(before, reached + 1):
                        costs[before] = improved[before] = reached
            rest.append(costs)
            better = improved
        return rest

    def _cost_of_entering(self, id_: str) -> int:
        return HOP if id_ == self.target else self._entering.get(id_, HOP)

    def _in_order(self, rest: list[dict[str, int]], hops: int) -> list[Path]:
        """The k cheapest paths (A*): a partial path stands in order of the best it may become."""
        fewest = {id_: left for left in range(hops, -1, -1) for id_ in rest[left]}
        found: list[Path] = []
        weighed = 0
        open_: list[tuple[Sought, int]] = [((rest[hops][self.source], 0, (self.source,)), 0)]
        while open_ and len(found) < self.k:
            (_, _, nodes), spent = heappop(open_)
            if nodes[-1] == self.target:
                found.append(Path(spent, nodes))
                continue
            left = hops - len(nodes)
            for other in self._successors.get(nodes[-1], ()):
                if other not in rest[left] or other in nodes:
                    continue
                weighed += 1
                cost = spent + self._cost_of_entering(other)
                best = (cost + rest[left][other], len(nodes) + fewest[other], (*nodes, other))
                heappush(open_, (best, cost))
            if weighed > self.most_steps:
                raise _TooMuchError
        return found


def _distances(start: str, neighbours: Mapping[str, Collection[str]], most: int) -> dict[str, int]:
    distances = {start: 0}
    layer = [start]
    for far in range(1, most + 1):
        layer = [
            other
            for other in {other for id_ in layer for other in neighbours.get(id_, ())}
            if other not in distances
        ]
        distances.update(dict.fromkeys(layer, far))
    return distances
