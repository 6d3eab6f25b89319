"""What flows from whom to whom: stated sums added up between groups, by the rules of docs/money.md.

A sum stands once, on its FUNDS or its Funding; currencies and stages are never added together.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from graphsvc.errors import InvalidInputError
from graphsvc.model.money import Stage, plain
from graphsvc.model.period import period_of
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import names_of
from graphsvc.usecases.lists.pages import Keys, ListPage, Position
from graphsvc.usecases.lists.views import Names
from graphsvc.usecases.money.groups import (
    Ends,
    Group,
    GroupBy,
    Side,
    ends_by,
    group_view,
    key_of,
    places,
)
from graphsvc.usecases.money.stated_sums import (
    EXACT,
    ZERO,
    SumFilter,
    bounds_of,
    plus,
    plus_or_none,
    stated_sums,
)

KEY_TYPES = (str, str, str, str)
"""Types of a cell's sort keys: currency, stage, amount and id."""

_FIGURES = ("amount", "gross", "regrants", "net", "least", "most", "common")
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
_CELL_BYTES, _FACT_BYTES = 700, 80
_STAGES = {stage.value: position for position, stage in enumerate(Stage)}


@dataclass(slots=True)
class Sums:
    """Sums of one currency and stage, added up exactly.

    `common`, `least` and `most` are of the figure that was asked for.
    """

    gross: Decimal = ZERO
    regrants: Decimal = ZERO
    common: Decimal = ZERO
    least: Decimal = ZERO
    most: Decimal | None = ZERO
    about: int = 0
    at_least: int = 0
    at_most: int = 0
    facts: list[str] = field(default_factory=list)
    possibly: bool = False

    @property
    def net(self) -> Decimal:
        """All sums but regrants."""
        return EXACT.subtract(self.gross, self.regrants)

    def amount(self, net: bool) -> Decimal:
        """The figure that was asked for."""
        return self.net if net else self.gross

    def add(self, row: Row, net: bool) -> None:
        """Add the sum of one fact."""
        amount = Decimal(row["amount"])
        self.gross = plus(self.gross, amount)
        if qualifier := row["qualifier"]:
            setattr(self, qualifier, getattr(self, qualifier) + 1)
        if row["regrant"]:
            self.regrants = plus(self.regrants, amount)
            if net:
                return
        if len(row["payers"]) > 1 or len(row["recipients"]) > 1:
            self.common = plus(self.common, amount)
        least, most = bounds_of(row)
        self.least = plus(self.least, least)
        self.most = plus_or_none(self.most, most)

    def merge(self, other: Sums) -> None:
        """Add what another cell adds up."""
        self.gross = plus(self.gross, other.gross)
        self.regrants = plus(self.regrants, other.regrants)
        self.common = plus(self.common, other.common)
        self.least = plus(self.least, other.least)
        self.most = plus_or_none(self.most, other.most)
        self.about += other.about
        self.at_least += other.at_least
        self.at_most += other.at_most
        self.facts += other.facts

    def view(self, net: bool) -> dict[str, Any]:
        """The figures as readers see them."""
        return {
            "amount": plain(self.amount(net)),
            "gross": plain(self.gross),
            "regrants": plain(self.regrants),
            "net": plain(self.net),
            "least": plain(self.least),
            "most": None if self.most is None else plain(self.most),
            "common": plain(self.common),
            "about": self.about,
            "at_least": self.at_least,
            "at_most": self.at_most,
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """What flows from one group to another in one currency and stage; both None: no sum stated."""

    payers: Group
    recipients: Group
    currency: str | None
    stage: str | None
    sums: Sums


@dataclass(frozen=True)
class Flows:
    """Every cell, in order: by currency and stage, the largest first; those without a sum last."""

    group_by: GroupBy
    net: bool
    dated: bool
    cells: list[Cell]
    totals: list[dict[str, Any]]
    without_amount: dict[tuple[Group, Group], int]

    def size(self) -> int:
        """About how many bytes it takes."""
        cells = len(self.cells) + len(self.without_amount)
        return _CELL_BYTES * cells + _FACT_BYTES * sum(len(each.sums.facts) for each in self.cells)

    def cell_view(self, cell: Cell) -> dict[str, Any]:
        """A cell's figures; its two groups are named apart."""
        sums = cell.sums
        states_none = {} if cell.currency else dict.fromkeys(_FIGURES)
        view = {
            "id": id_of(cell, self.group_by),
            "currency": cell.currency,
            "stage": cell.stage,
            **sums.view(self.net),
            **states_none,
            "facts": sums.facts,
            "without_amount": self.without_amount.get((cell.payers, cell.recipients), 0),
        }
        if self.dated:
            view["holds"] = "possibly" if sums.possibly else "yes"
        return view


def id_of(cell: Cell, group_by: GroupBy) -> str:
    """The id of a cell: the same as long as its groups, currency and stage are."""
    parts = (group_by, *ends_of(cell, group_by), cell.currency or "", cell.stage or "")
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def ends_of(cell: Cell, group_by: GroupBy) -> tuple[str, str]:
    """The keys of a cell's two groups."""
    return key_of(cell.payers, "payer"), key_of(cell.recipients, to_side(group_by))


def to_side(group_by: GroupBy) -> Side:
    """What the groups are to which money flows."""
    return "program" if group_by is GroupBy.PROGRAM else "recipient"


async def flows(
    database: Database, vocabulary: Vocabulary, wanted: SumFilter, group_by: GroupBy, *, net: bool
) -> Flows:
    """Add up every sum that is meant, between groups.

    `net` decides which figure a cell's `amount` (and its bounds and order) is: all sums, or all
    but regrants.

    Cost: reads each FUNDS (of the payer or recipient, where one is given) and each Funding once,
    as a stream; keeps the ids of the facts and one set of figures a cell. By place it reads every
    LOCATED_IN besides.
    """
    kinds: dict[str, str] = {}
    known = (
        await places(database, vocabulary, wanted.time.as_of) if group_by is GroupBy.PLACE else {}
    )
    adder = Adder(ends_by(group_by, vocabulary, kinds, known), net=net, as_of=wanted.time.as_of)
    async for row in stated_sums(database, wanted, kinds):
        adder.add(row)
    # Half a million cells take seconds to sort, and others ask meanwhile.
    return await asyncio.to_thread(adder.flows, group_by, listed=not wanted.asks_for_sums)


class Adder:
    """Adds up rows of `stated_sums`, one by one."""

    def __init__(self, ends: Ends, *, net: bool, as_of: date | None = None) -> None:
        self._ends = ends
        self._net = net
        self._as_of = as_of
        self._sums: dict[tuple[Group, Group, str | None, str | None], Sums] = {}

    def add(self, row: Row) -> None:
        """Add one fact to its cell."""
        key = (*self._ends(row), row["currency"], row["stage"])
        sums = self._sums.get(key)
        if sums is None:
            sums = self._sums[key] = Sums()
        sums.facts.append(row["fact_id"])
        if self._as_of is not None and not sums.possibly:
            sums.possibly = period_of(row["period"]).holds_on(self._as_of) != "yes"
        if row["amount"] is not None:
            sums.add(row, self._net)

    def flows(self, group_by: GroupBy, *, listed: bool = True) -> Flows:
        """All cells in order; those without a sum are counted, and listed unless told otherwise."""
        cells = [Cell(*key, sums) for key, sums in self._sums.items()]
        for cell in cells:
            cell.sums.facts.sort()
        without = {
            (cell.payers, cell.recipients): len(cell.sums.facts)
            for cell in cells
            if cell.currency is None
        }
        if not listed:
            cells = [cell for cell in cells if cell.currency is not None]
        in_order = _sorted(cells, group_by, self._net)
        totals = _totals(in_order, self._net)
        return Flows(group_by, self._net, self._as_of is not None, in_order, totals, without)


def _sorted(cells: list[Cell], group_by: GroupBy, net: bool) -> list[Cell]:
    """By currency, stage and amount; an id costs more than a comparison, so only ties need one."""
    cells.sort(key=lambda cell: _rank(_size(cell, net)))
    found: list[Cell] = []
    for _, ties in groupby(cells, key=lambda cell: _rank(_size(cell, net))):
        equals = list(ties)
        if len(equals) > 1:
            equals.sort(key=lambda cell: id_of(cell, group_by))
        found += equals
    return found


def _totals(cells: list[Cell], net: bool) -> list[dict[str, Any]]:
    totals: dict[tuple[str, str | None], Sums] = {}
    for cell in cells:
        if cell.currency is not None:
            totals.setdefault((cell.currency, cell.stage), Sums()).merge(cell.sums)
    return [
        {"currency": currency, "stage": stage, **sums.view(net), "facts": len(sums.facts)}
        for (currency, stage), sums in totals.items()
    ]


# --- a page of cells --------------------------------------------------------------------------


_Size = tuple[str, str, Decimal]
"""Currency, stage and amount; empty and zero for a cell without a sum."""


def _size(cell: Cell, net: bool) -> _Size:
    return cell.currency or "", cell.stage or "", cell.sums.amount(net)


def _rank(size: _Size) -> tuple[Any, ...]:
    currency, stage, amount = size
    # copy_negate, for a minus would round.
    return not currency, currency, _STAGES.get(stage, len(_STAGES)), amount.copy_negate()


async def flow_page(
    database: Database,
    vocabulary: Vocabulary,
    flows: Flows,
    *,
    start: Position | None,
    limit: int | None,
) -> ListPage:
    """One page of the cells, with their groups named; all of them without a limit.

    Raises
    ------
    InvalidInputError
        When the position is none of such a list.
    """
    first = 0 if start is None else _first_after(flows, start.after)
    page = flows.cells[first:] if limit is None else flows.cells[first : first + limit]
    names = await group_names(database, flows.group_by, page)
    items = [
        {
            "from": group_view(cell.payers, "payer", vocabulary, names),
            "to": group_view(cell.recipients, to_side(flows.group_by), vocabulary, names),
            **flows.cell_view(cell),
        }
        for cell in page
    ]
    total = len(flows.cells) if start is None else start.total
    more = first + len(page) < len(flows.cells)
    return ListPage(items, Position(_keys(flows, page[-1]), total) if more else None, total)


def _keys(flows: Flows, cell: Cell) -> Keys:
    currency, stage, amount = _size(cell, flows.net)
    return currency, stage, plain(amount), id_of(cell, flows.group_by)


def _first_after(flows: Flows, keys: Keys) -> int:
    """Where the cells begin that come after these keys."""
    currency, stage, amount, id_ = keys
    if not _AMOUNT.fullmatch(amount):
        raise InvalidInputError(
            "The cursor is not one that this service gave out.",
            mend="Take next_cursor from the page before.",
            field="cursor",
        )
    rank = _rank((currency, stage, Decimal(amount)))

    def rank_of(cell: Cell) -> tuple[Any, ...]:
        return _rank(_size(cell, flows.net))

    first = bisect_left(flows.cells, rank, key=rank_of)
    last = bisect_right(flows.cells, rank, key=rank_of)
    return bisect_right(flows.cells, id_, first, last, key=lambda cell: id_of(cell, flows.group_by))


async def group_names(database: Database, group_by: GroupBy, cells: Iterable[Cell]) -> Names:
    """Names of every member of these cells' groups that is a thing."""
    if group_by is GroupBy.KIND:
        return {}
    groups = {group for cell in cells for group in (cell.payers, cell.recipients)}
    return await names_of(database, {member for group in groups for member in group if member})
