"""Query parameters: closed models, and the checks that hold for every request under /v1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import unquote_to_bytes

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from graphsvc.api.http.texts import quoted
from graphsvc.errors import InvalidInputError
from graphsvc.model.choices import Undated
from graphsvc.model.entity import ID_PATTERN, Day
from graphsvc.model.instant import parse_instant
from graphsvc.model.money import LARGEST_INTEGER
from graphsvc.model.spelling import did_you_mean
from graphsvc.model.time_question import TimeQuestion
from graphsvc.model.vocabulary import RequestedKind, RequestedType, Vocabulary

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
OFFERS_KNOWN_AT = (
    "/v1/relationships",
    "/v1/facts/{id}",
    "/v1/timeline",
    "/v1/changes",
    "/v1/entities/{id}/history",
    "/v1/export",
)

_WHOLE = re.compile(r"[+-]?[0-9]{1,25}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,25}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")


def _whole(value: object) -> object:
    # pydantic would also take 1_000, 5.0 and blanks around a number.
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError(f"{quoted(value)} is not a whole number")
    return value


def _number(value: object) -> object:
    # pydantic would also take 1_000, blanks around a number, and infinity.
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError(f"{quoted(value)} is not a number")
    return value


def _truth(value: object) -> object:
    # pydantic would also take 1, on, yes and t.
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError(f"{quoted(value)} is neither true nor false")
    return value


def _apart(given: object) -> object:
    """The values of a parameter that takes several: repeated, or with commas between them."""
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple):
        return given
    return [item for text in texts for item in str(text).split(",")]


_SEVERAL = BeforeValidator(_apart)
_MOST_VALUES = 50

Limit = Annotated[
    int,
    BeforeValidator(_whole),
    Field(ge=1, le=MAX_LIMIT, description="Most items of one page."),
]
"""A whole number; the range stands beside it."""

DecimalNumber = Annotated[float, BeforeValidator(_number)]
"""A number, as JSON writes it; the range stands beside it."""

Cursor = Annotated[
    str | None,
    Field(
        pattern=r"^[A-Za-z0-9_-]+$",
        max_length=2000,
        description="`next_cursor` of the page before; the other parameters must be the same,"
        " only `limit` may differ.",
    ),
]
WholeNumber = Annotated[int, BeforeValidator(_whole)]
WholeAmount = Annotated[WholeNumber, Field(ge=0, le=LARGEST_INTEGER)]
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=100)]
Ids = Annotated[tuple[Id, ...] | None, _SEVERAL, Field(min_length=1, max_length=_MOST_VALUES)]
KindNames = Annotated[
    tuple[RequestedKind, ...] | None, _SEVERAL, Field(min_length=1, max_length=_MOST_VALUES)
]
"""Kinds; `known_kinds` looks them up."""

TypeNames = Annotated[
    tuple[RequestedType, ...] | None, _SEVERAL, Field(min_length=1, max_length=_MOST_VALUES)
]
"""Relationship types; `known_types` looks them up."""
FieldNames = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] | None,
    _SEVERAL,
    Field(min_length=1, max_length=_MOST_VALUES),
]
"""Members of items; `require_members` looks them up."""

Truth = Annotated[bool, BeforeValidator(_truth)]
InstantParameter = Annotated[
    Annotated[str, BeforeValidator(parse_instant)] | None,
    Field(json_schema_extra={"format": "date-time"}),
]
AsOf = Annotated[
    Day | None,
    Field(
        description="Only what this day does not rule out; each item then says whether it"
        " `holds`: yes, or possibly (a bound is not stated, or in doubt).",
        examples=["2024-05-21"],
    ),
]
UndatedChoice = Annotated[
    Undated,
    Field(description="`exclude` leaves out what has a bound that is not stated or in doubt."),
]
KnownAt = Annotated[
    InstantParameter,
    Field(description="What was held at this instant (RFC 3339), however it changed since."),
]


class EndpointParameters(BaseModel):
    """The query parameters of one endpoint; any other is refused, naming the near one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_every_name(cls, given: Any) -> Any:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for name in given:
            if name not in known:
                raise _unknown(name, known)
        return given

    @classmethod
    def several(cls) -> frozenset[str]:
        """The names of those that may be given more than once."""
        return frozenset(
            field.alias or name
            for name, field in cls.model_fields.items()
            if _SEVERAL in field.metadata
        )


