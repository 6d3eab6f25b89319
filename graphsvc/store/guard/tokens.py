"""Cut a Cypher statement into the tokens that both databases see, or refuse it.

The rules follow the lexer grammars of Cypher 5 and Cypher 25, narrowed: where two parsers could
cut a text differently (unicode escapes, unusual spaces, a number that runs into a word), the text
is refused rather than read one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from graphsvc.errors import AccessError, StatementError
from graphsvc.store.guard.places import caret, position


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    QUOTED = "quoted"
    STRING = "string"
    NUMBER = "number"
    PARAMETER = "parameter"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the statement; `upper` is the keyword it could be, or the symbol itself."""

    kind: TokenKind
    text: str
    upper: str
    offset: int


def refuse(statement: str, offset: int, offence: str, reason: str, mend: str = "") -> NoReturn:
    """Say that the statement would do more than read; `offence` is quoted as it was written."""
    line, column = position(statement, offset)
    raise AccessError(
        f"{offence} at line {line}, column {column}: {reason}",
        offence=offence,
        line=line,
        column=column,
        caret=caret(statement, line, column),
        mend=mend,
    )


def reject(statement: str, offset: int, reason: str, mend: str = "") -> NoReturn:
    """Say that the statement cannot be read as Cypher at this place."""
    line, column = position(statement, offset)
    raise StatementError(
        f"Line {line}, column {column}: {reason}",
        line=line,
        column=column,
        caret=caret(statement, line, column),
        mend=mend,
    )


# Possessive quantifiers (`*+`) keep every alternative linear: nothing matched is ever given back.
# A string may hold any escaped character; what the escape means is the database's business.
_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]++)
    | (?P<line_comment>//[^\r\n]*+)
    | (?P<block_comment>/\*.*?\*/)
    | (?P<string>'[^'\\]*+(?:\\.[^'\\]*+)*+' | "[^"\\]*+(?:\\.[^"\\]*+)*+")
    | (?P<quoted>`[^`]*+(?:``[^`]*+)*+`)
    | (?P<parameter>\$(?:[^\W\d]\w*+ | \d++(?!\w) | `[^`]*+(?:``[^`]*+)*+`))
    | (?P<number>(?:0x[0-9a-fA-F]++ | 0o[0-7]++
        | (?:\d(?:_?\d)*+)?+(?:\.\d(?:_?\d)*+)(?:[eE][+-]?\d++)?+
        | \d(?:_?\d)*+(?:[eE][+-]?\d++)?+)(?!\w))
    | (?P<word>[^\W\d]\w*+)
    | (?P<symbol>\.\. | :: | <> | <= | >= | =~ | \+= | \|\| | /(?!\*) | [()\[\]{},.:;=<>+\-*%^|&!])
    """,
    re.VERBOSE | re.DOTALL,
)

_UNCLOSED = {
    "'": "this string is not closed",
    '"': "this string is not closed",
    "`": "this name is not closed",
    "/*": "this comment is not closed",
}

# NUL and the other controls never stand in an honest statement, and parsers differ on which of
# them end a line or a token.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMMENT_LINE_END = re.compile("[\u2028\u2029]")
_ESCAPE = re.compile(r"\\[uU](.{0,4})", re.DOTALL)
_HEX = re.compile(r"[0-9a-fA-F]{4}")


def tokens(statement: str) -> Iterator[Token]:
    """Yield the tokens of a statement, comments and spaces left out.

    Raises
    ------
    AccessError
        A unicode escape where one database would read code and another would not.
    StatementError
        The text cannot be cut into tokens of Cypher.

    Notes
    -----
    Linear in the length of the statement.
    """
    _check_characters(statement)
    offset, end = 0, len(statement)
    while offset < end:
        match = _TOKEN.match(statement, offset)
        if match is None:
            _reject_character(statement, offset)
        group = str(match.lastgroup)
        token = match.group()
        if "\\" in token or group.endswith("comment"):
            _check_hidden(statement, offset, group, token)
        if group not in _SKIPPED:
            yield Token(TokenKind(group), token, _upper(group, token), offset)
        offset = match.end()


_SKIPPED = frozenset({"space", "line_comment", "block_comment"})


def _upper(group: str, token: str) -> str:
    """Give words and symbols a form to compare with; the content of the rest is never compared."""
    return token.upper() if group in ("word", "symbol") else ""


def _check_characters(statement: str) -> None:
    if match := _SURROGATE.search(statement):
        reject(statement, match.start(), "half a surrogate pair is no character")
    if match := _CONTROL.search(statement):
        code = f"U+{ord(match.group()):04X}"
        reject(statement, match.start(), f"the control character {code} is not allowed")


def _check_hidden(statement: str, offset: int, group: str, token: str) -> None:
    r"""Look for code hidden in what one parser takes for a comment, a string or a name.

    Neo4j replaces `\u0027` by a quote before it cuts the text into tokens (also under
    `CYPHER 25`, measured), ArcadeDB afterwards: `/* \u002a\u002f DETACH DELETE n /* */` is a
    comment to one and a deletion to the other. Cypher leaves a doubled backslash out of this, but
    there too an escape of an ordinary letter is harmless and any other is refused.
    """
    comment = group.endswith("comment")
    if comment and (match := _COMMENT_LINE_END.search(token)):
        reject(statement, offset + match.start(), "an unusual line end in a comment")
    for match in _ESCAPE.finditer(token):
        if comment or not _harmless(match.group(1)):
            refuse(
                statement,
                offset + match.start(),
                match.group(),
                "a unicode escape is read differently by different databases.",
                "Write the character itself.",
            )


def _harmless(digits: str) -> bool:
    if not _HEX.fullmatch(digits):
        return False
    character = chr(int(digits, 16))
    return character.isalnum() or character == " "


def _reject_character(statement: str, offset: int) -> NoReturn:
    for opening, reason in _UNCLOSED.items():
        if statement.startswith(opening, offset):
            reject(statement, offset, reason)
    character = statement[offset]
    if character == "\\":
        refuse(
            statement,
            offset,
            statement[offset : offset + 6],
            "an escape stands outside a string, where it can hide a clause.",
            "Write the character itself.",
        )
    if character == "$":
        refuse(
            statement,
            offset,
            "$",
            "labels and types computed by an expression are not offered.",
            "Write a parameter as $name.",
        )
    if character.isdigit():
        reject(statement, offset, "a number runs into a word", "Put a space between them.")
    _reject_foreign(statement, offset, character)


def _reject_foreign(statement: str, offset: int, character: str) -> NoReturn:
    if character.isspace():
        reason = f"U+{ord(character):04X} is not an ordinary space"
        reject(statement, offset, reason, "Use a plain space.")
    reject(
        statement,
        offset,
        f"the character {character!r} is not part of Cypher outside strings and `backticks`",
    )
