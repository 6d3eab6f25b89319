"""Relationships over HTTP: filters, time, order, amounts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api, ids, walk

PATH = "/v1/relationships"


@pytest.mark.smoke
def test_one_request_names_the_companies_that_a_center_supports(harbor: Api) -> None:
    found = harbor.items(PATH, type="SUPPORTS", subject="tide-center", object_kind="Company")

    assert [item["object"]["id"] for item in found] == [
        "anchor-works",
        "buoy-labs",
        "rope-and-sail",
    ]


@pytest.mark.smoke
def test_one_request_names_the_centers_that_a_ministry_funds(harbor: Api) -> None:
    found = harbor.items(PATH, type="FUNDS", subject="wave-ministry", object_kind="Center")

    assert {item["object"]["id"] for item in found} == {"tide-center", "ebb-center"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"type": "HOLDS_POSITION"}, {"han-leads-tide", "seo-at-gull"}),
        ({"object": "gull-city", "type": "LOCATED_IN"}, {"tide-in-gull"}),
        ({"subject_kind": "Person", "object_kind": "Organization", "type": "HOLDS_POSITION"},
         {"han-leads-tide", "seo-at-gull"}),
        ({"min_amount_krw": 500_000_000, "max_amount_krw": 4_000_000_000},
         {"pier-funds-tide", "tide-funds-anchor"}),
        ({"modality": "planned", "subject": "ebb-center"}, {"ebb-supports-nets"}),
        ({"basis": "implied", "type": "FUNDS"}, {"wave-funds-deep-project"}),
    ],
)  # fmt: skip
def test_each_filter_keeps_what_it_says(
    harbor: Api, parameters: dict[str, Any], expected: set[str]
) -> None:
    assert set(ids(harbor.items(PATH, **parameters))) == expected


def test_no_filter_lists_every_relationship_between_things_and_counts_them(harbor: Api) -> None:
    page = harbor.ok(PATH, params={"limit": 500})

    assert page["next_cursor"] is None
    assert page["total"] == len(page["items"]) > 30
    assert not {item["type"] for item in page["items"]} & {"MENTIONS", "CONTRIBUTES", "GOES_TO"}


def test_by_amount_the_largest_sum_in_won_comes_first_and_those_without_one_last(
    harbor: Api,
) -> None:
    found = harbor.items(PATH, type="FUNDS", sort="amount")
    won = [int(item["money"]["amount"]) if _in_won(item) else -1 for item in found]

    assert won == sorted(won, reverse=True)
    assert won[0] == 10_000_000_000


def _in_won(item: dict[str, Any]) -> bool:
    return bool(item["money"]) and item["money"]["currency"] == "KRW"


def test_by_recency_the_latest_comes_first_and_the_undated_last(harbor: Api) -> None:
    found = harbor.items(PATH, limit=500)
    keys = [item["valid_from"] or item["valid_to"] or "" for item in found]

    assert keys == sorted(keys, reverse=True)
    assert keys[-1] == ""


def test_what_a_funding_made_shows_the_whole_sum_beside_it(harbor: Api) -> None:
    found = harbor.items(PATH, type="FUNDS", subject="gull-city", object="tide-center")

    assert ids(found) == ["two-centers-sum~gull-city~tide-center"]
    assert found[0]["money"] is None
    assert found[0]["fact_id"] == found[0]["funding_id"] == "two-centers-sum"
    assert found[0]["funding_amount"] == {"amount": "25000000000", "currency": "KRW"}


def test_a_day_keeps_what_it_does_not_rule_out_and_says_how_sure_that_is(harbor: Api) -> None:
    found = harbor.items(PATH, as_of="2030-04-15", type="FUNDS", subject="wave-ministry")
    holds = {item["fact_id"]: item["holds"] for item in found}

    assert holds["wave-funds-pier"] == "yes"
    assert holds["wave-funds-deep-project"] == "possibly"
    assert "wave-funds-pier" not in {
        item["fact_id"] for item in harbor.items(PATH, as_of="2030-05-01", type="FUNDS")
    }


def test_undated_exclude_keeps_only_what_holds_without_doubt(harbor: Api) -> None:
    found = harbor.items(PATH, as_of="2030-04-15", undated="exclude", limit=500)

    assert found
    assert {item["holds"] for item in found} == {"yes"}


def test_without_a_day_no_item_says_whether_it_holds(harbor: Api) -> None:
    assert all("holds" not in item for item in harbor.items(PATH))


def test_a_filter_that_names_nothing_is_not_an_empty_answer(harbor: Api) -> None:
    problem = harbor.problem(f"{PATH}?subject=tide-centre", 404, "not-found")

    assert problem["field"] == "subject"
    assert "tide-center" in problem["mend"]


def test_a_filter_that_names_a_merged_thing_says_which_one_stands_for_it(harbor: Api) -> None:
    assert "pier-agency" in harbor.problem(f"{PATH}?object=pier-office", 404, "not-found")["mend"]


@pytest.mark.parametrize(
    ("direction", "ends"), [("out", {"out"}), ("in", {"in"}), ("both", {"out", "in"})]
)
def test_one_thing_has_its_relationships_by_direction_with_counts(
    harbor: Api, direction: str, ends: set[str]
) -> None:
    path = "/v1/entities/tide-center/relationships"
    page = harbor.ok(path, params={"direction": direction})

    assert {item["direction"] for item in page["items"]} == ends
    counts = {count["type"]: count for count in page["counts"]}
    assert counts["SUPPORTS"] == {"type": "SUPPORTS", "outgoing": 3, "incoming": 0}
    assert counts["PART_OF"] == {"type": "PART_OF", "outgoing": 0, "incoming": 1}


def test_the_counts_of_a_thing_are_those_of_its_relationships(harbor: Api) -> None:
    path = "/v1/entities/tide-center/relationships"
    pages = list(walk(harbor, path, limit=3))
    count = sum(count["outgoing"] + count["incoming"] for count in pages[0]["counts"])

    assert {page["total"] for page in pages} == {count}
    assert len({item["id"] for page in pages for item in page["items"]}) == count


def test_relationships_of_an_unknown_thing_are_not_found(harbor: Api) -> None:
    problem = harbor.problem("/v1/entities/tide-centre/relationships", 404, "not-found")

    assert "tide-center" in problem["mend"]


def test_a_thing_without_relationships_of_a_type_has_an_empty_list(harbor: Api) -> None:
    path = "/v1/entities/tide-center/relationships"

    assert harbor.items(path, type="ATTENDED") == []
