"""Answers about the past say what its loads said, whatever later loads say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api, load_at
from tests.api.seed_changes import merged, with_entity, with_fact, without_facts

OLD, NEW, FURTHER = "tidal-center", "tide-center", "ebb-center"
FACT, SUBJECT, OBJECT = "pier-funds-tide", "pier-agency", "tide-center"


def past(api: Api, until: str) -> dict[str, Any]:
    """Every answer about what loads did up to an instant."""
    return {
        "changes": api.items("/v1/changes", until=until, limit=500),
        "known": api.items("/v1/changes", known_at=until, limit=500),
        **{
            id_: api.items(f"/v1/entities/{id_}/history", known_at=until, limit=500)
            for id_ in (NEW, SUBJECT)
        },
        "fact": {**api.ok(f"/v1/facts/{FACT}", params={"known_at": until}), "graph_version": None},
        "timeline": api.items("/v1/timeline", entity=SUBJECT, known_at=until, limit=500),
    }


def unmerged(seed: Seed, harbor: Seed) -> Seed:
    """The seed after a merge was undone."""
    apart = {id_: harbor.entities[id_] for id_ in (OLD, NEW)}
    return replace(seed, entities={**seed.entities, **apart})


LATER: dict[str, Callable[[Seed, Seed], Seed]] = {
    "a name": lambda seed, _: with_entity(seed, SUBJECT, name="새이름", name_en="New Name"),
    "a kind": lambda seed, _: with_entity(seed, SUBJECT, kind="Company"),
    "an alias": lambda seed, _: with_entity(seed, OBJECT, aliases=("새별명",)),
    "a fact": lambda seed, _: with_fact(seed, FACT, period="2031"),
    "a fact withdrawn": lambda seed, _: without_facts(seed, FACT),
    "a merge undone": unmerged,
    "a merge that went further": lambda seed, _: merged(seed, NEW, FURTHER),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER.keys())
def test_what_a_load_said_stays_said(
    emptied: Api, harbor_seed: Seed, later: Callable[[Seed, Seed], Seed]
) -> None:
    load_at(emptied, harbor_seed)
    second = merged(harbor_seed, OLD, NEW)
    at = load_at(emptied, second)
    before = past(emptied, at)
    gone = next(item for item in before["changes"] if item["how"] == "retracted"
                and item["id"] == OLD)  # fmt: skip
    load_at(emptied, later(second, harbor_seed))

    assert gone["merged_into"] == NEW
    assert past(emptied, at) == before


def test_both_states_of_a_change_are_named_as_their_loads_named_them(
    emptied: Api, harbor_seed: Seed
) -> None:
    load_at(emptied, harbor_seed)
    old = harbor_seed.entities[SUBJECT].name
    renamed = with_entity(harbor_seed, SUBJECT, name="새이름")
    at = load_at(emptied, with_fact(renamed, FACT, period="2031"))
    load_at(emptied, with_entity(with_fact(renamed, FACT, period="2031"), SUBJECT, name="더새이름"))
    change = next(item for item in emptied.items("/v1/changes", until=at, limit=500)
                  if item["id"] == FACT and item["how"] == "changed")  # fmt: skip
    fact = emptied.ok(f"/v1/facts/{FACT}")

    assert change["fields"] == ["period"]
    assert [change[state]["subject"]["name"] for state in ("before", "after")] == [old, "새이름"]
    assert fact["subject"]["name"] == "더새이름"
    assert [version["fact"]["subject"]["name"] for version in fact["history"]] == [old]


def test_a_thing_that_was_dropped_before_it_was_merged_was_merged_by_no_load_of_then(
    emptied: Api, harbor_seed: Seed
) -> None:
    second = merged(harbor_seed, OLD, NEW)
    load_at(emptied, harbor_seed)
    dropped = with_entity(second, NEW, merged_ids=harbor_seed.entities[NEW].merged_ids)
    at = load_at(emptied, dropped)
    load_at(emptied, second)
    gone = next(item for item in emptied.items("/v1/changes", limit=500)
                if item["id"] == OLD and item["how"] == "retracted")  # fmt: skip

    assert gone["merged_into"] is None
    known = emptied.get(f"/v1/entities/{OLD}/history", params={"known_at": at})
    assert (known.status_code, known.json()["status"]) == (200, "retracted")
    assert emptied.get(f"/v1/entities/{OLD}/history").status_code == 308
