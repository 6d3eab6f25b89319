"""Every sum that a source states, once: on its FUNDS or its Funding, as docs/money.md has it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from sys import intern
from typing import Any

from graphsvc.model.fact import FUNDS
from graphsvc.model.money import bounds
from graphsvc.model.time_question import ANY_TIME, TimeQuestion
from graphsvc.store.database import Database, Row
from graphsvc.store.rows import require_amounts
from graphsvc.usecases.lists.pages import bound

EXACT = Context(prec=100, traps=[Inexact])
"""Decimal's own 28 digits would round the sum of two large amounts."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class SumFilter:
    """Which sums are meant; what is None does not matter.

    `payer` and `recipient` may be one of several.
    """

    payer: str | None = None
    recipient: str | None = None
    stage: str | None = None
    source: str | None = None
    currency: str | None = None
    time: TimeQuestion = ANY_TIME

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
    ends = {"subject": values.pop("payer"), "object": values.pop("recipient")}
    slots = {**_match(database, wanted), **holds}
    async for row in database.stream("read/money/direct_sums", slots, **ends, **values):
        payer, recipient = intern(row["payer"]), intern(row["recipient"])
        kinds[payer], kinds[recipient] = intern(row["payer_kind"]), intern(row["recipient_kind"])
        row["payers"], row["recipients"] = (payer,), (recipient,)
        yield _shared(row)
    ends = {"payer": wanted.payer, "recipient": wanted.recipient}
    async for row in database.stream("read/money/common_sums", holds, **ends, **values):
        kinds.update((party["id"], party["kind"]) for party in row["parties"])
        yield _shared(row)


def _shared(row: Row) -> Row:
    """The row with the few words that all rows have as the same objects, since many are kept."""
    require_amounts(row)
    for name in ("currency", "stage", "source", "program"):
        if row[name] is not None:
            row[name] = intern(row[name])
    return row


def _match(database: Database, wanted: SumFilter) -> dict[str, Any]:
    fragment = database.catalog.fragment
    if wanted.payer is not None:
        return {"match": fragment("relationship_of_subject")}
    if wanted.recipient is not None:
        return {"match": fragment("relationship_of_object")}
    return {"match": fragment("relationship_of_type"), "type": FUNDS}


def bounds_of(row: Row) -> tuple[Decimal, Decimal | None]:
    """The least and the most that a row's sum can be."""
    amount, least, most = Decimal(row["amount"]), row["amount_min"], row["amount_max"]
    return bounds(
        amount,
        row["qualifier"],
        None if least is None else Decimal(least),
        None if most is None else Decimal(most),
    )


def plus(one: Decimal, other: Decimal) -> Decimal:
    """The exact sum of two."""
    return other if one is ZERO else EXACT.add(one, other)


def plus_or_none(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The exact sum of two; None where one of them is."""
    return None if one is None or other is None else plus(one, other)
