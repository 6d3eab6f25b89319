"""Fundings, single facts, their history, and what was held at an instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graphsvc.api.http.parameters import OFFERS_KNOWN_AT
from graphsvc.model.money import Money
from graphsvc.model.seed import Seed
from tests.api.conftest import Api, ids, walk
from tests.conftest import Cypher

FACT = "wave-funds-pier"


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def without(seed: Seed, id_: str) -> Seed:
    return replace(seed, facts={key: fact for key, fact in seed.facts.items() if key != id_})


def with_amount(seed: Seed, id_: str, amount: str) -> Seed:
    fact = seed.facts[id_]
    assert fact.money is not None
    money = Money.model_validate({**fact.money.model_dump(exclude_none=True), "amount": amount})
    changed = fact.model_copy(update={"money": money})
    return replace(seed, facts={**seed.facts, id_: changed})


@pytest.mark.smoke
def test_fundings_show_every_party_and_none_where_no_payer_is_named(harbor: Api) -> None:
    fundings = {item["id"]: item for item in harbor.items("/v1/fundings")}

    both = fundings["two-centers-sum"]
    assert ids(both["funders"]) == ["wave-ministry", "gull-city"]
    assert ids(both["recipients"]) == ["tide-center", "ebb-center"]
    assert both["money"]["amount"] == "25000000000"
    assert both["money"]["qualifier"] == "at_least"
    assert fundings["dry-dock-cost"]["funders"] == []
    assert fundings["dry-dock-cost"]["money"]["amount"] == "1250000.50"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("funder=gull-city", ["two-centers-sum"]),
        ("recipient=dry-dock", ["dry-dock-cost"]),
        ("min_amount_krw=25000000000&max_amount_krw=25000000000", ["two-centers-sum"]),
    ],
)
def test_each_filter_of_fundings_keeps_what_it_says(
    harbor: Api, query: str, expected: list[str]
) -> None:
    assert ids(harbor.ok(f"/v1/fundings?{query}")["items"]) == expected


def test_fundings_of_an_unknown_funder_are_not_an_empty_answer(harbor: Api) -> None:
    assert harbor.problem("/v1/fundings?funder=gull-town", 404, "not-found")["field"] == "funder"


@pytest.mark.parametrize("sort", ["amount", "recency"])
def test_a_walk_through_fundings_sees_each_once(harbor: Api, sort: str) -> None:
    pages = list(walk(harbor, "/v1/fundings", sort=sort, limit=1))
    seen = [id_ for page in pages for id_ in ids(page["items"])]

    assert len(seen) == len(set(seen)) == pages[0]["total"]


@pytest.mark.parametrize(
    ("id_", "form"),
    [(FACT, "relationship"), ("two-centers-sum", "funding"), ("ebb-opening", "observation")],
)
def test_a_live_fact_of_any_form_is_shown_with_its_evidence(
    harbor: Api, id_: str, form: str
) -> None:
    fact = harbor.ok(f"/v1/facts/{id_}")

    assert (fact["id"], fact["form"], fact["status"]) == (id_, form, "live")
    assert fact["retracted_at"] is None
    assert fact["history"] == []
    assert fact["evidence"][0]["document"] == "harbor-001"
    assert fact["evidence"][0]["paragraph"] >= 1


def test_a_relationship_that_a_funding_made_is_no_fact_of_its_own(harbor: Api) -> None:
    harbor.problem("/v1/facts/two-centers-sum~gull-city~tide-center", 404, "not-found")


def test_an_unknown_fact_names_the_near_ones(harbor: Api) -> None:
    assert FACT in harbor.problem("/v1/facts/wave-fund-pier", 404, "not-found")["mend"]


@pytest.mark.smoke
def test_a_retracted_fact_says_when_and_stands_in_no_list(
    emptied: Api, harbor_seed: Seed, cypher: Cypher
) -> None:
    emptied.load(harbor_seed)
    before = emptied.ok(f"/v1/facts/{FACT}")
    emptied.load(without(harbor_seed, FACT))

    fact = emptied.ok(f"/v1/facts/{FACT}")
    assert fact["status"] == "retracted"
    assert fact["retracted_at"] == emptied.ok("/v1/statistics")["loaded_at"]
    assert fact["money"] == before["money"]
    assert fact["recorded_at"] == before["recorded_at"]
    assert [version["change"] for version in fact["history"]] == ["retracted"]
    assert FACT not in ids(emptied.items("/v1/relationships", limit=500))
    assert cypher("MATCH ()-[r:FUNDS {id: $id}]->() RETURN r.id AS id", id=FACT) == []


def test_a_changed_fact_keeps_what_it_was(emptied: Api, harbor_seed: Seed) -> None:
    emptied.load(harbor_seed)
    emptied.load(with_amount(harbor_seed, FACT, "11000000000"))

    fact = emptied.ok(f"/v1/facts/{FACT}")
    assert fact["status"] == "live"
    assert fact["money"]["amount"] == "11000000000"
    (version,) = fact["history"]
    assert version["change"] == "changed"
    assert version["fact"]["money"]["amount"] == "10000000000"
    assert version["superseded_at"] == fact["recorded_at"]


def test_an_instant_shows_what_was_held_then(emptied: Api, harbor_seed: Seed) -> None:
    at_first = now()
    emptied.load(harbor_seed)
    as_loaded = now()
    changed = with_amount(harbor_seed, FACT, "11000000000")
    emptied.load(without(changed, "two-centers-sum"))

    then = {"known_at": as_loaded, "type": "FUNDS", "limit": 500}
    held = {item["id"]: item for item in emptied.items("/v1/relationships", **then)}
    made = held["two-centers-sum~gull-city~tide-center"]
    assert held[FACT]["money"]["amount"] == "10000000000"
    assert made["funding_amount"] == {"amount": "25000000000", "currency": "KRW"}
    assert made["recorded_at"] == held[FACT]["recorded_at"] <= as_loaded

    today = {"known_at": now(), "type": "FUNDS", "limit": 500}
    plain = {"type": "FUNDS", "limit": 500}
    assert emptied.items("/v1/relationships", **today) == emptied.items(
        "/v1/relationships", **plain
    )
    assert emptied.items("/v1/relationships", known_at=at_first) == []


def test_what_was_held_then_is_filtered_and_sorted_as_what_is_held_now(
    emptied: Api, harbor_seed: Seed
) -> None:
    emptied.load(harbor_seed)
    then = now()
    queries = [
        {"type": "FUNDS", "sort": "amount"},
        {"subject": "wave-ministry", "sort": "amount"},
        {"object": "tide-center", "subject_kind": "Organization"},
        {"min_amount_krw": 500_000_000},
        {"max_amount_krw": 4_000_000_000},
        {"as_of": "2030-04-15"},
        {"as_of": "2030-04-15", "undated": "exclude"},
        {"basis": "stated", "modality": "actual"},
    ]
    before = [emptied.items("/v1/relationships", limit=500, **query) for query in queries]
    kept = {id_: fact for id_, fact in harbor_seed.facts.items() if fact.form == "observation"}
    emptied.load(replace(harbor_seed, facts=kept))

    for query, held in zip(queries, before, strict=True):
        assert held
        assert emptied.items("/v1/relationships", limit=500, known_at=then, **query) == held
        pages = walk(emptied, "/v1/relationships", limit=2, known_at=then, **query)
        assert [item for page in pages for item in page["items"]] == held


def test_a_fact_at_an_instant_is_as_it_was_then(emptied: Api, harbor_seed: Seed) -> None:
    at_first = now()
    emptied.load(harbor_seed)
    as_loaded = now()
    emptied.load(with_amount(harbor_seed, FACT, "11000000000"))
    as_changed = now()
    emptied.load(without(harbor_seed, FACT))
    path = f"/v1/facts/{FACT}"

    loaded = emptied.ok(path, params={"known_at": as_loaded})
    changed = emptied.ok(path, params={"known_at": as_changed})
    assert (loaded["status"], loaded["money"]["amount"]) == ("live", "10000000000")
    assert loaded["history"] == []
    assert (changed["status"], changed["money"]["amount"]) == ("live", "11000000000")
    assert [version["change"] for version in changed["history"]] == ["changed"]
    assert emptied.ok(path, params={"known_at": now()})["status"] == "retracted"
    problem = emptied.problem(path, 404, "not-found", params={"known_at": at_first})
    assert problem["field"] == "known_at"


@pytest.mark.parametrize(
    "path", ["/v1/fundings", "/v1/entities", "/v1/documents", "/v1/statistics"]
)
def test_elsewhere_an_instant_is_refused_with_those_who_take_one(harbor: Api, path: str) -> None:
    problem = harbor.problem(f"{path}?known_at=2030-01-01T00:00:00Z", 422, "invalid-input")

    assert problem["field"] == "known_at"
    assert all(path in problem["mend"] for path in OFFERS_KNOWN_AT)
