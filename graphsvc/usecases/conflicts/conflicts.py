"""Conflicts as they are listed: those that a curator declared, and those found by comparing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graphsvc.model.choices import Language
from graphsvc.model.period import Period, period_of
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import carriers_by_id, names_of
from graphsvc.usecases.conflicts.detecting import Conflict, HowFound, find_conflicts
from graphsvc.usecases.conflicts.texts import reason
from graphsvc.usecases.lists.pages import ListPage, Position
from graphsvc.usecases.lists.views import Names, detailed_view, named_in

KEY_TYPES = (str,)


@dataclass(frozen=True)
class Conflicts:
    """Every conflict of one version of the graph, by id and in that order, and what they show."""

    found: dict[str, Conflict]
    rows: Mapping[str, Row]
    names: Names


@dataclass(frozen=True)
class ConflictFilter:
    """Which conflicts are meant; what is None does not matter.

    `entity` and `kinds` are of a thing that one of the facts is about. Each of the
    facts must be such as `time` asks for.
    """

    found: HowFound | None = None
    kinds: frozenset[str] | None = None
    entity: str | None = None
    time: TimeQuestion = ANY_TIME


async def all_conflicts(database: Database, vocabulary: Vocabulary) -> Conflicts:
    """Compare all that can be compared; for one version of the graph this is done once.

    Cost: reads every observation, stated sum, position, PART_OF and POSSIBLY_SAME without its
    evidence, and looks those in conflict up by id. What is kept grows with the number of facts in
    conflict.
    """
    conflicts = await find_conflicts(database, vocabulary)
    wanted = {id_ for conflict in conflicts for id_ in conflict.facts}
    rows: dict[str, Row] = {}
    async for row in carriers_by_id(database, vocabulary.types, sorted(wanted)):
        rows[row["properties"]["fact_id"]] = row
    names = await names_of(database, named_in(rows.values()) | _subjects(conflicts))
    # A load may have withdrawn a fact between two reads.
    whole = {id_of(c): c for c in conflicts if rows.keys() >= set(c.facts)}
    return Conflicts(dict(sorted(whole.items())), rows, names)


def _subjects(conflicts: Iterable[Conflict]) -> set[str]:
    return {conflict.sums.subject for conflict in conflicts if conflict.sums is not None}


def id_of(conflict: Conflict) -> str:
    """The id of a conflict: the same as long as it is between the same facts."""
    text = "\n".join(sorted(conflict.facts))
    return f"{conflict.found}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def conflict_page(
    conflicts: Conflicts,
    vocabulary: Vocabulary,
    wanted: ConflictFilter,
    language: Language,
    *,
    start: Position | None,
    limit: int,
) -> ListPage:
    """One page in the order of ids, declared conflicts first."""
    after = start.after[0] if start else ""
    chosen = [
        (id_, conflict)
        for id_, conflict in conflicts.found.items()
        if _is_wanted(conflicts, vocabulary, conflict, wanted)
    ]
    rest = [item for item in chosen if item[0] > after]
    page = rest[:limit]
    items = [
        _view(conflicts, vocabulary, id_, conflict, wanted.time.as_of, language)
        for id_, conflict in page
    ]
    total = start.total if start else len(chosen)
    more = len(rest) > limit
    return ListPage(items, Position((page[-1][0],), total) if more else None, total)


def _is_wanted(
    conflicts: Conflicts, vocabulary: Vocabulary, conflict: Conflict, wanted: ConflictFilter
) -> bool:
    if wanted.found not in (None, conflict.found):
        return False
    about = {id_ for fact in conflict.facts for id_ in _about(conflicts.rows[fact])}
    if conflict.sums is not None:
        about.add(conflict.sums.subject)
    if wanted.entity is not None and wanted.entity not in about:
        return False
    kinds = {conflicts.names[id_]["kind"] for id_ in about}
    if wanted.kinds and not any(vocabulary.is_a(kind, *wanted.kinds) for kind in kinds):
        return False
    return all(wanted.time.keeps(_period(conflicts.rows[fact])) for fact in conflict.facts)


def _about(row: Row) -> list[str]:
    """The things that a fact is about: its ends, its subject, or those who pay and get."""
    properties = row["properties"]
    if "type" in row:
        return [row["subject"], row["object"]]
    if "metric" in properties:
        return [properties["subject"]]
    recipients = properties.get("recipients") or [properties["program"]]
    return [*(properties.get("funders") or ()), *recipients]


def _period(row: Row) -> Period:
    return period_of(row["properties"].get("period"))


def _view(
    conflicts: Conflicts,
    vocabulary: Vocabulary,
    id_: str,
    conflict: Conflict,
    as_of: date | None,
    language: Language,
) -> dict[str, Any]:
    rows = [conflicts.rows[fact] for fact in conflict.facts]
    sums = conflict.sums
    view = {
        "id": id_,
        "found": conflict.found,
        "certain": conflict.certain,
        "reason": reason(conflict, rows, conflicts.names, vocabulary, language),
        "facts": [detailed_view(row, conflicts.names) for row in rows],
        "possibly_same": list(conflict.possibly_same),
        "sums": None if sums is None else sums.view(),
    }
    if as_of is not None:
        sure = all(_period(row).holds_on(as_of) == "yes" for row in rows)
        view["holds"] = "yes" if sure else "possibly"
    return view
