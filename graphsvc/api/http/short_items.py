"""Items of a list with some of their members alone, for who asks: `fields` and `compact`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, get_args

from fastapi import Request
from pydantic import BaseModel

from graphsvc.api.http.texts import quoted
from graphsvc.errors import InvalidInputError
from graphsvc.model.spelling import did_you_mean

PARAMETERS = frozenset({"fields", "compact"})
"""OpenAPI is silent of them: a model of an item that may lack any member would be of no use."""

_EMPTY: tuple[Any, ...] = (None, [], {})


def require_members(request: Request, names: Iterable[str] | None) -> None:
    """Refuse members that the items of the list which is asked for never have.

    Rows of results have columns of their own: `require_columns` knows them.

    Raises
    ------
    InvalidInputError
        Naming the near ones.
    """
    known = _members(request.scope["route"].response_model)
    if names is not None and known:
        _require(names, known)


def require_columns(names: Iterable[str] | None, columns: Iterable[str]) -> None:
    """Refuse what is no column of a result; as `require_members`."""
    if names is not None:
        _require(names, tuple(columns))


def shortened(
    items: list[dict[str, Any]], names: tuple[str, ...] | None, *, compact: bool
) -> list[dict[str, Any]]:
    """The items with these members alone, and compact without what is null or empty."""
    if names is not None:
        wanted = frozenset(names)
        items = [{name: item[name] for name in item if name in wanted} for item in items]
    return [_without_empty(item) for item in items] if compact else items


def _require(names: Iterable[str], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise InvalidInputError(
                f"An item has no member {quoted(name)}.",
                mend=did_you_mean(name, known) or f"Known are: {', '.join(known)}.",
                field="fields",
            )


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {name: _without_empty(item) for name, item in value.items()}
        return {name: item for name, item in inner.items() if item not in _EMPTY}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


@lru_cache
def _members(model: Any) -> tuple[str, ...]:
    """The members of a page's items, by the model of the answer; none where they are not said."""
    pages = [page for page in _models(model) if "items" in page.model_fields]
    items = [item for page in pages for item in _models(page.model_fields["items"].annotation)]
    names = (field.alias or name for item in items for name, field in item.model_fields.items())
    return tuple(dict.fromkeys(names))


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
        return
    for part in get_args(hint):
        yield from _models(part)
