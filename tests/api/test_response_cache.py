"""Answers that are kept, compressed, shared with other origins, linked and counted."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace
from functools import partial

import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.usecases.loading.load import load
from tests.api.conftest import Api, serving

PATH = "/v1/relationships?type=FUNDS"
METRIC = re.compile(r"^(\w+)(\{.*\})? (\S+)$", re.MULTILINE)


def metrics(api: Api) -> dict[str, float]:
    found = METRIC.findall(api.get("/metrics").text)
    return {f"{name}{labels}": float(value) for name, labels, value in found}


def without(seed: Seed, fact: str) -> Seed:
    return replace(seed, facts={id_: kept for id_, kept in seed.facts.items() if id_ != fact})


def ids(api: Api) -> set[str]:
    return {item["id"] for item in api.ok(PATH)["items"]}


@pytest.fixture
def patient(harbor: Api, fresh: Settings, portal: BlockingPortal):
    """A service that looks for another version of the graph once a minute."""
    harbor.settle()
    with serving(fresh.model_copy(update={"state_max_age_s": 60}), portal) as api:
        api.settle()
        yield api


def test_a_repeated_read_asks_the_database_nothing(harbor: Api, patient: Api) -> None:
    first = patient.get(PATH)
    before = metrics(patient)
    again = patient.get(PATH)
    after = metrics(patient)

    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    reads = 'graphsvc_database_seconds_count{kind="read"}'
    found = 'graphsvc_answer_cache_lookups_total{found="yes"}'
    assert after[reads] == before[reads]
    assert after[found] == before[found] + 1


def test_a_problem_is_never_kept(harbor: Api, patient: Api) -> None:
    first = patient.get("/v1/entities/tide-centre")
    again = patient.get("/v1/entities/tide-centre")

    assert first.json()["instance"] != again.json()["instance"]


def test_a_load_by_this_service_is_seen_by_the_next_request(
    harbor: Api, harbor_seed: Seed, patient: Api
) -> None:
    assert "wave-funds-pier" in ids(patient)
    patient.load(without(harbor_seed, "wave-funds-pier"))
    harbor.holds = None

    assert "wave-funds-pier" not in ids(patient)


def test_a_load_by_another_process_is_seen_within_the_set_time(
    harbor: Api, harbor_seed: Seed, fresh: Settings, portal: BlockingPortal
) -> None:
    async def elsewhere() -> None:
        async with await Database.open(fresh) as database:
            await load(database, without(harbor_seed, "wave-funds-pier"), allow_retract=True)

    with serving(fresh.model_copy(update={"state_max_age_s": 0.5}), portal) as api:
        assert "wave-funds-pier" in ids(api)
        portal.call(elsewhere)
        harbor.holds = None
        time.sleep(0.6)

        assert "wave-funds-pier" not in ids(api)


def test_readers_who_come_at_once_get_one_and_the_same_answer(harbor: Api, patient: Api) -> None:
    async def all_at_once() -> list[bytes]:
        get = partial(patient.client.get, PATH)
        return [answer.content for answer in await asyncio.gather(*(get() for _ in range(20)))]

    assert len(set(patient.portal.call(all_at_once))) == 1


def test_who_takes_compressed_answers_gets_them_and_who_does_not_does_not(
    harbor: Api, patient: Api
) -> None:
    for _ in ("first", "kept"):
        plain = patient.get(PATH, headers={"Accept-Encoding": "identity"})
        small = patient.get(PATH, headers={"Accept-Encoding": "gzip"})

        assert "content-encoding" not in plain.headers
        assert small.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in small.headers["vary"]
        assert int(small.headers["content-length"]) < int(plain.headers["content-length"])
        assert small.json() == plain.json()
        assert small.headers["etag"] == plain.headers["etag"]


def test_pages_of_a_named_origin_may_read(
    harbor: Api, fresh: Settings, portal: BlockingPortal
) -> None:
    origin = "https://map.example"
    with serving(fresh.model_copy(update={"cors_origins": [origin]}), portal) as api:
        for _ in range(2):
            answer = api.get(PATH, headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
            assert "ETag" in answer.headers["access-control-expose-headers"]
            other = api.get(PATH, headers={"Origin": "https://other.example"})
            assert other.headers.get("access-control-allow-origin") != "https://other.example"
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "content-type, prefer"}  # fmt: skip
        assert api.request("OPTIONS", "/v1/entities", headers=asked).status_code == 200


def test_without_the_setting_no_other_origin_may_read(harbor: Api) -> None:
    answer = harbor.get(PATH, headers={"Origin": "https://map.example"})

    assert "access-control-allow-origin" not in answer.headers


def test_a_page_links_to_the_first_and_the_next(harbor: Api) -> None:
    page = harbor.get("/v1/relationships", params={"type": "FUNDS", "limit": 2})
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', page.headers["link"]))
    by_rel = {rel: address for address, rel in links.items()}

    assert harbor.get(by_rel["first"]).json() == page.json()
    following = harbor.get(by_rel["next"])
    assert following.json()["items"][0]["id"] not in {item["id"] for item in page.json()["items"]}
    last = harbor.get("/v1/relationships", params={"type": "FUNDS", "limit": 500})
    assert 'rel="next"' not in last.headers["link"]


def test_metrics_tell_requests_database_time_and_the_graphs_version(harbor: Api) -> None:
    harbor.settle()
    harbor.ok("/v1/entities/tide-center")
    harbor.get("/v1/entities/nothing-of-the-kind")
    found = metrics(harbor)

    template = 'handler="/v1/entities/{id}"'
    assert found[f'http_requests_total{{{template},method="GET",status="200"}}'] >= 1
    assert found[f'http_requests_total{{{template},method="GET",status="404"}}'] >= 1
    assert found['graphsvc_database_seconds_count{kind="read"}'] > 0
    assert found['graphsvc_database_seconds_count{kind="write"}'] > 0
    assert found["graphsvc_database_sessions"] == 0
    assert found["graphsvc_graph_version"] == harbor.ok("/ready")["graph_version"]
    assert found["graphsvc_graph_facts"] == harbor.ok("/ready")["facts"]
    assert found["graphsvc_graph_loads_seen_total"] >= 1
