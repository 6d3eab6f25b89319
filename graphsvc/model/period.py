"""Periods: when a fact holds, as exact as its source and no more (EDTF).

The grammar is the Extended Date/Time Format of ISO 8601-2 (https://www.loc.gov/standards/datetime/),
read by the `edtf` library. Some of what the library accepts is refused here, because it would say
more than the source did.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator

_UNSPECIFIED_YEAR = re.compile(r"(^|/)-?\d*X")
_SEASON = re.compile(r"(^|/)[^/]{4}-(2[1-9]|3\d|4[01])")
_PART_OF_A_MONTH_OR_DAY = re.compile(r"-(\dX|X\d)(?![0-9X])")
_MONTH_OF_AN_INTERVAL = re.compile(r"(?=.*/)(^|.*/)[0-9]{4}-XX(/|$)")
_DAY_OF_ANY_YEAR = re.compile(r"^XXXX-(\d\d)-(\d\d)$")
_PLAIN_DATE = re.compile(r"(?!0000)([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?[?~%]?")
_NO_BOUND = (None, None)
_NOT_STATED = ("..", "")
"""A side of an interval that is open, and one that is unknown: neither states a bound."""
_MAX_LENGTH = 64


class Bounds(StrEnum):
    """Which of a period's two ends are stated; `UNKNOWN` where it is undated."""

    EXACT = "exact"
    OPEN_START = "open_start"
    OPEN_END = "open_end"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Period:
    """The strict bounds of an EDTF text.

    `valid_from` and `valid_to` are inclusive days, None where no bound is stated: the side is open
    (`..`) or unknown (empty). `uncertain` is true where the text is marked `?`, `~` or `%`.
    """

    text: str | None
    valid_from: date | None
    valid_to: date | None
    bounds: Bounds
    uncertain: bool

    def holds_on(self, day: date) -> str | None:
        """Whether the period covers a day: "yes", "possibly", or None when it rules it out."""
        if self.valid_from is not None and day < self.valid_from:
            return None
        if self.valid_to is not None and day > self.valid_to:
            return None
        return "yes" if self.certain else "possibly"

    @property
    def certain(self) -> bool:
        """Whether both bounds are stated, without doubt.

        EDTF's `..` says that a bound is not specified, because there is none or for any other
        reason, and an empty side that it is unknown: no day is then surely covered, be it years
        away. The fragment `holds.cypher` says the same to the database.
        """
        return self.bounds is Bounds.EXACT and not self.in_doubt

    @property
    def in_doubt(self) -> bool:
        """Whether what is stated is marked as uncertain, or has an X.

        An X leaves open which of its days is meant, so that no day between the bounds is sure.
        """
        return self.uncertain or (self.text is not None and "X" in self.text)


UNDATED = Period(None, None, None, Bounds.UNKNOWN, uncertain=False)


@lru_cache(maxsize=65_536)
def parse_period(text: str) -> Period:
    """Read an EDTF text.

    Plain dates and intervals cost microseconds; anything else costs milliseconds when not seen
    before (the library's grammar is large) and nothing after.

    Raises
    ------
    ValueError
        Saying what is wrong and how to write it.
    """
    _refuse_what_the_library_misreads(text)
    if _UNSPECIFIED_YEAR.search(text):
        _parsed(_with_open_sides(text))
        return Period(text, None, None, Bounds.UNKNOWN, uncertain=_is_marked(text))
    start, end = _plain_bounds(text) or _library_bounds(text)
    if start is not None and end is not None and start > end:
        raise ValueError(f"period {text!r} ends before it starts")
    bounds = {
        (True, True): Bounds.EXACT,
        (False, True): Bounds.OPEN_START,
        (True, False): Bounds.OPEN_END,
        (False, False): Bounds.OPEN,
    }[start is not None, end is not None]
    return Period(text, start, end, bounds, uncertain=_is_marked(text))


def period_of(text: str | None) -> Period:
    """The period of a fact, dated or not."""
    return UNDATED if text is None else parse_period(text)


