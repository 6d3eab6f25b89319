"""Paths between two things: found by ids alone, then told with every fact on the way."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from graphsvc.errors import InvalidInputError, LimitError
from graphsvc.model.choices import Language
from graphsvc.model.reading import read_aloud
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.cypher_files import any_of
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import entities_by_id, names_of
from graphsvc.usecases.connections.path_search import (
    HOP,
    MOST_STEPS,
    FoundPaths,
    PathSearch,
    Seen,
)
from graphsvc.usecases.lists.entities import no_such_entity
from graphsvc.usecases.lists.relationships import add_funding_amounts, by_recency
from graphsvc.usecases.lists.views import Names, named_in, relationship_view

Direction = Literal["any", "forward", "backward"]
Pair = tuple[str, str]

MOST_FACTS = 25
"""Facts that one step shows; two things that share more are rare, and a client is not flooded."""


@dataclass(frozen=True)
class PathRequest:
    """Which paths are meant.

    `types` None means every type that analyses count. `forward` goes from subjects to objects
    only, `backward` from objects to subjects; symmetric types are gone along either way.
    """

    source: str
    target: str
    max_hops: int = 4
    k: int = 3
    types: frozenset[str] | None = None
    direction: Direction = "any"
    avoid: tuple[str, ...] = ()
    hub_penalty: float = 0.0
    time: TimeQuestion = ANY_TIME


async def paths(
    database: Database,
    vocabulary: Vocabulary,
    asked: PathRequest,
    language: Language = Language.KO,
    *,
    most_steps: int = MOST_STEPS,
) -> dict[str, Any]:
    """The k cheapest simple paths, each step with the facts that join its two things.

    Cost: a read for the ends, one for each hop of the search (at most `most_steps` relationships
    in all), and three for what the paths show.

    Raises
    ------
    NotFoundError
        When nothing has one of the ids.
    InvalidInputError
        When both ends are one, or an end is to be avoided.
    LimitError
        When so much had to be looked at that no path was found.
    """
    asked = replace(asked, types=asked.types or _analysed(vocabulary))
    _check_difference(asked)
    search = PathSearch(
        _Relationships(database, vocabulary, asked),
        asked.source,
        asked.target,
        max_hops=asked.max_hops,
        k=asked.k,
        hub_penalty=asked.hub_penalty,
        avoid=frozenset(asked.avoid),
        most_steps=most_steps,
    )
    # Ids are nearly always known: the search does not wait for the word that they are.
    searching = asyncio.ensure_future(search.run())
    try:
        await _check_known(database, asked)
        found = await searching
    finally:
        searching.cancel()
        await asyncio.gather(searching, return_exceptions=True)
    if found.truncated and not found.paths:
        raise LimitError(
            f"No path of at most {found.searched_hops} hops was found, and for longer ones more"
            f" than {most_steps:,} relationships would have to be looked at.",
            mend="Lower max_hops, or narrow the search by types, direction, avoid or as_of.",
            field="max_hops",
        )
    return {
        "reached": bool(found.paths),
        "searched_hops": found.searched_hops,
        "truncated": found.truncated,
        "items": await _told(database, vocabulary, asked, found, language),
    }


def _analysed(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(name for name, joined in vocabulary.types.items() if joined.analysed)


def _check_difference(asked: PathRequest) -> None:
    if asked.source == asked.target:
        raise InvalidInputError(
            f"from and to are both {asked.source!r}.",
            mend="Name two things, or see /v1/entities/{id}/neighbourhood.",
            field="to",
        )
    for field, id_ in _ends(asked).items():
        if id_ in asked.avoid:
            raise InvalidInputError(
                f"{id_!r} is to be avoided, and is an end of the path.",
                mend=f"Leave it out of avoid, or choose another {field}.",
                field="avoid",
            )


async def _check_known(database: Database, asked: PathRequest) -> None:
    named = [*_ends(asked).items(), *(("avoid", id_) for id_ in asked.avoid)]
    known = await entities_by_id(database, [id_ for _, id_ in named])
    for field, id_ in named:
        if id_ not in known:
            raise await no_such_entity(database, id_, field)


def _ends(asked: PathRequest) -> dict[str, str]:
    return {"from": asked.source, "to": asked.target}


# --- the graph, as the search sees it -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """Types that are gone along in one way: the pattern of a step ahead, and of one back."""

    types: frozenset[str]
    ahead: str
    back: str


class _Relationships:
    """Steps along relationships that the question allows."""

    def __init__(self, database: Database, vocabulary: Vocabulary, asked: PathRequest) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._looks = [look for look in _looks(vocabulary, asked) if look.types]
        self._time = asked.time.parameters()
        self._asks_for_periods = asked.time.asks_for_periods

    async def beside(self, ids: list[str], *, ahead: bool, most: int) -> Seen:
        """The things that one step leads to."""

        async def look(chosen: _Look) -> Seen:
            rows = await self._read("path_steps", chosen, ahead, ids=ids, most=most + 1)
            leads_to = {row["id"]: row["others"] for row in rows}
            return Seen(leads_to, sum(row["scanned"] for row in rows))

        return _together(await asyncio.gather(*map(look, self._looks)))

    async def between(self, ids: list[str], others: list[str], *, ahead: bool, most: int) -> Seen:
        """The things among others that one step leads to."""
        among = dict.fromkeys(others, True)

        async def look(chosen: _Look) -> Seen:
            rows = await self._read(
                "path_meetings", chosen, ahead, ids=ids, among=among, most=most + 1
            )
            leads_to = defaultdict(set)
            for id_, other in rows[0]["pairs"]:
                leads_to[id_].add(other)
            return Seen(leads_to, rows[0]["scanned"])

        return _together(await asyncio.gather(*map(look, self._looks)))

    async def _read(self, name: str, look: _Look, ahead: bool, **parameters: Any) -> list[Row]:
        fragment = self._database.catalog.fragment
        slots = {
            "step": fragment(look.ahead if ahead else look.back),
            "types": any_of(sorted(look.types)),
            # Without a question of time no relationship is read, only where it leads.
            "holds": fragment("holds" if self._asks_for_periods else "always"),
        }
        return await self._database.read(
            f"read/connections/{name}", slots, **parameters, **self._time
        )

    async def degrees(self, ids: list[str]) -> Mapping[str, int]:
        """The number of relationships of each thing, whatever the question allows."""
        return await degrees(self._database, self._vocabulary, ids)


def _looks(vocabulary: Vocabulary, asked: PathRequest) -> list[_Look]:
    types = asked.types or frozenset()
    if asked.direction == "any":
        return [_Look(types, "step_both", "step_both")]
    symmetric = frozenset(name for name in types if vocabulary.types[name].symmetric)
    ways = ("step_out", "step_in") if asked.direction == "forward" else ("step_in", "step_out")
    return [_Look(types - symmetric, *ways), _Look(symmetric, "step_both", "step_both")]


def _together(parts: list[Seen]) -> Seen:
    if len(parts) == 1:
        return parts[0]
    leads_to: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        for id_, others in part.leads_to.items():
            leads_to[id_].update(others)
    return Seen(leads_to, sum(part.scanned for part in parts))


async def degrees(
    database: Database, vocabulary: Vocabulary, ids: Collection[str]
) -> dict[str, int]:
    """How many relationships each thing has, of any type that the vocabulary has."""
    if not ids:
        return {}
    slots = {"types": any_of(sorted(vocabulary.types))}
    rows = await database.read("read/connections/degrees", slots, ids=sorted(ids))
    return {row["id"]: row["degree"] for row in rows}


# --- what the paths show ------------------------------------------------------------------------


async def _told(
    database: Database,
    vocabulary: Vocabulary,
    asked: PathRequest,
    found: FoundPaths,
    language: Language,
) -> list[dict[str, Any]]:
    if not found.paths:
        return []
    on_paths = {id_ for path in found.paths for id_ in path.nodes}
    steps = {pair for path in found.paths for pair in pairwise(path.nodes)}
    rows, degree, names = await asyncio.gather(
        _facts_between(database, asked, steps),
        degrees(database, vocabulary, on_paths),
        names_of(database, on_paths),
    )
    others, _ = await asyncio.gather(
        names_of(database, named_in(rows) - on_paths), add_funding_amounts(database, rows)
    )
    names |= others
    telling = _Telling(vocabulary, asked, names, language)
    told = {pair: telling.step(pair, its) for pair, its in _by_step(steps, rows)}
    return [
        {
            "hops": path.hops,
            "cost": path.cost / HOP,
            "nodes": [{**names[id_], "degree": degree[id_]} for id_ in path.nodes],
            "steps": [told[pair] for pair in pairwise(path.nodes)],
        }
        for path in found.paths
    ]


async def _facts_between(
    database: Database, asked: PathRequest, steps: Collection[Pair]
) -> list[Row]:
    pairs = sorted({(min(pair), max(pair)) for pair in steps})
    slots = {
        "types": any_of(sorted(asked.types or ())),
        "holds": database.catalog.fragment("holds"),
    }
    return await database.read(
        "read/connections/relationships_between",
        slots,
        pairs=[{"one": one, "other": other} for one, other in pairs],
        **asked.time.parameters(),
    )


def _by_step(steps: Collection[Pair], rows: list[Row]) -> Iterator[tuple[Pair, list[Row]]]:
    joining: dict[Pair, list[Row]] = defaultdict(list)
    for row in rows:
        joining[row["subject"], row["object"]].append(row)
    for start, end in steps:
        yield (start, end), [*joining[start, end], *joining[end, start]]


@dataclass(frozen=True, slots=True)
class _Telling:
    """What it takes to tell a step."""

    vocabulary: Vocabulary
    asked: PathRequest
    names: Names
    language: Language

    def step(self, pair: Pair, rows: list[Row]) -> dict[str, Any]:
        """The facts that join two things, the latest first, read in the direction of travel."""
        start, end = pair
        fitting = by_recency(row for row in rows if self._fits(row, start))
        return {
            "from": start,
            "to": end,
            "facts": [self._fact(row, start) for row in fitting[:MOST_FACTS]],
            "facts_left_out": max(0, len(fitting) - MOST_FACTS),
        }

    def _fits(self, row: Row, start: str) -> bool:
        if self.asked.direction == "any" or self.vocabulary.types[row["type"]].symmetric:
            return True
        leaves: bool = row["subject"] == start
        return leaves == (self.asked.direction == "forward")

    def _fact(self, row: Row, start: str) -> dict[str, Any]:
        forward = row["subject"] == start
        name = "name" if self.language == Language.KO else "name_en"
        reading = read_aloud(
            self.vocabulary.types[row["type"]],
            self.names[row["subject"]][name],
            self.names[row["object"]][name],
            forward=forward,
            language=self.language,
        )
        return {
            **relationship_view(row, self.names, self.asked.time.as_of),
            "travelled": "forward" if forward else "backward",
            "reading": reading,
        }
