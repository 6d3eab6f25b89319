"""The answers of the named queries, held against the seeds and over the invented harbor."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graphsvc import paths
from graphsvc.model.fact import (
    AnyFact,
    FundingFact,
    Modality,
    ObservationFact,
    RelationshipFact,
)
from graphsvc.model.money import LARGEST_INTEGER
from graphsvc.model.seed import Seed
from graphsvc.seeding.reading import read_seed
from graphsvc.settings import Settings
from tests.made_seeds import funds, only, won
from tests.store.conftest import Ask, hold, with_fact, without


@pytest.fixture
def harbor(harbor: Seed, settings: Settings) -> Seed:
    """The invented seed, which the database under test holds."""
    return hold(settings, harbor)


@pytest.fixture
def packaged(settings: Settings) -> Seed:
    """The seed that ships with graphsvc, which the database under test holds."""
    return hold(settings, read_seed(paths.packaged_seed_dir()))


# --- held against the seed, fact by fact ------------------------------------------------------


def _funds(fact: AnyFact) -> bool:
    return isinstance(fact, FundingFact) or (
        isinstance(fact, RelationshipFact) and fact.type == "FUNDS"
    )


def _ids(rows: list[dict[str, Any]], column: str = "fact_id") -> list[str]:
    return [row[column] for row in rows]


def _relationships(seed: Seed, type_name: str) -> set[str]:
    facts = seed.facts.values()
    return {f.id for f in facts if isinstance(f, RelationshipFact) and f.type == type_name}


@pytest.mark.parametrize(
    ("name", "type_name"),
    [
        ("positions", "HOLDS_POSITION"),
        ("attendance", "ATTENDED"),
        ("possibly_same", "POSSIBLY_SAME"),
    ],
)
def test_each_relationship_of_the_type_is_one_row(
    seed: Seed, ask: Ask, name: str, type_name: str
) -> None:
    found = _ids(ask(name).objects())
    assert len(found) == len(set(found))
    assert set(found) == _relationships(seed, type_name)


def test_every_fact_of_one_document_is_told_and_sums_come_first(seed: Seed, ask: Ask) -> None:
    rows = ask("single_document_facts", what="everything").objects()
    assert sorted(_ids(rows)) == sorted(f.id for f in seed.facts.values() if len(f.documents) == 1)
    stated = [row["amount"] is not None for row in rows]
    assert stated == sorted(stated, reverse=True)
    assert set(_ids(ask("single_document_facts").objects())) == {
        fact.id for fact in seed.facts.values() if _funds(fact) and len(fact.documents) == 1
    }


def test_every_implied_fact_is_told_with_its_rule(seed: Seed, ask: Ask) -> None:
    rows = ask("implied_facts").objects()
    assert {row["fact_id"]: row["basis_note"] for row in rows} == {
        fact.id: fact.basis_note for fact in seed.facts.values() if fact.basis == "implied"
    }


def test_every_sum_without_a_payer_is_told_once(seed: Seed, ask: Ask) -> None:
    rows = ask("money_without_payer").objects()
    assert {row["funding_id"]: (row["amount"], len(row["recipients"])) for row in rows} == {
        fact.id: (str(fact.money.amount), len(fact.recipients))
        for fact in seed.facts.values()
        if isinstance(fact, FundingFact) and not fact.funders
    }


def test_the_largest_sums_are_ranked_within_one_currency(seed: Seed, ask: Ask) -> None:
    rows = ask("largest_sums").objects()
    sums = [f.money.amount for f in seed.facts.values() if _funds(f) and f.money is not None
            and f.money.currency == "KRW"]  # fmt: skip
    assert [Decimal(row["amount"]) for row in rows] == sorted(sums, reverse=True)


def test_sums_by_year_and_region_add_up_to_the_safe_sum(seed: Seed, ask: Ask) -> None:
    told: dict[tuple[Any, Any], list[Decimal]] = {}
    for row in ask("funding_by_year").objects():
        key = (row["currency"], row["stage"])
        amounts = [Decimal(row["gross"] or 0), Decimal(row["net"] or 0), Decimal(row["facts"])]
        told[key] = [a + b for a, b in zip(told.get(key, [Decimal(0)] * 3), amounts, strict=True)]
    assert told == {
        (row["currency"], row["stage"]): [
            *(Decimal(row["gross"] or 0), Decimal(row["net"] or 0), Decimal(row["facts"])),
        ]
        for row in ask("safe_sum").objects()
    }


def test_a_program_without_amount_has_no_sum_anywhere(seed: Seed, ask: Ask) -> None:
    with_sum = set()
    for fact in seed.facts.values():
        if fact.money is not None and not isinstance(fact, ObservationFact):
            ends = fact.recipients if isinstance(fact, FundingFact) else (fact.object,)
            with_sum |= {fact.program, *ends}
    assert _ids(ask("programs_without_amount").objects(), "id") == sorted(
        entity.id
        for entity in seed.entities.values()
        if entity.kind == "Program" and entity.id not in with_sum
    )


def test_pairs_share_the_agreements_that_both_signed(seed: Seed, ask: Ask) -> None:
    signed: dict[str, set[str]] = {}
    for id_ in _relationships(seed, "SIGNED"):
        fact = seed.facts[id_]
        assert isinstance(fact, RelationshipFact)
        signed.setdefault(fact.subject, set()).add(fact.object)
    assert {
        (row["first_id"], row["second_id"]): row["shared"]
        for row in ask("shared_agreements", least="1").objects()
    } == {
        (a, b): len(signed[a] & signed[b])
        for a in signed
        for b in signed
        if a < b and signed[a] & signed[b]
    }
    assert ask("shared_agreements").rows == []


def test_organizations_are_named_in_the_documents_of_their_facts(seed: Seed, ask: Ask) -> None:
    named: dict[str, set[str]] = {}
    for fact in seed.facts.values():
        for entity in fact.mentioned():
            named.setdefault(entity, set()).update(fact.documents)
    organizations = {
        id_: sorted(documents)
        for id_, documents in named.items()
        if "Organization" in seed.vocabulary.labels(seed.entities[id_].kind)
    }
    assert {
        row["id"]: row["document_ids"] for row in ask("named_in_documents", least="1").objects()
    } == organizations
    assert {row["id"] for row in ask("named_in_documents").objects()} == {
        id_ for id_, documents in organizations.items() if len(documents) > 1
    }


def test_figures_are_observations_of_numbers_and_money(seed: Seed, ask: Ask) -> None:
    rows = ask("figures").objects()
    figures = {
        fact.id: fact
        for fact in seed.facts.values()
        if isinstance(fact, ObservationFact) and (fact.money or fact.unit)
    }
    assert sorted(_ids(rows)) == sorted(figures)
    for row in rows:
        fact = figures[row["fact_id"]]
        assert row["number"] == fact.value
        assert row["amount"] == (fact.money and str(fact.money.amount))


# --- over the harbor --------------------------------------------------------------------------


def test_a_ministry_reaches_centers_straight_and_by_regrants(harbor: Seed, ask: Ask) -> None:
    rows = ask("ministry_centers", ministry="MOW").objects()
    assert [
        (row["center_id"], row["way"], row["through_id"], row["amount"], row["common_amount"])
        for row in rows
    ] == [
        ("ebb-center", "direct", None, None, "25000000000"),
        ("tide-center", "direct", None, None, "25000000000"),
        ("tide-center", "regrant", "pier-agency", "4000000000", None),
    ]


def test_a_ministry_reaches_a_center_by_the_program_it_is_built_under(
    packaged: Seed, ask: Ask
) -> None:
    rows = ask("ministry_centers").objects()
    assert [(row["center_id"], row["through_id"], row["common_amount"]) for row in rows] == [
        ("changwon-device-center", "changwon-device-center-project", "25760000000"),
        ("microbial-center", "mrna-program", None),
    ]


def test_a_sum_of_several_receivers_stands_in_one_row_of_its_region(harbor: Seed, ask: Ask) -> None:
    rows = ask("funding_by_year", year="2030", region="갈매기").objects()
    assert [
        (row["from_year"], row["to_year"], row["region_ids"], row["gross"], row["bounded"])
        for row in rows
        if row["holds"] == "yes"
    ] == [(2030, 2030, ["gull-city"], "25000000000", 1)]
    undated = ask("funding_by_year", region="gull-city", stage="budgeted").objects()
    assert [(row["from_year"], row["gross"], row["net"]) for row in undated] == [
        (None, "4000000000", "0")
    ]


@pytest.mark.parametrize(("year", "facts"), [("2014", 0), ("2016", 1), ("2015", 2)])
def test_a_sum_for_several_years_is_not_split(
    packaged: Seed, ask: Ask, year: str, facts: int
) -> None:
    rows = ask("funding_by_year", year=year, stage="announced").objects()
    dated = [row for row in rows if (row["from_year"], row["to_year"]) != (None, None)]
    assert len(dated) == facts
    assert all(row["to_year"] in (2015, 2017) for row in dated)


@pytest.mark.parametrize("period", ["../..", "/", None, "XXXX-09"])
def test_a_sum_of_no_stated_year_stands_in_every_year_and_surely_in_none(
    harbor: Seed, ask: Ask, settings: Settings, period: str | None
) -> None:
    hold(settings, with_fact(harbor, "two-centers-sum", period=period))
    for year in ("1900", "2030", "9999"):
        rows = ask("funding_by_year", year=year, stage="announced").objects()
        told = {row["gross"]: (row["from_year"], row["to_year"], row["holds"]) for row in rows}
        assert told["25000000000"] == (None, None, "possibly")


@pytest.mark.parametrize(
    ("period", "held"),
    [
        ("2030", {"2029": None, "2030": "yes", "2031": None}),
        ("2029/2031", {"2028": None, "2030": "yes"}),
        ("2030?", {"2029": None, "2030": "possibly"}),
        ("2030/..", {"2029": None, "2030": "possibly", "9999": "possibly"}),
        ("/2030", {"1900": "possibly", "2030": "possibly", "2031": None}),
    ],
)
def test_a_sum_is_surely_of_a_year_between_two_that_are_stated(
    harbor: Seed, ask: Ask, settings: Settings, period: str, held: dict[str, str | None]
) -> None:
    hold(settings, with_fact(harbor, "two-centers-sum", period=period))
    for year, holds in held.items():
        rows = ask("funding_by_year", year=year, stage="announced").objects()
        assert {row["gross"]: row["holds"] for row in rows}.get("25000000000") == holds, year


@pytest.mark.parametrize("name", ["safe_sum", "funding_by_year"])
def test_totals_beyond_64_bits_have_every_digit(
    harbor: Seed, ask: Ask, settings: Settings, name: str
) -> None:
    amounts = {
        "a": LARGEST_INTEGER,
        "b": f"{LARGEST_INTEGER}.999999999",
        "c": "999999999.000000001",
    }
    made = [
        funds(id_, "wave-ministry", "tide-center", won(amount, currency="EUR", regrant=id_ == "a"))
        for id_, amount in amounts.items()
    ]
    hold(settings, only(harbor, *made))

    rows = ask(name).objects()

    assert [(row["currency"], row["gross"], row["net"]) for row in rows] == [
        ("EUR", "18446744074709551614", "9223372037854775807")
    ]


def test_money_is_followed_only_where_payments_agree(harbor: Seed, ask: Ask) -> None:
    rows = ask("money_trail", least_steps="2").objects()
    assert [(row["trail"], row["amounts"]) for row in rows] == [
        (
            ["물결부", "부두진흥원", "밀물센터", "닻공업"],
            ["10000000000 KRW", "4000000000 KRW", "500000000 KRW"],
        )
    ]
    begun = ask("money_trail", start="tide-center").objects()
    assert [row["fact_ids"] for row in begun] == [["tide-funds-rope"]]


def test_a_regrant_whose_earlier_payment_is_unknown_begins_a_trail(
    harbor: Seed, ask: Ask, settings: Settings
) -> None:
    hold(settings, without(harbor, "wave-funds-pier"))
    rows = ask("money_trail", least_steps="2").objects()
    assert [row["fact_ids"] for row in rows] == [["pier-funds-tide", "tide-funds-anchor"]]


def test_partners_of_partners_are_found_by_agreements_too(harbor: Seed, ask: Ask) -> None:
    rows = ask("partners_of_partners", organization="암초연구원").objects()
    assert [(row["candidate_id"], row["through"]) for row in rows] == [
        ("buoy-labs", ["산호대학교"])
    ]
    assert ask("partners_of_partners", organization="coral-university").rows == []


def test_a_portfolio_has_a_common_sum_as_one_row(harbor: Seed, ask: Ask) -> None:
    rows = ask("place_portfolio", place="갈매기시").objects()
    assert _ids(rows) == [
        *("gull-builds-ebb", "two-centers-sum", "seo-at-gull", "tide-in-gull"),
        "gull-bids-deep-water",
    ]
    assert [row["direction"] for row in rows] == ["out", "out", "in", "in", "out"]
    sums = [(row["amount"], row["shared"], row["others"]) for row in rows if row["amount"]]
    assert sums == [("25000000000", True, ["썰물센터", "밀물센터", "물결부"])]


def test_plans_count_among_programs_only_where_asked_for(harbor: Seed, ask: Ask) -> None:
    rows = ask("program_breadth").objects()
    assert {row["id"]: row["programs"] for row in rows} == {
        "wave-ministry": 3,
        "anchor-works": 1,
        "gull-city": 1,
        "pier-agency": 1,
        "tide-center": 1,
    }
    actual = ask("program_breadth", planned="false").objects()
    assert "gull-city" not in {row["id"] for row in actual}


def test_an_attendee_is_told_with_their_position(harbor: Seed, ask: Ask) -> None:
    rows = ask("attendance", event="밀물 포럼").objects()
    assert [(row["attendee_id"], row["positions"]) for row in rows] == [
        ("han-bada", ["센터장, 밀물센터"]),
        ("lantern-trading", []),
    ]


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2029-12-31", {"ebb-center": "possibly", "tide-center": "possibly"}),
        ("2030-03-31", {"ebb-center": "possibly", "tide-center": "possibly"}),
        ("2030-04-01", {"ebb-center": "possibly"}),
    ],
)
def test_a_center_is_planned_until_a_day_that_its_opening_rules_out(
    harbor: Seed, ask: Ask, as_of: str, found: dict[str, str]
) -> None:
    rows = ask("planned_centers", as_of=as_of).objects()
    assert {row["id"]: row["holds"] for row in rows} == found


@pytest.mark.parametrize(
    ("value", "modality", "on"),
    [
        (
            "2031",
            "planned",
            {"2030-12-31": "yes", "2031-01-01": "possibly", "2040-01-01": "possibly"},
        ),
        ("2031?", "planned", {"2030-12-31": "possibly"}),
        ("../2031", "planned", {"2030-12-31": "possibly", "2040-01-01": "possibly"}),
        ("2031-05", "actual", {"2031-04-30": "yes", "2031-05-01": "possibly", "2031-06-01": None}),
        ("2031-05-02", "actual", {"2031-05-01": "yes", "2031-05-02": None}),
        ("2031/2032", "actual", {"2031-05-02": "possibly", "2033-01-01": None}),
        ("2031/..", "actual", {"2033-01-01": "possibly"}),
        ("2031-XX-16", "actual", {"2030-12-31": "possibly", "2032-01-01": None}),
        ("XXXX-09", "actual", {"2040-01-01": "possibly"}),
    ],
)
def test_openings_are_compared_as_exactly_as_they_are_stated(
    harbor: Seed,
    ask: Ask,
    settings: Settings,
    value: str,
    modality: str,
    on: dict[str, str | None],
) -> None:
    opening = {"value": value, "modality": Modality(modality)}
    hold(settings, with_fact(harbor, "ebb-opening", **opening))
    for day, holds in on.items():
        rows = ask("planned_centers", as_of=day).objects()
        assert {row["id"]: row["holds"] for row in rows}.get("ebb-center") == holds, day
