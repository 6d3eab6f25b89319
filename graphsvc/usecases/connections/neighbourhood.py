"""What stands around a thing, cut to what can be drawn: the cuts are counted, never silent."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Literal

from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.cypher_files import any_of
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import names_of
from graphsvc.usecases.connections.paths import degrees
from graphsvc.usecases.lists.entities import require_entities
from graphsvc.usecases.lists.relationships import add_funding_amounts
from graphsvc.usecases.lists.views import Names, named_in, relationship_view

MOST_NODES = 300
MOST_RELATIONSHIPS = 1000
"""What one drawing shows at most, however deep: more than that nobody can read."""

DIRECTIONS: tuple[Literal["out", "in"], ...] = ("out", "in")
Group = tuple[str, str, str]
"""Relationships of one thing: its id, their type, their direction."""


@dataclass(frozen=True)
class NeighbourhoodQuestion:
    """Which surroundings are meant; `limit` is for each type and direction of each thing."""

    center: str
    depth: int = 1
    limit: int = 10
    types: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    as_of: date | None = None
    certain_only: bool = False


@dataclass
class _Drawing:
    """What has been chosen so far: things by their distance, and the relationships that led there.

    `led` is by relationship; `totals` is how many each expanded group has in the graph.
    """

    distance: dict[str, int]
    led: dict[str, tuple[str, str]] = field(default_factory=dict)
    totals: dict[Group, int] = field(default_factory=dict)
    truncated: bool = False

    @property
    def room(self) -> int:
        return MOST_NODES - len(self.distance)

    def add_layer(self, rows: Iterable[Row], distance: int) -> list[str]:
        """Take the things that the rows lead to, in turn, while there is room; those it took."""
        layer = []
        for row in rows:
            if row["other"] in self.distance:
                continue
            if not self.room:
                self.truncated = True
                break
            self.distance[row["other"]] = distance
            self.led[row["relationship"]] = (row["id"], row["other"])
            layer.append(row["other"])
        return layer


async def neighbourhood(
    database: Database, vocabulary: Vocabulary, asked: NeighbourhoodQuestion
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
    surroundings = _Surroundings(database, vocabulary, asked)
    drawing = _Drawing({asked.center: 0})
    layer = [asked.center]
    for distance in range(1, asked.depth + 1):
        counts = await surroundings.counts(layer)
        drawing.totals.update(counts)
        rows = await surroundings.first(counts) if drawing.room else []
        layer = drawing.add_layer(_in_turn(rows, layer), distance)
    return await _shown(surroundings, drawing)


def _in_turn(rows: Iterable[Row], layer: list[str]) -> list[Row]:
    """The first of each group before the second of any; groups in the order of their things."""
    groups: dict[Group, list[Row]] = defaultdict(list)
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
        self, database: Database, vocabulary: Vocabulary, asked: NeighbourhoodQuestion
    ) -> None:
        self.database, self.vocabulary, self.asked = database, vocabulary, asked
        self._types = sorted(asked.types or vocabulary.types)
        self.kinds = None if asked.kinds is None else _below(vocabulary, asked.kinds)
        self._time = {
            "as_of": asked.as_of.isoformat() if asked.as_of else None,
            "certain_only": asked.certain_only,
        }

    def _slots(self, direction: str, *others: str) -> dict[str, Any]:
        fragment = self.database.catalog.fragment
        return {
            "step": fragment(f"step_{direction}"),
            "holds": fragment("holds" if any(self._time.values()) else "always"),
            **{name: fragment(f"{name}_key") for name in others},
        }

    async def counts(self, ids: list[str]) -> dict[Group, int]:
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

    async def first(self, groups: Iterable[Group]) -> list[Row]:
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

    async def leading(self, drawing: _Drawing) -> list[Row]:
        """The relationships by which things were found."""
        if not drawing.led:
            return []
        rows = await self.database.read(
            "read/connections/relationships_between",
            {"types": any_of(self._types), "holds": self._slots("out")["holds"]},
            pairs=[{"one": one, "other": other} for one, other in drawing.led.values()],
            **self._time,
        )
        return [row for row in rows if row["properties"]["id"] in drawing.led]

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


async def _shown(surroundings: _Surroundings, drawing: _Drawing) -> dict[str, Any]:
    database, asked = surroundings.database, surroundings.asked
    ids = list(drawing.distance)
    leading, among, degree = await asyncio.gather(
        surroundings.leading(drawing),
        surroundings.among(ids),
        degrees(database, surroundings.vocabulary, ids),
    )
    others = [row for row in among if row["properties"]["id"] not in drawing.led]
    rows = [*leading, *others][:MOST_RELATIONSHIPS]
    names, _ = await asyncio.gather(
        names_of(database, named_in(rows) | set(ids)), add_funding_amounts(database, rows)
    )
    nodes = [
        {**names[id_], "degree": degree[id_], "distance": distance}
        for id_, distance in drawing.distance.items()
    ]
    return {
        "center": asked.center,
        "nodes": nodes,
        "relationships": [relationship_view(row, names, asked.as_of) for row in rows],
        "left_out": _left_out(drawing, rows, names, surroundings.kinds),
        "truncated": drawing.truncated or len(leading) + len(others) > MOST_RELATIONSHIPS,
    }


def _left_out(
    drawing: _Drawing, rows: list[Row], names: Names, kinds: list[str] | None
) -> list[dict[str, Any]]:
    shown: Counter[Group] = Counter()
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
