"""What was held at an instant is what readers saw then, whatever loads have come since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc.model.seed import Seed
from tests.api.conftest import Api, walk
from tests.api.seed_changes import merged, with_document, with_entity, with_fact, with_facts
from tests.api.seed_changes import without_facts as without

THING, OTHER, PROGRAM, DOCUMENT = (
    "tide-center",
    "tidal-center",
    "harbor-growth-program",
    "harbor-001",
)
FACTS = ("wave-funds-pier", "pier-funds-tide", "two-centers-sum", "tide-opening", "tide-equipment")
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("/v1/timeline", {"entity": THING}),
    ("/v1/timeline", {"entity": PROGRAM, "undated": "exclude"}),
    ("/v1/timeline", {"document": DOCUMENT, "as_of": "2030-03-31"}),
    ("/v1/relationships", {"type": "FUNDS"}),
    ("/v1/relationships", {"subject_kind": "Company", "sort": "amount"}),
    ("/v1/relationships", {"object_kind": "Center", "as_of": "2030-03-01"}),
    *((f"/v1/facts/{id_}", {}) for id_ in FACTS),
]
PERIODS = (None, "2029", "2030-03", "2030-03?", "../2030", "2030/..", "XXXX-09")
KINDS = ("Center", "Company", "Association")


def changed(seed: Seed, first: Seed, step: tuple[str, Any, Any]) -> Seed:
    """The seed after one step; steps that cannot be made now change nothing."""
    match step:
        case "drop", id_, _:
            return without(seed, id_)
        case "add", id_, _ if set(first.facts[id_].mentioned()) <= set(seed.entities):
            return with_facts(seed, first.facts[id_])
        case "period", id_, period if id_ in seed.facts:
            return with_fact(seed, id_, period=period)
        case "name", id_, name:
            return with_entity(seed, id_, name=f"이름 {name}")
        case "kind", id_, kind:
            return with_entity(seed, id_, kind=kind)
        case "document", _, text:
            return with_document(seed, DOCUMENT, description=f"Of {text}.")
        case "merge", _, _ if OTHER in seed.entities:
            return merged(seed, OTHER, THING)
    return seed


fact, thing = st.sampled_from(FACTS), st.sampled_from([THING, "anchor-works", "rope-and-sail"])
steps = st.one_of(
    st.tuples(st.sampled_from(["drop", "add"]), fact, st.none()),
    st.tuples(st.just("period"), fact, st.sampled_from(PERIODS)),
    st.tuples(st.just("name"), thing, st.integers(1, 3)),
    st.tuples(st.just("kind"), thing, st.sampled_from(KINDS)),
    st.tuples(st.just("document"), st.none(), st.integers(1, 3)),
    st.just(("merge", None, None)),
)


def test_an_instant_shows_what_was_seen_at_it(harbor: Api, harbor_seed: Seed) -> None:
    loads = [
        [("drop", "two-centers-sum", None), ("name", THING, 1), ("document", None, 1)],
        [("kind", "rope-and-sail", "Association"), ("period", "wave-funds-pier", "2029")],
        [("add", "two-centers-sum", None), ("merge", None, None), ("name", THING, 2)],
        [("kind", "rope-and-sail", "Company"), ("drop", "wave-funds-pier", None)],
    ]

    _require_what_was_seen(harbor, harbor_seed, loads)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(loads=st.lists(st.lists(steps, min_size=1, max_size=4), min_size=2, max_size=4))
def test_whatever_the_loads_an_instant_shows_what_was_seen_at_it(
    harbor: Api, harbor_seed: Seed, loads: list[list[tuple[str, Any, Any]]]
) -> None:
    _require_what_was_seen(harbor, harbor_seed, loads)


def _require_what_was_seen(
    harbor: Api, harbor_seed: Seed, loads: list[list[tuple[str, Any, Any]]]
) -> None:
    seed = replace(harbor_seed)
    harbor.load(seed)
    began = harbor.ok("/v1/statistics")["loaded_at"]
    seen = [(began, answers(harbor))]
    for load in loads:
        for step in load:
            seed = changed(seed, harbor_seed, step)
        harbor.load(replace(seed))
        seen.append((harbor.ok("/v1/statistics")["loaded_at"], answers(harbor)))

    for instant, then in seen:
        assert answers(harbor, known_at=instant) == then
    assert replayed(harbor) == (set(seed.facts), {i: e.name for i, e in seed.entities.items()})


def answers(api: Api, **then: str) -> dict[str, Any]:
    """What the reads of facts say, lists with their totals and walked through in small pages."""
    found: dict[str, Any] = {}
    for path, asked in ASKED:
        parameters = {**asked, **then}
        if path.startswith("/v1/facts"):
            fact = api.get(path, params=parameters).json()
            found[path] = {**fact, "graph_version": 0, "instance": ""}
        else:
            pages = list(walk(api, path, limit=7, **parameters))
            items = [item for page in pages for item in page["items"]]
            found[f"{path} {asked}"] = (pages[0]["total"], items)
    return found


def replayed(api: Api) -> tuple[set[str], dict[str, str]]:
    """The facts and the names of things after all changes of the feed, each fit for the last."""
    pages = list(walk(api, "/v1/changes", limit=40))
    feed = [item for page in pages for item in page["items"]]
    held: dict[tuple[str, str], Any] = {}
    for item in feed:
        assert held.pop((item["what"], item["id"]), None) == by_ids(item["before"])
        if item["after"] is not None:
            held[item["what"], item["id"]] = by_ids(item["after"])
    assert pages[0]["total"] == len(feed)
    return (
        {id_ for what, id_ in held if what == "fact"},
        {id_: state["name"] for (what, id_), state in held.items() if what == "entity"},
    )


def by_ids(state: Any) -> Any:
    """A state with bare ids for the things it names: a rename is no change of facts."""
    match state:
        case {"id": id_, "kind": _, "name": _, "name_en": _, "aliases": _, **rest} if not rest:
            return id_
        case dict():
            return {name: by_ids(value) for name, value in state.items()}
        case list():
            return [by_ids(item) for item in state]
    return state
