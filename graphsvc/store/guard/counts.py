"""Refuse arithmetic with a COUNT subquery that something else than arithmetic then takes.

The embedded engine leaves out what is added: `COUNT { (n)--() } + n.x > 2` compares the count
alone, and `-COUNT { ... } < 0` or `COUNT { ... } + 1 IN [3]` likewise. In brackets, or computed in
a WITH first, the same comes out right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphsvc.store.guard import words
from graphsvc.store.guard.frames import BEGINNING, PassedToken, opens_query
from graphsvc.store.guard.tokens import Token, reject

_ARITHMETIC = ("+", "-", "*", "/", "%", "^")
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=", "=~")
_TAKE_IT = frozenset({"IS", "IN", "STARTS", "ENDS", "CONTAINS"})
_ENDS_AN_EXPRESSION = (
    words.CLAUSES | words.CASE_PARTS | frozenset({"AS", "BY", "AND", "OR", "XOR", "NOT"})
)


@dataclass(slots=True)
class _Level:
    """An open bracket, or the statement, and the expression that is read in it.

    `count` is the COUNT whose subquery is open here, `added` whether arithmetic stands before the
    COUNT that was read last, `reckoned` the first one of the expression that stands in arithmetic,
    and `compared` whether something takes its value.
    """

    count: Token | None = None
    added: bool = False
    reckoned: Token | None = None
    compared: bool = False


def check_counts(statement: str, passed: Sequence[PassedToken]) -> None:
    """Let a statement pass whose COUNT subqueries are in brackets where they are reckoned with.

    Parameters
    ----------
    statement
        The statement, which `check_statement` let pass.
    passed
        Its tokens, as they were taken there.

    Raises
    ------
    StatementError
        With the place of COUNT, and the advice to put brackets around the arithmetic.
    """
    levels = [_Level()]
    before = BEGINNING
    counted: Token | None = None  # the COUNT whose subquery has just ended
    for seen in passed:
        ended, counted = counted, None
        if seen.closes():
            counted = levels.pop().count
            if counted is not None and levels[-1].added:
                levels[-1].reckoned = levels[-1].reckoned or counted
        elif seen.opens():
            is_count = opens_query(seen, before) and before.token.upper == "COUNT"
            levels.append(_Level(count=before.token if is_count else None))
        elif seen.is_keyword("COUNT"):
            levels[-1].added = before.is_symbol(*_ARITHMETIC)
        elif _ends_an_expression(seen, before):
            levels[-1].reckoned, levels[-1].compared = None, False
        else:
            if ended is not None and seen.is_symbol(*_ARITHMETIC):
                levels[-1].reckoned = levels[-1].reckoned or ended
            levels[-1].compared |= seen.is_symbol(*_COMPARISONS) or seen.is_keyword(*_TAKE_IT)
        if levels[-1].compared and levels[-1].reckoned is not None:
            _refuse(statement, levels[-1].reckoned)
        before = seen


def _ends_an_expression(seen: PassedToken, before: PassedToken) -> bool:
    if seen.is_keyword("WITH") and before.is_keyword("STARTS", "ENDS"):
        return False
    return seen.is_symbol(",", ";", "|", "..", ":") or seen.is_keyword(*_ENDS_AN_EXPRESSION)


def _refuse(statement: str, count: Token) -> None:
    reject(
        statement,
        count.offset,
        "the embedded database leaves out what is reckoned with COUNT { ... } where the outcome is"
        " compared.",
        "Put brackets around the arithmetic: (COUNT { ... } + 1) > 2.",
    )
