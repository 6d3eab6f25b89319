"""The timeline: what stands where, in which order, and what is marked."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api, ids, walk
from tests.api.seed_changes import with_entity, with_facts, without_facts

TIMELINE = "/v1/timeline"
ANCHOR = "tide-supports-anchor"


def dated(seed: Seed, **periods: str | None) -> Seed:
    """The seed with facts of the Tide Center and Anchor Works that have these ids and periods."""
    pattern = seed.facts[ANCHOR]
    facts = (
        pattern.model_copy(update={"id": id_, "period": text}) for id_, text in periods.items()
    )
    return with_facts(without_facts(seed, ANCHOR, "tide-funds-anchor"), *facts)


def timeline(api: Api, **parameters: Any) -> list[dict[str, Any]]:
    return api.items(TIMELINE, **{"entity": "anchor-works", "limit": 500, **parameters})


@pytest.mark.smoke
def test_facts_stand_in_the_order_of_their_days(harbor: Api, harbor_seed: Seed) -> None:
    harbor.load(
        dated(
            harbor_seed,
            a_open="2030-02/..",
            b_year="2030",
            c_day="2030-02-03",
            d_month="2030-02",
            e_until="../2029",
            f_unknown_day="XXXX-XX-16",
            g_unknown_month="XXXX-09",
            h_no_bound="../..",
            i_undated=None,
            j_same_month="2030-02",
            k_decade="202X",
        )
    )

    assert ids(timeline(harbor)) == [
        *("e_until", "b_year", "d_month", "j_same_month", "a_open", "c_day"),
        *("k_decade", "g_unknown_month", "f_unknown_day", "h_no_bound", "i_undated"),
    ]


@pytest.mark.parametrize(
    ("period", "starts", "ends", "marks"),
    [
        ("2030-04", "2030-04-01", "2030-04-30", set()),
        ("2030-04-05", "2030-04-05", "2030-04-05", set()),
        ("2030/..", "2030-01-01", None, {"open_end"}),
        ("../2032", None, "2032-12-31", {"open_start"}),
        ("../..", None, None, {"open_start", "open_end"}),
        ("2030/", "2030-01-01", None, {"open_end"}),
        ("/2032", None, "2032-12-31", {"open_start"}),
        ("/", None, None, {"open_start", "open_end"}),
        ("2030-03?", "2030-03-01", "2030-03-31", {"uncertain"}),
        ("2030-03~", "2030-03-01", "2030-03-31", {"uncertain"}),
        ("2030%/..", "2030-01-01", None, {"uncertain", "open_end"}),
        ("2030-XX", "2030-01-01", "2030-12-31", {"uncertain"}),
        ("XXXX-09", None, None, {"uncertain", "undated", "unknown_year"}),
        ("XXXX-XX-16", None, None, {"uncertain", "undated", "unknown_year"}),
        (None, None, None, {"undated"}),
    ],
)
def test_what_is_open_or_uncertain_is_marked(
    harbor: Api,
    harbor_seed: Seed,
    period: str | None,
    starts: str | None,
    ends: str | None,
    marks: set[str],
) -> None:
    harbor.load(dated(harbor_seed, one=period))
    (item,) = timeline(harbor)

    assert (item["when"], item["starts"], item["ends"]) == (period, starts, ends)
    names = ("open_start", "open_end", "uncertain", "undated", "unknown_year", "at_value")
    assert {name for name in names if item[name]} == marks
    certain = ids(timeline(harbor, undated="exclude"))
    assert (certain == []) == bool(marks)


def test_an_observed_date_stands_at_its_value(harbor: Api) -> None:
    opening, completion = (
        item for item in timeline(harbor, entity="tide-center") if item["at_value"]
    )

    assert ids([opening, completion]) == ["tide-completion", "tide-opening"]
    assert (opening["when"], opening["period"], opening["starts"]) == (
        "2030-03?",
        None,
        "2030-03-01",
    )
    assert (opening["modality"], completion["modality"]) == ("planned", "actual")
    september = next(
        item for item in timeline(harbor, entity="ebb-center") if item["id"] == "ebb-opening"
    )
    assert (september["when"], september["unknown_year"]) == ("XXXX-09", True)


def test_whether_an_observed_date_holds_is_a_question_of_its_period(
    harbor: Api, harbor_seed: Seed
) -> None:
    opening = harbor_seed.facts["tide-opening"].model_copy(
        update={"value": "2030-03", "period": "2030-05/.."}
    )
    harbor.load(with_facts(harbor_seed, opening))
    asked = {"entity": "tide-center", "undated": "exclude"}

    assert opening.id in ids(timeline(harbor, **asked))
    assert opening.id not in ids(timeline(harbor, **asked, as_of="2030-03-15"))
    assert opening.id not in ids(timeline(harbor, **asked, as_of="2031-01-01"))
    found = timeline(harbor, entity="tide-center", as_of="2031-01-01")
    (item,) = [item for item in found if item["id"] == opening.id]
    assert (item["starts"], item["holds"]) == ("2030-03-01", "possibly")


@pytest.mark.parametrize(
    ("entity", "fact", "roles"),
    [
        ("wave-ministry", "wave-funds-pier", ["subject"]),
        ("pier-agency", "wave-funds-pier", ["object"]),
        ("harbor-growth-program", "wave-funds-pier", ["program"]),
        ("wave-ministry", "two-centers-sum", ["funder"]),
        ("ebb-center", "two-centers-sum", ["recipient"]),
        ("deep-water-program", "deep-water-sum", ["program"]),
        ("deep-water-program", "wave-funds-deep-project", ["program"]),
        ("tide-center", "tide-equipment", ["subject"]),
        ("sailors-association", "tide-equipment", ["stated_by"]),
        ("han-bada", "han-leads-tide", ["subject"]),
    ],
)
def test_a_thing_has_every_fact_that_names_it(
    harbor: Api, entity: str, fact: str, roles: list[str]
) -> None:
    found = {item["id"]: item for item in timeline(harbor, entity=entity)}

    assert found[fact]["roles"] == roles
    assert found[fact]["evidence"]


def test_every_thing_and_document_has_exactly_its_facts_each_once(
    harbor: Api, harbor_seed: Seed
) -> None:
    party = harbor_seed.facts["two-centers-sum"].model_copy(
        update={"id": "both", "funders": ("gull-city",), "recipients": ("gull-city",)}
    )
    own = harbor_seed.facts["tide-equipment"].model_copy(
        update={"id": "own", "stated_by": "tide-center", "program": "deep-water-program"}
    )
    seed = with_facts(harbor_seed, party, own)
    harbor.load(seed)

    for id_ in seed.entities:
        page = harbor.ok(TIMELINE, params={"entity": id_, "limit": 500})
        named = sorted(fact.id for fact in seed.facts.values() if id_ in fact.mentioned())
        assert sorted(ids(page["items"])) == named
        assert page["total"] == len(named)
        assert all(item["roles"] for item in page["items"])
    for id_ in seed.documents:
        stated = sorted(fact.id for fact in seed.facts.values() if id_ in fact.documents)
        page = harbor.ok(TIMELINE, params={"document": id_, "limit": 500})
        assert sorted(ids(page["items"])) == stated
        assert page["total"] == len(stated)


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("asked", [{"entity": "tide-center"}, {"document": "harbor-001"}])
def test_a_walk_through_a_timeline_sees_each_fact_once_and_in_order(
    harbor: Api, asked: dict[str, str], limit: int
) -> None:
    whole = harbor.items(TIMELINE, **asked, limit=500)
    pages = list(walk(harbor, TIMELINE, **asked, limit=limit))

    assert [item for page in pages for item in page["items"]] == whole
    assert {page["total"] for page in pages} == {len(whole)}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "entity"),
        ("entity=tide-center&document=harbor-001", "entity"),
        ("entity=Tide Center", "entity"),
        ("entity=" + "a" * 101, "entity"),
        ("entity=", "entity"),
        ("entity=tide-center&entity=ebb-center", "entity"),
        ("document=../x", "document"),
        ("entity=tide-center&as_of=2030-02-30", "as_of"),
        ("entity=tide-center&undated=last", "undated"),
        ("entity=tide-center&known_at=2030-04-01", "known_at"),
        ("entity=tide-center&limit=0", "limit"),
        ("entity=tide-center&cursor=x", "cursor"),
        ("entity=tide-center&since=2030-04-01T00:00:00Z", "since"),
    ],
)
def test_a_timeline_of_nothing_or_of_two_is_refused(harbor: Api, query: str, field: str) -> None:
    assert harbor.problem(f"{TIMELINE}?{query}", 422, "invalid-input")["field"] == field


@pytest.mark.parametrize(
    ("field", "id_", "near"),
    [
        ("entity", "tide-centre", "tide-center"),
        ("entity", "pier-office", "pier-agency"),
        ("entity", "harbor-001", ""),
        ("document", "harbor-1", "harbor-001"),
        ("document", "tide-center", ""),
    ],
)
def test_a_timeline_of_an_unknown_id_names_the_near_ones(
    harbor: Api, field: str, id_: str, near: str
) -> None:
    problem = harbor.problem(TIMELINE, 404, "not-found", params={field: id_})

    assert problem["field"] == field
    assert near in problem.get("mend", "")


def test_the_cursor_of_another_timeline_is_refused(harbor: Api) -> None:
    cursor = harbor.ok(f"{TIMELINE}?entity=tide-center&limit=2")["next_cursor"]
    asked = {"entity": "ebb-center", "cursor": cursor}

    assert harbor.problem(TIMELINE, 422, "invalid-input", params=asked)["field"] == "cursor"


def test_a_thing_without_facts_has_an_empty_timeline(harbor: Api, harbor_seed: Seed) -> None:
    lonely = harbor_seed.entities["gull-hotel"]
    harbor.load(with_entity(without_facts(harbor_seed, "forum-at-hotel"), lonely.id, note="alone"))

    assert harbor.ok(f"{TIMELINE}?entity={lonely.id}")["total"] == 0
