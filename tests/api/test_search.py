"""Search over HTTP: what is found in the packaged seed and in the harbor, and what is refused."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc.api import search as api_search
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.usecases.search.name_index import NameIndex
from graphsvc.usecases.search.search import name_index
from tests.api.conftest import Api, ids, serving
from tests.made_seeds import thing, with_things

PATH = "/v1/search"
NFD = "NFD"


def best(api: Api, q: str, **parameters: Any) -> dict[str, Any]:
    items = api.items(PATH, q=q, **parameters)
    assert items, f"nothing found for {q!r}"
    return items[0]


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("q", "found", "match", "changes"),
    [
        ("산업통상자원부", "motie", "exact", []),
        ("Ministry of Trade, Industry and Energy", "motie", "exact", []),
        ("ministry of trade industry and energy", "motie", "exact", []),
        ("의료·바이오 첨단기기 연구제조센터", "changwon-device-center", "exact", []),
        ("의료바이오첨단기기연구제조센터", "changwon-device-center", "exact", []),
        ("의료・바이오 첨단기기 연구제조센터", "changwon-device-center", "exact", []),
        ("의료‧바이오 첨단기기 연구제조센터", "changwon-device-center", "exact", []),
        ("헬스케어 산학연 협의체", "chungnam-healthcare-council", "exact", []),
        ("KTL", "ktl", "alias", []),
        ("ktl", "ktl", "alias", []),
        ("keri", "keri", "alias", []),
        ("KeRi", "keri", "alias", []),
        ("ＫＥＲＩ", "keri", "alias", []),
        ("산업부", "motie", "alias", []),
        ("전기연", "keri", "alias", []),
        ("K NIBRT", "knibrt-training-center", "alias", []),
        ("(주)셀트리온", "celltrion", "exact", ["legal_form"]),
        ("㈜셀트리온", "celltrion", "exact", ["legal_form"]),
        ("주식회사 셀트리온", "celltrion", "exact", ["legal_form"]),
        ("셀트리온(주)", "celltrion", "exact", ["legal_form"]),
        ("Celltrion, Inc.", "celltrion", "exact", ["legal_form"]),
        ("Celltrion Co., Ltd.", "celltrion", "exact", ["legal_form"]),
        ("yuhan", "yuhan", "exact", ["legal_form"]),
        ("재단법인 오송첨단의료산업진흥재단", "kbiohealth", "exact", ["legal_form"]),
        ("(재)오송첨단의료산업진흥재단", "kbiohealth", "exact", ["legal_form"]),
        ("산업부가", "motie", "alias", ["particle"]),
        ("셀트리온과", "celltrion", "exact", ["particle"]),
        ("KTL은", "ktl", "alias", ["particle"]),
        ("창원시에서는", "changwon", "exact", ["particle"]),
        ("㈜셀트리온은", "celltrion", "exact", ["particle", "legal_form"]),
        ("창원시청", "changwon", "exact", ["office"]),
        ("강원도청", "gangwon", "alias", ["office"]),
        ("창원시청에서", "changwon", "exact", ["particle", "office"]),
        ("의료바이오", "changwon-device-center-project", "prefix", []),
        ("gangwon", "gangwon", "prefix", []),
        ("특화단지", "bio-special-complex", "inside", []),
        ("연구원 전기", "keri", "inside", []),
        ("ㅅㅇㅌㅅㅈㅇㅂ", "motie", "choseong", []),
        ("ㅊㅊㄴㄷ", "chungnam", "choseong", []),
        ("tkatjdqkdldhfhwlrtm", "samsung-biologics", "exact", ["keyboard"]),
        ("TKSDJQQN", "motie", "alias", ["keyboard"]),
        ("ㅏ시", "ktl", "alias", ["keyboard"]),
        ("산업통산자원부", "motie", "fuzzy", []),
        ("삼성바이어로직스", "samsung-biologics", "fuzzy", []),
        ("cellrtion", "celltrion", "fuzzy", []),
    ],
)
def test_a_thing_is_found_however_it_is_written(
    packaged: Api, q: str, found: str, match: str, changes: list[str]
) -> None:
    hit = best(packaged, q)

    assert (hit["id"], hit["match"], hit["changes"]) == (found, match, changes)


def test_hangul_on_a_latin_keyboard_finds_what_begins_so(packaged: Api) -> None:
    hits = packaged.items(PATH, q="tkatjdqkdldh")

    assert set(ids(hits)) == {"samsung-biologics", "samsung-bioepis"}
    assert {hit["read_as"] for hit in hits} == {"삼성바이오"}


@pytest.mark.parametrize("q", ["산업부", "셀트리온과", "Gangwon"])
def test_the_unicode_form_does_not_matter(packaged: Api, q: str) -> None:
    assert ids(packaged.items(PATH, q=unicodedata.normalize(NFD, q))) == ids(
        packaged.items(PATH, q=q)
    )


@pytest.mark.parametrize(
    ("q", "matched", "part"),
    [
        ("의료바이오", "의료·바이오 첨단기기 연구제조센터", "의료·바이오"),
        ("특화단지", "바이오 국가첨단전략산업 특화단지", "특화단지"),
        ("ㅅㅇㅌㅅ", "산업통상자원부", "산업통상"),
        ("yuhan", "Yuhan Corporation", "Yuhan"),
        ("gangwon", "Gangwon State", "Gangwon"),
    ],
)
def test_the_span_tells_what_was_found_of_the_name(
    packaged: Api, q: str, matched: str, part: str
) -> None:
    hit = next(hit for hit in packaged.items(PATH, q=q) if hit["matched"] == matched)

    assert matched[slice(*hit["span"])] == part


@pytest.mark.parametrize("q", ["산업통산자원부", "연구원 전기"])
def test_there_is_no_span_where_what_was_found_is_not_together(packaged: Api, q: str) -> None:
    assert best(packaged, q)["span"] is None


@pytest.mark.parametrize("q", ["ㅅ", "사", "산", "산ㅇ", "산어", "산업", "산업ㅌ", "산업토"])
def test_each_keystroke_of_a_name_finds_it(packaged: Api, q: str) -> None:
    hits = packaged.items(PATH, q=q, mode="prefix", limit=100)

    assert "motie" in ids(hits)


def test_a_syllable_is_unfinished_only_while_it_is_typed(packaged: Api) -> None:
    assert "motie" in ids(packaged.items(PATH, q="사", mode="prefix", limit=100))
    assert "motie" not in ids(packaged.items(PATH, q="사", limit=100))
    assert packaged.items(PATH, q="산업통산자원부", mode="prefix") == []


def test_exact_comes_before_alias_before_prefix_before_inside(harbor: Api) -> None:
    order = ["exact", "alias", "prefix", "inside", "choseong", "fuzzy"]
    for q in ("tide", "밀물", "센터", "부두", "심해 과제", "mow"):
        hits = harbor.items(PATH, q=q)
        assert [order.index(hit["match"]) for hit in hits] == sorted(
            order.index(hit["match"]) for hit in hits
        )
        assert [hit["score"] for hit in hits] == sorted(
            (hit["score"] for hit in hits), reverse=True
        )


def test_equal_scores_go_by_degree_then_by_id(harbor: Api) -> None:
    by_degree = {
        item["id"]: place
        for place, item in enumerate(harbor.items("/v1/entities", sort="degree", limit=500))
    }
    degree = {
        id_: sum(
            count["outgoing"] + count["incoming"]
            for count in harbor.ok(f"/v1/entities/{id_}")["relationship_counts"]
        )
        for id_ in by_degree
    }
    hits = harbor.items(PATH, q="tide", limit=100)
    keys = [(-hit["score"], -degree[hit["id"]], hit["id"]) for hit in hits]

    assert len(keys) > 2
    assert keys == sorted(keys)


def test_a_name_that_ends_like_a_particle_is_exact(harbor: Api) -> None:
    hit = best(harbor, "파도과")

    assert (hit["id"], hit["match"], hit["score"], hit["changes"]) == ("wave-unit", "exact", 1, [])


def test_a_kind_may_be_an_ancestor(harbor: Api) -> None:
    everything = harbor.items(PATH, q="tide", limit=100)
    centers = harbor.items(PATH, q="tide", kind="Center", limit=100)
    organizations = harbor.items(PATH, q="tide", kind="Organization", limit=100)

    assert {hit["kind"] for hit in centers} == {"Center"}
    assert set(ids(centers)) < set(ids(everything))
    assert set(ids(centers)) <= set(ids(organizations)) < set(ids(everything))


def test_a_word_of_one_document_is_no_name(harbor: Api) -> None:
    hits = harbor.items(PATH, q="센터", limit=100)

    assert not [hit for hit in hits if hit["match"] in ("exact", "alias")]


def test_the_total_counts_what_the_limit_leaves_out(harbor: Api) -> None:
    answer = harbor.ok(PATH, params={"q": "tide", "limit": 1})

    assert len(answer["items"]) == 1
    assert answer["total"] == len(harbor.items(PATH, q="tide", limit=100)) > 1
    assert harbor.ok(PATH, params={"q": "t", "limit": 1, "mode": "prefix"})["total"] is None


def test_every_name_of_the_seed_finds_itself_first(packaged: Api, packaged_seed: Seed) -> None:
    for entity in packaged_seed.entities.values():
        for field, name in (("name", entity.name), ("name_en", entity.name_en)):
            hit = best(packaged, name, kind=entity.kind, limit=1)
            assert (hit["id"], hit["match"], hit["score"]) == (entity.id, "exact", 1), name
            assert hit["matched"] == name or field == "name_en"


@pytest.mark.parametrize("q", [" ", "  ", "·", "...", "%", "_", "*", "🐟", "' OR 1=1 --", "zqxjv"])
def test_what_is_like_no_name_finds_nothing(harbor: Api, q: str) -> None:
    assert harbor.ok(PATH, params={"q": q})["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=a&q=b", "q"),
        ("q=tide&kind=Centre", "kind"),
        ("q=tide&kind=Center,Companie", "kind"),
        ("q=tide&mode=fuzzy", "mode"),
        ("q=tide&limit=0", "limit"),
        ("q=tide&limit=501", "limit"),
        ("q=tide&limit=1.0", "limit"),
        ("q=tide&cursor=x", "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(harbor: Api, query: str, field: str) -> None:
    assert harbor.problem(f"{PATH}?{query}", 422, "invalid-input")["field"] == field


@pytest.mark.parametrize("q", ["a%00", "%ED%A0%80", "%FF", "a%0Ab"])
def test_what_is_no_text_is_refused(harbor: Api, q: str) -> None:
    harbor.problem(f"{PATH}?q={q}", 400, "malformed-request")


def test_a_text_of_a_megabyte_is_refused(harbor: Api) -> None:
    status, problem = harbor.raw(PATH, b"q=" + b"a" * 1_000_000)

    assert (status, problem["type"]) == (400, "/docs/errors#address-too-long")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(min_size=1, max_size=200), mode=st.sampled_from(["full", "prefix"]))
def test_no_text_makes_a_search_fail(harbor: Api, q: str, mode: str) -> None:
    assert harbor.get(PATH, params={"q": q, "mode": mode}).status_code in {200, 400}


def test_after_a_load_the_new_names_are_found(harbor: Api, harbor_seed: Seed) -> None:
    assert harbor.items(PATH, q="고래상사") == []
    renamed = harbor_seed.entities["anchor-works"].model_copy(update={"name": "고래상사"})
    harbor.load(replace(harbor_seed, entities={**harbor_seed.entities, renamed.id: renamed}))

    assert ids(harbor.items(PATH, q="고래상사")) == ["anchor-works"]


def test_the_names_are_ready_before_anybody_searches(
    harbor: Api,
    harbor_seed: Seed,
    fresh: Settings,
    portal: BlockingPortal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[int] = []

    async def counted(database: Database) -> NameIndex:
        index = await name_index(database)
        built.append(len(index.things))
        return index

    def wait_for(many: int) -> None:
        deadline = time.monotonic() + 20
        while len(built) < many:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    harbor.settle()
    monkeypatch.setattr(api_search, "name_index", counted)
    with serving(fresh.model_copy(update={"state_max_age_s": 60}), portal) as service:
        wait_for(1)
        service.load(with_things(harbor_seed, thing("heron-works", "Company")))
        harbor.holds = None
        service.ok("/ready")
        wait_for(2)

        assert ids(service.items(PATH, q="heron-works")) == ["heron-works"]
        assert built == [len(harbor_seed.entities), len(harbor_seed.entities) + 1]
