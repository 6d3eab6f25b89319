"""Refuse what the embedded engine answers wrongly: an aggregate inside a wider expression.

In openCypher an expression that holds an aggregate is no grouping key. The embedded engine keeps to
that where the aggregate stands alone, in arithmetic, a comparison, CASE, a list, a map, an index or
a function's arguments. Elsewhere it gives one row a match, or wrong values, without a word:

- inside AND, OR, XOR, NOT, IS, IN, STARTS WITH, ENDS WITH, CONTAINS, =~ and `1 < count(*) < 9`;
- before a property or a label, in a map projection, in the bounds of a slice;
- in the body of a comprehension, and in a WHERE, which other databases refuse too;
- in a map or in reduce, when a function, a comparison or CASE works on it: `{x: count(*) > 1}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from graphsvc.store.guard import words
from graphsvc.store.guard.frames import (
    BEGINNING,
    PassedToken,
    calls_an_aggregate,
    opens_query,
)
from graphsvc.store.guard.tokens import Token, reject

_OPERATORS = frozenset({"AND", "OR", "XOR", "NOT", "IS", "IN", "STARTS", "ENDS", "CONTAINS"})
_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
_PROJECTING = frozenset({"WITH", "RETURN", "ORDER"})
_ENDS_AN_EXPRESSION = words.CLAUSES | words.CASE_PARTS | frozenset({"AS", "BY"})


@dataclass(slots=True)
class _Level:
    """What a bracket that is open holds so far.

    `operator`, `comparison` and `aggregate` are those of the expression that is being read, and
    `begun` counts its tokens. `first` is the first aggregate of the whole bracket, `worked_on`
    whether a function, a comparison or CASE takes one there, and `indexed` the one in what stands
    before an index: `collect(n)[0]`. `clause` is the one that is being read, in a query.
    """

    opened_by: str = ""
    function: str = ""
    is_query: bool = False
    is_projection: bool = False
    is_body: bool = False
    is_slice: bool = False
    clause: str = ""
    operator: bool = False
    comparison: bool = False
    aggregate: Token | None = None
    first: Token | None = None
    worked_on: bool = False
    begun: int = 0
    indexed: Token | None = None

    def end_expression(self) -> None:
        self.operator = self.comparison = False
        self.aggregate = None
        self.begun = 0

    def comes_out_wrong(self) -> bool:
        """Whether the engine computes the aggregates read so far wrongly, in this bracket."""
        if self.aggregate is None:
            return False
        self.worked_on = self.worked_on or self.comparison
        is_map = self.opened_by == "{" and not self.is_query
        takes_plain_ones = is_map or self.function == "reduce"
        return (
            self.operator
            or self.is_body
            or (takes_plain_ones and self.worked_on)
            or (self.is_query and self.clause not in _PROJECTING)
        )

    def binds_a_variable(self, before: PassedToken) -> bool:
        """Whether what comes now binds a variable: `x IN list`, or `s = 0` in reduce."""
        binds = self.opened_by == "[" or self.function in words.BIND_A_VARIABLE
        return binds and self.begun == 1 and before.is_name()


def check_aggregates(statement: str, passed: Sequence[PassedToken]) -> None:
    """Let a statement pass whose aggregates the embedded engine computes as openCypher has it.

    Parameters
    ----------
    statement
        The statement, which `check_statement` let pass.
    passed
        Its tokens, as they were taken there.

    Raises
    ------
    StatementError
        With the place of the aggregate, and the advice to aggregate in a WITH first.

    Notes
    -----
    One pass. Precedence is not looked at: `count(*) > (1 IN [1])` passes, and without the brackets
    it is refused, though it would come out right.
    """
    check = _Check(statement)
    for seen in passed:
        check.take(seen)


class _Check:
    """The state of one pass; `operand` is the aggregate in the operand that has just ended."""

    def __init__(self, statement: str) -> None:
        self.statement = statement
        self.levels = [_Level(is_query=True)]
        self.before = BEGINNING
        self.operand: Token | None = None

    def take(self, seen: PassedToken) -> None:
        """Pass one token."""
        operand, self.operand = self.operand, None
        if seen.closes():
            self._close()
        elif seen.opens():
            self._open(seen, operand)
        elif self._ends_an_expression(seen):
            self.levels[-1].is_slice |= seen.is_symbol("..")
            self.levels[-1].end_expression()
        else:
            self._take_within(seen, operand)
        self.before = seen

    def _open(self, seen: PassedToken, operand: Token | None) -> None:
        opened_by, before = seen.token.upper, self.before
        named = before.is_name()
        self.levels[-1].begun += 1
        level = _Level(
            opened_by,
            function=before.token.text.lower() if named and opened_by == "(" else "",
            is_query=opens_query(seen, before),
            is_projection=named and opened_by == "{",
            indexed=operand if opened_by == "[" else None,
        )
        if calls_an_aggregate(seen, before):
            level.first = before.token
        self.levels.append(level)

    def _close(self) -> None:
        closed = self.levels.pop()
        level = self.levels[-1]
        self.operand = closed.indexed
        if closed.is_query or closed.first is None:
            return
        self.operand = closed.first
        level.aggregate = level.aggregate or closed.first
        level.first = level.first or closed.first
        works_on_it = closed.opened_by == "CASE" or closed.function not in ("", *words.AGGREGATES)
        level.worked_on = level.worked_on or closed.worked_on or works_on_it
        if closed.is_projection or closed.is_slice or level.comes_out_wrong():
            self._refuse(closed.first)

    def _ends_an_expression(self, seen: PassedToken) -> bool:
        """Whether another expression begins here; a bar or WHERE begins a comprehension's body."""
        level = self.levels[-1]
        if seen.is_symbol("|") or (seen.is_keyword("WHERE") and not level.is_query):
            level.is_body = level.is_body or level.function != "reduce"
            return True
        if seen.is_keyword("WITH") and self.before.is_keyword("STARTS", "ENDS"):
            return False
        if seen.is_keyword(*words.CLAUSES):
            level.clause = seen.token.upper
        return seen.is_symbol(",", ";", "..") or seen.is_keyword(*_ENDS_AN_EXPRESSION)

    def _take_within(self, seen: PassedToken, operand: Token | None) -> None:
        """Pass an operator or an operand of the expression that is being read."""
        level = self.levels[-1]
        if operand is not None and seen.is_symbol(".", ":"):
            self._refuse(operand)
        if not level.binds_a_variable(self.before):
            level.operator |= self._is_operator(seen)
            compares = seen.is_symbol(*_COMPARISONS)
            level.operator |= level.comparison and compares  # a chain: 1 < count(*) < 9
            level.comparison |= compares
        if level.aggregate is not None and level.comes_out_wrong():
            self._refuse(level.aggregate)
        level.begun += 1

    def _is_operator(self, seen: PassedToken) -> bool:
        return seen.is_symbol("=~", "::") or seen.is_keyword(*_OPERATORS)

    def _refuse(self, aggregate: Token) -> NoReturn:
        reject(
            self.statement,
            aggregate.offset,
            f"the embedded database computes {aggregate.text}(...) wrongly inside a wider"
            " expression.",
            f"Aggregate in a WITH first: WITH ..., {aggregate.text}(...) AS x, and use x after it.",
        )
