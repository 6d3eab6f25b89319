"""Neighbourhoods over HTTP: what is shown, what is left out, and that it is counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from graphsvc.usecases.connections import neighbourhood
from tests.api.conftest import Api, ids

PATH = "/v1/entities/{}/neighbourhood"
TIDE = PATH.format("tide-center")


def around(api: Api, id_: str = "tide-center", **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = api.ok(PATH.format(id_), params=parameters)
    return found


def left_out(answer: dict[str, Any]) -> dict[tuple[str, str, str], int]:
    return {
        (item["id"], item["type"], item["direction"]): item["relationships"]
        for item in answer["left_out"]
    }


@pytest.mark.smoke
def test_the_first_layer_is_every_neighbour_with_its_facts(harbor: Api) -> None:
    answer = around(harbor, limit=50)
    all_of_it = harbor.items("/v1/entities/tide-center/relationships", limit=500)

    assert answer["center"] == answer["nodes"][0]["id"] == "tide-center"
    assert {item["id"] for item in all_of_it} <= set(ids(answer["relationships"]))
    ends = {item[end]["id"] for item in all_of_it for end in ("subject", "object")}
    assert set(ids(answer["nodes"])) == ends
    assert Counter(node["distance"] for node in answer["nodes"]) == {0: 1, 1: len(ends) - 1}
    assert all(item["evidence"] for item in answer["relationships"])
    assert answer["left_out"] == []
    assert answer["truncated"] is False


def test_relationships_among_those_shown_are_drawn_too(harbor: Api) -> None:
    answer = around(harbor)

    assert {"wave-funds-pier", "rope-funds-alliance"} <= set(ids(answer["relationships"]))
    assert len(set(ids(answer["relationships"]))) == len(answer["relationships"])
    shown = set(ids(answer["nodes"]))
    for item in answer["relationships"]:
        assert {item["subject"]["id"], item["object"]["id"]} <= shown


def test_a_node_knows_how_many_relationships_it_has(harbor: Api) -> None:
    for node in around(harbor)["nodes"][:4]:
        path = f"/v1/entities/{node['id']}/relationships"
        assert node["degree"] == harbor.ok(path)["total"]


def test_depth_goes_on_from_those_found(harbor: Api) -> None:
    one, two, three = (around(harbor, depth=depth, limit=50) for depth in (1, 2, 3))

    assert ids(two["nodes"])[: len(one["nodes"])] == ids(one["nodes"])
    assert ids(three["nodes"])[: len(two["nodes"])] == ids(two["nodes"])
    distance = {node["id"]: node["distance"] for node in three["nodes"]}
    assert (distance["wave-ministry"], distance["blue-plan"], distance["coral-university"]) == (
        1,
        2,
        3,
    )


def test_the_largest_sum_is_kept_and_what_is_left_out_is_counted(harbor: Api) -> None:
    answer = around(harbor, type="FUNDS", limit=1)
    first = {item["id"] for item in answer["relationships"]}

    assert {"pier-funds-tide", "tide-funds-anchor"} <= first
    assert ids(answer["nodes"]) == ["tide-center", "pier-agency", "anchor-works"]
    assert left_out(answer) == {
        ("tide-center", "FUNDS", "in"): 3,
        ("tide-center", "FUNDS", "out"): 1,
    }


@pytest.mark.parametrize(
    "parameters",
    [
        {"depth": 3, "limit": 1},
        {"depth": 2, "limit": 2},
        {"depth": 1, "limit": 3, "type": "FUNDS,SUPPORTS"},
    ],
)
def test_shown_and_left_out_make_up_all_there_is(harbor: Api, parameters: dict[str, Any]) -> None:
    answer = around(harbor, **parameters)
    types = parameters.get("type", "").split(",")
    groups = Counter(left_out(answer))
    for item in answer["relationships"]:
        groups[item["subject"]["id"], item["type"], "out"] += 1
        groups[item["object"]["id"], item["type"], "in"] += 1
    for node in answer["nodes"]:
        if node["distance"] == parameters["depth"]:
            continue
        for count in harbor.ok(f"/v1/entities/{node['id']}/relationships")["counts"]:
            if types == [""] or count["type"] in types:
                assert groups[node["id"], count["type"], "out"] == count["outgoing"]
                assert groups[node["id"], count["type"], "in"] == count["incoming"]


def test_kinds_keep_neighbours_of_a_kind_or_below_it(harbor: Api) -> None:
    answer = around(harbor, kind="Company,Person")

    assert {node["kind"] for node in answer["nodes"][1:]} == {"Company", "Person"}
    assert answer["nodes"][0]["kind"] == "Center"
    organizations = around(harbor, kind="Organization")
    assert "han-bada" not in ids(organizations["nodes"])
    assert "anchor-works" in ids(organizations["nodes"])
    assert around(harbor, kind="Company", depth=3)["left_out"] == []


def test_what_may_be_the_same_is_shown(harbor: Api) -> None:
    assert "tide-maybe-tidal" in ids(around(harbor)["relationships"])


def test_records_are_not_shown(harbor: Api) -> None:
    answer = around(harbor, depth=3, limit=50)

    assert not {"two-centers-sum", "harbor-001"} & set(ids(answer["nodes"]))
    made = [item for item in answer["relationships"] if item["funding_id"] == "two-centers-sum"]
    assert made
    assert all(item["funding_amount"]["amount"] == "25000000000" for item in made)


def test_a_day_leaves_out_what_it_rules_out(harbor: Api) -> None:
    answer = around(harbor, "wave-ministry", as_of="2030-04-15")
    holds = {item["id"]: item["holds"] for item in answer["relationships"]}

    assert holds["wave-funds-pier"] == "yes"
    assert holds["wave-announces-plan"] == "possibly"
    later = around(harbor, "wave-ministry", as_of="2031-04-15")
    assert "wave-funds-pier" not in ids(later["relationships"])
    sure = around(harbor, "wave-ministry", as_of="2030-04-15", undated="exclude", depth=3)
    assert {item["holds"] for item in sure["relationships"]} == {"yes"}


def test_a_drawing_has_room_for_so_many_things_each_type_s_first_before_any_second(
    harbor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbourhood, "MOST_NODES", 6)
    answer = around(harbor, depth=3, type="FUNDS,SUPPORTS,LOCATED_IN")

    assert answer["truncated"] is True
    assert ids(answer["nodes"]) == [
        "tide-center",
        "pier-agency",
        "anchor-works",
        "gull-city",
        "rope-and-sail",
        "buoy-labs",
    ]
    assert left_out(answer)["tide-center", "FUNDS", "in"] == 2


def test_a_drawing_has_room_for_so_many_relationships_those_that_led_to_things_first(
    harbor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = around(harbor, limit=50)
    monkeypatch.setattr(neighbourhood, "MOST_RELATIONSHIPS", len(whole["nodes"]))
    answer = around(harbor, limit=49)  # the same request would be answered from what was kept

    assert answer["truncated"] is True
    assert answer["nodes"] == whole["nodes"]
    assert answer["relationships"] == whole["relationships"][: len(whole["nodes"])]
    ends = {item[end]["id"] for item in answer["relationships"] for end in ("subject", "object")}
    assert ends == set(ids(answer["nodes"]))
    assert sum(left_out(answer).values()) > 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("depth=0", "depth"),
        ("depth=4", "depth"),
        ("depth=1.0", "depth"),
        ("limit=0", "limit"),
        ("limit=51", "limit"),
        ("limit=", "limit"),
        ("type=FUND", "type"),
        ("type=FUNDS,,SUPPORTS", "type"),
        ("depth=1&depth=1", "depth"),
        ("kind=Centre", "kind"),
        ("kind=Entity", "kind"),
        ("as_of=yesterday", "as_of"),
        ("undated=maybe", "undated"),
        ("known_at=2030-04-01T00:00:00Z", "known_at"),
    ],
)
def test_what_cannot_be_used_is_named(harbor: Api, query: str, field: str) -> None:
    assert harbor.problem(f"{TIDE}?{query}", 422, "invalid-input")["field"] == field


@pytest.mark.parametrize("id_", ["tide-centre", "a" * 101, "Tide%20Center", "%00"])
def test_the_surroundings_of_nothing_are_not_found(harbor: Api, id_: str) -> None:
    assert harbor.get(PATH.format(id_)).status_code in {400, 404}


def test_an_unknown_thing_names_what_may_have_been_meant(harbor: Api) -> None:
    assert "tide-center" in harbor.problem(PATH.format("tide-centre"), 404, "not-found")["mend"]
