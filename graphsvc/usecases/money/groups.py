"""Groups that money flows between: things, their kinds, their places, or programs.

Where the source names nobody, or several whose shares nobody knows, the group says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from graphsvc.model.time_question import TimeQuestion
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.seeding.usage import PROGRAM
from graphsvc.store.database import Database
from graphsvc.usecases.lists.views import Names

LOCATED_IN = "LOCATED_IN"
LOCAL_GOVERNMENT = "LocalGovernment"
"""The kind that is its own place, where the vocabulary has a kind of that name."""

Group = tuple[str, ...]
"""Members in the order of their ids: none where the source names nobody, several where a sum is
common to them. An empty text stands for one whose place is not known."""

UNSTATED: Group = ()
UNKNOWN = ""

Side = Literal["payer", "recipient", "program"]
"""Which end of a flow a group is; by program, money flows to programs."""

Places = Mapping[str, Group]
"""Where each thing that has a place is."""


class GroupBy(StrEnum):
    """Between what the flows are added up."""

    KIND = "kind"
    ENTITY = "entity"
    PLACE = "place"
    PROGRAM = "program"


Ends = Callable[[Mapping[str, Any]], tuple[Group, Group]]
"""Says from which group to which a sum flows."""


def ends_by(
    group_by: GroupBy, vocabulary: Vocabulary, kinds: Mapping[str, str], places: Places
) -> Ends:
    """How sums are grouped; `kinds` has the kind of each party by the time that it is asked."""

    def by_entity(row: Mapping[str, Any]) -> tuple[Group, Group]:
        return _joined(row["payers"]), _joined(row["recipients"])

    def by_kind(row: Mapping[str, Any]) -> tuple[Group, Group]:
        payers, recipients = row["payers"], row["recipients"]
        return _joined(kinds[id_] for id_ in payers), _joined(kinds[id_] for id_ in recipients)

    def by_place(row: Mapping[str, Any]) -> tuple[Group, Group]:
        return _placed(row["payers"]), _placed(row["recipients"])

    def _placed(parties: Iterable[str]) -> Group:
        return _joined(place for id_ in parties for place in _places_of(id_))

    def _places_of(id_: str) -> Group:
        if vocabulary.is_a(kinds[id_], LOCAL_GOVERNMENT):
            return (id_,)
        return places.get(id_, (UNKNOWN,))

    def by_program(row: Mapping[str, Any]) -> tuple[Group, Group]:
        payers, recipients = _joined(row["payers"]), _joined(row["recipients"])
        if row["program"] is not None:
            return payers, (row["program"],)
        are_programs = all(vocabulary.is_a(kinds[id_], PROGRAM) for id_ in recipients)
        return payers, recipients if are_programs else UNSTATED

    return {
        GroupBy.KIND: by_kind,
        GroupBy.ENTITY: by_entity,
        GroupBy.PLACE: by_place,
        GroupBy.PROGRAM: by_program,
    }[group_by]


def _joined(members: Iterable[str]) -> Group:
    return tuple(sorted(set(members)))


def key_of(group: Group, side: Side) -> str:
    """A text that names the group and no other; it is part of no id, and readable.

    What is not known is not the same on both sides: money from an unknown place to an unknown
    place does not go round in a circle.
    """
    return "+".join(member or f":unknown-{side}" for member in group) or f":unstated-{side}"


def group_view(group: Group, side: Side, vocabulary: Vocabulary, names: Names) -> dict[str, Any]:
    """A group as readers see it; `names` is empty where the members are kinds."""
    return {
        "key": key_of(group, side),
        "is": _what(group),
        "members": [_member(member, vocabulary, names) for member in group],
    }


def _what(group: Group) -> str:
    if not group:
        return "unstated"
    if group == (UNKNOWN,):
        return "unknown"
    return "one" if len(group) == 1 else "joint"


def _member(member: str, vocabulary: Vocabulary, names: Names) -> dict[str, Any] | None:
    if member == UNKNOWN:
        return None
    if member in names:
        known = names[member]
        return {name: known[name] for name in ("id", "kind", "name", "name_en")}
    name = vocabulary.kinds[member].name
    return {"id": member, "kind": None, "name": name.ko, "name_en": name.en}


async def places(database: Database, vocabulary: Vocabulary, as_of: date | None) -> Places:
    """Where things are: the nearest local government up LOCATED_IN, else the last place up it.

    A thing that is said to be in two places, neither within the other, is in both. `as_of` leaves
    out what the day rules out. Reads every LOCATED_IN.
    """
    if LOCATED_IN not in vocabulary.types:
        return {}
    slots = {"type": LOCATED_IN, "holds": database.catalog.fragment("holds")}
    above: dict[str, list[str]] = {}
    governments: set[str] = set()
    parameters = TimeQuestion(as_of).parameters()
    async for row in database.stream("read/money/links_of_type", slots, **parameters):
        above.setdefault(row["subject"], []).append(row["object"])
        if vocabulary.is_a(row["object_kind"], LOCAL_GOVERNMENT):
            governments.add(row["object"])
    return {id_: _place(id_, above, governments) for id_ in above}


def _place(id_: str, above: Mapping[str, list[str]], governments: set[str]) -> Group:
    found: set[str] = set()
    last: set[str] = set()
    seen, waiting = {id_}, list(above[id_])
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if place in governments:
            found.add(place)
        elif place in above:
            waiting.extend(above[place])
        else:
            last.add(place)
    # In a circle of places none is the last: then those that the source names first.
    return tuple(sorted(found or last or set(above[id_])))
