"""Refuse an order by an aggregate that the embedded engine would not keep to.

It orders by an aggregate only where ORDER BY repeats an item of its WITH or RETURN word for word:
`RETURN count(*) AS n ORDER BY count(*)`. By any other expression that holds one (`-count(*)`, or
`COUNT(*)` here) it gives another order, in a WITH also one row a match, without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphsvc.store.guard import words
from graphsvc.store.guard.frames import (
    BEGINNING,
    PassedToken,
    calls_an_aggregate,
    opens_query,
)
from graphsvc.store.guard.tokens import Token, reject


@dataclass(slots=True)
class _Query:
    """A query or subquery: the clause that is read, its items so far, and the item that is read.

    `depth` counts the brackets within it, and `aggregate` is the first of the item.
    """

    clause: str = ""
    items: set[tuple[str, ...]] = field(default_factory=set)
    item: list[str] = field(default_factory=list)
    aggregate: Token | None = None
    depth: int = 0

    def begin(self, seen: PassedToken) -> None:
        """Begin the next item, and with a word of the language another clause."""
        if seen.is_keyword("WITH", "RETURN"):
            self.items.clear()
        if seen.is_keyword(*words.CLAUSES, "AS"):
            self.clause = seen.token.upper
        elif seen.is_symbol(",") and self.clause == "AS":
            self.clause = "WITH"


def check_orderings(statement: str, passed: Sequence[PassedToken]) -> None:
    """Let a statement pass whose orders by aggregates the embedded engine keeps to.

    Parameters
    ----------
    statement
        The statement, which `check_statement` let pass.
    passed
        Its tokens, as they were taken there.

    Raises
    ------
    StatementError
        With the place of the aggregate, and the advice to order by an alias.
    """
    queries = [_Query()]
    before = BEGINNING
    for seen in passed:
        if seen.closed is not None and not queries[-1].depth:
            _end_item(statement, queries.pop())
        if not queries[-1].depth and _ends_item(seen, before):
            _end_item(statement, queries[-1])
            queries[-1].begin(seen)
        else:
            _take(queries, seen, before)
        before = seen
    _end_item(statement, queries[-1])


def _ends_item(seen: PassedToken, before: PassedToken) -> bool:
    if before.is_keyword("STARTS", "ENDS"):
        return False
    return seen.is_symbol(",", ";") or seen.is_keyword(*words.CLAUSES, *words.POSTFIX, "AS", "BY")


def _take(queries: list[_Query], seen: PassedToken, before: PassedToken) -> None:
    """Pass a token within an item, of each query that is open."""
    for each in queries:
        if each.item or not seen.is_keyword("DISTINCT"):
            each.item.append(seen.token.text)
    query = queries[-1]
    if seen.closes():
        query.depth -= 1
    elif seen.opens():
        query.depth += 1
    if opens_query(seen, before):
        queries.append(_Query())
    elif calls_an_aggregate(seen, before):
        query.aggregate = query.aggregate or before.token


def _end_item(statement: str, query: _Query) -> None:
    item, aggregate = tuple(query.item), query.aggregate
    query.item.clear()
    query.aggregate = None
    if query.clause in ("WITH", "RETURN"):
        query.items.add(item)
    elif query.clause == "ORDER" and aggregate is not None and item not in query.items:
        reject(
            statement,
            aggregate.offset,
            f"the embedded database orders wrongly by {aggregate.text}(...) in an expression that"
            " is no column.",
            f"Aggregate in a WITH first: WITH ..., {aggregate.text}(...) AS x, and order by x.",
        )
