"""Relationships between things, filtered and sorted, as held now or at an instant before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from graphsvc.model.fact import FundingFact
from graphsvc.model.money import plain
from graphsvc.model.period import period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import ENTITY, Vocabulary
from graphsvc.store.cypher_files import any_of
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import entities_by_id, names_of
from graphsvc.store.rows import fact_from_json, fact_rows, require_amounts
from graphsvc.usecases.lists.pages import Keys, ListPage, Position, bound, cut, total_of
from graphsvc.usecases.lists.views import Names, named_in, relationship_view

Sort = Literal["recency", "amount"]
KEY_TYPES: dict[Sort, tuple[type, type]] = {"recency": (str, str), "amount": (int, str)}
"""Types of a row's sort keys: the day or the sum, and the id."""

_COLUMNS = ("subject", "type", "object", "properties", "ends")
"""What `read/lists/relationships` returns of each row."""


@dataclass(frozen=True)
class RelationshipFilter:
    """Which relationships are meant; what is None does not matter.

    Kinds may be ancestors; `entity` is either end. `time` says when.
    """

    types: frozenset[str] | None = None
    entity: str | None = None
    subject: str | None = None
    object: str | None = None
    subject_kinds: frozenset[str] | None = None
    object_kinds: frozenset[str] | None = None
    min_amount_krw: int | None = None
    max_amount_krw: int | None = None
    modality: str | None = None
    basis: str | None = None
    time: TimeQuestion = ANY_TIME


async def relationships(
    database: Database,
    vocabulary: Vocabulary,
    wanted: RelationshipFilter,
    *,
    sort: Sort,
    start: Position | None,
    limit: int,
) -> ListPage:
    """One page, largest sort key first, ties in the order of ids.

    Sorted by recency, that is by the day a relationship began (else the day it ends), undated
    ones come last; sorted by amount, those without a sum of their own in won.

    Cost: one read for the rows with their names; one more where a row names a program or who says
    so, where a funding made a row, and where the first page does not hold all (a count). With
    `known_at` every version that was held then and is no more is read besides, and with a kind
    every version of a thing.
    """
    slots = _slots(database, wanted)
    known_at = wanted.time.known_at
    others = await _other_kinds(database, vocabulary, wanted)
    several = {
        name: None if names is None else sorted(names)
        for name, names in (
            ("types", wanted.types),
            ("subject_kinds", wanted.subject_kinds),
            ("object_kinds", wanted.object_kinds),
        )
    }
    asked = {**bound(wanted), **several, "known_at": known_at, **others}
    after_key, after_id = start.after if start else (None, None)
    found = await database.read(
        "read/lists/relationships",
        {**slots, "key": database.catalog.fragment(f"{sort}_key")},
        **asked,
        after_key=after_key,
        after_id=after_id,
        limit=limit + 1,
    )
    rows: list[Row] = [dict(zip(_COLUMNS, row, strict=True)) for row in found[0]["rows"]]
    gone = await _held_then(database, vocabulary, wanted)
    if gone:
        rows = _merged(rows, gone, sort, start.after if start else None, limit + 1)
    page, more = cut(rows, limit)

    async def count() -> int:
        counted = await database.read("read/lists/relationship_count", slots, **asked)
        return int(counted[0]["total"]) + len(gone)

    now = known_at is None
    known = [end for row in page for end in row.get("ends", ())] if now else []
    # One after the other: mostly none of them reads, and a task for each would cost more.
    names = await names_of(database, named_in(page), known, known_at=known_at)
    total = await total_of(start, rows, limit, count)
    await add_funding_amounts(database, page)
    items = [relationship_view(row, names, wanted.time.as_of) for row in page]
    return ListPage(items, Position(_keys(page[-1], sort), total) if more else None, total)


def _slots(database: Database, wanted: RelationshipFilter) -> dict[str, Any]:
    fragment = database.catalog.fragment
    slots: dict[str, Any] = {"filter": fragment("relationship_filter"), "holds": fragment("holds")}
    slots["known"] = fragment("known")
    for end in ("entity", "subject", "object"):
        if getattr(wanted, end) is not None:
            return {**slots, "match": fragment(f"relationship_of_{end}")}
    if wanted.types is not None:
        types = any_of(sorted(wanted.types))
        return {**slots, "match": fragment("relationship_of_type"), "type": types}
    return {**slots, "match": fragment("any_relationship")}


