"""Things over HTTP: lists, one thing, merged and unknown ids."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from tests.api.conftest import Api, ids, walk
from tests.conftest import Cypher

PATH = "/v1/entities"


@pytest.mark.smoke
def test_a_kind_lists_its_things_by_name(harbor: Api) -> None:
    assert ids(harbor.items(PATH, kind="Center")) == ["tide-center", "ebb-center", "tidal-center"]


def test_an_ancestor_lists_the_things_of_all_its_kinds(harbor: Api) -> None:
    page = harbor.ok(PATH, params={"kind": "Organization", "limit": 500})
    kinds = {item["kind"] for item in page["items"]}

    assert {"Ministry", "Center", "Company"} <= kinds
    assert not kinds & {"Program", "Person"}
    assert page["total"] == len(page["items"])


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("밀물", {"tide-center", "tide-forum", "tide-report"}),
        ("mow", {"wave-ministry"}),
        ("TIDE", {"tide-center", "tide-forum", "tide-report"}),
        (unicodedata.normalize("NFD", "물결"), {"wave-ministry"}),
    ],
    ids=["Korean", "alias", "English in any case", "decomposed"],
)
def test_a_name_is_found_by_its_beginning(harbor: Api, prefix: str, expected: set[str]) -> None:
    assert set(ids(harbor.items(PATH, name_prefix=prefix))) == expected


def test_a_place_holds_what_is_in_it_and_in_places_in_it(harbor: Api) -> None:
    found = ids(harbor.items(PATH, place="gull-city"))

    assert "tide-center" in found
    assert "gull-city" not in found


def test_an_unknown_place_is_not_an_empty_answer(harbor: Api) -> None:
    problem = harbor.problem(f"{PATH}?place=gull-town", 404, "not-found")

    assert problem["field"] == "place"
    assert "gull-city" in problem["mend"]


def test_by_degree_the_thing_with_most_relationships_comes_first(harbor: Api) -> None:
    assert ids(harbor.items(PATH, sort="degree"))[0] == "tide-center"


def test_relationships_that_state_no_fact_count_nowhere(harbor: Api, cypher: Cypher) -> None:
    paths = (f"{PATH}?sort=degree", f"{PATH}/gull-city", "/v1/statistics")
    before = [harbor.ok(path) for path in paths]
    cypher("MATCH (a:Entity {id: 'gull-city'}), (b:Entity) CREATE (a)-[:SEEN_BY]->(b)")
    try:
        after = [harbor.ok(path) for path in paths]
    finally:
        cypher("MATCH (:Entity)-[r:SEEN_BY]->(:Entity) DELETE r")

    assert after == before


@pytest.mark.parametrize("sort", ["name", "degree", "recency"])
def test_a_walk_in_small_pages_sees_every_thing_once(harbor: Api, sort: str) -> None:
    seen = [id_ for page in walk(harbor, PATH, sort=sort, limit=4) for id_ in ids(page["items"])]

    assert len(seen) == len(set(seen)) == harbor.ok("/v1/statistics")["entities"]


@pytest.mark.smoke
def test_one_thing_is_shown_with_all_that_is_held_of_it(harbor: Api) -> None:
    tide = harbor.ok(f"{PATH}/tide-center")

    assert tide["labels"] == ["Entity", "Organization", "Center"]
    assert tide["document_aliases"] == {"harbor-001": ["센터"]}
    assert {"tide-opening", "tide-completion"} <= set(ids(tide["observations"]))
    assert {fact["subject"]["id"] for fact in tide["observations"]} == {"tide-center"}
    assert {"type": "SUPPORTS", "outgoing": 3, "incoming": 0} in tide["relationship_counts"]


def test_a_merged_id_in_any_path_leads_to_the_thing_that_stands_for_it(harbor: Api) -> None:
    paths = harbor.ok("/openapi.json")["paths"]
    of_one = [path for path in paths if path.startswith("/v1/entities/{id}")]
    assert len(of_one) >= 4
    for path in of_one:
        taken = {parameter["name"] for parameter in paths[path]["get"]["parameters"]}
        query = "?undated=include" if "undated" in taken else ""
        response = harbor.get(path.format(id="pier-office") + query)

        assert response.status_code == 308, path
        assert response.headers["location"] == path.format(id="pier-agency") + query
        assert response.headers["cache-control"] == "no-cache"
        assert "308" in paths[path]["get"]["responses"]


@pytest.mark.parametrize("id_", ["tide-centre", "TIDE-CENTER"])
def test_an_unknown_id_names_the_near_ones(harbor: Api, id_: str) -> None:
    assert "tide-center" in harbor.problem(f"{PATH}/{id_}", 404, "not-found")["mend"]


@pytest.mark.parametrize("id_", ["%00", "%F0%9F%90%9F", "a" * 500, "%ED%A0%80", "a%2Fb", "가나다"])
def test_an_id_that_nothing_can_have_is_not_found(harbor: Api, id_: str) -> None:
    harbor.problem(f"{PATH}/{id_}", 404, "not-found")


def test_an_unknown_kind_names_the_near_ones(harbor: Api) -> None:
    problem = harbor.problem(f"{PATH}?kind=Centre", 422, "invalid-input")

    assert problem["field"] == "kind"
    assert "Center" in problem["mend"]


def test_documents_are_listed_and_name_what_they_speak_of(harbor: Api) -> None:
    assert ids(harbor.items("/v1/documents")) == ["harbor-001", "harbor-002", "harbor-003"]

    document = harbor.ok("/v1/documents/harbor-001")
    assert {"wave-ministry", "tide-center"} <= set(ids(document["entities"]))
    assert "lantern-trading" not in ids(document["entities"])
    problem = harbor.problem("/v1/documents/harbor-01", 404, "not-found")
    assert "harbor-001" in problem["mend"]


def test_a_walk_through_documents_sees_each_once(harbor: Api) -> None:
    pages = list(walk(harbor, "/v1/documents", limit=1))

    assert [ids(page["items"]) for page in pages] == [
        ["harbor-001"],
        ["harbor-002"],
        ["harbor-003"],
    ]
    assert {page["total"] for page in pages} == {3}


def test_the_vocabulary_says_how_kinds_descend_and_types_read(harbor: Api) -> None:
    vocabulary = harbor.ok("/v1/vocabulary")
    kinds: dict[str, Any] = {kind["kind"]: kind for kind in vocabulary["kinds"]}
    types: dict[str, Any] = {type_["type"]: type_ for type_ in vocabulary["types"]}

    assert kinds["Center"]["labels"] == ["Entity", "Organization", "Center"]
    assert set(types["FUNDS"]["reads"]) == {"forward", "backward"}
    assert set(types["FUNDS"]["name"]) == {"ko", "en"}
    assert {metric["value"] for metric in vocabulary["metrics"]} <= {"date", "number", "money"}


def test_statistics_count_what_the_lists_hold(harbor: Api) -> None:
    statistics = harbor.ok("/v1/statistics")
    relationships = harbor.ok("/v1/relationships", params={"limit": 500})["total"]

    assert sum(statistics["kinds"].values()) == statistics["entities"]
    assert sum(statistics["forms"].values()) == statistics["facts"]
    assert sum(count["relationships"] for count in statistics["types"].values()) == relationships
    assert statistics["forms"]["funding"] == harbor.ok("/v1/fundings")["total"]
