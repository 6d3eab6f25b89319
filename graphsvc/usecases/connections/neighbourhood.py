"""The neighbourhood of a thing, cut to what can be drawn; what was cut is counted."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.cypher_files import any_of
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import names_of
from graphsvc.usecases.connections.breadth_first import BreadthFirst
from graphsvc.usecases.connections.paths import Pair, degrees
from graphsvc.usecases.lists.entities import require_entities
from graphsvc.usecases.lists.relationships import add_funding_amounts
from graphsvc.usecases.lists.views import Names, named_in, relationship_view

MOST_NODES = 300
MOST_RELATIONSHIPS = 1000
"""What one drawing shows at most, however deep: more than that nobody can read."""

DIRECTIONS: tuple[Literal["out", "in"], ...] = ("out", "in")
RelationshipGroup = tuple[str, str, str]
"""Relationships of one thing: its id, their type, their direction."""


@dataclass(frozen=True)
class NeighbourhoodRequest:
    """Which surroundings are meant; `limit` is for each type and direction of each thing."""

    center: str
    depth: int = 1
    limit: int = 10
    types: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    time: TimeQuestion = ANY_TIME


async def neighbourhood(
    database: Database, vocabulary: Vocabulary, asked: NeighbourhoodRequest
) -> dict[str, Any]:
    """A thing and those around it, layer by layer, and every relationship among those chosen.

    Of each thing that is expanded the first `limit` relationships of each type and direction are
    followed: the largest sum of its own in won first, then the latest, then by id. Where not all
    things have room, each group's first comes before any group's second.

    Cost: three reads for each layer, and four for what is shown. No read holds a hub's
    relationships in memory.

    Raises
    ------
    NotFoundError
        When nothing has the id.
    """
    await require_entities(database, id=asked.center)
    drawing = _Drawing(_Surroundings(database, vocabulary, asked))
    await drawing.found.search(asked.depth, drawing.expand)
    return await _shown(drawing)


class _Drawing:
    """What has been chosen so far; `totals` is how many each expanded group has in the graph."""

    def __init__(self, surroundings: _Surroundings) -> None:
        self.surroundings = surroundings
        self.found = BreadthFirst(surroundings.asked.center, most=MOST_NODES)
        self.totals: dict[RelationshipGroup, int] = {}
        self._reached: dict[str, Row] = {}

    async def expand(self, layer: list[str]) -> list[str]:
        """The things that the first relationships of each group lead to, in turn."""
        counts = await self.surroundings.counts(layer)
        self.totals.update(counts)
        if self.found.is_full:
            return []
        rows = _in_turn(await self.surroundings.first(counts), layer)
        for row in rows:
            if row["other"] not in self.found.distance:
                self._reached.setdefault(row["other"], row)
        return [row["other"] for row in rows]

    def led(self) -> dict[str, Pair]:
        """By relationship: the two things, of which it led to the second."""
        return {
            row["relationship"]: (row["id"], other)
            for other, row in self._reached.items()
            if other in self.found.distance
        }


def _in_turn(rows: Iterable[Row], layer: list[str]) -> list[Row]:
    """The first of each group before the second of any; groups in the order of their things."""
    groups: dict[RelationshipGroup, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["id"], row["type"], row["direction"]].append(row)
    place = {id_: number for number, id_ in enumerate(layer)}
    ranked = []
    for (id_, type_name, direction), members in groups.items():
        for rank, row in enumerate(_sorted(members)):
            ranked.append(((rank, place[id_], type_name, direction), row))
    return [row for _, row in sorted(ranked, key=lambda pair: pair[0])]


def _sorted(rows: list[Row]) -> list[Row]:
    by_id = sorted(rows, key=lambda row: row["relationship"])
    return sorted(by_id, key=lambda row: (row["amount"], row["recency"]), reverse=True)


class _Surroundings:
    """The reads of one question."""

    def __init__(
        self, database: Database, vocabulary: Vocabulary, asked: NeighbourhoodRequest
    ) -> None:
        self.database, self.vocabulary, self.asked = database, vocabulary, asked
        self._types = sorted(asked.types or vocabulary.types)
        self.kinds = None if asked.kinds is None else _below(vocabulary, asked.kinds)
        self._time = asked.time.parameters()

    def _slots(self, direction: str, *others: str) -> dict[str, Any]:
        fragment = self.database.catalog.fragment
        return {
            "step": fragment(f"step_{direction}"),
            "holds": fragment("holds" if self.asked.time.asks_for_periods else "always"),
            **{name: fragment(f"{name}_key") for name in others},
        }

    async def counts(self, ids: list[str]) -> dict[RelationshipGroup, int]:
        """How many relationships each group of these things has."""
        if not ids:
            return {}
        found = await asyncio.gather(
            *(
                self.database.read(
                    "read/connections/neighbour_counts",
                    {**self._slots(direction), "types": any_of(self._types)},
                    ids=ids,
                    kinds=self.kinds,
                    **self._time,
                )
                for direction in DIRECTIONS
            )
        )
        return {
            (row["id"], row["type"], direction): row["relationships"]
            for direction, rows in zip(DIRECTIONS, found, strict=True)
            for row in rows
        }

    async def first(self, groups: Iterable[RelationshipGroup]) -> list[Row]:
        """The first relationships of each group, each with the keys it is sorted by."""
        asked: dict[str, dict[str, list[str]]] = {direction: {} for direction in DIRECTIONS}
        for id_, type_name, direction in groups:
            asked[direction].setdefault(type_name, []).append(id_)
        found = await asyncio.gather(
            *(self._first(direction, ids) for direction, ids in asked.items() if ids)
        )
        return list(chain.from_iterable(found))

    async def _first(self, direction: str, ids: dict[str, list[str]]) -> list[Row]:
        statement = self.database.catalog["read/connections/neighbours"]
        slots = self._slots(direction, "amount", "recency")
        text = statement.for_each("types", sorted(ids), **slots)
        parameters = {"ids": ids, "kinds": self.kinds, "limit": self.asked.limit, **self._time}
        rows = await self.database.run_read(text, parameters, statement.timeout_s)
        return [{**row, "direction": direction} for row in rows]

    async def leading(self, led: dict[str, Pair]) -> list[Row]:
        """The relationships by which things were found."""
        if not led:
            return []
        rows = await self.database.read(
            "read/connections/relationships_between",
            {"types": any_of(self._types), "holds": self._slots("out")["holds"]},
            pairs=[{"one": one, "other": other} for one, other in led.values()],
            **self._time,
        )
        return [row for row in rows if row["properties"]["id"] in led]

    async def among(self, ids: list[str]) -> list[Row]:
        """The relationships that join these things, one more than may be shown."""
        return await self.database.read(
            "read/connections/relationships_among",
            {**self._slots("out", "amount", "recency"), "types": any_of(self._types)},
            ids=ids,
            among=dict.fromkeys(ids, True),
            limit=MOST_RELATIONSHIPS + 1,
            **self._time,
        )


def _below(vocabulary: Vocabulary, kinds: frozenset[str]) -> list[str]:
    return [kind for kind in vocabulary.kinds if vocabulary.is_a(kind, *kinds)]


async def _shown(drawing: _Drawing) -> dict[str, Any]:
    surroundings, led = drawing.surroundings, drawing.led()
    database, asked = surroundings.database, surroundings.asked
    ids = list(drawing.found.distance)
    leading, among, degree = await asyncio.gather(
        surroundings.leading(led),
        surroundings.among(ids),
        degrees(database, surroundings.vocabulary, ids),
    )
    others = [row for row in among if row["properties"]["id"] not in led]
    rows = [*leading, *others][:MOST_RELATIONSHIPS]
    names, _ = await asyncio.gather(
        names_of(database, named_in(rows) | set(ids)), add_funding_amounts(database, rows)
    )
    nodes = [
        {**names[id_], "degree": degree[id_], "distance": distance}
        for id_, distance in drawing.found.distance.items()
    ]
    return {
        "center": asked.center,
        "nodes": nodes,
        "relationships": [relationship_view(row, names, asked.time.as_of) for row in rows],
        "left_out": _left_out(drawing, rows, names, surroundings.kinds),
        "truncated": drawing.found.truncated or len(leading) + len(others) > MOST_RELATIONSHIPS,
    }


def _left_out(
    drawing: _Drawing, rows: list[Row], names: Names, kinds: list[str] | None
) -> list[dict[str, Any]]:
    shown: Counter[RelationshipGroup] = Counter()
    for row in rows:
        for id_, other, direction in (
            (row["subject"], row["object"], "out"),
            (row["object"], row["subject"], "in"),
        ):
            # A filter of kinds does not count what leads back to a center of another kind.
            if kinds is None or names[other]["kind"] in kinds:
                shown[id_, row["type"], direction] += 1
    return [
        {"id": group[0], "type": group[1], "direction": group[2], "relationships": total - seen}
        for group, total in drawing.totals.items()
        if (seen := shown[group]) < total
    ]
