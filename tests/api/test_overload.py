"""Many who ask at once, and statements that run for long: others are answered."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.settings import Settings
from tests.api.conftest import Api
from tests.api.test_runaways import ask, generation, listening
from tests.combinations import combinations

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("calm")]

READS = (
    "/v1/entities?limit=5",
    "/v1/relationships?limit=5",
    "/v1/entities/pier-agency",
    "/v1/entities/pier-agency/neighbourhood",
    "/v1/search?q=pier",
    "/v1/queries/funding_by_ministry",
    "/v1/export?format=json&entity=pier-agency",
)
SLOW = {
    "paths": "MATCH p = (a)-[*1..20]-(b) RETURN count(p) AS n",
    "ranges": "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n",
}


@combinations(
    "name, at_once",
    list(SLOW),
    [4, 8],
    always=[("paths", 4), ("ranges", 8)],
)
def test_slow_statements_leave_all_other_reads_their_places(
    harbor: Api, fresh: Settings, portal: BlockingPortal, name: str, at_once: int
) -> None:
    told: list[httpx.Response] = []
    with listening(fresh.model_copy(update={"cache_bytes": 0}), portal) as url:
        slow = [
            threading.Thread(target=lambda: told.append(ask(url, SLOW[name], timeout=12)))
            for _ in range(at_once)
        ]
        for thread in slow:
            thread.start()
        meanwhile = Counter(
            httpx.get(url + path, timeout=20).status_code
            for path in READS
            if any(thread.is_alive() for thread in slow)
        )
        for thread in slow:
            thread.join()

    assert set(meanwhile) == {200}
    assert {answer.status_code for answer in told} <= {200, 503, 504}


def test_many_exports_at_once_are_whole_or_told_to_come_again(
    harbor: Api, fresh: Settings, portal: BlockingPortal
) -> None:
    before = generation(harbor) if fresh.embedded else 0

    def export(_: int) -> httpx.Response:
        return httpx.get(f"{url}/v1/export?format=json", timeout=120)

    with listening(fresh, portal) as url, ThreadPoolExecutor(100) as many:
        answers = list(many.map(export, range(100)))

    assert {answer.status_code for answer in answers} <= {200, 503}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    assert all(json.loads(answer.text)["nodes"] for answer in answers if answer.status_code == 200)
    assert sum(answer.status_code == 200 for answer in answers) >= fresh.max_exports
    assert before == (generation(harbor) if fresh.embedded else 0)
