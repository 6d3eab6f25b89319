"""A day asked about: what it rules out, to the day, in every read that returns facts."""

from __future__ import annotations

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api
from tests.api.seed_changes import with_facts

READS = {
    "/v1/relationships?subject=wave-ministry&type=FUNDS": "relationship",
    "/v1/entities/wave-ministry/relationships": "relationship",
    "/v1/fundings": "funding",
    "/v1/entities/buoy-labs": "observation",
    "/v1/timeline?entity=buoy-labs": "observation",
    "/v1/timeline?document=harbor-001": "funding",
}
PATTERNS = {
    "relationship": "wave-funds-pier",
    "funding": "two-centers-sum",
    "observation": "buoy-exports",
}
EDGES = [
    ("2030-04-02/2030-04-05", "2030-04-01", None),
    ("2030-04-02/2030-04-05", "2030-04-02", "yes"),
    ("2030-04-02/2030-04-05", "2030-04-05", "yes"),
    ("2030-04-02/2030-04-05", "2030-04-06", None),
    ("2030-04", "2030-04-30", "yes"),
    ("2030-04", "2030-05-01", None),
    ("2028-02", "2028-02-29", "yes"),
    ("2030/..", "2029-12-31", None),
    ("2030/..", "2030-01-01", "possibly"),
    ("2030/..", "9999-12-31", "possibly"),
    ("2030/", "2029-12-31", None),
    ("2030/", "9999-12-31", "possibly"),
    ("../2030", "0001-01-01", "possibly"),
    ("../2030", "2030-12-31", "possibly"),
    ("/2030", "0001-01-01", "possibly"),
    ("/2030", "2031-01-01", None),
    ("../2030", "2031-01-01", None),
    ("../..", "2030-01-01", "possibly"),
    ("/", "2030-01-01", "possibly"),
    ("2030-04?", "2030-04-01", "possibly"),
    ("2030-04~", "2030-04-30", "possibly"),
    ("2030-04%", "2030-05-01", None),
    ("2030-XX", "2030-12-31", "possibly"),
    ("2030-XX", "2031-01-01", None),
    ("2030-04-XX", "2030-04-30", "possibly"),
    ("XXXX-09", "2030-04-01", "possibly"),
    ("203X", "1999-01-01", "possibly"),
    (None, "2030-04-01", "possibly"),
]


PERIODS = list(dict.fromkeys(period for period, _, _ in EDGES))


def dated(seed: Seed) -> Seed:
    """The seed with a fact of each form for each period."""
    return with_facts(
        seed,
        *(
            seed.facts[id_].model_copy(update={"id": f"{form}-{number}", "period": period})
            for form, id_ in PATTERNS.items()
            for number, period in enumerate(PERIODS)
        ),
    )


@pytest.fixture(scope="module")
def edges(harbor_seed: Seed) -> Seed:
    """One seed, so that it is loaded once."""
    return dated(harbor_seed)


def test_a_day_at_the_edge_of_a_period_is_in_it_and_the_next_is_not(
    harbor: Api, edges: Seed
) -> None:
    harbor.load(edges)

    for day in dict.fromkeys(day for _, day, _ in EDGES):
        wanted = {PERIODS.index(period): holds for period, on, holds in EDGES if on == day}
        for path, form in READS.items():
            found = held(harbor, path, form, as_of=day)
            assert {number: found.get(number) for number in wanted} == wanted, (path, day)
            certain = held(harbor, path, form, as_of=day, undated="exclude")
            assert certain == {n: holds for n, holds in found.items() if holds == "yes"}


def test_without_a_day_nothing_is_said_to_hold(harbor: Api, edges: Seed) -> None:
    harbor.load(edges)

    for path, form in READS.items():
        assert set(held(harbor, path, form).values()) == {"not asked"}
    assert "holds" not in harbor.ok("/v1/facts/funding-0")


def held(api: Api, path: str, form: str, **asked: str) -> dict[int, str]:
    """What a read says of each period's fact, by the period's number."""
    path, _, query = path.partition("?")
    filters = dict(pair.split("=") for pair in query.split("&") if pair)
    paged = {} if path == "/v1/entities/buoy-labs" else {"limit": 500}
    content = api.ok(path, params={**filters, **paged, **asked})
    return {
        int(item["id"].removeprefix(f"{form}-")): item.get("holds", "not asked")
        for item in content.get("items", content.get("observations"))
        if item["id"].removeprefix(f"{form}-").isdigit()
    }


def test_a_fact_asked_for_by_its_id_says_whether_it_holds(harbor: Api, edges: Seed) -> None:
    harbor.load(edges)

    for period, day, holds in EDGES:
        fact = harbor.ok(f"/v1/facts/funding-{PERIODS.index(period)}", params={"as_of": day})
        assert fact["holds"] == (holds or "no"), (period, day)


def test_a_thing_that_was_merged_sends_on_with_the_same_question(harbor: Api) -> None:
    response = harbor.get("/v1/entities/pier-office?as_of=2030-01-01&undated=exclude")

    assert response.status_code == 308
    assert (
        response.headers["location"] == "/v1/entities/pier-agency?as_of=2030-01-01&undated=exclude"
    )


@pytest.mark.parametrize("path", ["/v1/facts/wave-funds-pier", "/v1/entities/tide-center"])
@pytest.mark.parametrize("day", ["2030-02-30", "20300401", "2030-04-01T00:00:00Z", "", "x" * 900])
def test_a_day_that_is_none_is_refused(harbor: Api, path: str, day: str) -> None:
    assert harbor.problem(f"{path}?as_of={day}", 422, "invalid-input")["field"] == "as_of"
