"""Paths over HTTP: which ones, in which order, told with which facts."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api

PATH = "/v1/paths"
ENDS = {"from": "wave-ministry", "to": "anchor-works"}


def nodes(answer: dict[str, Any]) -> list[list[str]]:
    return [[node["id"] for node in path["nodes"]] for path in answer["items"]]


def readings(path: dict[str, Any]) -> list[list[str]]:
    return [[fact["reading"] for fact in step["facts"]] for step in path["steps"]]


@pytest.mark.smoke
def test_the_shortest_path_comes_first_with_every_fact_on_the_way(harbor: Api) -> None:
    answer = harbor.ok(PATH, params=ENDS)

    assert nodes(answer)[0] == ["wave-ministry", "tide-center", "anchor-works"]
    path = answer["items"][0]
    assert (path["hops"], path["cost"]) == (2, 2.0)
    first, second = path["steps"]
    assert [fact["id"] for fact in first["facts"]] == ["two-centers-sum~wave-ministry~tide-center"]
    assert first["facts"][0]["funding_amount"] == {"amount": "25000000000", "currency": "KRW"}
    assert [fact["id"] for fact in second["facts"]] == ["tide-funds-anchor", "tide-supports-anchor"]
    assert all(fact["evidence"] for fact in first["facts"] + second["facts"])
    assert (answer["reached"], answer["truncated"]) == (True, False)


def test_paths_are_in_the_order_of_their_length_then_of_the_ids_on_them(harbor: Api) -> None:
    answer = harbor.ok(PATH, params={**ENDS, "k": 20, "max_hops": 6})
    found = [(path["hops"], ids) for path, ids in zip(answer["items"], nodes(answer), strict=True)]

    assert len(found) > 3
    assert found == sorted(found)
    assert all(len(set(ids)) == len(ids) for _, ids in found)
    assert nodes(harbor.ok(PATH, params={**ENDS, "k": 2, "max_hops": 6})) == nodes(answer)[:2]


def test_every_step_joins_its_two_things(harbor: Api) -> None:
    for path in harbor.ok(PATH, params={**ENDS, "k": 20, "max_hops": 6})["items"]:
        ids = [node["id"] for node in path["nodes"]]
        assert [(step["from"], step["to"]) for step in path["steps"]] == list(pairwise(ids))
        for step in path["steps"]:
            assert step["facts"]
            assert step["facts_left_out"] == 0
            for fact in step["facts"]:
                ends = (fact["subject"]["id"], fact["object"]["id"])
                forward = fact["travelled"] == "forward"
                assert ends == (
                    (step["from"], step["to"]) if forward else (step["to"], step["from"])
                )


def test_the_way_back_is_the_same_way_read_backward(harbor: Api) -> None:
    there = harbor.ok(PATH, params={**ENDS, "k": 1})["items"][0]
    back = harbor.ok(PATH, params={"from": ENDS["to"], "to": ENDS["from"], "k": 1})["items"][0]

    assert [node["id"] for node in back["nodes"]] == [node["id"] for node in there["nodes"]][::-1]
    assert readings(there)[0] == ["물결부가 밀물센터에 자금을 댄다"]
    assert readings(back)[-1] == ["밀물센터는 물결부의 자금을 받는다"]


def test_readings_come_in_either_language(harbor: Api) -> None:
    path = harbor.ok(PATH, params={**ENDS, "k": 1, "lang": "en"})["items"][0]

    assert readings(path) == [
        ["Ministry of Waves funds Tide Center"],
        ["Tide Center funds Anchor Works", "Tide Center supports Anchor Works"],
    ]


def test_direction_forward_goes_from_subjects_to_objects_only(harbor: Api) -> None:
    money = {"type": "FUNDS", "direction": "forward", "k": 20}
    there = harbor.ok(PATH, params={**ENDS, **money})

    assert nodes(there) == [
        ["wave-ministry", "tide-center", "anchor-works"],
        ["wave-ministry", "pier-agency", "tide-center", "anchor-works"],
    ]
    assert {fact["travelled"] for path in there["items"] for step in path["steps"]
            for fact in step["facts"]} == {"forward"}  # fmt: skip
    turned = {"from": ENDS["to"], "to": ENDS["from"], **money}
    assert nodes(harbor.ok(PATH, params=turned)) == []
    backward = harbor.ok(PATH, params={**turned, "direction": "backward"})
    assert sorted(map(len, nodes(backward))) == [3, 4]


@pytest.mark.parametrize("direction", ["forward", "backward", "any"])
def test_a_symmetric_relationship_is_gone_along_either_way(harbor: Api, direction: str) -> None:
    for ends in (("coral-university", "reef-institute"), ("reef-institute", "coral-university")):
        found = harbor.ok(PATH, params={"from": ends[0], "to": ends[1], "direction": direction})

        assert nodes(found) == [list(ends)]


def test_no_path_is_an_answer(harbor: Api) -> None:
    ends = {"from": "tide-center", "to": "reef-institute", "max_hops": 6, "avoid": "buoy-labs"}
    answer = harbor.ok(PATH, params=ends)

    assert answer["items"] == []
    assert answer["reached"] is False
    assert answer["truncated"] is False
    assert answer["searched_hops"] == 6


def test_a_path_that_is_too_long_is_none(harbor: Api) -> None:
    assert nodes(harbor.ok(PATH, params={**ENDS, "max_hops": 1})) == []
    assert len(nodes(harbor.ok(PATH, params={**ENDS, "max_hops": 2, "k": 20}))) == 1


def test_what_may_be_the_same_is_a_step_only_where_asked_for(harbor: Api) -> None:
    ends = {"from": "tide-center", "to": "tidal-center"}

    assert nodes(harbor.ok(PATH, params=ends)) == []
    asked = harbor.ok(PATH, params={**ends, "type": "POSSIBLY_SAME", "direction": "backward"})
    assert readings(asked["items"][0]) == [["밀물센터와 조석센터는 같은 것일 수 있다"]]


def test_what_is_avoided_stands_on_no_path(harbor: Api) -> None:
    parameters = {**ENDS, "k": 20, "max_hops": 6, "avoid": "pier-agency,gull-city"}
    found = nodes(harbor.ok(PATH, params=parameters))

    assert found
    assert not {"pier-agency", "gull-city"} & {id_ for path in found for id_ in path}


def test_a_penalty_makes_hubs_dear(harbor: Api) -> None:
    parameters = {**ENDS, "k": 20, "max_hops": 6}
    free = harbor.ok(PATH, params=parameters)
    dear = harbor.ok(PATH, params={**parameters, "hub_penalty": 1})

    assert sorted(nodes(free)) == sorted(nodes(dear))
    costs = [path["cost"] for path in dear["items"]]
    assert costs == sorted(costs)
    first = dear["items"][0]
    degree = harbor.ok("/v1/entities/tide-center/relationships")["total"]
    assert first["nodes"][1]["degree"] == degree
    assert first["cost"] == pytest.approx(2 + math.log10(degree), abs=1e-6)


def test_a_day_leaves_out_steps_that_it_rules_out(harbor: Api) -> None:
    ends = {"from": "wave-ministry", "to": "pier-agency", "max_hops": 1}
    then = harbor.ok(PATH, params={**ends, "as_of": "2030-04-15"})["items"]

    assert [fact["holds"] for fact in then[0]["steps"][0]["facts"]] == ["yes"]
    assert harbor.ok(PATH, params={**ends, "as_of": "2031-04-15"})["items"] == []
    sure = {**ENDS, "as_of": "2030-04-15", "undated": "exclude", "max_hops": 6, "k": 20}
    assert harbor.ok(PATH, params=sure)["items"] == []


def test_facts_that_two_things_share_beyond_what_is_shown_are_counted(
    harbor: Api, harbor_seed: Seed
) -> None:
    one = harbor_seed.facts["tide-supports-anchor"]
    more = {f"more-{n:02}": one.model_copy(update={"id": f"more-{n:02}"}) for n in range(30)}
    harbor.load(replace(harbor_seed, facts={**harbor_seed.facts, **more}))
    step = harbor.ok(PATH, params={**ENDS, "k": 1})["items"][0]["steps"][1]

    assert len(step["facts"]) == 25
    assert step["facts_left_out"] == 7


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"from": "tide-centre"}, 404, "from"),
        ({"to": "tide-centre"}, 404, "to"),
        ({"avoid": "pier-agency,tide-centre"}, 404, "avoid"),
        ({"to": "pier-office"}, 404, "to"),
        ({"to": "wave-ministry"}, 422, "to"),
        ({"avoid": "anchor-works"}, 422, "avoid"),
        ({"avoid": "a,"}, 422, "avoid"),
        ({"avoid": "Tide Center"}, 422, "avoid"),
        ({"from": "Tide Center"}, 422, "from"),
        ({"to": ""}, 422, "to"),
        ({"max_hops": 0}, 422, "max_hops"),
        ({"max_hops": 7}, 422, "max_hops"),
        ({"max_hops": "4.0"}, 422, "max_hops"),
        ({"k": 21}, 422, "k"),
        ({"k": "1_0"}, 422, "k"),
        ({"type": "FUND"}, 422, "type"),
        ({"type": "FUNDS,"}, 422, "type"),
        ({"type": "MENTIONS"}, 422, "type"),
        ({"direction": "out"}, 422, "direction"),
        ({"hub_penalty": -0.1}, 422, "hub_penalty"),
        ({"hub_penalty": 10.1}, 422, "hub_penalty"),
        ({"hub_penalty": "nan"}, 422, "hub_penalty"),
        ({"hub_penalty": "inf"}, 422, "hub_penalty"),
        ({"hub_penalty": "1_0"}, 422, "hub_penalty"),
        ({"hub_penalty": "1e999"}, 422, "hub_penalty"),
        ({"lang": "fr"}, 422, "lang"),
        ({"as_of": "2030-02-30"}, 422, "as_of"),
        ({"known_at": "2030-04-01T00:00:00Z"}, 422, "known_at"),
        ({"from_": "tide-center"}, 422, "from_"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(
    harbor: Api, changes: dict[str, Any], status: int, field: str
) -> None:
    slug = "not-found" if status == 404 else "invalid-input"

    problem = harbor.problem(PATH, status, slug, params={**ENDS, **changes})
    assert problem["field"] == field


def test_both_ends_must_be_named(harbor: Api) -> None:
    problem = harbor.problem(PATH, 422, "invalid-input")

    assert {error["field"] for error in problem["errors"]} == {"from", "to"}


def test_an_unknown_end_names_what_may_have_been_meant(harbor: Api) -> None:
    problem = harbor.problem(PATH, 404, "not-found", params={**ENDS, "from": "wave-ministri"})

    assert "wave-ministry" in problem["mend"]


@pytest.mark.parametrize("penalty", ["1e-300", "0.0", "10", "1E1", "0." + "3" * 50])
def test_a_penalty_is_any_number_in_its_range(harbor: Api, penalty: str) -> None:
    assert harbor.ok(PATH, params={**ENDS, "hub_penalty": penalty})["reached"]
