"""Refuse a value that is neither grouped by nor aggregated, beside an aggregate.

Of `RETURN [n.kind, count(*)]` no database can say which kind it means: Neo4j refuses it. The
embedded engine does so for `n.kind + count(*)`, but in a list, a map, CASE or the arguments of a
function it takes the value of any row of the group, without a word. Nor does it group by what `*`
stands for: `WITH *, count(*) AS n`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphsvc.store.guard import words
from graphsvc.store.guard.frames import (
    BEGINNING,
    OPENS,
    PassedToken,
    calls_an_aggregate,
    opens_query,
)
from graphsvc.store.guard.tokens import Token, reject

_CONSTANTS = words.names("true false null")
_LABELS = ("|", "&", "!", "%")


@dataclass(slots=True)
class _Value:
    """A variable, or a property of one, that an item uses outside of its aggregates."""

    token: Token
    names: tuple[str, ...]


@dataclass(slots=True)
class _Item:
    """One column of a WITH or RETURN, and the number of its tokens before AS."""

    values: list[_Value] = field(default_factory=list)
    aggregate: Token | None = None
    size: int = 0
    is_star: bool = False
    is_named: bool = False

    def is_key(self) -> bool:
        """Whether it is a variable or a property alone, which rows are then grouped by."""
        return len(self.values) == 1 and self.size == 2 * len(self.values[0].names) - 1


@dataclass(slots=True)
class _Level:
    """An open bracket, or the statement: `items` are those of the projection that is read in it.

    `begun` counts the tokens since its last comma, `first` the values of the item before it, and
    `is_silent` says that no value in it is looked at.
    """

    opened_by: str = ""
    function: str = ""
    is_query: bool = False
    is_silent: bool = False
    first: int = 0
    begun: int = 0
    has_key: bool = False
    bound: set[str] = field(default_factory=set)
    items: list[_Item] | None = None

    def binds_a_variable(self) -> bool:
        return self.begun == 1 and (self.opened_by == "[" or self.function in words.BIND_A_VARIABLE)


def check_grouping(statement: str, passed: Sequence[PassedToken]) -> None:
    """Let a statement pass that groups by whatever it uses beside an aggregate.

    Parameters
    ----------
    statement
        The statement, which `check_statement` let pass.
    passed
        Its tokens, as they were taken there.

    Raises
    ------
    StatementError
        With the place of the value, and the advice to make a column of it.

    Notes
    -----
    One pass. Only variables and properties are followed; what a subquery or a pattern within an
    expression uses is not looked at.
    """
    check = _Check(statement)
    for seen in passed:
        check.take(seen)
    check.end_projection()


class _Check:
    """The state of one pass; `value` is the one that the token before belongs to."""

    def __init__(self, statement: str) -> None:
        self.statement = statement
        self.levels = [_Level(is_query=True)]
        self.before = BEGINNING
        self.value: _Value | None = None
        self.in_label = False

    def take(self, seen: PassedToken) -> None:
        """Pass one token."""
        item = self._item()
        if seen.closes():
            if self.levels[-1].is_query:
                self.end_projection()
            self.levels.pop()
            self.value = None
        elif seen.is_symbol(*OPENS):
            self._open(seen, item)
        elif seen.is_keyword("CASE"):
            self.levels.append(_Level("CASE", is_silent=self.levels[-1].is_silent))
        elif self.levels[-1].is_query and self._ends_an_item(seen):
            pass
        else:
            self._take_within(seen, item)
        if (item := self._item()) is not None and not item.is_named:
            item.size += 1
        self.before = seen

    def end_projection(self) -> None:
        """Hold the columns of the projection that has ended against what it groups by."""
        level = self.levels[-1]
        items, level.items = level.items or [], None
        if any(item.is_star for item in items):
            self._refuse_star(next((item.aggregate for item in items if item.aggregate), None))
            return
        keys = {item.values[0].names for item in items if item.is_key()}
        for item in items:
            for value in item.values if item.aggregate is not None else ():
                if not any(value.names[: len(key)] == key for key in keys):
                    self._refuse(value, item.aggregate)

    def _item(self) -> _Item | None:
        """The column that is being read, if a projection is."""
        query = next(level for level in reversed(self.levels) if level.is_query)
        return query.items[-1] if query.items else None

    def _open(self, seen: PassedToken, item: _Item | None) -> None:
        before, opened_by = self.before, seen.token.upper
        calls = opened_by == "(" and before.is_name()
        if calls and self.value is not None and item is not None:
            item.values.remove(self.value)  # it was the name of a function
        aggregates = calls_an_aggregate(seen, before)
        if item is not None and aggregates:
            item.aggregate = item.aggregate or before.token
        self.levels[-1].begun += 1
        self.levels.append(
            _Level(
                opened_by,
                function=before.token.text.lower() if calls else "",
                is_query=opens_query(seen, before),
                is_silent=self.levels[-1].is_silent or aggregates,
                first=len(item.values) if item is not None else 0,
            )
        )
        self.value = None
        self.in_label = self.in_label and opened_by == "("

    def _ends_an_item(self, seen: PassedToken) -> bool:
        """Whether a column ends here, with a comma or with its clause."""
        level = self.levels[-1]
        if seen.is_symbol(",") and level.items is not None:
            level.items.append(_Item(size=-1))
        elif seen.is_keyword(*words.CLAUSES) and not self.before.is_keyword("STARTS", "ENDS"):
            self.end_projection()
            if seen.is_keyword("WITH", "RETURN"):
                level.items = [_Item(size=-1)]
        else:
            return False
        self.value, self.in_label = None, False
        return True

    def _take_within(self, seen: PassedToken, item: _Item | None) -> None:
        """Pass a part of an expression."""
        level = self.levels[-1]
        if item is None or level.is_silent:
            return
        if seen.is_keyword("AS"):
            item.is_named = True
        elif seen.is_keyword("DISTINCT"):
            item.size -= 1
        elif seen.is_symbol("*") and not item.size:
            item.is_star = True
        elif seen.is_name():
            self._take_name(seen, item)
            level.begun += 1
            return
        elif (seen.is_keyword("IN") or seen.is_symbol("=")) and level.binds_a_variable():
            self._bind(item, level)
        elif seen.is_symbol("|") and level.opened_by == "[" and not level.bound:
            del item.values[level.first :]  # a comprehension of a pattern, which binds its own
            level.is_silent = True
        self._end_value(seen, item, level)

    def _end_value(self, seen: PassedToken, item: _Item, level: _Level) -> None:
        """Note what an operator says of the names around it."""
        is_key = seen.is_symbol(":") and level.opened_by == "{" and not level.has_key
        if is_key and self.value in item.values:
            item.values.remove(self.value)
        level.has_key = (level.has_key or is_key) and not seen.is_symbol(",")
        in_label = self.in_label and seen.is_symbol(*_LABELS)
        self.in_label = in_label or (seen.is_symbol(":") and not is_key)
        level.begun = 0 if seen.is_symbol(",", "|") else level.begun + 1
        if not seen.is_symbol("."):
            self.value = None

    def _take_name(self, seen: PassedToken, item: _Item) -> None:
        name = seen.token.text.strip("`")
        if self.before.is_symbol("."):
            if self.value is not None:
                self.value.names += (name,)
        elif not (
            item.is_named
            or self.in_label
            or name.lower() in _CONSTANTS
            or any(name in each.bound for each in self.levels)
        ):
            self.value = _Value(seen.token, (name,))
            item.values.append(self.value)

    def _bind(self, item: _Item, level: _Level) -> None:
        """A variable of a comprehension, a predicate or reduce is no value of the row."""
        if self.value is not None and self.value in item.values:
            item.values.remove(self.value)
            level.bound.update(self.value.names)

    def _refuse_star(self, aggregate: Token | None) -> None:
        if aggregate is not None:
            reject(
                self.statement,
                aggregate.offset,
                f"the embedded database does not group by what * stands for, beside"
                f" {aggregate.text}(...).",
                f"Name the columns: WITH a, b, {aggregate.text}(...) AS x.",
            )

    def _refuse(self, value: _Value, aggregate: Token | None) -> None:
        beside = aggregate.text if aggregate is not None else ""
        name = ".".join(value.names)
        reject(
            self.statement,
            value.token.offset,
            f"{name} stands beside {beside}(...), but is no column of its own that rows are grouped"
            " by: which row's value is meant is open.",
            f"Group by it: WITH {name} AS x, {beside}(...) AS y, and use both after it.",
        )
