"""Which bracket closes which, in a statement whose brackets are known to close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from graphsvc.store.guard.frames import CLOSING, OPENS
from graphsvc.store.guard.tokens import Token, TokenKind

NAMES = (TokenKind.WORD, TokenKind.QUOTED)


@dataclass(frozen=True)
class Bracketed:
    """The tokens of a statement, asked about by position; beyond the ends stand empty tokens."""

    statement: str
    tokens: Sequence[Token]

    @cached_property
    def closing(self) -> dict[int, int]:
        """Where each opening bracket, and each CASE, is closed."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for index in range(len(self.tokens)):
            if self.symbol(index) in OPENS or self._is_case_part(index, "CASE"):
                opened.append(index)
            elif opened and (self.symbol(index) in CLOSING or self._is_case_part(index, "END")):
                found[opened.pop()] = index
        return found

    def _is_case_part(self, index: int, word: str) -> bool:
        if self.symbol(index - 1) in (".", ":") or self.symbol(index + 1) == ":":
            return False
        return self.word(index) == word

    def symbol(self, index: int) -> str:
        """The symbol that stands there; empty where none does."""
        return self._upper(index, TokenKind.SYMBOL)

    def word(self, index: int) -> str:
        """The word that stands there, in upper case; empty where none does."""
        return self._upper(index, TokenKind.WORD)

    def _upper(self, index: int, kind: TokenKind) -> str:
        inside = 0 <= index < len(self.tokens) and self.tokens[index].kind is kind
        return self.tokens[index].upper if inside else ""

    def is_name(self, index: int) -> bool:
        """Whether a word or a quoted name stands there."""
        return self.is_of(index, *NAMES)

    def is_of(self, index: int, *kinds: TokenKind) -> bool:
        """Whether a token of these kinds stands there."""
        return 0 <= index < len(self.tokens) and self.tokens[index].kind in kinds

    def name(self, index: int) -> str:
        """The name that stands there, without backticks; empty where none does."""
        if not self.is_name(index):
            return ""
        token = self.tokens[index]
        if token.kind is TokenKind.QUOTED:
            return token.text[1:-1].replace("``", "`")
        return token.text

    def level(self, first: int, end: int) -> Iterator[int]:
        """The positions from `first` to before `end` that stand in no bracket of their own.

        Of a bracket and of CASE the opening is among them, and then what follows its end.
        """
        index = first
        while index < end:
            yield index
            index = self.closing.get(index, index) + 1

    def parts(self, first: int, end: int, *separators: str) -> list[tuple[int, int]]:
        """The parts between separators (symbols or words) that stand in no bracket."""
        found = []
        begun = first
        for index in self.level(first, end):
            if (self.symbol(index) or self.word(index)) in separators:
                found.append((begun, index))
                begun = index + 1
        return [*found, (begun, end)]
