"""The feed of changes and the history of a thing: what, how, when, before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api, ids, load_at, walk
from tests.api.seed_changes import (
    merged,
    with_document,
    with_entity,
    with_fact,
    with_facts,
    without_facts,
)
from tests.conftest import Cypher

CHANGES = "/v1/changes"
FACT = "wave-funds-pier"


def brief(items: list[dict[str, Any]]) -> list[tuple[str, str, str, list[str]]]:
    return [(item["what"], item["id"], item["how"], item["fields"]) for item in items]


@pytest.mark.smoke
def test_the_first_load_added_everything(emptied: Api, harbor_seed: Seed) -> None:
    at = load_at(emptied, harbor_seed)
    pages = list(walk(emptied, CHANGES, limit=30))
    items = [item for page in pages for item in page["items"]]

    wanted = [
        *(("document", id_) for id_ in sorted(harbor_seed.documents)),
        *(("entity", id_) for id_ in sorted(harbor_seed.entities)),
        *(("fact", id_) for id_ in sorted(harbor_seed.facts)),
    ]
    assert [(item["what"], item["id"]) for item in items] == wanted
    assert {page["total"] for page in pages} == {len(wanted)}
    assert {(item["how"], item["at"], item["graph_version"]) for item in items} == {
        ("added", at, 1)
    }
    assert all(item["before"] is None and item["after"]["id"] == item["id"] for item in items)
    (counted,) = pages[0]["loads"]
    assert counted["facts"] == {"added": len(harbor_seed.facts), "changed": 0, "retracted": 0}


def test_each_load_tells_what_it_added_changed_and_retracted(
    emptied: Api, harbor_seed: Seed
) -> None:
    first = load_at(emptied, without_facts(harbor_seed, "tide-opening"))
    seed = with_fact(with_facts(harbor_seed), FACT, period="2030-05", note="checked")
    seed = with_entity(seed, "tide-center", name="새밀물센터", kind="Facility")
    second = load_at(emptied, with_document(seed, "harbor-001", publisher=None))
    third = load_at(emptied, harbor_seed)

    items = emptied.items(CHANGES, since=first, until=second)
    assert brief(items) == [
        ("document", "harbor-001", "changed", ["publisher"]),
        ("entity", "tide-center", "changed", ["kind", "name"]),
        ("fact", "tide-opening", "added", []),
        ("fact", FACT, "changed", ["period", "note"]),
    ]
    assert {item["at"] for item in items} == {second}
    assert (items[1]["before"]["name"], items[1]["after"]["name"]) == ("밀물센터", "새밀물센터")
    assert items[3]["before"]["recorded_at"] == first
    assert items[3]["after"]["recorded_at"] == second
    assert brief(emptied.items(CHANGES, since=second, what="fact")) == [
        ("fact", FACT, "changed", ["period", "note"])
    ]
    assert emptied.ok(CHANGES, params={"since": third})["items"] == []
    assert emptied.ok(CHANGES, params={"since": third})["total"] == 0


def test_a_fact_that_comes_back_is_added_again(emptied: Api, harbor_seed: Seed) -> None:
    load_at(emptied, harbor_seed)
    load_at(emptied, without_facts(harbor_seed, FACT))
    load_at(emptied, with_fact(harbor_seed, FACT, period="2031"))
    told = [item for item in emptied.items(CHANGES, what="fact", limit=500) if item["id"] == FACT]

    assert [item["how"] for item in told] == ["added", "retracted", "added"]
    assert [item["graph_version"] for item in told] == [1, 2, 3]
    assert told[1]["before"]["period"] == "2030-04"
    assert told[1]["after"] is None


def test_a_client_that_follows_sees_each_change_once(emptied: Api, harbor_seed: Seed) -> None:
    load_at(emptied, harbor_seed)
    since, seen = "", list[tuple[str, str, str]]()
    for period in ("2031", "2032", None, "2033"):
        pages = walk(emptied, CHANGES, limit=20, **({"since": since} if since else {}))
        for item in (item for page in pages for item in page["items"]):
            seen.append((item["what"], item["id"], item["at"]))
            since = item["at"]
        emptied.load(with_fact(harbor_seed, FACT, period=period))

    assert len(seen) == len(set(seen))
    assert [id_ for _, id_, _ in seen[-3:]] == [FACT, FACT, FACT]


def test_a_load_that_comes_in_the_middle_of_a_walk_stands_at_its_end(
    emptied: Api, harbor_seed: Seed
) -> None:
    load_at(emptied, harbor_seed)
    page = emptied.ok(CHANGES, params={"limit": 60})
    load_at(emptied, with_fact(harbor_seed, FACT, period="2031"))
    rest = emptied.ok(CHANGES, params={"limit": 60, "cursor": page["next_cursor"]})

    seen = [(item["id"], item["how"]) for item in (*page["items"], *rest["items"])]
    assert len(seen) == len(set(seen))
    assert seen[-1] == (FACT, "changed")
    assert rest["total"] == page["total"] == len(seen) - 1


def test_an_instant_ends_the_feed(emptied: Api, harbor_seed: Seed) -> None:
    first = load_at(emptied, harbor_seed)
    before = emptied.ok(CHANGES, params={"limit": 500})
    load_at(emptied, with_entity(harbor_seed, "tide-center", name="새밀물센터"))
    then = emptied.ok(CHANGES, params={"limit": 500, "known_at": first})

    assert then["items"] == before["items"]
    assert then["total"] == before["total"]


def test_what_was_merged_says_into_what(emptied: Api, harbor_seed: Seed) -> None:
    first = load_at(emptied, harbor_seed)
    load_at(emptied, merged(harbor_seed, "tidal-center", "tide-center"))
    gone, changed = sorted(
        emptied.items(CHANGES, since=first, what="entity"), key=lambda item: item["id"]
    )

    assert (gone["id"], gone["how"], gone["merged_into"]) == (
        "tidal-center",
        "retracted",
        "tide-center",
    )
    assert (changed["id"], changed["fields"]) == ("tide-center", ["merged_ids"])
    assert changed["merged_into"] is None


def history(api: Api, id_: str, **asked: Any) -> dict[str, Any]:
    pages = list(walk(api, f"/v1/entities/{id_}/history", limit=4, **asked))
    items = [item for page in pages for item in page["items"]]
    assert {page["total"] for page in pages} == {len(items)}
    return {**pages[0], "items": items}


@pytest.mark.smoke
def test_a_thing_keeps_its_old_names_and_what_was_said_of_it(
    emptied: Api, harbor_seed: Seed
) -> None:
    load_at(emptied, harbor_seed)
    seed = with_entity(harbor_seed, "dry-dock", name="젖은독")
    load_at(emptied, with_entity(seed, "dry-dock", kind="Center", name="젖은독"))
    load_at(emptied, without_facts(seed, "dock-in-tide"))

    told = history(emptied, "dry-dock")
    assert brief(told["items"]) == [
        ("entity", "dry-dock", "added", []),
        ("fact", "dock-in-tide", "added", []),
        ("fact", "dry-dock-cost", "added", []),
        ("entity", "dry-dock", "changed", ["kind", "name"]),
        ("entity", "dry-dock", "changed", ["kind"]),
        ("fact", "dock-in-tide", "retracted", []),
    ]
    assert told["items"][3]["before"]["name"] == "마른독"
    assert (told["status"], told["entity"]["name"]) == ("live", "젖은독")


def test_a_fact_that_turns_to_another_thing_stands_in_the_history_of_both(
    emptied: Api, harbor_seed: Seed
) -> None:
    load_at(emptied, harbor_seed)
    load_at(emptied, with_fact(harbor_seed, "forum-at-hotel", object="gull-city"))
    changed = with_fact(harbor_seed, "forum-at-hotel", object="gull-city", note="checked")
    load_at(emptied, changed)

    left = history(emptied, "gull-hotel")["items"]
    assert brief(left) == [
        ("entity", "gull-hotel", "added", []),
        ("fact", "forum-at-hotel", "added", []),
        ("fact", "forum-at-hotel", "changed", ["object"]),
    ]
    came = [item for item in history(emptied, "gull-city")["items"] if item["id"] == left[2]["id"]]
    assert brief(came) == [
        ("fact", "forum-at-hotel", "changed", ["object"]),
        ("fact", "forum-at-hotel", "changed", ["note"]),
    ]
    assert came[0] == left[2]


def test_a_thing_that_is_held_no_more_has_its_history(emptied: Api, harbor_seed: Seed) -> None:
    first = load_at(emptied, harbor_seed)
    seed = without_facts(harbor_seed, "forum-at-hotel")
    entities = {id_: thing for id_, thing in seed.entities.items() if id_ != "gull-hotel"}
    second = load_at(emptied, replace(seed, entities=entities))

    told = history(emptied, "gull-hotel")
    assert (told["status"], told["retracted_at"]) == ("retracted", second)
    assert told["entity"]["name"] == "갈매기호텔"
    assert [item["how"] for item in told["items"]] == ["added", "added", "retracted", "retracted"]
    then = history(emptied, "gull-hotel", known_at=first)
    assert (then["status"], then["retracted_at"]) == ("live", None)
    assert [item["how"] for item in then["items"]] == ["added", "added"]
    problem = emptied.problem("/v1/entities/gull-hotel", 404, "not-found")
    assert "/v1/entities/gull-hotel/history" in problem["mend"]


def test_a_merged_thing_sends_on_to_the_one_that_stands_for_it(
    emptied: Api, harbor_seed: Seed
) -> None:
    first = load_at(emptied, harbor_seed)
    load_at(emptied, merged(harbor_seed, "tidal-center", "tide-center"))
    path = "/v1/entities/tidal-center/history"

    response = emptied.get(path, params={"limit": 3})
    assert response.status_code == 308
    assert response.headers["location"] == "/v1/entities/tide-center/history?limit=3"
    told = {(item["id"], item["how"]) for item in history(emptied, "tide-center")["items"]}
    assert {("tidal-center", "retracted"), ("tide-center", "changed")} <= told
    then = history(emptied, "tidal-center", known_at=first)
    assert (then["status"], len(then["items"])) == ("live", 2)


def test_a_history_before_the_thing_was_held_is_not_empty_but_refused(
    emptied: Api, harbor_seed: Seed
) -> None:
    load_at(emptied, harbor_seed)
    path = "/v1/entities/tide-center/history?known_at=2001-01-01T00:00:00Z"

    assert emptied.problem(path, 404, "not-found")["field"] == "known_at"
    assert emptied.items(CHANGES, known_at="2001-01-01T00:00:00Z") == []


def test_the_history_of_an_unknown_thing_names_the_near_ones(harbor: Api) -> None:
    problem = harbor.problem("/v1/entities/tide-centre/history", 404, "not-found")

    assert "tide-center" in problem["mend"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2030-04-01", "since"),
        ("since=1893456000", "since"),
        ("since=", "since"),
        ("since=3", "since"),
        ("until=yesterday", "until"),
        ("since=2030-01-02T00:00:00Z&until=2030-01-01T00:00:00Z", "since"),
        ("since=2030-01-01T00:00:00Z&since=2030-01-01T00:00:00Z", "since"),
        ("what=relationship", "what"),
        ("what=Fact", "what"),
        ("known_at=now", "known_at"),
        ("limit=501", "limit"),
        ("cursor=x", "cursor"),
    ],
)
def test_a_parameter_of_the_feed_that_cannot_be_used_is_named(
    harbor: Api, query: str, field: str
) -> None:
    assert harbor.problem(f"{CHANGES}?{query}", 422, "invalid-input")["field"] == field


@pytest.mark.parametrize("query", ["colour=red", "known_at=2030", "limit=0", "cursor=x"])
def test_a_parameter_of_a_history_that_cannot_be_used_is_named(harbor: Api, query: str) -> None:
    path = f"/v1/entities/tide-center/history?{query}"

    assert harbor.problem(path, 422, "invalid-input")["field"] == query.split("=")[0]


def test_instants_in_any_zone_are_the_same_instant(emptied: Api, harbor_seed: Seed) -> None:
    at = load_at(emptied, harbor_seed)
    seoul = f"{at[:-1]}+00:00"

    assert emptied.items(CHANGES, since=seoul) == []
    assert ids(emptied.items(CHANGES, until=seoul, what="document")) == sorted(
        harbor_seed.documents
    )


def test_documents_that_changed_or_went_keep_what_they_were(
    emptied: Api, harbor_seed: Seed, cypher: Cypher
) -> None:
    load_at(emptied, harbor_seed)
    load_at(emptied, with_document(harbor_seed, "harbor-003", description="Of a forum."))

    (version,) = cypher("MATCH (v:DocumentVersion) RETURN v.document_id AS id, v.change AS change")
    assert version == {"id": "harbor-003", "change": "changed"}
    (change,) = emptied.items(CHANGES, what="document", since=emptied.ok(
        f"{CHANGES}?limit=1")["items"][0]["at"])  # fmt: skip
    assert change["before"]["description"] != change["after"]["description"] == "Of a forum."
