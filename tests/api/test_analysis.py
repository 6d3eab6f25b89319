"""Network measures over REST: runs that are watched, ended, repeated and read."""

from __future__ import annotations

import csv
import io
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving
from tests.directions import Case, directions
from tests.store.engine_processes import alive

RUNS = "/v1/analysis/runs"
LONG = {"metric": "rank_stability", "parameters": {"resamples": 100_000}}


def start(api: Api, **body: Any) -> Any:
    return api.request("POST", RUNS, json=body)


def begun(api: Api, **body: Any) -> str:
    """The id of a run that nobody waits for."""
    prefer = {"Prefer": "respond-async"}
    return str(api.request("POST", RUNS, json=body, headers=prefer).json()["id"])


def finished(api: Api, **body: Any) -> dict[str, Any]:
    return ended(api, start(api, **body).json()["id"])


def ended(api: Api, run: str) -> dict[str, Any]:
    return until(lambda: api.ok(f"{RUNS}/{run}"), lambda seen: seen["state"] not in LIVE)


LIVE = ("queued", "running")


def until(look: Callable[[], Any], is_so: Callable[[Any], bool]) -> Any:
    for _ in range(600):
        seen = look()
        if is_so(seen):
            return seen
        time.sleep(0.1)
    pytest.fail(f"It did not come to that: {seen}")


def test_every_measure_is_described_with_its_parameters(harbor: Api) -> None:
    items = {item["name"]: item for item in harbor.items("/v1/analysis")}
    alpha = items["pagerank"]["parameters"]["properties"]["alpha"]
    assert (alpha["exclusiveMinimum"], alpha["exclusiveMaximum"], alpha["default"]) == (0, 1, 0.85)
    assert all(item["definition"] and item["reference"] for item in items.values())


def test_a_small_measure_is_answered_with_its_rows_and_where_they_come_from(harbor: Api) -> None:
    run = finished(harbor, metric="pagerank")
    assert run["state"] == "done"
    assert run["parameters"] == {"alpha": 0.85, "tol": 1e-9, "max_iter": 1000, "weighted": True}
    values = [row["value"] for row in run["top"]]
    assert values == sorted(values, reverse=True)
    assert run["top"][0].keys() == {"node", "kind", "name", "name_en", "value"}
    origin = run["provenance"]
    assert (origin["graph"]["nodes"], len(origin["graph"]["hash"])) == (run["total"], 64)
    assert {"graphsvc", "networkx", "numpy", "numba", "python"} == origin["versions"].keys()


def test_what_was_computed_once_is_not_computed_again(harbor: Api) -> None:
    first = finished(harbor, metric="degree", seed=7)
    again = start(harbor, metric="degree", seed=7)
    assert again.status_code == 200
    assert again.json()["id"] != first["id"]
    assert again.json()["top"] == first["top"]
    listed = [run["id"] for run in harbor.items(RUNS, limit=2)]
    assert listed == [again.json()["id"], first["id"]]


def test_a_result_is_read_page_by_page_or_only_its_top(harbor: Api) -> None:
    run = finished(harbor, metric="degree")
    path = f"{RUNS}/{run['id']}/result"
    rows, cursor = [], None
    while True:
        page = harbor.ok(path, params={"limit": 4, **({"cursor": cursor} if cursor else {})})
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(rows) == run["total"] == page["total"]
    assert rows[:3] == harbor.items(path, top=3)
    centers = harbor.items(path, kind="Center", limit=500)
    assert centers == [row for row in rows if row["kind"] == "Center"]


def test_a_result_is_also_a_table_and_a_paragraph(harbor: Api) -> None:
    run = finished(harbor, metric="degree")
    path = f"{RUNS}/{run['id']}"
    table = harbor.get(f"{path}/table")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["node"] for row in rows[:10]] == [row["node"] for row in run["top"]]
    parquet = pytest.importorskip("pyarrow.parquet")
    content = harbor.get(f"{path}/table", params={"format": "parquet", "top": 2}).content
    assert parquet.read_table(io.BytesIO(content)).num_rows == 2
    text = harbor.get(f"{path}/methods").text
    assert run["provenance"]["graph"]["network_hash"] in text
    assert "연결 중심성" in harbor.get(f"{path}/methods", params={"lang": "ko"}).text


