"""What flows from whom to whom: stated sums added up between groups, by the rules of docs/money.md.

A sum stands once, on its FUNDS or its Funding; currencies and stages are never added together.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from graphsvc.errors import InvalidInputError
from graphsvc.model.money import Qualifier, Stage, plain
from graphsvc.model.period import period_of
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database, Row
from graphsvc.store.reading import names_of
from graphsvc.store.views import Names
from graphsvc.usecases.flow_groups import (
    Ends,
    Group,
    GroupBy,
    Side,
    ends_by,
    group_view,
    key_of,
    places,
)
from graphsvc.usecases.pages import Keys, Part, Position
from graphsvc.usecases.stated_sums import (
    EXACT,
    ZERO,
    SumFilter,
    bounds_of,
    stated_sums,
    total_or_none,
)

KEY_TYPES = (str, str, str, str)
"""Types of a cell's sort keys: currency, stage, amount and id."""

_FIGURES = ("amount", "gross", "regrants", "net", "least", "most", "common")
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
    facts: list[str] = field(default_factory=list)
    hedges: dict[str, int] = field(default_factory=dict)
    possibly: bool = False

    @property
    def net(self) -> Decimal:
        """All sums but regrants."""
        return EXACT.subtract(self.gross, self.regrants)

    def amount(self, net: bool) -> Decimal:
        """The figure that was asked for."""
        return self.net if net else self.gross

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
            **{qualifier.value: self.hedges.get(qualifier, 0) for qualifier in Qualifier},
        }


@dataclass(frozen=True)
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
    cells: list[Cell]
    without_amount: dict[tuple[Group, Group], int]
    dated: bool

    def keys(self, cell: Cell) -> Keys:
        """The sort keys of a cell as texts; the id is the same as long as its groups are."""
        amount = "" if cell.currency is None else plain(cell.sums.amount(self.net))
        return cell.currency or "", cell.stage or "", amount, self.id_of(cell)

    def id_of(self, cell: Cell) -> str:
        """The cell's id."""
        text = json.dumps([self.group_by, *self.ends_of(cell), cell.currency, cell.stage])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def to_side(self) -> Side:
        """What the groups are to which money flows."""
        return "program" if self.group_by is GroupBy.PROGRAM else "recipient"

    def ends_of(self, cell: Cell) -> tuple[str, str]:
        """The keys of a cell's two groups."""
        return key_of(cell.payers, "payer"), key_of(cell.recipients, self.to_side)

    def totals(self) -> list[dict[str, Any]]:
        """The sums of all cells, by currency and stage."""
        totals: dict[tuple[str, str | None], list[Cell]] = {}
        for cell in self.cells:
            if cell.currency is not None:
                totals.setdefault((cell.currency, cell.stage), []).append(cell)
        return [
            {"currency": currency, "stage": stage, **self._total(cells)}
            for (currency, stage), cells in totals.items()
        ]

    def _total(self, cells: list[Cell]) -> dict[str, Any]:
        whole = Sums()
        for cell in cells:
            _merge(whole, cell.sums)
        return {**whole.view(self.net), "facts": sum(len(cell.sums.facts) for cell in cells)}

    def cell_view(self, cell: Cell) -> dict[str, Any]:
        """A cell's figures; its two groups are named apart."""
        sums = cell.sums
        states_none = dict.fromkeys(_FIGURES)
        view = {
            "id": self.id_of(cell),
            "currency": cell.currency,
            "stage": cell.stage,
            **sums.view(self.net),
            **(states_none if cell.currency is None else {}),
            "facts": sums.facts,
            "without_amount": self.without_amount.get((cell.payers, cell.recipients), 0),
        }
        if self.dated:
            view["holds"] = "possibly" if sums.possibly else "yes"
        return view


