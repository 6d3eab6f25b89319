"""The columns that a statement returns, read from its text."""

from __future__ import annotations

from graphsvc.store.guard.tokens import Token, TokenKind, tokens

_ENDS = frozenset({"ORDER", "SKIP", "OFFSET", "LIMIT", "UNION"})
_NAME_FOLLOWS = frozenset({".", ":", "AS"})


def returned_columns(statement: str) -> list[str]:
    """The names of what the last RETURN returns; none where it says `*`.

    ArcadeDB knows a result's columns from its first row, so that without rows it names none.
    """
    items = _items(statement)
    if any(item and item[0].upper == "*" for item in items):
        return []
    return [_name(statement, item) for item in items if item]


def _items(statement: str) -> list[list[Token]]:
    items: list[list[Token]] = []
    depth, collecting, before = 0, False, ""
    for token in tokens(statement):
        depth += (token.upper in ("(", "[", "{")) - (token.upper in (")", "]", "}"))
        word = token.kind is TokenKind.WORD and not depth and before not in _NAME_FOLLOWS
        before = token.upper
        if word and token.upper == "RETURN":
            items, collecting = [[]], True
        elif (word and token.upper in _ENDS) or token.upper == ";":
            collecting = False
        elif collecting and not depth and token.upper == ",":
            items.append([])
        elif collecting and not (word and token.upper == "DISTINCT" and items == [[]]):
            items[-1].append(token)
    return items


def _name(statement: str, item: list[Token]) -> str:
    """The alias, or the expression as it was written."""
    last = item[-1]
    if len(item) > 2 and item[-2].upper == "AS":
        return last.text[1:-1].replace("``", "`") if last.kind is TokenKind.QUOTED else last.text
    return statement[item[0].offset : last.offset + len(last.text)]