@pytest.mark.parametrize("metric", ["pagerank", "eigenvector"])
def test_ranks_of_few_documents_have_warnings_and_no_interval(harbor: Api, metric: str) -> None:
    undirected = {"directed": False}
    asked = {"metric": metric, "resamples": 10}
    run = finished(harbor, metric="rank_stability", parameters=asked, filter=undirected)
    origin = run["provenance"]
    assert origin["method"] == 2
    assert 0 < origin["counts"]["documents"] < origin["counts"]["facts"]
    assert origin["counts"]["documents"] < 20
    assert len(origin["warnings"]) >= 2
    assert {(row["rank_low"], row["rank_high"]) for row in run["top"]} == {(None, None)}
    assert all(0 <= row["rank_holds"] <= 1 for row in run["top"])
    for language in ("en", "ko"):
        asked_for = {"format": "methods", "lang": language}
        text = harbor.get(f"{RUNS}/{run['id']}/result", params=asked_for).text
        assert all(warning[language] in text for warning in origin["warnings"])


def test_the_filter_says_what_is_computed_on(harbor: Api) -> None:
    run = finished(harbor, metric="summary", filter={"types": ["FUNDS"], "directed": False})
    expected = harbor.ok("/v1/relationships?type=FUNDS")["total"]
    assert run["top"][0]["weight"] == expected
    assert run["filter"]["types"] == ["FUNDS"]


@directions
def test_symmetric_types_alone_make_a_network_without_directions(harbor: Api, case: Case) -> None:
    run = finished(harbor, metric="summary", filter=case.filter)
    assert run["filter"]["directed"] == case.directed
    text = harbor.get(f"{RUNS}/{run['id']}/result", params={"format": "methods"}).text
    assert f"directed = {case.directed}" in text


ECHOED: dict[str, dict[str, Any]] = {
    "nothing asked": {"metric": "degree"},
    "a day": {"metric": "degree", "as_of": "2024-06-01"},
    "a day within": {"metric": "degree", "filter": {"as_of": "2024-06-01"}},
    "a day in both": {
        "metric": "degree", "as_of": "2024-06-01", "filter": {"as_of": "2024-06-01"},
    },
    "symmetric": {"metric": "pagerank", "filter": {"types": ["PARTNERS_WITH"]}, "seed": 3},
    "without directions": {"metric": "louvain", "parameters": {"resolution": 0.5}},
    "two days": {
        "metric": "rank_change", "as_of": "2030-04-01",
        "parameters": {"before": "2001-01-01", "metric": "degree"},
    },
    "much": {
        "metric": "degree", "as_of": "2030-01-01",
        "filter": {
            "types": ["SUPPORTS", "FUNDS"], "kinds": ["Organization", "Program"], "basis": "stated",
            "modality": "actual", "weight": "log_amount", "isolates": True,
        },
    },
    "projected": {
        "metric": "degree", "filter": {"project": "Organization", "through": "Center"},
    },
}  # fmt: skip


@pytest.mark.parametrize("body", ECHOED.values(), ids=ECHOED)
def test_what_a_run_echoes_can_be_posted_back(harbor: Api, body: dict[str, Any]) -> None:
    run = finished(harbor, **body)
    assert run["state"] == "done", run["problem"]
    echoed = {name: run[name] for name in ("metric", "parameters", "filter", "seed")}
    again = start(harbor, **echoed)
    assert again.status_code == 200, again.text
    assert {name: again.json()[name] for name in (*echoed, "top")} == echoed | {"top": run["top"]}
    assert again.json()["provenance"] == run["provenance"]


