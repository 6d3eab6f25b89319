"""Conflicts over HTTP: each kind with all sides and their evidence, and what is no conflict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api, _over, ids, walk
from tests.conftest import Cypher
from tests.made_seeds import funding, funds, link, observed, only, thing, with_things, won

PATH = "/v1/conflicts"


@pytest.fixture
def quarrel(api: Api, harbor_seed: Seed, cypher: Cypher) -> Any:
    """Loads the harbor's things with a few facts alone, and tells of the conflicts found."""
    things = [
        *(thing(id_, "Person") for id_ in ("ahn", "bae", "bae-too")),
        *(thing(id_, "Program") for id_ in ("sub-program", "other-program")),
        thing("slipway", "Facility"),
    ]

    def load(*facts: dict[str, Any], **parameters: Any) -> list[dict[str, Any]]:
        _over(api, with_things(only(harbor_seed, *facts), *things), cypher)
        return api.items(PATH, **parameters)

    return load


def _facts(conflict: dict[str, Any]) -> list[str]:
    return ids(conflict["facts"])


# --- declared -----------------------------------------------------------------------------------


@pytest.mark.smoke
def test_a_declared_conflict_stands_once_with_both_sides_and_their_evidence(harbor: Api) -> None:
    (conflict,) = harbor.items(PATH, found="declared")

    assert _facts(conflict) == ["tide-completion", "tide-opening"]
    assert all(fact["evidence"] for fact in conflict["facts"])
    assert "One sentence opens the center" in conflict["reason"]
    assert conflict["certain"] is True
    assert conflict["id"].startswith("declared-")


def test_a_conflict_that_one_side_declares_is_one_too(harbor: Api, harbor_seed: Seed) -> None:
    silent = harbor_seed.facts["tide-completion"].model_copy(
        update={"conflicts_with": (), "conflict_note": None}
    )
    harbor.load(replace(harbor_seed, facts={**harbor_seed.facts, silent.id: silent}))

    (conflict,) = harbor.items(PATH)
    assert _facts(conflict) == ["tide-completion", "tide-opening"]


def test_what_is_found_and_declared_between_the_same_facts_stands_once(quarrel: Any) -> None:
    declared = {"conflicts_with": ["b"], "conflict_note": "They differ."}
    found = quarrel(
        observed("a", "ebb-center", "opening_date", "2030", **declared),
        observed("b", "ebb-center", "opening_date", "2031"),
    )

    assert [conflict["found"] for conflict in found] == ["declared"]


@pytest.mark.smoke
def test_the_packaged_seed_has_the_conflicts_that_its_articles_have_and_no_others(
    packaged: Api,
) -> None:
    found = {tuple(_facts(each)): each for each in packaged.items(PATH)}

    assert found.keys() == {
        ("ktl-center-completion", "ktl-center-opening"),
        ("microbiome-drug-center-completion", "microbiome-process-center-opening"),
    }
    crossing = found["microbiome-drug-center-completion", "microbiome-process-center-opening"]
    assert crossing["possibly_same"] == ["microbiome-centers-possibly-same"]
    assert crossing["certain"] is False


# --- values -------------------------------------------------------------------------------------


def test_one_metric_at_one_time_with_different_values_is_a_conflict(quarrel: Any) -> None:
    facts = (
        observed("a", "tide-forum", "attendee_count", 87, unit="persons", period="2030-04"),
        observed("b", "tide-forum", "attendee_count", 90, unit="persons", period="2030-04"),
        observed("c", "tide-forum", "attendee_count", 90, unit="persons", period="2031-04"),
    )
    (korean,) = quarrel(*facts)
    (english,) = quarrel(*facts, lang="en")

    assert (korean["found"], _facts(korean), korean["certain"]) == ("values", ["a", "b"], True)
    assert "밀물 포럼" in korean["reason"]
    assert "참석자 수" in korean["reason"]
    assert english["reason"] == (
        "Tide Forum: different values are stated for attendees (2030-04): 87 persons; 90 persons."
    )
    assert english["id"] == korean["id"]


