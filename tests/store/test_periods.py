"""The database and the model answer the same question of time alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graphsvc import paths
from graphsvc.model.instant import instant_text
from graphsvc.model.period import period_of
from graphsvc.model.time_question import TimeQuestion
from graphsvc.store.cypher_files import Catalog
from tests.conftest import Cypher

PERIODS = (
    *(None, "2024", "2024-05", "2024-05-21", "2022/2026", "2022/..", "../2027", "../.."),
    *("2022/", "/2027", "/", "/..", "../", "2022?/"),
    *("2024?", "2024-05~", "2022%/..", "XXXX-09", "XXXX-XX-16", "202X"),
    *("2024-XX", "2024-XX-05", "2024-05-XX", "2022/2024-05-XX"),
)
NOON = "2026-11-01T12:00:00.000000Z"

days = st.dates(date(2019, 12, 1), date(2030, 2, 1))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)).map(
    instant_text
)


@st.composite
def periods(draw: st.DrawFn) -> str | None:
    """A period, as exact as a year, a month or a day, open or not, in doubt or not; or none."""
    start = draw(days)
    end = start + timedelta(days=draw(st.integers(0, 1_000)))
    length = draw(st.sampled_from((4, 7, 10)))
    first, last = start.isoformat()[:length], end.isoformat()[:length]
    mark = draw(st.sampled_from(("", "?", "~", "%")))
    none = draw(st.sampled_from(("..", "")))
    dated = (first + mark, f"{first}/{last}{mark}", f"{first}{mark}/{none}", f"{none}/{last}{mark}")
    gaps = (f"XXXX{first[4:]}", f"{first[:4]}-XX", f"{first[:3]}X")
    return draw(st.sampled_from((None, "../..", "/", *dated, *gaps)))


questions = st.builds(
    TimeQuestion, st.none() | days, st.booleans(), st.none() | st.just(NOON) | instants
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=questions,
    facts=st.lists(st.tuples(periods(), st.just(NOON) | instants), min_size=1, max_size=25),
)
@example(asked=TimeQuestion(), facts=[(text, NOON) for text in PERIODS])
@example(asked=TimeQuestion(certain_only=True), facts=[(text, NOON) for text in PERIODS])
@example(asked=TimeQuestion(date(2021, 12, 31)), facts=[(text, NOON) for text in PERIODS])
@example(asked=TimeQuestion(date(2024, 5, 5), True), facts=[(text, NOON) for text in PERIODS])
@example(asked=TimeQuestion(date(2024, 5, 21)), facts=[(text, NOON) for text in PERIODS])
@example(asked=TimeQuestion(date(2028, 1, 1), True), facts=[(text, NOON) for text in PERIODS])
def test_the_database_keeps_the_facts_that_the_model_keeps(
    cypher: Cypher, asked: TimeQuestion, facts: list[tuple[str | None, str]]
) -> None:
    catalog = Catalog(paths.cypher_dir())
    rule = f"({catalog.fragment('holds')}) AND {catalog.fragment('known')}"
    found = cypher(
        f"UNWIND $rows AS r WITH r WHERE {rule} RETURN r.number AS number",
        rows=[_stored(number, *fact) for number, fact in enumerate(facts)],
        known_at=asked.known_at,
        **asked.parameters(),
    )
    assert [row["number"] for row in found] == [
        number
        for number, (text, recorded_at) in enumerate(facts)
        if asked.keeps(period_of(text)) and asked.knew(recorded_at)
    ]


def _stored(number: int, text: str | None, recorded_at: str) -> dict[str, Any]:
    """What the graph has of a fact's time, as the loader writes it."""
    period = period_of(text)
    return {
        "number": number,
        "period": text,
        "valid_from": period.valid_from and period.valid_from.isoformat(),
        "valid_to": period.valid_to and period.valid_to.isoformat(),
        "period_bounds": period.bounds.value,
        "recorded_at": recorded_at,
    }
