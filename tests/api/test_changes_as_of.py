"""A day asked about in the feed of changes and in a history: what it chooses among all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graphsvc.model.period import period_of
from graphsvc.model.seed import Seed
from tests.api.conftest import Api, walk
from tests.api.seed_changes import with_entity, with_fact, with_facts, without_facts
from tests.conftest import Cypher

CHANGES = "/v1/changes"
THING = "wave-ministry"
HISTORY = f"/v1/entities/{THING}/history"
PATTERNS = {
    "relationship": "wave-funds-pier",
    "funding": "two-centers-sum",
    "observation": "buoy-exports",
}
PERIODS = ("2030-04", "2031/..", "2030-XX", "2029?", "XXXX-09", None, "2031/2032")
QUESTIONS: list[dict[str, str]] = [
    {"as_of": "2030-04-30"},
    {"as_of": "2030-05-01"},
    {"as_of": "2031-01-01", "undated": "exclude"},
    {"as_of": "2029-07-01", "undated": "include"},
    {"undated": "exclude"},
    {"as_of": "2030-04-01", "undated": "exclude", "what": "fact"},
]


def dated(seed: Seed, turned: int) -> Seed:
    """The seed with a fact of each form for each period, the periods moved on by some places."""
    moved = (*PERIODS[turned:], *PERIODS[:turned])
    return with_facts(
        seed,
        *(
            seed.facts[id_].model_copy(
                update={"id": f"{form}-{number}", "period": period, "stated_by": THING}
            )
            for form, id_ in PATTERNS.items()
            for number, period in enumerate(moved)
        ),
    )


@pytest.fixture(scope="module")
def loads(harbor_seed: Seed) -> list[Seed]:
    """What is loaded one after the other: facts whose periods change, go, and come back."""
    first, second, third = (dated(harbor_seed, turned) for turned in (0, 1, 3))
    note = {"note": 'His "period":"2031" was said to be another.'}
    return [
        first,
        with_fact(without_facts(second, "funding-2", "observation-4"), "funding-0", **note),
        with_entity(with_fact(second, "funding-1", **note), THING, name="새파도부"),
        without_facts(third, "relationship-0", "funding-5"),
        with_fact(third, "wave-funds-pier", object="tide-center", period="2031"),
    ]


@pytest.fixture
def told(api: Api, cypher: Cypher, loads: list[Seed]) -> Api:
    """An application over a graph with a history of loads."""
    if api.holds is not loads[-1]:
        cypher("MATCH (n) DETACH DELETE n")
        for seed in loads:
            api.load(seed)
    return api


def asked(item: dict[str, Any], states: list[Any], question: dict[str, str]) -> bool:
    """Whether one of the states is such as a question asks for."""
    if item["what"] != "fact":
        return question.get("what") is None
    periods = [period_of(state["period"]) for state in states if state is not None]
    if day := question.get("as_of"):
        wanted = ("yes",) if question.get("undated") == "exclude" else ("yes", "possibly")
        return any(held(period.text, day) in wanted for period in periods)
    return any(period.certain for period in periods)


def held(text: str | None, day: str) -> str:
    return period_of(text).holds_on(date.fromisoformat(day)) or "no"


def without_holds(item: dict[str, Any], day: str | None) -> dict[str, Any]:
    """An item as it is where no day is asked about, its `holds` looked at."""
    plain = dict(item)
    for side in ("before", "after"):
        if item["what"] == "fact" and item[side] is not None:
            state = dict(item[side])
            if day is not None:
                assert state.pop("holds") == held(state["period"], day)
            assert "holds" not in state
            plain[side] = state
    return plain


def walked(api: Api, path: str, **parameters: Any) -> tuple[int, list[dict[str, Any]]]:
    pages = list(walk(api, path, **parameters))
    for page in pages if path == CHANGES else ():
        shown = [load["at"] for load in page["loads"]]
        assert shown == sorted({item["at"] for item in page["items"]})
    assert len({page["total"] for page in pages}) == 1
    return pages[0]["total"], [item for page in pages for item in page["items"]]


@pytest.mark.smoke
def test_a_day_chooses_the_changes_of_facts_that_it_leaves_open_before_or_after(told: Api) -> None:
    feed = told.items(CHANGES, limit=500)
    instants = sorted({item["at"] for item in feed})
    assert len(instants) == 5
    ranges = [
        {},
        {"since": instants[0]},
        {"since": instants[1], "until": instants[3]},
        {"known_at": instants[2]},
    ]
    for question in QUESTIONS:
        for part in ranges:
            of_then = told.items(CHANGES, limit=500, **part)
            wanted = [i for i in of_then if asked(i, [i["before"], i["after"]], question)]
            total, found = walked(told, CHANGES, limit=60, **question, **part)
            day = question.get("as_of")
            assert [without_holds(item, day) for item in found] == wanted, (question, part)
            assert total == len(wanted)


def test_a_page_of_any_size_goes_on_where_the_last_one_ended(told: Api) -> None:
    (first, *_) = told.items(CHANGES, limit=1)
    question = {"since": first["at"], "what": "fact", "as_of": "2030-05-01"}
    whole = told.items(CHANGES, limit=500, **question)

    for limit in (3, 7):
        assert walked(told, CHANGES, limit=limit, **question) == (len(whole), whole)


def test_a_fact_that_came_to_hold_on_the_day_says_so_of_both_states(told: Api) -> None:
    (first, *_) = told.items(CHANGES, limit=500)
    change = next(
        item
        for item in told.items(CHANGES, as_of="2031-06-01", what="fact", since=first["at"])
        if item["id"] == "relationship-0"
    )

    assert (change["how"], change["fields"]) == ("changed", ["period"])
    assert (change["before"]["period"], change["before"]["holds"]) == ("2030-04", "no")
    assert (change["after"]["period"], change["after"]["holds"]) == ("2031/..", "possibly")


def test_changes_of_things_and_documents_stay(told: Api) -> None:
    every = [item for item in told.items(CHANGES, limit=500) if item["what"] != "fact"]
    found = told.items(CHANGES, limit=500, as_of="0001-01-01", undated="exclude")

    assert [item for item in found if item["what"] != "fact"] == every
    assert {item["how"] for item in every} == {"added", "changed"}


def test_a_history_has_what_the_day_leaves_open_of_what_named_the_thing(told: Api) -> None:
    whole = told.items(HISTORY, limit=500)
    instants = sorted({item["at"] for item in whole})
    for question in (question for question in QUESTIONS if "what" not in question):
        for part in ({}, {"known_at": instants[2]}):
            of_then = told.items(HISTORY, limit=500, **part)
            wanted = [item for item in of_then if asked(item, naming(item), question)]
            total, found = walked(told, HISTORY, limit=15, **question, **part)
            day = question.get("as_of")
            assert [without_holds(item, day) for item in found] == wanted, (question, part)
            assert total == len(wanted) > 2


def naming(item: dict[str, Any]) -> list[Any]:
    """The states of a fact that name the thing."""
    return [
        state
        for state in (item["before"], item["after"])
        if state is not None and f'"{THING}"' in str(state).replace("'", '"')
    ]


def test_a_history_of_what_a_fact_turned_to_asks_what_it_says_there(told: Api) -> None:
    path = "/v1/entities/tide-center/history"
    (turned,) = (i for i in told.items(path, limit=500) if i["id"] == "wave-funds-pier")
    assert (turned["before"]["period"], turned["after"]["period"]) == ("2030-04", "2031")

    on = {day: told.items(path, limit=500, as_of=day) for day in ("2031-06-01", "2030-04-01")}
    assert "wave-funds-pier" in {item["id"] for item in on["2031-06-01"]}
    assert "wave-funds-pier" not in {item["id"] for item in on["2030-04-01"]}


@pytest.mark.parametrize("path", [CHANGES, HISTORY])
@pytest.mark.parametrize(
    "query",
    ["as_of=2030-02-30", "as_of=", "as_of=now", "undated=maybe", "undated=", "undated=Exclude",
     "as_of=2030-01-01&as_of=2030-01-01", "as_of=2030-01-01T00:00:00Z", "as_of=20300101"],
)  # fmt: skip
def test_a_day_that_is_none_is_named(harbor: Api, path: str, query: str) -> None:
    problem = harbor.problem(f"{path}?{query}", 422, "invalid-input")

    assert problem["field"] == query.split("=")[0]


def test_a_cursor_belongs_to_the_day_it_was_asked_with(told: Api) -> None:
    cursor = told.ok(f"{CHANGES}?as_of=2030-05-01&limit=3")["next_cursor"]

    for other in ("as_of=2030-05-02", "as_of=2030-05-01&undated=exclude", "limit=3"):
        path = f"{CHANGES}?{other}&cursor={cursor}"
        assert told.problem(path, 422, "invalid-input")["field"] == "cursor"