def _merge(into: Sums, other: Sums) -> None:
    into.gross = EXACT.add(into.gross, other.gross)
    into.regrants = EXACT.add(into.regrants, other.regrants)
    into.common = EXACT.add(into.common, other.common)
    into.least = EXACT.add(into.least, other.least)
    into.most = total_or_none((into.most, other.most))
    for qualifier, count in other.hedges.items():
        into.hedges[qualifier] = into.hedges.get(qualifier, 0) + count


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
    known = await places(database, vocabulary, wanted.as_of) if group_by is GroupBy.PLACE else {}
    adder = Adder(ends_by(group_by, vocabulary, kinds, known), net=net, as_of=wanted.as_of)
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
        _add(sums, row, self._net, self._as_of)

    def flows(self, group_by: GroupBy, *, listed: bool = True) -> Flows:
        """All cells in order; those without a sum are counted, and listed unless told otherwise."""
        cells = []
        without: dict[tuple[Group, Group], int] = {}
        for (payers, recipients, currency, stage), sums in self._sums.items():
            sums.facts.sort()
            if currency is None:
                without[payers, recipients] = len(sums.facts)
            if currency is not None or listed:
                cells.append(Cell(payers, recipients, currency, stage, sums))
        flows = Flows(group_by, self._net, cells, without, dated=self._as_of is not None)
        cells.sort(key=lambda cell: _rank(flows.keys(cell)))
        return flows


def _add(sums: Sums, row: Row, net: bool, as_of: date | None) -> None:
    sums.facts.append(row["fact_id"])
    if as_of is not None and not sums.possibly:
        sums.possibly = period_of(row["period"]).holds_on(as_of) != "yes"
    if row["amount"] is None:
        return
    amount = Decimal(row["amount"])
    sums.gross = EXACT.add(sums.gross, amount)
    if qualifier := row["qualifier"]:
        sums.hedges[qualifier] = sums.hedges.get(qualifier, 0) + 1
    if row["regrant"]:
        sums.regrants = EXACT.add(sums.regrants, amount)
        if net:
            return
    if len(row["payers"]) > 1 or len(row["recipients"]) > 1:
        sums.common = EXACT.add(sums.common, amount)
    least, most = bounds_of(row)
    sums.least = EXACT.add(sums.least, least)
    sums.most = total_or_none((sums.most, most))


# --- a page of cells --------------------------------------------------------------------------


def _rank(keys: Keys) -> tuple[Any, ...]:
    currency, stage, amount, id_ = keys
    largest_first = -Decimal(amount) if amount else ZERO
    return not currency, currency, _STAGES.get(stage, len(_STAGES)), largest_first, id_


async def flow_page(
    database: Database,
    vocabulary: Vocabulary,
    flows: Flows,
    *,
    start: Position | None,
    limit: int | None,
) -> Part:
    """One page of the cells, with their groups named; all of them without a limit.

    Raises
    ------
    InvalidInputError
        When the position is none of such a list.
    """
    first = 0
    if start is not None:
        after = _rank_after(start.after)
        first = bisect_right(flows.cells, after, key=lambda cell: _rank(flows.keys(cell)))
    page = flows.cells[first:] if limit is None else flows.cells[first : first + limit]
    names = await group_names(database, flows.group_by, page)
    items = [
        {
            "from": group_view(cell.payers, "payer", vocabulary, names),
            "to": group_view(cell.recipients, flows.to_side, vocabulary, names),
            **flows.cell_view(cell),
        }
        for cell in page
    ]
    total = len(flows.cells) if start is None else start.total
    more = first + len(page) < len(flows.cells)
    return Part(items, Position(flows.keys(page[-1]), total) if more else None, total)


def _rank_after(keys: Keys) -> tuple[Any, ...]:
    amount = keys[2]
    if amount and not (amount.isascii() and amount.replace(".", "", 1).isdigit()):
        raise InvalidInputError(
            "The cursor is not one that this service gave out.",
            mend="Take next_cursor from the page before.",
            field="cursor",
        )
    return _rank(keys)


async def group_names(database: Database, group_by: GroupBy, cells: Iterable[Cell]) -> Names:
    """Names of every member of these cells' groups that is a thing."""
    if group_by is GroupBy.KIND:
        return {}
    groups = {group for cell in cells for group in (cell.payers, cell.recipients)}
    return await names_of(database, {member for group in groups for member in group if member})
