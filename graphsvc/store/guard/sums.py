"""Notice a sum of integers that left 64 bits: both databases go on with a rounded float.

`+`, `-`, `*` and reduce raise an error there; sum() alone does not. Its float looks like one that
was summed of floats, so that those are to be written `sum(toFloat(x))`.
"""

from __future__ import annotations

from typing import Any, NoReturn

from graphsvc.store.guard.tokens import Token, reject, tokens

_EXACT = 2**53
"""Below it a float holds every integer."""


def integer_sum(statement: str) -> Token | None:
    """The first sum() of a statement that may add integers: neither of toFloat() nor within it."""
    found = list(tokens(statement))
    words = ["", "", *(token.upper for token in found), "", ""]
    for index, token in enumerate(found):
        *around, called, argument = words[index : index + 5]
        asks_for_a_float = argument == "TOFLOAT" or around[:2] == ["TOFLOAT", "("]
        if token.upper == "SUM" and called == "(" and not asks_for_a_float:
            return token
    return None


def may_be_rounded(value: Any) -> bool:
    """Whether a returned value is or holds a float that may stand for an integer beyond 64 bits."""
    if isinstance(value, float):
        return _EXACT <= abs(value) < float("inf")
    if isinstance(value, list):
        return any(map(may_be_rounded, value))
    return isinstance(value, dict) and any(map(may_be_rounded, value.values()))


def refuse_rounded_sum(statement: str, token: Token) -> NoReturn:
    """Say that a sum is too large to be exact."""
    reject(
        statement,
        token.offset,
        "the sum came as a float of 2^53 or more: integers went beyond 2^63-1 (long overflow) and"
        " were rounded, or floats were summed.",
        "Sum parts that fit, or sum(toFloat(x)) where a float is wanted.",
    )