def _refuse_what_the_library_misreads(text: str) -> None:
    if not text or text != text.strip() or len(text) > _MAX_LENGTH:
        raise ValueError(f"{text[:_MAX_LENGTH]!r} is not an EDTF date or period")
    if _SEASON.search(text):
        # The library ends winter with December; and sources seldom mean the calendar's seasons.
        raise ValueError(f"period {text!r} names a season: write the months it means")
    if any(char.isspace() for char in text):
        raise _not_edtf(text)
    if "T" in text:
        raise ValueError(f"period {text!r} has a time of day: periods are exact to the day")
    if text[0] in "[{":
        # The library keeps the first and the last date, and forgets which lie between.
        raise ValueError(f"period {text!r} is a set of dates: write one fact for each")
    if "S" in text:
        # The library takes 1560S2 (1500 to 1599) for the year 1560.
        raise ValueError(f"period {text!r} counts significant digits: write X for those not known")
    _refuse_gaps_that_the_library_cannot_read(text)
    if day := _DAY_OF_ANY_YEAR.match(text):
        month, of_month = int(day[1]), int(day[2])
        try:
            date(2000, month, of_month)  # a leap year: 29 February exists in some years
        except ValueError:
            raise ValueError(f"period {text!r} names a day that no year has") from None


def _refuse_gaps_that_the_library_cannot_read(text: str) -> None:
    """It knows no half-specified month or day, and no unknown month at an interval's end."""
    if _PART_OF_A_MONTH_OR_DAY.search(text):
        raise ValueError(f"period {text!r} half specifies a month or a day: write XX for it")
    if _MONTH_OF_AN_INTERVAL.match(text):
        raise ValueError(f"period {text!r} has an unknown month in an interval: write the year")


def _plain_bounds(text: str) -> tuple[date | None, date | None] | None:
    """The bounds of the commonest texts, as the library reads them; None for any other."""
    sides = text.split("/")
    if len(sides) > 2:
        return None
    bounds = [
        _NO_BOUND if side in _NOT_STATED and len(sides) == 2 else _plain_side(side)
        for side in sides
    ]
    first, last = bounds[0], bounds[-1]
    return None if first is None or last is None else (first[0], last[1])


def _plain_side(side: str) -> tuple[date | None, date | None] | None:
    match = _PLAIN_DATE.fullmatch(side)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return first, date(year, last_month, day or monthrange(year, last_month)[1])
    except ValueError:
        raise ValueError(f"period {side!r} names a day that does not exist") from None


def _library_bounds(text: str) -> tuple[date | None, date | None]:
    parsed = _parsed(_with_open_sides(text))
    try:
        start, end = parsed.lower_strict(), parsed.upper_strict()
    except (AttributeError, TypeError, ValueError):
        raise _not_edtf(text) from None
    return _day(start, text), _day(end, text)


def _with_open_sides(text: str) -> str:
    """The text with open sides for empty ones, where the library puts bounds ten years away."""
    sides = text.split("/")
    return "/".join(side or ".." for side in sides) if len(sides) == 2 else text


def _parsed(text: str) -> Any:
    # The import costs a few hundredths of a second, which commands that read no period save.
    from edtf import parse_edtf
    from edtf.parser import parser_classes
    from edtf.parser.edtf_exceptions import EDTFParseException

    # It prints what it cannot construct, to where our data goes.
    vars(parser_classes)["print"] = lambda *_: None
    try:
        return parse_edtf(text)
    except (EDTFParseException, AttributeError, TypeError, ValueError):
        # The library's constructors stumble over some of what its grammar lets through.
        raise _not_edtf(text) from None


def _not_edtf(text: str) -> ValueError:
    hint = " ('?' and X cannot stand in one date)" if "X" in text and "?" in text else ""
    return ValueError(
        f"{text!r} is not an EDTF date or period{hint}: write for example 2024, 2024-05,"
        " 2024-05-21, 2022/.., ../2027, 2024-05? or XXXX-09"
    )


def _day(bound: Any, text: str) -> date | None:
    if isinstance(bound, float):  # minus or plus infinity: an open side
        return None
    try:
        return date(bound.tm_year, bound.tm_mon, bound.tm_mday)
    except ValueError:
        raise ValueError(f"period {text!r} lies outside the years 1 to 9999") from None


def _is_marked(text: str) -> bool:
    return any(mark in text for mark in "?~%")


def _checked(text: str) -> str:
    parse_period(text)
    return text


Edtf = Annotated[str, AfterValidator(_checked)]
"""An EDTF text that `parse_period` accepts."""
