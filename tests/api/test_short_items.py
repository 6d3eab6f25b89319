"""Items with some of their members alone: only for who asks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.test_analysis import RUNS, finished

LISTS = [
    # A list, members of its items to ask for, a member that is none, and the one that it is near.
    ("/v1/relationships?sort=amount", "id,type,subject", "subjekt", "subject"),
    (
        "/v1/entities/tide-center/relationships?direction=in",
        "id,direction",
        "directions",
        "direction",
    ),
    ("/v1/entities?sort=degree", "id,name_en", "name_kr", "name"),
    ("/v1/fundings?sort=amount", "id,money", "moneys", "money"),
    ("/v1/documents?limit=9", "id,sha256", "sha", "sha256"),
    ("/v1/flows?net=true", "from,to,amount", "from_", "from"),
    ("/v1/conflicts?lang=en", "id,reason", "reasons", "reason"),
    ("/v1/timeline?entity=tide-center", "id,when", "whem", "when"),
    ("/v1/changes?what=entity", "id,at", "merged_int", "merged_into"),
    ("/v1/entities/tide-center/history?limit=9", "how,id", "hows", "how"),
    (f"{RUNS}?limit=5", "id,state", "stat", "state"),
    (f"{RUNS}/latest/result?top=5", "node,value", "values", "value"),
]


@pytest.fixture
def lists(harbor: Api) -> Api:
    finished(harbor, metric="degree")
    return harbor


@pytest.mark.parametrize(("path", "names", "wrong", "near"), LISTS)
def test_fields_are_the_members_that_items_have(
    lists: Api, path: str, names: str, wrong: str, near: str
) -> None:
    whole = lists.ok(path)["items"]
    wanted = names.split(",")
    short = lists.get(f"{path}&fields={names}")

    assert whole
    assert short.json()["items"] == [
        {name: item[name] for name in item if name in wanted} for item in whole
    ]
    assert len(short.json()["items"][0]) == len(wanted)
    again = lists.get(f"{path}&fields={wanted[0]}&fields={wanted[1]}").json()["items"]
    assert [item.keys() for item in again] == [
        {name for name in wanted[:2] if name in item} for item in whole
    ]
    problem = lists.problem(f"{path}&fields=id,{wrong}" if near != "value" else
                          f"{path}&fields={wrong}", 422, "invalid-input")  # fmt: skip
    assert (problem["field"], near in problem["mend"]) == ("fields", True)


def is_whole(value: Any) -> bool:
    if isinstance(value, dict):
        return all(item not in (None, [], {}) and is_whole(item) for item in value.values())
    return not isinstance(value, list) or all(is_whole(item) for item in value)


@pytest.mark.parametrize("path", [path for path, *_ in LISTS])
def test_compact_items_have_nothing_that_is_null_or_empty(lists: Api, path: str) -> None:
    whole, compact = lists.ok(path)["items"], lists.get(f"{path}&compact=true").json()["items"]

    assert len(compact) == len(whole) > 0
    assert all(is_whole(item) for item in compact)
    for full, short in zip(whole, compact, strict=True):
        for name, value in full.items():
            assert not is_whole({name: value}) or short[name] == value
    assert lists.get(f"{path}&compact=false").json()["items"] == whole


def test_a_cursor_goes_on_with_other_members(lists: Api) -> None:
    first = lists.get("/v1/relationships?limit=2&fields=id").json()
    after = {"limit": 2, "cursor": first["next_cursor"]}
    assert (
        lists.items("/v1/relationships", **after) == lists.items("/v1/relationships", limit=4)[2:]
    )


@pytest.mark.parametrize("given", ["fields=id", "compact=true"])
def test_a_diagram_has_no_items(lists: Api, given: str) -> None:
    problem = lists.problem(f"/v1/flows?shape=sankey&{given}", 422, "invalid-input")
    assert problem["field"] == given.partition("=")[0]


@pytest.mark.parametrize("given", ["compact=1", "compact=yes", "fields=,", "fields=id,"])
def test_what_is_no_choice_is_refused(lists: Api, given: str) -> None:
    problem = lists.problem(f"/v1/relationships?{given}", 422, "invalid-input")
    assert problem["field"].partition(".")[0] == given.partition("=")[0]


def test_every_end_is_named_in_english(lists: Api) -> None:
    for item in lists.items("/v1/relationships", limit=500):
        assert item["subject"]["name_en"]
        assert item["object"]["name_en"]