def test_a_change_sets_two_days_side_by_side(harbor: Api) -> None:
    parameters = {"before": "2001-01-01", "metric": "degree"}
    run = finished(harbor, metric="rank_change", parameters=parameters, as_of="2030-04-01")
    assert run["state"] == "done"
    assert {"before", "after", "difference"} <= run["top"][0].keys()


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (
            {"metric": "katz", "parameters": {"alpha": 0.99, "max_iter": 3}},
            "katz did not converge: power iteration failed to converge within 3 iterations: the"
            " last one changed",
        ),
        ({"metric": "betweenness", "parameters": {"k": 10_000}}, "cannot be computed"),
        (
            {"metric": "degree", "filter": {"min_amount_krw": 9 * 10**18}},
            "The filter leaves no relationship: min_amount_krw=9000000000000000000",
        ),
    ],
)
def test_what_cannot_be_computed_fails_with_the_reason(
    harbor: Api, body: dict[str, Any], detail: str
) -> None:
    run = finished(harbor, **body)
    assert run["state"] == "failed"
    assert detail in run["problem"]["detail"]
    assert run["problem"]["type"] == "/docs/errors#analysis"
    problem = harbor.problem(f"{RUNS}/{run['id']}/result", 404, "not-found")
    assert "has no result: it failed" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "metric"),
        ({"metric": "pagrank"}, "metric"),
        ({"metric": "pagerank", "parameters": {"alpha": 1.5}}, "parameters.alpha"),
        ({"metric": "pagerank", "parameters": {"alpha": "much"}}, "parameters.alpha"),
        ({"metric": "pagerank", "parameters": {"beta": 1}}, "parameters.beta"),
        ({"metric": "betweenness", "parameters": {"k": 0}}, "parameters.k"),
        ({"metric": "rank_change"}, "parameters.before"),
        ({"metric": "rank_stability", "parameters": {"metric": "louvain"}}, "parameters.metric"),
        ({"metric": "degree", "filter": {"types": ["FUND"]}}, "types"),
        ({"metric": "degree", "filter": {"kinds": []}}, "filter"),
        ({"metric": "degree", "filter": {"project": "Company"}}, "through"),
        ({"metric": "degree", "filter": {"weight": "euro"}}, "filter"),
        ({"metric": "degree", "filter": {"kind": "Center"}}, "kind"),
        ({"metric": "degree", "as_of": "2024-02-30"}, "as_of"),
        ({"metric": "degree", "filter": {"as_of": "2024-02-30"}}, "filter"),
        (
            {"metric": "degree", "as_of": "2024-06-01", "filter": {"as_of": "2024-06-02"}},
            "filter.as_of",
        ),
        ({"metric": "degree", "seed": -1}, "seed"),
        ({"metric": "degree", "engine": "gpu"}, "engine"),
        ({"metric": "degree", "colour": "red"}, "colour"),
    ],
)
def test_a_bad_question_is_refused_before_anything_runs(
    harbor: Api, body: dict[str, Any], field: str
) -> None:
    runs = harbor.items(RUNS, limit=1)
    response = start(harbor, **body)
    assert response.status_code == 422, response.text
    assert field in (
        response.json()["field"],
        *(e["field"] for e in response.json().get("errors", [])),
    )
    assert harbor.items(RUNS, limit=1) == runs


def test_an_unknown_run_is_not_found(harbor: Api) -> None:
    for path in (f"{RUNS}/none", f"{RUNS}/none/result"):
        harbor.problem(path, 404, "not-found")
    assert harbor.request("DELETE", f"{RUNS}/none").status_code == 404


def test_a_run_can_be_cancelled_in_the_middle(harbor: Api) -> None:
    response = start(harbor, **LONG)
    assert response.status_code == 202
    path = response.headers["location"]
    until(lambda: harbor.ok(path), lambda run: run["done"] > 0)
    process = worker_of(path.rpartition("/")[2], harbor)
    answer = harbor.request("DELETE", path)
    run = answer.json()
    assert (answer.status_code, run["state"], run["top"]) == (200, "cancelled", [])
    assert run["ended_at"] is not None
    harbor.problem(path, 404, "not-found")
    assert harbor.request("DELETE", path).status_code == 404
    until(lambda: alive(process), lambda lives: not lives)


def test_who_waits_for_a_run_that_another_ends_is_told_so(harbor: Api, narrow: Api) -> None:
    # One at a time: the small one has to wait for the long one.
    long = begun(narrow, **LONG, seed=8)
    with ThreadPoolExecutor(1) as pool:
        small = pool.submit(start, narrow, metric="degree", seed=8, filter={"isolates": True})
        waits = until(
            lambda: narrow.items(RUNS, limit=1)[0], lambda newest: newest["metric"] == "degree"
        )
        assert narrow.request("DELETE", f"{RUNS}/{waits['id']}").status_code == 200
        answer = small.result(30)
    narrow.request("DELETE", f"{RUNS}/{long}")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


