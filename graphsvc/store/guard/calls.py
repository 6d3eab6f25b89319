"""Which functions and procedures a statement may call, by name."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.store.guard import words
from graphsvc.store.guard.frames import PassedToken
from graphsvc.store.guard.tokens import Token, refuse


def check_function(statement: str, seen: Sequence[PassedToken]) -> None:
    """Refuse an opening bracket that would call a function not on the list.

    `seen` ends with the token before the bracket; a name there, with the dotted names before it,
    is the function, unless CALL stands before them: then it is a procedure, checked already.
    """
    if not seen[-1].is_name():
        return
    last = first = len(seen) - 1
    while seen[first - 1].is_symbol(".") and seen[first - 2].is_name():
        first -= 2
    if not seen[first - 1].is_keyword("CALL"):
        parts = [part.token for part in seen[first : last + 1 : 2]]
        _check_listed(statement, parts, words.FUNCTIONS, "function")


def check_procedure(statement: str, tokens: Sequence[Token], index: int) -> None:
    """Refuse the procedure whose name begins at this token, unless it is on the list."""
    end = index + 1
    while end + 1 < len(tokens) and tokens[end].upper == ".":
        end += 2
    _check_listed(statement, tokens[index:end:2], words.PROCEDURES, "procedure")


def _check_listed(
    statement: str, parts: Sequence[Token], listed: frozenset[str], what: str
) -> None:
    """Refuse a name that is not on the list; one in backticks never is."""
    name = ".".join(part.text for part in parts)
    if name.isascii() and name.lower() in listed:
        return
    refuse(
        statement,
        parts[0].offset,
        name[:200],
        f"the {what} {name[:200]} is not on the list of allowed ones.",
        words.ADVICE[what],
    )