def test_a_year_is_the_same_period_however_it_is_written(quarrel: Any) -> None:
    (conflict,) = quarrel(
        observed("a", "tide-forum", "attendee_count", 87, unit="persons", period="2030"),
        observed("b", "tide-forum", "attendee_count", 9, unit="persons",
                 period="2030-01-01/2030-12-31"),
    )  # fmt: skip

    assert conflict["certain"] is True


def test_undated_values_differ_only_possibly(quarrel: Any) -> None:
    (conflict,) = quarrel(
        observed("a", "tide-forum", "attendee_count", 87, unit="persons"),
        observed("b", "tide-forum", "attendee_count", 90, unit="persons"),
        lang="en",
    )

    assert conflict["certain"] is False
    assert "not sure" in conflict["reason"]


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        ("2030", "2031", True),
        ("2030-03", "2030-04-01", True),
        ("2030?", "2031", False),
        ("XXXX-09", "XXXX-11", False),
        ("XXXX-09", "2030-10", False),
        ("2030/2031", "2033", True),
    ],
)
def test_dates_that_cannot_be_one_are_a_conflict(
    quarrel: Any, one: str, other: str, certain: bool
) -> None:
    note = {"period_note": "read from the byline"}
    (conflict,) = quarrel(
        observed("a", "ebb-center", "opening_date", one, **note),
        observed("b", "ebb-center", "opening_date", other, **note),
    )

    assert (conflict["found"], conflict["certain"]) == ("values", certain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2030", "2030-03"),
        ("2030-03", "2030-03-04"),
        ("XXXX-09", "2030-09-12"),
        ("2030~", "2031"),
        ("../2032", "2031"),
        ("2030/2032", "2031-05"),
    ],
)
def test_a_date_told_more_exactly_is_no_conflict(quarrel: Any, one: str, other: str) -> None:
    assert not quarrel(
        observed("a", "ebb-center", "opening_date", one),
        observed("b", "ebb-center", "opening_date", other),
    )


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({"amount": 10}, {"amount": 12}, True),
        ({"amount": 10}, {"amount": "10.00"}, False),
        ({"amount": 10, "qualifier": "at_least"}, {"amount": 12}, False),
        ({"amount": 10, "qualifier": "at_least"}, {"amount": 8}, True),
        ({"amount": 10, "qualifier": "at_most"}, {"amount": 8}, False),
        ({"amount": 10, "qualifier": "about"}, {"amount": 12}, False),
        ({"amount": 10, "amount_max": 13}, {"amount": 12}, False),
    ],
)
def test_sums_of_an_observation_differ_beyond_their_bounds(
    quarrel: Any, one: dict[str, Any], other: dict[str, Any], differ: bool
) -> None:
    found = quarrel(
        *(
            observed(id_, "buoy-labs", "exports", money={**money, "currency": "USD"}, period="2030")
            for id_, money in (("a", one), ("b", other))
        )
    )

    assert bool(found) is differ


@pytest.mark.parametrize(
    "change",
    [
        {"metric": "sales"},
        {"period": "2031"},
        {"modality": "target"},
        {"money": {"amount": 12, "currency": "KRW"}},
        {"program": "sub-program"},
        {"subject": "rope-and-sail"},
    ],
)
def test_what_is_not_of_one_thing_metric_time_and_unit_is_no_conflict(
    quarrel: Any, change: dict[str, Any]
) -> None:
    dollars = {"money": {"amount": 10, "currency": "USD"}, "period": "2030"}
    other = {"money": {"amount": 12, "currency": "USD"}, "period": "2030"}
    assert not quarrel(
        observed("a", "buoy-labs", "exports", **dollars),
        {**observed("b", "buoy-labs", "exports", **other), **change},
    )


