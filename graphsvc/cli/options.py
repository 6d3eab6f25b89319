"""Options that ask about a day or an instant, read as the API reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar

import typer

from graphsvc.model.choices import Undated

T = TypeVar("T")


AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="Only facts that this day does not rule out."),
]
UndatedOption = Annotated[
    Undated, typer.Option(help="What to do with facts undated or dated in doubt.")
]


def read_day(text: str | None) -> date | None:
    """The day that `--as-of` names, if it names one."""
    return read_option("--as-of", text, _day)


def read_option(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    """What an option's text stands for; what is wrong with it is told with the option's name."""
    try:
        return None if text is None else parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _day(text: str) -> date:
    from pydantic import TypeAdapter, ValidationError

    from graphsvc.model.entity import Day

    day: TypeAdapter[date] = TypeAdapter(Day)
    try:
        return day.validate_python(text)
    except ValidationError as error:
        message: Any = error.errors()[0]["msg"]
        raise ValueError(message.removeprefix("Value error, ")) from None
