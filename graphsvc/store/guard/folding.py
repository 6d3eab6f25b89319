"""How many copies of itself a fold puts into what it goes on with: `reduce(s = 'a', ... | s + s)`.

What is compared, counted or calculated with is not copied: `CASE WHEN x > m THEN x ELSE m END` and
`CASE WHEN x IN l THEN l ELSE l + x END` hold one copy of `m` and `l` at most.
"""

from __future__ import annotations

from graphsvc.store.guard.brackets import Bracketed
from graphsvc.store.guard.tokens import TokenKind

_MEASURING = frozenset(
    {
        *("SIZE", "LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH", "ABS", "SIGN", "ISEMPTY"),
        *("TOINTEGER", "TOFLOAT", "TOBOOLEAN", "ANY", "ALL", "NONE", "SINGLE", "EXISTS"),
    }
)
_CALCULATING = ("*", "/", "-", "%", "^")
_COMPARING = ("=", "<", ">", "<>", "<=", ">=", "=~", "AND", "OR", "XOR", "NOT", "IN", "IS")
_COMPARING_WORDS = ("CONTAINS", "STARTS", "ENDS")


def copies(text: Bracketed, start: tuple[int, int], body: tuple[int, int]) -> int:
    """The most copies of what is folded that one step puts together.

    Parameters
    ----------
    text
        The statement.
    start
        Where `s = 'a'` stands.
    body
        Where the expression stands that is worked out in each step.
    """
    first, end = start
    numbers = all(
        text.is_of(index, TokenKind.NUMBER) or text.symbol(index) in ("-", "[", "]", ",")
        for index in range(first + 2, end)
    )
    lists = text.symbol(first + 2) == "["
    texts = any(
        text.is_of(index, TokenKind.STRING) or (not lists and text.symbol(index) == "[")
        for index in range(*body)
    )
    if numbers and not lists and not texts:
        return 0
    return _Copies(text, {text.name(first)}, numbers_within=numbers and lists).most(*body)


class _Copies:
    def __init__(self, text: Bracketed, names: set[str], *, numbers_within: bool) -> None:
        self._text = text
        self._names = names
        self._numbers_within = numbers_within

    def most(self, first: int, end: int) -> int:
        """Copies in the value of an expression."""
        text = self._text
        if text.parts(first, end, *_COMPARING, *_COMPARING_WORDS)[1:]:
            return 0
        return sum(self._of_operand(*part) for part in text.parts(first, end, "+", "||"))

    def _of_operand(self, first: int, end: int) -> int:
        text = self._text
        if first >= end or text.parts(first, end, *_CALCULATING)[1:]:
            return 0
        if text.word(first) == "CASE" and first in text.closing:
            return self._of_case(first)
        if text.name(first) in self._names and text.symbol(first + 1) != "(":
            indexed = text.symbol(first + 1) in ("[", ".")
            return 0 if indexed and self._numbers_within else 1
        opened = next((at for at in text.level(first, end) if at in text.closing), None)
        if opened is None or text.word(opened - 1) in _MEASURING:
            return 0
        return self._of_bracket(opened)

    def _of_case(self, first: int) -> int:
        parts = self._text.parts(first + 1, self._text.closing[first], "WHEN", "THEN", "ELSE")
        return max(
            (
                self.most(*part)
                for part in parts
                if self._text.word(part[0] - 1) in ("THEN", "ELSE")
            ),
            default=0,
        )

    def _of_bracket(self, opened: int) -> int:
        """Copies in a list, a map, the arguments of a function, or what is made of a list."""
        text, closed = self._text, self._text.closing[opened]
        parts = text.parts(opened + 1, closed, ",", "|", "WHERE")
        if text.word(parts[0][0] + 1) == "IN" and text.is_name(parts[0][0]):
            return self._of_each(parts)
        if text.word(opened - 1) == "REPLACE" and len(parts) == 3:
            return self.most(*parts[0]) * (2 if self._grows(*parts[1:]) else 1)
        if text.word(opened - 1) == "REDUCE" and len(parts) > 2:
            return max(self.most(parts[0][0] + 2, parts[0][1]), self.most(*parts[-1]))
        found = [self.most(first + self._key(first), end) for first, end in parts]
        together = text.symbol(opened) != "(" or not text.is_name(opened - 1)
        return sum(found) if together else max(found)

    def _of_each(self, parts: list[tuple[int, int]]) -> int:
        """Copies in `[y IN list | made]`, where what is made of y is made of what y is in."""
        (first, end), last = parts[0], parts[-1]
        source = self.most(first + 2, end)
        if len(parts) == 1 or self._text.symbol(last[0] - 1) != "|":
            return source
        if not source:
            return self.most(*last)
        names = {*self._names, self._text.name(first)}
        each = _Copies(self._text, names, numbers_within=self._numbers_within).most(*last)
        whole = any(self._text.name(index) in self._names for index in range(*last))
        return 2 * max(source, each) if whole else max(source, each)

    def _key(self, first: int) -> int:
        return 2 * (self._text.symbol(first + 1) == ":")

    def _grows(self, sought: tuple[int, int], put: tuple[int, int]) -> bool:
        """Whether `replace` may put in more than it takes out."""
        spans = [self._text.tokens[first:end] for first, end in (sought, put)]
        if any(len(span) != 1 or span[0].kind is not TokenKind.STRING for span in spans):
            return True
        return len(spans[1][0].text) > len(spans[0][0].text)