def test_a_run_that_is_done_is_forgotten_and_its_result_kept(harbor: Api) -> None:
    run = finished(harbor, metric="degree", seed=14)
    answer = harbor.request("DELETE", f"{RUNS}/{run['id']}")
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    harbor.problem(f"{RUNS}/{run['id']}/result", 404, "not-found")
    again = start(harbor, metric="degree", seed=14).json()
    assert (again["state"], again["started_at"]) == ("done", again["created_at"])


@pytest.mark.parametrize("preference", ["respond-async", "wait=10, Respond-Async; x=1"])
def test_who_prefers_not_to_wait_is_answered_before_the_result_is_there(
    harbor: Api, preference: str
) -> None:
    body = {"metric": "degree", "seed": len(preference), "filter": {"isolates": True}}
    answer = harbor.request("POST", RUNS, json=body, headers={"Prefer": preference})
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert ended(harbor, answer.json()["id"])["state"] == "done"


@pytest.fixture
def narrow(
    harbor: Api, fresh: Settings, portal: BlockingPortal, tmp_path: Any, harbor_seed: Seed
) -> Iterator[Api]:
    """One analysis at a time, and a table of runs of its own where that is possible."""
    settings = fresh.model_copy(update={"analysis_processes": 1})
    with serving(settings, portal) as api:
        api.holds = harbor_seed
        yield api


def worker_of(run: str, *services: Api) -> int:
    """Any service of the folder may have started it: the one whose own run ended last."""
    processes = [api.app.state.runs._processes for api in services]
    return int(next(held[run].pid for held in processes if run in held))


@pytest.mark.faults
def test_a_killed_run_is_interrupted_and_the_next_goes_on(harbor: Api, narrow: Api) -> None:
    killed = begun(narrow, **LONG, seed=1)
    known_to_nobody = {"types": ["FUNDS", "SIGNED"], "isolates": True}
    waiting = begun(narrow, metric="degree", filter=known_to_nobody)
    assert narrow.ok(f"{RUNS}/{waiting}")["state"] == "queued"
    until(lambda: narrow.ok(f"{RUNS}/{killed}"), lambda run: run["done"] > 0)
    os.kill(worker_of(killed, narrow, harbor), signal.SIGKILL)
    assert ended(narrow, waiting)["state"] == "done"
    assert ended(narrow, killed)["state"] == "interrupted"


def test_a_queued_run_is_cancelled_at_once(narrow: Api) -> None:
    first = start(narrow, **LONG, seed=2).json()["id"]
    second = start(narrow, **LONG, seed=3).json()["id"]
    answer = narrow.request("DELETE", f"{RUNS}/{second}")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    narrow.request("DELETE", f"{RUNS}/{first}")


def test_when_the_service_ends_its_runs_are_interrupted_and_another_sees_that(
    harbor: Api, fresh: Settings, portal: BlockingPortal, harbor_seed: Seed
) -> None:
    with serving(fresh, portal) as api:
        api.holds = harbor_seed
        run = start(api, **LONG, seed=4).json()["id"]
        until(lambda: api.ok(f"{RUNS}/{run}"), lambda seen: seen["state"] == "running")
    assert harbor.ok(f"{RUNS}/{run}")["state"] == "interrupted"


def test_what_would_not_fit_is_refused_with_the_estimate(
    harbor: Api, fresh: Settings, portal: BlockingPortal, harbor_seed: Seed
) -> None:
    settings = fresh.model_copy(update={"analysis_memory_mb": -1})
    with serving(settings, portal) as api:
        api.holds = harbor_seed
        response = start(api, metric="degree", seed=99)
        assert response.status_code == 422
        assert "would take about" in response.json()["detail"]


def test_when_too_many_wait_one_is_told_to_come_back(
    narrow: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphsvc.usecases.runs.runs._MOST_WAITING", 1)
    runs = [start(narrow, **LONG, seed=seed).json()["id"] for seed in (5, 6)]
    refused = start(narrow, **LONG, seed=7)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    for run in reversed(runs):
        assert narrow.request("DELETE", f"{RUNS}/{run}").status_code == 200
