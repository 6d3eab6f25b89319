"""Every sum that a source states, once: on its FUNDS or its Funding, as docs/money.md has it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, Inexact
from typing import Any

from graphsvc.model.fact import FUNDS
from graphsvc.model.money import bounds
from graphsvc.store.database import Database, Row
from graphsvc.usecases.pages import bound

EXACT = Context(prec=100, traps=[Inexact])
"""Decimal's own 28 digits would round the sum of two large amounts."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class SumFilter:
    """Which sums are meant; what is None does not matter.

    `payer` and `recipient` may be one of several. `certain_only` leaves out what is undated or
    dated in doubt.
    """

    payer: str | None = None
    recipient: str | None = None
    stage: str | None = None
    source: str | None = None
    currency: str | None = None
    as_of: date | None = None
    certain_only: bool = False

    @property
    def asks_for_sums(self) -> bool:
        """Whether it asks for what only a stated sum has."""
        return (self.stage, self.source, self.currency) != (None, None, None)


async def stated_sums(
    database: Database, wanted: SumFilter, kinds: dict[str, str]
) -> AsyncIterator[Row]:
    """Each fact that funds, in no order, with its `payers` and `recipients`.

    A funding that names no recipient goes to its program. FUNDS without a sum are among them, and
    stage, source and currency do not rule them out. Notes the kind of every party in `kinds`.
    """
    fragment = database.catalog.fragment
    values, holds = bound(wanted), {"holds": fragment("holds")}
    payer, recipient = values.pop("payer"), values.pop("recipient")
    slots, ends = {**_match(database, wanted), **holds}, {"subject": payer, "object": recipient}
    async for row in database.stream("read/direct_sums", slots, **ends, **values):
        kinds[row["payer"]], kinds[row["recipient"]] = row["payer_kind"], row["recipient_kind"]
        yield {**row, "payers": (row["payer"],), "recipients": (row["recipient"],)}
    ends = {"payer": payer, "recipient": recipient}
    async for row in database.stream("read/common_sums", holds, **ends, **values):
        kinds.update((party["id"], party["kind"]) for party in row["parties"])
        yield row


def _match(database: Database, wanted: SumFilter) -> dict[str, Any]:
    fragment = database.catalog.fragment
    if wanted.payer is not None:
        return {"match": fragment("relationship_of_subject")}
    if wanted.recipient is not None:
        return {"match": fragment("relationship_of_object")}
    return {"match": fragment("relationship_of_type"), "type": FUNDS}


def bounds_of(row: Row) -> tuple[Decimal, Decimal | None]:
    """The least and the most that a row's sum can be."""
    least, most = row["amount_min"], row["amount_max"]
    return bounds(
        Decimal(row["amount"]),
        row["qualifier"],
        None if least is None else Decimal(least),
        None if most is None else Decimal(most),
    )


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    added = ZERO
    for amount in amounts:
        added = EXACT.add(added, amount)
    return added


def total_or_none(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum; None where one of them is."""
    known = list(amounts)
    return None if None in known else total(amount for amount in known if amount is not None)