def by_recency(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order of lists: latest first and undated last, ties in the order of ids."""
    return _sorted(rows, "recency")


async def add_funding_amounts(database: Database, rows: list[Row]) -> None:
    """A relationship that a funding made shows the funding's sum beside it."""
    links = [row for row in rows if "funding_id" in row["properties"]]
    ids = sorted({row["properties"]["funding_id"] for row in links if "funding_amount" not in row})
    if not ids:
        return
    sums = {
        row.pop("id"): row for row in await database.read("read/lists/funding_amounts", ids=ids)
    }
    for funding_id, money in sums.items():
        require_amounts({"fact_id": funding_id, **money})
    for row in links:
        row.setdefault("funding_amount", sums.get(row["properties"]["funding_id"]))


# --- what was held at an instant and is held no more --------------------------------------------


async def _held_then(
    database: Database, vocabulary: Vocabulary, wanted: RelationshipFilter
) -> list[Row]:
    if wanted.time.known_at is None:
        return []
    versions = await database.read(
        "read/lists/fact_versions_known_at", known_at=wanted.time.known_at
    )
    rows = [row for version in versions for row in _relationships_of(version["properties"])]
    names = await names_of(database, named_in(rows), known_at=wanted.time.known_at)
    return [row for row in rows if _matches(row, wanted, names, vocabulary)]


async def _other_kinds(
    database: Database, vocabulary: Vocabulary, wanted: RelationshipFilter
) -> dict[str, list[str]]:
    """The things of whose kind the filter would have said the opposite at that instant."""
    others: dict[str, list[str]] = {"other_subjects": [], "other_objects": []}
    asked = {"other_subjects": wanted.subject_kinds, "other_objects": wanted.object_kinds}
    if wanted.time.known_at is None or not any(asked.values()):
        return others
    rows = await database.read("read/lists/entity_versions_known_at", known_at=wanted.time.known_at)
    now = await entities_by_id(database, [row["id"] for row in rows])
    for row in rows:
        for name, kinds in asked.items():
            if row["id"] in now and _is_a(vocabulary, row["kind"], kinds) != _is_a(
                vocabulary, now[row["id"]].kind, kinds
            ):
                others[name].append(row["id"])
    return others


def _relationships_of(version: dict[str, Any]) -> Iterator[Row]:
    fact = fact_from_json(version["fact"])
    for link in fact_rows(fact, version["recorded_at"])[1]:
        if (link.start[0], link.end[0]) != (ENTITY, ENTITY):
            continue
        row: Row = {
            "subject": link.start[1],
            "type": link.type,
            "object": link.end[1],
            "properties": link.properties,
        }
        if isinstance(fact, FundingFact):
            money = fact.money
            row["funding_amount"] = {"amount": plain(money.amount), "currency": money.currency}
        yield row


def _matches(row: Row, wanted: RelationshipFilter, names: Names, vocabulary: Vocabulary) -> bool:
    properties = row["properties"]
    exact = (
        (wanted.subject, row["subject"]),
        (wanted.object, row["object"]),
        (wanted.modality, properties["modality"]),
        (wanted.basis, properties["basis"]),
    )
    return (
        (wanted.types is None or row["type"] in wanted.types)
        and all(asked in (None, held) for asked, held in exact)
        and _is_a(vocabulary, names[row["subject"]]["kind"], wanted.subject_kinds)
        and _is_a(vocabulary, names[row["object"]]["kind"], wanted.object_kinds)
        and _is_between(properties.get("amount_krw"), wanted)
        and wanted.time.keeps(period_of(properties.get("period")))
    )


def _is_a(vocabulary: Vocabulary, kind: str, asked: frozenset[str] | None) -> bool:
    if asked is None or kind in asked:
        return True
    # A kind of then may not be in the vocabulary of now.
    return kind in vocabulary.kinds and vocabulary.is_a(kind, *asked)


def _is_between(amount: int | None, wanted: RelationshipFilter) -> bool:
    least, most = wanted.min_amount_krw, wanted.max_amount_krw
    if least is None and most is None:
        return True
    return amount is not None and (least or 0) <= amount and (most is None or amount <= most)


def _keys(row: Row, sort: Sort) -> Keys:
    properties = row["properties"]
    if sort == "amount":
        return properties.get("amount_krw", -1), properties["id"]
    return properties.get("valid_from") or properties.get("valid_to") or "", properties["id"]


def _merged(
    live: list[Row], gone: Iterable[Row], sort: Sort, after: Keys | None, most: int
) -> list[Row]:
    rows = [*live, *(row for row in gone if after is None or _follows(_keys(row, sort), after))]
    return _sorted(rows, sort)[:most]


def _sorted(rows: Iterable[Row], sort: Sort) -> list[Row]:
    by_id = sorted(rows, key=lambda row: _keys(row, sort)[-1])
    return sorted(by_id, key=lambda row: _keys(row, sort)[0], reverse=True)


def _follows(keys: Keys, after: Keys) -> bool:
    return bool(keys[0] < after[0] or (keys[0] == after[0] and keys[1] > after[1]))
