"""How large lists and texts become that a statement makes out of nothing.

A database that puts one value together minds neither its timeout nor who hangs up: Neo4j paused for
minutes over a hundred million numbers in nested lists, and over a text doubled twenty-four times.
So what can be counted from the text alone is bounded: the numbers of a range, how often what is
made of each element is made where ranges nest, and what doubles while a list is folded. What comes
from the graph is not counted; a list that is a parameter is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn

from graphsvc.store.guard.brackets import Bracketed
from graphsvc.store.guard.folding import copies
from graphsvc.store.guard.tokens import TokenKind, reject

MAX_ELEMENTS = 10_000_000
"""Numbers of a range, characters or elements of a value that is put together from such."""

MAX_NESTED = 1_000_000
"""Times that the innermost expression of nested ranges may be worked out."""

_UNKNOWN_RANGE = 100
"""What a range counts within another whose end is worked out from data."""

_MOST_LOGARITHM = 100.0

_ITERATING = frozenset({"ANY", "ALL", "NONE", "SINGLE"})
_PROJECTING = frozenset({"WITH", "RETURN", "UNWIND", "DISTINCT"})


def check_sizes(text: Bracketed, parameters: Mapping[str, Any]) -> None:
    """Let a statement pass that makes nothing too large out of nothing.

    Parameters
    ----------
    text
        A statement that passed `check_statement`.
    parameters
        Values of its parameters, where they are known.

    Raises
    ------
    StatementError
        With the place.

    Notes
    -----
    Each expression is looked at once for each bracket that it stands in.
    """
    _Sizes(text, parameters).check()


class _Sizes:
    """What is known of the values of one statement: numbers, and sizes of lists and texts."""

    def __init__(self, text: Bracketed, parameters: Mapping[str, Any]) -> None:
        self._text = text
        self._numbers: dict[str, float] = {}
        self._sizes: dict[str, float] = {}
        for name, value in parameters.items():
            if isinstance(value, bool):
                continue
            if isinstance(value, int | float):
                self._numbers[f"${name}"] = value
            elif isinstance(value, list | str):
                self._sizes[f"${name}"] = len(value)

    def check(self) -> None:
        """Note what is given a name, then look at each expression."""
        text = self._text
        for index in range(len(text.tokens)):
            if text.word(index) == "AS" and text.is_name(index + 1):
                self._take_alias(index)
            if self._is_range(index):
                self._check_range(index)
        self._check(0, len(text.tokens), 1, 1)

    # --- values with a name -----------------------------------------------------------------------

    def _take_alias(self, at: int) -> None:
        """Note the number or the size that a projection names."""
        first = self._begin_of_item(at)
        unwound = self._text.word(first - 1) == "UNWIND"
        name = self._text.name(at + 1)
        number, size = self._number(first, at), self._size(first, at)
        if size > MAX_ELEMENTS and not unwound:
            self._refuse_size(first, size)
        if number is not None:
            self._numbers[name] = number
        elif not unwound:
            self._sizes[name] = size

    def _begin_of_item(self, at: int) -> int:
        """Where the item of WITH, UNWIND or RETURN begins that ends before `at`."""
        opened = {closed: begun for begun, closed in self._text.closing.items()}
        index = at - 1
        while index >= 0:
            index = opened.get(index, index)
            if self._text.symbol(index) == "," or self._text.word(index) in _PROJECTING:
                return index + 1
            if index not in self._text.closing and self._text.symbol(index) in ("(", "[", "{"):
                return index + 1
            index -= 1
        return 0

    def _size(self, first: int, end: int) -> float:
        """Elements or characters that are known to be in a value; 0 where nothing is."""
        total = 0.0
        for start, stop in self._text.parts(first, end, "+", "||"):
            if self._is_range(start):
                total += self._range_size(start) or 0
            elif self._text.word(start) == "REDUCE" and self._text.symbol(start + 1) == "(":
                total += self._folded(start + 1, 1)
            elif stop - start == 1:
                token = self._text.tokens[start]
                name = self._text.name(start) or token.text
                literal = len(token.text) - 2 if token.kind is TokenKind.STRING else 0
                total += self._sizes.get(name, literal)
        return total

    # --- numbers ----------------------------------------------------------------------------------

    def _number(self, first: int, end: int) -> float | None:
        """The value of arithmetic on numbers and parameters; None where it is anything else."""
        for signs in (("+", "-"), ("*", "/", "%"), ("^",)):
            for index in reversed(list(self._text.level(first + 1, end))):
                if self._text.symbol(index) in signs and not self._is_sign(index):
                    return _worked_out(
                        self._text.symbol(index),
                        self._number(first, index),
                        self._number(index + 1, end),
                    )
        if self._text.symbol(first) in ("-", "+"):
            value = self._number(first + 1, end)
            return -value if value is not None and self._text.symbol(first) == "-" else value
        if self._text.symbol(first) == "(" and self._text.closing.get(first) == end - 1:
            return self._number(first + 1, end - 1)
        return self._one_number(first) if end - first == 1 else None

    def _is_sign(self, index: int) -> bool:
        return self._text.symbol(index - 1) in ("+", "-", "*", "/", "%", "^")

    def _one_number(self, index: int) -> float | None:
        token = self._text.tokens[index]
        if token.kind is TokenKind.NUMBER:
            with suppress(ValueError):
                digits = token.text.replace("_", "")
                return int(digits, 0) if digits[:2].lower() in ("0x", "0o") else float(digits)
        return self._numbers.get(self._text.name(index) or token.text)

    # --- ranges -----------------------------------------------------------------------------------

    def _is_range(self, index: int) -> bool:
        return self._text.word(index) == "RANGE" and self._text.symbol(index + 1) == "("

    def _range_size(self, at: int) -> float | None:
        arguments = self._text.parts(at + 2, self._text.closing[at + 1], ",")
        values = [self._number(*argument) for argument in arguments]
        if len(values) not in (2, 3) or values[0] is None or values[1] is None:
            return None
        step = values[2] if len(values) == 3 else 1.0
        if not step:
            return None
        return max(0.0, (values[1] - values[0]) / step + 1)

    def _check_range(self, at: int) -> None:
        size = self._range_size(at)
        if size is not None and size > MAX_ELEMENTS:
            self._refuse_size(at, size)

    # --- what is worked out for each element ------------------------------------------------------

    def _check(self, first: int, end: int, times: float, folds: float) -> None:
        """Look at everything between two positions, which is worked out so many times."""
        index = first
        while index < end:
            index = self._check_bracket(index, times, folds) or index + 1

    def _check_bracket(self, at: int, times: float, folds: float) -> int | None:
        """Look at what goes through a list, if it begins here; returns what follows it."""
        text, closed = self._text, self._text.closing.get(at)
        if closed is None or not text.symbol(at):
            return None
        parts = text.parts(at + 1, closed, ",", "|", "WHERE")
        begun = parts[0][0]
        if text.symbol(at) == "[" or text.word(at - 1) in _ITERATING:
            if not (text.is_name(begun) and text.word(begun + 1) == "IN"):
                return None
            source, body = (begun + 2, parts[0][1]), (parts[0][1] + 1, closed)
        elif text.word(at - 1) == "REDUCE" and len(parts) > 2:
            source, body = (parts[1][0] + 2, parts[1][1]), (parts[1][1] + 1, closed)
            self._check_fold(at, folds)
            folds = min(folds * self._elements(*source, math.inf), MAX_ELEMENTS)
        else:
            return None
        self._check(begun, source[1], times, 1)
        self._check(*body, self._times(at, source, times), folds)
        return closed + 1

    def _folded(self, at: int, folds: float) -> float:
        """The size that a fold reaches which copies what it folds; 0 where it does not.

        Where the list is not known there is no bound. `folds` are the folds that it stands in.
        """
        text, closed = self._text, self._text.closing[at]
        parts = text.parts(at + 1, closed, ",", "|")
        if len(parts) < 3:
            return 0
        (_, end), source = parts[0], (parts[1][0] + 2, parts[1][1])
        each = copies(text, parts[0], (source[1] + 1, closed))
        if each < 2:
            return 0
        turns = folds * self._elements(*source, math.inf)
        start = max(1.0, self._size(parts[0][0] + 2, end))
        grown = math.log(start) + turns * math.log(each)
        return math.exp(grown) if grown < _MOST_LOGARITHM else math.inf

    def _check_fold(self, at: int, folds: float) -> None:
        """Refuse one that copies what it folds beyond all bounds."""
        if self._folded(at, folds) > MAX_ELEMENTS:
            self._refuse(
                at,
                "what is folded is copied into itself in each step, and grows beyond all bounds.",
                "Add to it once in each step.",
            )

    def _times(self, at: int, source: tuple[int, int], times: float) -> float:
        """How often is worked out what is worked out for each element of a source."""
        elements = self._elements(*source, 1)
        within = times * max(1.0, elements)
        if times > 1 and elements > 1 and within > MAX_NESTED:
            self._refuse(
                at,
                f"nested ranges are gone through {within:,.0f} times; {MAX_NESTED:,} are allowed.",
                "UNWIND them, so that rows come one by one.",
            )
        return within

    def _elements(self, first: int, end: int, unknown: float) -> float:
        """How many elements a source of elements has, its ranges and known lists put together."""
        text, found = self._text, 0.0
        for index in range(first, end):
            if self._is_range(index):
                size = self._range_size(index)
                found += _UNKNOWN_RANGE if size is None else size
            elif text.is_of(index, TokenKind.PARAMETER) or text.is_name(index):
                found += self._sizes.get(text.name(index) or text.tokens[index].text, 0)
        literal = text.symbol(first) == "[" and text.closing[first] == end - 1
        if literal and text.word(first + 2) != "IN":
            found += len(text.parts(first + 1, end - 1, ","))
        return found or unknown

    def _refuse_size(self, at: int, size: float) -> NoReturn:
        self._refuse(
            at,
            f"a value of {size:,.0f} elements or characters; {MAX_ELEMENTS:,} are allowed.",
            "Take it in parts.",
        )

    def _refuse(self, at: int, reason: str, mend: str) -> NoReturn:
        reject(self._text.statement, self._text.tokens[at].offset, reason, mend)


def _worked_out(sign: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    try:
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "%":
                return math.fmod(left, right)
            case _:
                return math.pow(left, right)
    except ZeroDivisionError:
        return None
    except (OverflowError, ValueError):
        return math.inf