class PageParameters(EndpointParameters):
    """What every list takes."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None
    fields: FieldNames = None
    compact: Truth = False


class TimeParameters(EndpointParameters):
    """What every list of facts takes."""

    as_of: AsOf = None
    undated: UndatedChoice = Undated.INCLUDE

    @property
    def time(self) -> TimeQuestion:
        """What they ask together, with `known_at` where the endpoint takes it."""
        return TimeQuestion.of(self.as_of, self.undated, getattr(self, "known_at", None))


def _unknown(name: str, known: Any) -> PydanticCustomError:
    return PydanticCustomError(
        "unknown_parameter",
        "There is no parameter {name} here.",
        {"name": quoted(name), "field": name[:100], "mend": _advice(name, list(known))},
    )


def _advice(name: str, known: list[str]) -> str:
    if name == "known_at":
        return f"known_at is offered by {', '.join(OFFERS_KNOWN_AT)}."
    near = did_you_mean(name, known)
    return near or (f"Known are: {', '.join(known)}." if known else "It takes none.")


async def no_parameters(request: Request) -> None:
    """Refuse every query parameter, for endpoints that take none."""
    for name in request.query_params:
        raise InvalidInputError(
            f"There is no parameter {quoted(name)} here.",
            mend=_advice(name, []),
            field=name[:100],
        )


@lru_cache
def _several_of(endpoint: Callable[..., Any]) -> frozenset[str]:
    """The parameters of an endpoint that may be given more than once."""
    for hint in get_type_hints(endpoint, include_extras=True).values():
        model = get_args(hint)[0] if get_origin(hint) is Annotated else None
        if isinstance(model, type) and issubclass(model, EndpointParameters):
            return model.several()
    return frozenset()


async def strict_query(request: Request) -> None:
    """Refuse parameters that are empty, or given twice though they take one value."""
    seen = set()
    for name, value in request.query_params.multi_items():
        if name in seen and name not in _several_of(request.scope["endpoint"]):
            raise InvalidInputError(
                f"The parameter {quoted(name)} is given twice.",
                mend="Give it once.",
                field=name[:100],
            )
        seen.add(name)
        if not value:
            raise InvalidInputError(
                f"The parameter {quoted(name)} is empty.",
                mend="Give it a value, or leave it out.",
                field=name[:100],
            )


def unreadable(query: bytes) -> str | None:
    """Why a query string cannot be read as text, or None: it is UTF-8 without controls."""
    try:
        text = unquote_to_bytes(query.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        # This is also how lone surrogates arrive: UTF-8 has no form for them.
        return "The query string is not UTF-8 text."
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        return "The query string holds control characters."
    return None


def known_kinds(
    vocabulary: Vocabulary, field: str, kinds: Iterable[str] | None
) -> frozenset[str] | None:
    """Several kinds, if the vocabulary has each.

    Raises
    ------
    InvalidInputError
        Naming the first that it has not, and the near kinds.
    """
    return _all_known(vocabulary.kinds, field, kinds, "kind")


def known_types(vocabulary: Vocabulary, types: Iterable[str] | None) -> frozenset[str] | None:
    """Several relationship types, if the vocabulary has each; as `known_kinds`."""
    return _all_known(vocabulary.types, "type", types, "relationship type")


def _all_known(
    names: Any, field: str, given: Iterable[str] | None, what: str
) -> frozenset[str] | None:
    if given is None:
        return None
    return frozenset(str(_known(names, field, name, what)) for name in given)


def _known(names: Any, field: str, given: str | None, what: str) -> str | None:
    if given is None or given in names:
        return given
    raise InvalidInputError(
        f"There is no {what} {quoted(given)}.",
        mend=did_you_mean(given, names) or f"Known are: {', '.join(names)}.",
        field=field,
    )


def require_order(least: int | None, most: int | None) -> None:
    """Refuse a range of amounts that holds none.

    Raises
    ------
    InvalidInputError
        When the least is above the most.
    """
    if least is not None and most is not None and least > most:
        raise InvalidInputError(
            f"min_amount_krw {least} is above max_amount_krw {most}.",
            mend="Swap them.",
            field="min_amount_krw",
        )
