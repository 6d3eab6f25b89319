"""Paths of any length over several types of relationships, or over any: they may never end.

Neo4j hung on such a pattern beyond its own timeout. One over a single type runs; so does a shortest
path, which no database finds by going all ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphsvc.store.guard import words
from graphsvc.store.guard.brackets import Bracketed
from graphsvc.store.guard.tokens import TokenKind, reject

_SHORTEST = ("SHORTESTPATH", "ALLSHORTESTPATHS")


def check_paths(text: Bracketed, most: int) -> None:
    """Let a statement pass whose unbounded paths go over one type each; all of them if `most` is 0.

    Parameters
    ----------
    text
        A statement that passed `check_statement`.
    most
        The upper bound that is advised.

    Raises
    ------
    StatementError
        With the place of the pattern, and how to bound it.
    """
    if most:
        shortest = _within_shortest(text)
        for index, mend in _unbounded(text, most):
            if index not in shortest:
                reject(
                    text.statement,
                    text.tokens[index].offset,
                    "a path of any length over several types of relationships, or over any, may"
                    " never end.",
                    f"Give it an upper bound, as {mend}, or one type.",
                )


def _within_shortest(text: Bracketed) -> set[int]:
    return {
        index
        for opened, closed in text.closing.items()
        if text.word(opened - 1) in _SHORTEST
        for index in range(opened, closed)
    }


def _unbounded(text: Bracketed, most: int) -> Iterator[tuple[int, str]]:
    """Where an unbounded pattern of several types or none stands, and what would bound it."""
    for index, closed in text.closing.items():
        if text.symbol(index) == "[" and text.symbol(index - 1) == "-":
            detail = _detail(text, index, closed)
            if detail is not None and detail.unbounded and not detail.of_one_type:
                yield index + 1, f"*1..{most}"
    for first, quantifier in _quantified(text):
        types = [_type(text, index) for index in _relationships(text, first, quantifier)]
        if None in types or len(set(types)) > 1:
            yield quantifier, f"{{1,{most}}}"


@dataclass(frozen=True)
class _Detail:
    """What the square brackets of a relationship say."""

    types: tuple[str, ...]
    plain: bool
    unbounded: bool

    @property
    def of_one_type(self) -> bool:
        return self.plain and len(self.types) == 1


def _detail(text: Bracketed, opened: int, closed: int) -> _Detail | None:
    """The brackets of a relationship; None where they are a list or an index."""
    index = opened + 1 + text.is_name(opened + 1)
    types: list[str] = []
    plain = True
    if text.symbol(index) == ":":
        index += 1
        while (
            index < closed
            and text.symbol(index) not in ("*", "{")
            and not text.is_of(index, TokenKind.PARAMETER)
        ):
            if text.word(index) == "WHERE":
                return _Detail(tuple(types), plain, unbounded=False)
            plain = plain and text.is_name(index)
            types += [text.name(index)] if text.is_name(index) else []
            index += 1
    if text.symbol(index) != "*":
        ends = index == closed or text.symbol(index) == "{" or text.word(index) == "WHERE"
        return _Detail(tuple(types), plain, unbounded=False) if ends else None
    index += 1
    low = text.is_of(index, TokenKind.NUMBER)
    index += low
    span = text.symbol(index) == ".."
    index += span
    high = span and text.is_of(index, TokenKind.NUMBER)
    index += high
    if not (index == closed or text.symbol(index) == "{" or text.is_of(index, TokenKind.PARAMETER)):
        return None
    return _Detail(tuple(types), plain, unbounded=not high and (span or not low))


def _quantified(text: Bracketed) -> Iterator[tuple[int, int]]:
    """Path patterns and relationships with an unbounded quantifier: first token, quantifier."""
    for opened, closed in text.closing.items():
        if text.symbol(opened) == "(" and _is_path(text, opened, closed):
            if _has_no_end(text, closed + 1):
                yield opened, closed + 1
        elif text.symbol(opened) == "[" and text.symbol(opened - 1) == "-":
            after = closed + 2 + (text.symbol(closed + 2) == ">")
            if text.symbol(closed + 1) == "-" and _before_a_node(text, after):
                yield opened - 1, after
    for index in range(len(text.tokens)):
        if text.symbol(index) == text.symbol(index + 1) == "-":
            after = index + 2 + (text.symbol(index + 2) == ">")
            if _before_a_node(text, after):
                yield index, after


def _before_a_node(text: Bracketed, index: int) -> bool:
    """Whether an unbounded quantifier stands there, with a node behind it."""
    end = text.closing.get(index, index) + 1
    return _has_no_end(text, index) and text.symbol(end) == "("


def _has_no_end(text: Bracketed, index: int) -> bool:
    """Whether an unbounded quantifier stands there: +, *, {2,}, {,}."""
    if text.symbol(index) in ("+", "*"):
        return True
    if text.symbol(index) != "{":
        return False
    inside = index + 1 + text.is_of(index + 1, TokenKind.NUMBER)
    return text.symbol(inside) == "," and text.symbol(inside + 1) == "}"


def _is_path(text: Bracketed, opened: int, closed: int) -> bool:
    """Whether a bracket holds a path, as ((a)-->(b)) does; the arguments of a function are none."""
    first = opened + 1 + 2 * (text.symbol(opened + 2) == "=")
    if text.symbol(first) != "(" or text.word(opened - 1).lower() in words.FUNCTIONS:
        return False
    return any(True for _ in _relationships(text, opened + 1, closed))


def _relationships(text: Bracketed, first: int, end: int) -> Iterator[int]:
    """Where relationships begin: at the dash before their brackets, or at the first of two."""
    for index in range(first, end):
        if text.symbol(index) == "-" and text.symbol(index + 1) in ("[", "-"):
            yield index


def _type(text: Bracketed, dash: int) -> str | None:
    """The one type of a relationship; None where it has several or none."""
    if text.symbol(dash + 1) != "[":
        return None
    detail = _detail(text, dash + 1, text.closing[dash + 1])
    return detail.types[0] if detail is not None and detail.of_one_type else None
