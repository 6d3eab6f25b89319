"""Cursors: where the next page of a list begins, as an opaque text.

A cursor holds the sort keys of the last row, so rows that come or go meanwhile neither repeat nor
hide others, and the mark of the request that it belongs to. It is no secret and opens nothing
that the request would not.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from graphsvc.api.http.short_items import PARAMETERS
from graphsvc.errors import InvalidInputError
from graphsvc.usecases.lists.pages import Position

_MARK_DIGITS = 12
_LARGEST = 2**63


def request_mark(path: str, parameters: dict[str, Any]) -> str:
    """What tells this list from others: its path, filter and sort.

    The size of its pages and what is shown of an item may be others on each page.
    """
    kept = {name: str(value) for name, value in parameters.items() if value is not None}
    for name in ("cursor", "limit", *PARAMETERS):
        kept.pop(name, None)
    text = json.dumps([path, sorted(kept.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_DIGITS]


def encoded(mark: str, position: Position) -> str:
    """The cursor for a position in the list with this mark."""
    # Not escaped: a name of 300 emoji would make an address too long to be read.
    keys = [mark, position.total, *position.after]
    content = json.dumps(keys, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode("ascii").rstrip("=")


def decoded(cursor: str, mark: str, types: tuple[type, ...]) -> Position:
    """The position that a cursor stands for; `types` are those of the list's sort keys.

    Raises
    ------
    InvalidInputError
        When it is no cursor, or that of another request.
    """
    content = _content(cursor)
    if content is None or len(content) < 2:
        raise _refused("The cursor is not one that this service gave out.")
    its_mark, total, *after = content
    if its_mark != mark:
        raise _refused("The cursor belongs to a request with another path, filter or sort.")
    if not _is_total(total) or not _are_keys(after, types):
        raise _refused("The cursor is not one that this service gave out.")
    position = Position(tuple(after), total)
    if encoded(mark, position) != cursor:
        raise _refused("The cursor is not one that this service gave out.")
    return position


def _content(cursor: str) -> list[Any] | None:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        content = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        return None
    return content if isinstance(content, list) else None


def _is_total(total: Any) -> bool:
    return total is None or (type(total) is int and 0 <= total < _LARGEST)


def _are_keys(after: list[Any], types: tuple[type, ...]) -> bool:
    return [type(key) for key in after] == list(types) and all(
        -_LARGEST <= key < _LARGEST for key in after if isinstance(key, int)
    )


def _refused(message: str) -> InvalidInputError:
    return InvalidInputError(
        message,
        mend="Take next_cursor from the page before and repeat its other parameters, or start"
        " again without cursor.",
        field="cursor",
    )
