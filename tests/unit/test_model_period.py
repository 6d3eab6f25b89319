"""Periods: as exact as the source and no more."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.model.period import UNDATED, Bounds, parse_period, period_of


@pytest.mark.parametrize(
    ("text", "valid_from", "valid_to", "bounds", "uncertain"),
    [
        ("2024", "2024-01-01", "2024-12-31", "exact", False),
        ("2024-02", "2024-02-01", "2024-02-29", "exact", False),
        ("2024-05-21", "2024-05-21", "2024-05-21", "exact", False),
        ("2024-05?", "2024-05-01", "2024-05-31", "exact", True),
        ("2024~", "2024-01-01", "2024-12-31", "exact", True),
        ("2022/2026", "2022-01-01", "2026-12-31", "exact", False),
        ("2022-03/..", "2022-03-01", None, "open_end", False),
        ("../2027", None, "2027-12-31", "open_start", False),
        ("2022?/..", "2022-01-01", None, "open_end", True),
        ("../..", None, None, "open", False),
        ("2013/", "2013-01-01", None, "open_end", False),
        ("/2013-02", None, "2013-02-28", "open_start", False),
        ("2013?/", "2013-01-01", None, "open_end", True),
        ("/", None, None, "open", False),
        ("/..", None, None, "open", False),
        ("../", None, None, "open", False),
        ("XXXX-XX-16", None, None, "unknown", False),
        ("XXXX-09", None, None, "unknown", False),
        ("202X", None, None, "unknown", False),
        ("2024-XX-16", "2024-01-16", "2024-12-16", "exact", False),
    ],
)
def test_a_text_is_read_with_its_strict_bounds(text, valid_from, valid_to, bounds, uncertain):
    period = parse_period(text)
    days = [day and day.isoformat() for day in (period.valid_from, period.valid_to)]
    assert [*days, period.bounds, period.uncertain] == [valid_from, valid_to, bounds, uncertain]


@pytest.mark.parametrize("year", ["2024", "202X", "-200X"])
@pytest.mark.parametrize("month", ["", "-05", "-XX", "-1X", "-99"])
@pytest.mark.parametrize("day", ["", "-XX", "-3X", "-99", "-05~"])
@pytest.mark.parametrize("interval", ["{}", "../{}", "{}/", "{}/2025-XX", "2023-XX-05/{}"])
def test_an_odd_text_is_read_or_refused_and_nothing_is_printed(capsys, year, month, day, interval):
    text = interval.format(f"{year}{month}{day}")
    with suppress(ValueError):
        parse_period(text)
    assert capsys.readouterr().out == ""


def test_no_text_is_undated():
    assert period_of(None) is UNDATED
    assert UNDATED.bounds is Bounds.UNKNOWN


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("..", "not an EDTF"),
        ("//", "not an EDTF"),
        ("2024//", "not an EDTF"),
        (".../2024", "not an EDTF"),
        ("2024-05?-XX", "cannot stand in one date"),
        ("XXXX-XX-16?", "cannot stand in one date"),
        ("2024-05-21T10:00:00", "time of day"),
        ("2024-21", "names a season"),
        ("2023/2024-24", "names a season"),
        ("2023-02-29", "names a day that does not exist"),
        ("2024/2025-02-29", "names a day that does not exist"),
        ("XXXX-02-30", "names a day that no year has"),
        ("2024-1X", "half specifies a month or a day"),
        ("2024-0X/2025", "half specifies"),
        ("2024-02-3X", "half specifies"),
        ("XXXX-X5-05", "half specifies"),
        ("2023-XX/2024", "unknown month in an interval"),
        ("2023/2024-XX", "unknown month in an interval"),
        ("[1667,1668]", "a set of dates"),
        ("{1667..1670}", "a set of dates"),
        ("1560S2", "significant digits"),
        ("2022 /2023", "not an EDTF"),
        ("2024-13", "not an EDTF"),
        ("2025/2024", "ends before it starts"),
        ("0000", "outside the years"),
        ("Y17000", "outside the years"),
        ("May 2024", "not an EDTF"),
        ("2024년", "not an EDTF"),
        ("２０２４", "not an EDTF"),
        (" 2024", "not an EDTF"),
        ("2024\n", "not an EDTF"),
        ("", "not an EDTF"),
        ("2024/2025/2026", "not an EDTF"),
        ("[" * 65, "not an EDTF"),
    ],
)
def test_what_would_be_misread_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        parse_period(text)


DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
DATE = st.builds(
    lambda day, end, mark: day.isoformat()[:end] + mark,
    DAYS,
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "?", "~", "%"]),
)
SIDE = DATE | st.just("..")
TEXT = DATE | st.builds("{}/{}".format, SIDE, SIDE)


@given(TEXT)
def test_plain_texts_have_the_bounds_the_library_gives_them(text):
    parsed = parse_edtf(text)
    bounds = [parsed.lower_strict(), parsed.upper_strict()]
    expected = [None if isinstance(day, float) else date(*day[:3]) for day in bounds]
    if None not in expected and expected[0] > expected[1]:
        with pytest.raises(ValueError, match="ends before it starts"):
            parse_period(text)
    else:
        period = parse_period(text)
        assert [period.valid_from, period.valid_to] == expected


@pytest.mark.parametrize(
    ("text", "day", "holds"),
    [
        ("2024", "2024-06-01", "yes"),
        ("2024", "2023-12-31", None),
        ("2024?", "2024-06-01", "possibly"),
        ("2024?", "2023-06-01", None),
        ("2022/..", "2021-12-31", None),
        ("2022/..", "2022-01-01", "possibly"),
        ("2022/..", "9999-12-31", "possibly"),
        ("2022/", "2021-12-31", None),
        ("2022/", "2030-01-01", "possibly"),
        ("../2027", "1900-01-01", "possibly"),
        ("../2027", "2027-12-31", "possibly"),
        ("../2027", "2028-01-01", None),
        ("/2027", "2027-12-31", "possibly"),
        ("/2027", "2028-01-01", None),
        *((text, "2024-06-01", "possibly") for text in ("../..", "/", "/..", "../")),
        ("XXXX-09", "2024-06-01", "possibly"),
        ("2024-XX-05", "2024-06-05", "possibly"),
        ("2024-XX-05", "2024-12-06", None),
        ("2024-05-XX", "2024-05-21", "possibly"),
        ("2024-XX", "2024-06-01", "possibly"),
        ("2022/2024-05-XX", "2023-06-01", "possibly"),
        (None, "2024-06-01", "possibly"),
    ],
)
def test_a_day_is_ruled_out_only_by_what_is_known(text, day, holds):
    assert period_of(text).holds_on(date.fromisoformat(day)) == holds


@given(DAYS)
def test_a_day_holds_on_itself_and_on_no_other(day):
    period = parse_period(day.isoformat())
    assert period.holds_on(day) == "yes"
    if day < date.max:
        assert period.holds_on(day + timedelta(days=1)) is None