def test_values_of_things_that_are_possibly_the_same_conflict_if_they_are(quarrel: Any) -> None:
    (conflict,) = quarrel(
        observed("a", "tide-center", "opening_date", "2030"),
        observed("b", "ebb-center", "opening_date", "2031"),
        link("tide-tidal", "tide-center", "POSSIBLY_SAME", "tidal-center"),
        link("tidal-ebb", "tidal-center", "POSSIBLY_SAME", "ebb-center"),
        lang="en",
    )

    assert (_facts(conflict), conflict["certain"]) == (["a", "b"], False)
    assert conflict["possibly_same"] == ["tidal-ebb", "tide-tidal"]
    assert "possibly the same" in conflict["reason"]


def test_what_conflicts_in_one_thing_is_told_apart_from_what_would_across_two(
    quarrel: Any,
) -> None:
    found = quarrel(
        observed("a", "tide-center", "opening_date", "2030"),
        observed("b", "tide-center", "opening_date", "2031"),
        observed("c", "tidal-center", "opening_date", "2032"),
        link("same", "tide-center", "POSSIBLY_SAME", "tidal-center"),
    )

    assert {(tuple(_facts(each)), each["certain"]) for each in found} == {
        (("a", "b"), True),
        (("a", "b", "c"), False),
    }


# --- positions ----------------------------------------------------------------------------------


