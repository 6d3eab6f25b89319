"""The state of the guard's parser: what may come next, open brackets, the token before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from graphsvc.store.guard import words
from graphsvc.store.guard.tokens import Token, TokenKind


class Due(Enum):
    """What the grammar has room for next."""

    CLAUSE = auto()  # a reading clause
    OPERAND = auto()  # a value, a name, a pattern
    OPERATOR = auto()  # an operand is complete
    EITHER = auto()  # after + * % ! > both: `a * b`, but also `(x:%)` and `((a)-->(b))+`


class Frame(Enum):
    """What an open bracket holds, with the bracket that closes it."""

    QUERY = ("{", "}")
    CALL = ("CALL {", "}")
    SCOPE = ("CALL (", ")")
    PAREN = ("(", ")")
    LIST = ("[", "]")
    MAP = ("a map {", "}")
    CASE = ("CASE", "END")


QUERIES = (Frame.QUERY, Frame.CALL)
OPENS = {"(": Frame.PAREN, "[": Frame.LIST, "{": Frame.MAP}
CLOSING = frozenset(")]}")

VALUES = frozenset({TokenKind.STRING, TokenKind.NUMBER, TokenKind.PARAMETER, TokenKind.QUOTED})


@dataclass(frozen=True, slots=True)
class PassedToken:
    """A passed token: whether it was taken for a word of the language, what frame it closed."""

    token: Token
    keyword: bool = False
    closed: Frame | None = None

    def is_symbol(self, *symbols: str) -> bool:
        """Say whether it is one of these symbols."""
        return self.token.kind is TokenKind.SYMBOL and self.token.upper in symbols

    def is_keyword(self, *keywords: str) -> bool:
        """Say whether it was taken for one of these words of the language."""
        return self.keyword and self.token.upper in keywords

    def opens(self) -> bool:
        """Say whether a bracket or CASE begins."""
        return self.is_symbol(*OPENS) or self.is_keyword("CASE")

    def closes(self) -> bool:
        """Say whether a bracket or CASE ends."""
        return self.closed is not None or self.is_keyword("END")

    def is_name(self) -> bool:
        """Say whether it was taken for a name."""
        return self.token.kind is TokenKind.QUOTED or (
            self.token.kind is TokenKind.WORD and not self.keyword
        )


@dataclass(slots=True)
class Depth:
    """How deep a parser nests what stands in one frame: `run` now, `deepest` before.

    Both databases refuse such chains by overflowing their stack, and Neo4j then never answers:
    200 terms of `1 + 1`, or of n.a.a.a, or of XOR, were enough.
    """

    run: int = 0
    deepest: int = 0

    def rest(self) -> None:
        """Begin another operand beside this one."""
        self.deepest = max(self.deepest, self.run)
        self.run = 0

    def hold(self, inner: Depth) -> None:
        """Take a closed bracket as the operand."""
        self.run = max(self.run, inner.run + 1, inner.deepest + 1)


BEGINNING = PassedToken(Token(TokenKind.SYMBOL, "", "", 0))


def opens_query(seen: PassedToken, before: PassedToken) -> bool:
    """Say whether it is the brace of CALL {, EXISTS {, COUNT { or COLLECT {."""
    subquery = before.is_keyword("CALL", *words.SUBQUERIES) or before.closed is Frame.SCOPE
    return seen.is_symbol("{") and subquery


def calls_an_aggregate(seen: PassedToken, before: PassedToken) -> bool:
    """Say whether it is the bracket behind the name of a function that aggregates."""
    return (
        seen.is_symbol("(") and before.is_name() and before.token.text.lower() in words.AGGREGATES
    )
