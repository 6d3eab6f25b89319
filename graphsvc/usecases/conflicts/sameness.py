"""Sets of things that POSSIBLY_SAME joins, directly or through others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


class Sameness:
    """Components of things that may be one, and the facts that say so.

    Parameters
    ----------
    links
        Fact, subject and object of every POSSIBLY_SAME.
    """

    def __init__(self, links: Iterable[tuple[str, str, str]] = ()) -> None:
        self._near: dict[str, dict[str, str]] = {}
        for fact, one, other in links:
            self._near.setdefault(one, {}).setdefault(other, fact)
            self._near.setdefault(other, {}).setdefault(one, fact)
        self._first: dict[str, str] = {}
        for id_ in sorted(self._near):
            if id_ not in self._first:
                for member in self._ways(id_):
                    self._first[member] = id_

    def first(self, id_: str) -> str:
        """One id for all that may be the same; a thing that is like no other has its own."""
        return self._first.get(id_, id_)

    def links(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Facts that say why these things, where they differ, may be one: the fewest it takes."""
        by_component: dict[str, list[str]] = {}
        for id_ in sorted(set(ids)):
            by_component.setdefault(self.first(id_), []).append(id_)
        facts = set()
        for start, *others in by_component.values():
            ways = self._ways(start)
            for id_ in others:
                while id_ != start:
                    before = ways[id_]
                    facts.add(self._near[id_][before])
                    id_ = before  # noqa: PLW2901 - a walk back to the start
        return tuple(sorted(facts))

    def _ways(self, start: str) -> dict[str, str]:
        """Each member of the component, and from which one a shortest way reaches it."""
        ways, waiting = {start: start}, deque([start])
        while waiting:
            here = waiting.popleft()
            for there in sorted(self._near.get(here, ())):
                if there not in ways:
                    ways[there] = here
                    waiting.append(there)
        return ways