def _mayor(id_: str, person: str, **more: Any) -> dict[str, Any]:
    role = {"role": "시장", "role_en": "mayor", **more}
    return link(id_, person, "HOLDS_POSITION", "gull-city", **role)


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        ("2018/2022", "2020/2024", True),
        ("2030-05-01", "2030-05-01", True),
        ("2018-07-01/2022-06-30", "2022-06-30/2026-06-30", True),
        ("2018/..", "2020/2024", False),
        ("2018?/2022", "2020/2024", False),
        ("../..", "2020-05-01", False),
    ],
)
def test_two_holders_of_one_position_at_one_time_are_a_conflict(
    quarrel: Any, one: str, other: str, certain: bool
) -> None:
    (conflict,) = quarrel(
        _mayor("a", "ahn", period=one), _mayor("b", "bae", period=other, role="시 장"), lang="en"
    )

    assert (conflict["found"], conflict["certain"]) == ("role", certain)
    assert "mayor at one time: ahn, bae." in conflict["reason"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"period": "2018/2022"}, {"period": "2022/2026"}),
        ({"period": "2020"}, {"period": "2020"}),
        ({"period": "XXXX-05"}, {"period": "XXXX-05"}),
        ({}, {}),
        ({}, {"period": "2020/2024"}),
        ({"period": "2018/2022"}, {"period": "2020/2024", "role": "부시장"}),
        ({"period": "2018/2022"}, {"period": "2020/2024", "modality": "planned"}),
    ],
)
def test_one_after_the_other_or_undated_is_no_conflict(
    quarrel: Any, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert not quarrel(_mayor("a", "ahn", **one), _mayor("b", "bae", **other))


def test_one_person_under_two_names_does_not_hold_a_position_twice(quarrel: Any) -> None:
    assert not quarrel(
        _mayor("a", "bae", period="2018/2022"),
        _mayor("b", "bae-too", period="2018/2022"),
        link("same", "bae", "POSSIBLY_SAME", "bae-too"),
    )


# --- sums ---------------------------------------------------------------------------------------

PARTS = (
    funds("part-1", "wave-ministry", "tide-center", won(60), program="harbor-growth-program"),
    funds("part-2", "wave-ministry", "ebb-center", won(50), program="harbor-growth-program"),
)


def _total(amount: int, goal: str = "harbor-growth-program", **more: Any) -> dict[str, Any]:
    return funding("total", [], [goal], won(amount, source="mixed", **more))


@pytest.mark.smoke
def test_a_total_that_is_smaller_than_its_parts_is_a_conflict(quarrel: Any) -> None:
    (conflict,) = quarrel(_total(100), *PARTS, lang="en")

    assert (conflict["found"], _facts(conflict)) == ("sum", ["total", "part-1", "part-2"])
    assert conflict["sums"] == {
        "currency": "KRW",
        "stage": "announced",
        "whole": {"amount": "100", "facts": ["total"]},
        "parts": {"amount": "110", "facts": ["part-1", "part-2"]},
    }
    assert conflict["reason"].startswith(
        "Harbor Growth Program: 100 KRW is stated for the whole, 110 KRW for its parts (announced)."
    )
    assert conflict["certain"] is False


def test_a_total_and_parts_of_one_time_conflict_for_certain(quarrel: Any) -> None:
    (conflict,) = quarrel(
        {**_total(100), "period": "2030/2032"},
        {**PARTS[0], "period": "2030"},
        {**PARTS[1], "period": "2031"},
    )

    assert conflict["certain"] is True


def test_parts_of_a_facility_and_of_its_parts_count_once(quarrel: Any) -> None:
    facts = (
        _total(100, "tide-center"),
        link("dock", "dry-dock", "PART_OF", "tide-center"),
        link("slip", "slipway", "PART_OF", "dry-dock"),
        funds("to-dock", "gull-city", "dry-dock", won(101)),
        funds("to-slip", "gull-city", "slipway", won(50)),
    )
    (conflict,) = quarrel(*facts)

    assert conflict["sums"]["parts"] == {"amount": "101", "facts": ["to-dock"]}
    assert not quarrel(*facts[:-2], facts[-1])


@pytest.mark.parametrize(
    "facts",
    [
        [_total(110), *PARTS],
        [_total(100, qualifier="at_least"), *PARTS],
        [_total(100, qualifier="about"), *PARTS],
        [_total(100, stage="selected"), *PARTS],
        [funding("total", [], ["harbor-growth-program"], won(100, source="local")), *PARTS],
        [funds("total", "gull-city", "harbor-growth-program", won(100)), *PARTS],
        [{**_total(100), "period": "2030"}, *PARTS],
        [_total(100), PARTS[0], {**PARTS[1], "money": won(50, regrant=True)}],
        [_total(100), PARTS[0], {**PARTS[1], "money": {**won(50), "currency": "USD"}}],
        [_total(100), PARTS[0], {**PARTS[1], "money": won(50, qualifier="at_most")}],
        [_total(100), PARTS[0], {**PARTS[1], "subject": "tide-center"}],
        [_total(100), {**_total(20), "id": "more"}, *PARTS],
        [_total(100, "gull-city"), link("in", "tide-center", "PART_OF", "gull-city"),
         funds("part", "wave-ministry", "tide-center", won(200))],
        [funds("total", "wave-ministry", "tide-center", won(100)),
         link("dock", "dry-dock", "PART_OF", "tide-center"),
         funds("part", "wave-ministry", "dry-dock", won(200))],
        [_total(100), observed("worth", "tide-center", "equipment_value",
                               money={"amount": 900, "currency": "KRW"},
                               program="harbor-growth-program")],
    ],
    ids=[
        "equal", "at least", "about", "another stage", "another source", "another payer's total",
        "a part outside its time", "a regrant", "another currency", "at most", "paid by a part",
        "several totals", "an organization", "a grant to a center", "the value of equipment",
    ],
)  # fmt: skip
def test_what_need_not_add_up_is_no_conflict(quarrel: Any, facts: list[dict[str, Any]]) -> None:
    assert not quarrel(*facts)


def test_parts_of_a_program_that_is_possibly_the_same_conflict_if_it_is(quarrel: Any) -> None:
    (conflict,) = quarrel(
        _total(100),
        *({**part, "program": "other-program"} for part in PARTS),
        link("same", "harbor-growth-program", "POSSIBLY_SAME", "other-program"),
    )

    assert conflict["possibly_same"] == ["same"]
    assert conflict["certain"] is False


def test_a_part_of_what_may_be_a_part_counts_if_it_is(quarrel: Any) -> None:
    (conflict,) = quarrel(
        _total(100, "tide-center"),
        funds("part", "wave-ministry", "dry-dock", won(200)),
        link("dock", "dry-dock", "PART_OF", "ebb-center"),
        link("same", "ebb-center", "POSSIBLY_SAME", "tidal-center"),
        link("tidal", "tidal-center", "PART_OF", "tide-center"),
    )

    assert (_facts(conflict), conflict["possibly_same"]) == (["total", "part"], ["same"])


# --- the list -----------------------------------------------------------------------------------


@pytest.fixture
def disputed(quarrel: Any, api: Api) -> Api:
    """A conflict of each kind."""
    quarrel(
        observed("opening", "tide-center", "opening_date", "2030", conflicts_with=["completion"],
                 conflict_note="One or the other."),
        observed("completion", "tide-center", "completion_date", "2031"),
        observed("few", "tide-forum", "attendee_count", 87, unit="persons", period="2030-04"),
        observed("many", "tide-forum", "attendee_count", 90, unit="persons", period="2030-04"),
        _mayor("a", "ahn", period="2018/2022"),
        _mayor("b", "bae", period="2020/2024"),
        _total(100),
        *PARTS,
    )  # fmt: skip
    return api


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["declared", "role", "sum", "values"]),
        ({"found": "sum"}, ["sum"]),
        ({"entity": "tide-center"}, ["declared", "sum"]),
        ({"entity": "bae"}, ["role"]),
        ({"entity": "harbor-growth-program"}, ["sum"]),
        ({"kind": "Event"}, ["values"]),
        ({"kind": "Organization"}, ["declared", "role", "sum"]),
        ({"kind": "Market"}, []),
        ({"undated": "exclude"}, ["role", "values"]),
        ({"as_of": "2030-04-15"}, ["declared", "sum", "values"]),
        ({"as_of": "2021-01-01", "undated": "exclude"}, ["role"]),
    ],
)
def test_each_filter_keeps_what_it_says(
    disputed: Api, parameters: dict[str, str], expected: list[str]
) -> None:
    assert [each["found"] for each in disputed.items(PATH, **parameters)] == expected


