"""Which part of the graph is exported: all of it, a neighbourhood, or what a query's rows name.

A part is a set of things, and of facts where only some of those between them are meant. A funding
belongs to it when one of those who pay (if any is named) and one of those who get it do; an
observation when its subject does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import LimitError
from graphsvc.model.period import period_of
from graphsvc.model.time_question import TimeQuestion
from graphsvc.model.vocabulary import ENTITY
from graphsvc.store import reading
from graphsvc.store.cypher_files import Statement
from graphsvc.store.database import Database
from graphsvc.store.rows import fact_from_json, fact_rows
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.store.statements.results import QueryResult
from graphsvc.store.writing import batches
from graphsvc.usecases.about.named_queries import ask, resolve
from graphsvc.usecases.connections.breadth_first import BreadthFirst
from graphsvc.usecases.lists.entities import require_entities

MAX_DEPTH = 3

_FACT_COLUMNS = ("fact", "funding", "observation")


@dataclass(frozen=True)
class Part:
    """Ids of things and of facts; None where all are meant. `text` says it in words."""

    text: str = "the whole graph"
    entities: frozenset[str] | None = None
    facts: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole graph."""
        return self.entities is None

    def has(self, *entities: str) -> bool:
        """Whether all these things belong to it."""
        return self.entities is None or self.entities.issuperset(entities)

    def has_fact(self, id_: str) -> bool:
        """Whether a fact does, if its ends do."""
        return self.facts is None or id_ in self.facts

    def has_funding(self, funders: Iterable[str], goals: Iterable[str]) -> bool:
        """Whether one of those who pay, if any is named, and one of those who get it belong."""
        if self.entities is None:
            return True
        payers = list(funders)
        pays = not payers or not self.entities.isdisjoint(payers)
        return pays and not self.entities.isdisjoint(goals)


WHOLE = Part()


# --- a neighbourhood ----------------------------------------------------------------------------


async def neighbourhood(database: Database, entity: str, depth: int, time: TimeQuestion) -> Part:
    """The things at most `depth` relationships away, and every fact between them.

    Relationships are followed in both directions, those alone that `time` asks for. Reads every
    relationship of each thing nearer than `depth` once; keeps the ids of all things found.

    Raises
    ------
    NotFoundError
        When nothing has this id (or had, where an instant is asked about).
    """
    await require_entities(database, ever=time.known_at is not None, entity=entity)
    superseded = await _superseded_neighbours(database, time)
    near = BreadthFirst(entity)
    await near.search(depth, lambda layer: _neighbours(database, layer, superseded, time))
    return Part(f"what is at most {depth} relationships from {entity}", frozenset(near.distance))


async def _neighbours(
    database: Database, ids: list[str], superseded: Mapping[str, set[str]], time: TimeQuestion
) -> set[str]:
    found: set[str] = set()
    for batch in batches(ids):
        async for row in database.stream("read/exporting/things_near", ids=batch):
            if time.knew(row["recorded_at"]) and time.keeps(period_of(row["period"])):
                found.add(row["id"])
        for id_ in batch:
            found |= superseded.get(id_, set())
    return found


async def _superseded_neighbours(database: Database, time: TimeQuestion) -> Mapping[str, set[str]]:
    """Neighbours by relationships that were held then and are no more."""
    near: dict[str, set[str]] = {}
    if time.known_at is None:
        return near
    label = {"label": "FactVersion"}
    async for row in database.stream(
        "read/exporting/versions_held_at", label, known_at=time.known_at
    ):
        fact = fact_from_json(row["properties"]["fact"])
        if not time.keeps(fact.when):
            continue
        for link in fact_rows(fact, "")[1]:
            if (link.start[0], link.end[0]) == (ENTITY, ENTITY):
                near.setdefault(link.start[1], set()).add(link.end[1])
                near.setdefault(link.end[1], set()).add(link.start[1])
    return near


# --- what a query's rows name -------------------------------------------------------------------


async def named_by_query(
    database: Database,
    statements: StatementExecutor,
    types: Iterable[str],
    query: Statement,
    parameters: Mapping[str, Any],
) -> Part:
    """What the rows of a named query name: its facts and what they join, or else its things.

    Columns `id`, `ids`, `*_id` and `*_ids` hold ids: those whose name ends in `fact`, `funding`
    or `observation` before that, ids of facts; any other, ids of things (or else of facts).
    Nodes, relationships and paths name themselves. A query that names no fact gives its things
    and every fact between them. `types` are those of the relationships that are held.

    Raises
    ------
    InvalidInputError
        When a parameter is unknown, missing or of another type.
    LimitError
        When it has more rows than GRAPHSVC_MAX_ROWS: a part that was cut off would mislead.
    """
    values, _ = await resolve(database, query, parameters)
    result = await ask(statements, query, values)
    if result.truncated:
        raise LimitError(
            f"The query {query.name} has more than {len(result.rows)} rows.",
            mend="Give it narrower parameters, or raise GRAPHSVC_MAX_ROWS.",
            field="query",
        )
    things, facts = _named_in(result)
    held = await reading.entities_by_id(database, sorted(things))
    known = await reading.facts_by_id(database, types, sorted(facts | things - held.keys()))
    ends = {end for fact in known.values() for end in _ends(fact)}
    given = ", ".join(f"{name} {value!r}" for name, value in parameters.items())
    return Part(
        f"what the query {query.name} names" + (f" with {given}" if given else ""),
        frozenset(held.keys() | ends),
        frozenset(known) if known else None,
    )


def _ends(fact: Any) -> Iterator[str]:
    for node_or_link in fact_rows(fact, "")[1]:
        for label, id_ in (node_or_link.start, node_or_link.end):
            if label == ENTITY:
                yield id_


def _named_in(result: QueryResult) -> tuple[set[str], set[str]]:
    """Ids of what may be things, and of what must be facts."""
    things: set[str] = set()
    facts: set[str] = set()
    for row in result.rows:
        for column, value in zip(result.columns, row, strict=True):
            _take(value, _ids_of(column, things, facts), things, facts)
    return things, facts


def _ids_of(column: str, things: set[str], facts: set[str]) -> set[str] | None:
    """Where the ids of a column go; None where it holds none."""
    what, _, end = column.rpartition("_")
    if end not in ("id", "ids"):
        return None
    return facts if what.rpartition("_")[2] in _FACT_COLUMNS else things


def _take(value: Any, into: set[str] | None, things: set[str], facts: set[str]) -> None:
    match value:
        case str() if into is not None:
            into.add(value)
        case list():
            for item in value:
                _take(item, into, things, facts)
        case {"properties": {"fact_id": str(id_)}}:
            facts.add(id_)
        case {"labels": list(), "properties": {"id": str(id_)}}:
            things.add(id_)
        case {"nodes": list(nodes), "relationships": list(steps)}:
            _take([*nodes, *steps], None, things, facts)
