"""Bodies of requests: JSON objects with closed keys."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from graphsvc.api.http.texts import quoted
from graphsvc.errors import InvalidInputError, MalformedError, MediaTypeError
from graphsvc.model.json_numbers import plain_integers
from graphsvc.model.spelling import did_you_mean

JSON = "application/json"


class Body(BaseModel):
    """The body of one endpoint's requests; any other key is refused, naming the near one."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_every_name(cls, given: Any) -> Any:
        known = list(cls.model_fields)
        for name in given if isinstance(given, dict) else ():
            if name not in known:
                mend = did_you_mean(name, known) or f"Known are: {', '.join(known)}."
                raise PydanticCustomError(
                    "unknown_parameter",
                    "There is no field {name} here.",
                    {"name": quoted(name), "field": quoted(name)[1:-1], "mend": mend},
                )
        return given


B = TypeVar("B", bound=Body)


def read_as(model: type[B]) -> Callable[[Request], Awaitable[B]]:
    """What reads a request's body as this model, for `Depends`.

    Raises
    ------
    MediaTypeError
        When it does not say that it is JSON.
    MalformedError
        When it is no JSON.
    RequestValidationError, InvalidInputError
        When it is not what the model wants.
    """

    async def read(request: Request) -> B:
        _require_json(request.headers.get("content-type", ""))
        _require_uncoded(request.headers.getlist("content-encoding"))
        content = _parsed(await request.body())
        try:
            return model.model_validate(content)
        except ValidationError as error:
            found = error.errors(include_url=False)
            raise RequestValidationError(
                [{**item, "loc": ("body", *item["loc"])} for item in found]
            ) from error

    return read


def request_body(schema: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI says of a body that `read_as` reads; it is named by its title there."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


def _require_json(content_type: str) -> None:
    media_type, _, rest = content_type.partition(";")
    name, _, charset = rest.strip().partition("=")
    in_utf_8 = not rest.strip() or (
        name.lower() == "charset" and charset.strip('"').lower() in ("utf-8", "utf8")
    )
    if media_type.strip().lower() != JSON or not in_utf_8:
        told = f"is {quoted(content_type)}" if content_type else "is not given"
        raise MediaTypeError(
            f"The body's Content-Type {told}.",
            mend="Send JSON with Content-Type: application/json.",
        )


def _require_uncoded(codings: list[str]) -> None:
    given = ", ".join(codings)
    if any(coding.strip().lower() not in ("", "identity") for coding in given.split(",")):
        raise MediaTypeError(
            f"The body's Content-Encoding is {quoted(given)}.",
            mend="Send the body as it is, without Content-Encoding.",
        )


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        content = plain_integers(
            json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
        )
    except UnicodeDecodeError as error:
        raise MalformedError("The body is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedError(f"The body is no JSON: {error.msg} at {where}.") from error
    except RecursionError:
        raise MalformedError("The body is nested too deep.") from None
    except ValueError as error:
        raise MalformedError(f"The body is no JSON: {error}.") from error
    if not isinstance(content, dict):
        raise InvalidInputError("The body is no JSON object.", field="body")
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it has the key {quoted(twice)} twice")
    return content


def _no_constant(name: str) -> None:
    raise ValueError(f"it has no number {name}")
