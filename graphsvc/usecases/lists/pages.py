"""A page of a sorted list: its items, and the position where the next one begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from graphsvc.model.time_question import ANY_TIME
from graphsvc.store.database import Row

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")

Keys = tuple[Any, ...]
"""Sort keys of a row, its id last; the next page begins after them."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after these keys; `total` is what the first page counted."""

    after: Keys
    total: int | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """The items of one page; `next` is None on the last one."""

    items: list[dict[str, Any]]
    next: Position | None
    total: int | None


def bound(wanted: DataclassInstance) -> dict[str, Any]:
    """A filter as a statement's parameters; its question of time is taken apart."""
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    time = values.pop("time", ANY_TIME)
    return {**values, **time.parameters()}


def cut(rows: list[T], limit: int) -> tuple[list[T], bool]:
    """The rows of a page, and whether more follow: one more than `limit` was read."""
    return rows[:limit], len(rows) > limit


async def total_of(
    start: Position | None, rows: list[Row], limit: int, count: Callable[[], Awaitable[int]]
) -> int | None:
    """How many rows the list has: counted only where its first page does not hold them all."""
    if start is not None:
        return start.total
    return len(rows) if len(rows) <= limit else await count()