def test_on_a_day_each_conflict_says_how_sure_it_is(disputed: Api) -> None:
    found = {each["found"]: each["holds"] for each in disputed.items(PATH, as_of="2030-04-15")}

    assert found == {"declared": "possibly", "sum": "possibly", "values": "yes"}
    assert all("holds" not in each for each in disputed.items(PATH))


def test_a_page_at_a_time_shows_each_once(disputed: Api) -> None:
    whole = disputed.ok(PATH)
    pages = list(walk(disputed, PATH, limit=3))

    assert [item for page in pages for item in page["items"]] == whole["items"]
    assert {page["total"] for page in pages} == {4}


def test_after_a_load_conflicts_are_those_of_the_new_graph(
    disputed: Api, harbor_seed: Seed
) -> None:
    before = disputed.items(PATH)
    disputed.load(harbor_seed)

    assert ids(before) != ids(disputed.items(PATH))


def test_a_thing_without_conflicts_has_none_and_an_unknown_one_is_not_found(harbor: Api) -> None:
    assert harbor.items(PATH, entity="gull-hotel") == []
    problem = harbor.problem(f"{PATH}?entity=tide-centre", 404, "not-found")
    assert "tide-center" in problem["mend"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("found=all", "found"),
        ("found=sum,role", "found"),
        ("kind=Centre", "kind"),
        ("entity=Tide Center", "entity"),
        ("entity=", "entity"),
        ("lang=fr", "lang"),
        ("as_of=now", "as_of"),
        ("undated=no", "undated"),
        ("limit=1.0", "limit"),
        ("cursor=x", "cursor"),
        ("known_at=2030-01-01T00:00:00Z", "known_at"),
        ("reason=x", "reason"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(harbor: Api, query: str, field: str) -> None:
    assert harbor.problem(f"{PATH}?{query}", 422, "invalid-input")["field"] == field
