"""A breadth-first search from one thing, layer by layer, of a graph that is only read around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from math import inf

Expand = Callable[[list[str]], Awaitable[Iterable[str]]]
"""Reads where the relationships of a layer's things lead, in the order in which to take them."""


@dataclass
class BreadthFirst:
    """Things by their distance from a center, of which at most `most` are taken.

    Attributes
    ----------
    distance
        By id, in the order in which they were found: relationships from the center.
    truncated
        Whether something that was found had no room.
    """

    center: str
    most: float = inf
    distance: dict[str, int] = field(init=False)
    truncated: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.distance = {self.center: 0}

    @property
    def is_full(self) -> bool:
        """Whether no thing more is taken."""
        return len(self.distance) >= self.most

    async def search(self, depth: int, expand: Expand) -> None:
        """Find everything at most `depth` relationships away; `expand` gets each thing once."""
        layer = [self.center]
        for distance in range(1, depth + 1):
            layer = self._take(await expand(layer), distance)

    def _take(self, found: Iterable[str], distance: int) -> list[str]:
        layer = []
        for id_ in found:
            if id_ in self.distance:
                continue
            if self.is_full:
                self.truncated = True
                break
            self.distance[id_] = distance
            layer.append(id_)
        return layer
