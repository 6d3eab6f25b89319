"""Runs that fail, meet or are read in parts, and what OpenAPI says of them."""

from __future__ import annotations

import csv
import io
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.model.fact import ObservationFact
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving, walk
from tests.api.test_analysis import LONG, RUNS, ended, finished, start, until, worker_of

# What a network is read from makes no difference to runs, nor to what is drawn or said of results.
pytestmark = pytest.mark.embedded_only


@pytest.fixture
def beside(
    harbor: Api, fresh: Settings, portal: BlockingPortal, harbor_seed: Seed
) -> Iterator[Api]:
    """Another worker of the service on the same folder."""
    with serving(fresh, portal) as api:
        api.holds = harbor_seed
        yield api


@pytest.mark.faults
def test_a_killed_run_takes_no_other_with_it(harbor: Api) -> None:
    killed = start(harbor, **LONG, seed=11).json()["id"]
    other = start(harbor, metric="rank_stability", parameters={"resamples": 300}, seed=11).json()
    until(lambda: harbor.ok(f"{RUNS}/{killed}"), lambda run: run["done"] > 0)
    os.kill(worker_of(killed, harbor), signal.SIGKILL)
    assert ended(harbor, killed)["state"] == "interrupted"
    assert ended(harbor, other["id"])["state"] == "done"


@pytest.mark.parametrize(
    ("death", "state", "detail"),
    [
        ("exit 3", "failed", "exit code 3"),
        ("kill -SEGV $$", "failed", "SIGSEGV"),
        ("kill -TERM $$", "interrupted", None),
    ],
)
def test_a_run_whose_process_dies_of_itself_failed_and_says_so(
    harbor: Api,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    death: str,
    state: str,
    detail: str | None,
) -> None:
    # In place of Python: so it dies before any of ours has run, as where an import fails.
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{death}\n", "utf-8")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    run = finished(harbor, metric="degree", seed=len(death))
    assert run["state"] == state
    assert (detail is None and run["problem"] is None) or detail in run["problem"]["detail"]


def test_a_run_keeps_its_kernels_where_the_settings_of_the_service_say(
    harbor: Api, fresh: Settings, portal: BlockingPortal, harbor_seed: Seed, tmp_path: Path
) -> None:
    folder = tmp_path / "kernels"
    with serving(fresh.model_copy(update={"kernel_cache_dir": folder}), portal) as api:
        api.holds = harbor_seed
        assert finished(api, metric="betweenness", seed=14)["state"] == "done"
    assert list(folder.rglob("*.nbc"))


def test_any_worker_shows_ends_and_shares_a_run(harbor: Api, beside: Api) -> None:
    run = start(harbor, **LONG, seed=12).json()["id"]
    assert start(beside, **LONG, seed=12).json()["id"] == run
    until(lambda: beside.ok(f"{RUNS}/{run}"), lambda seen: seen["seconds_left"] is not None)
    assert beside.request("DELETE", f"{RUNS}/{run}").json()["state"] == "cancelled"
    harbor.problem(f"{RUNS}/{run}", 404, "not-found")
    again = start(beside, **LONG, seed=12).json()
    assert (again["id"] != run, again["state"]) == (True, "running")
    beside.request("DELETE", f"{RUNS}/{again['id']}")


def test_what_another_worker_computed_is_answered_at_once(harbor: Api, beside: Api) -> None:
    first = finished(harbor, metric="strength", seed=13)
    again = start(beside, metric="strength", seed=13)
    assert (again.status_code, again.json()["state"]) == (200, "done")
    assert again.json()["started_at"] == again.json()["created_at"]
    assert again.json()["top"] == first["top"]


def test_a_load_that_leaves_the_network_alone_leaves_its_results(
    harbor: Api, harbor_seed: Seed
) -> None:
    first = finished(harbor, metric="in_degree")
    facts = {id_: fact for id_, fact in harbor_seed.facts.items()
             if not isinstance(fact, ObservationFact)}  # fmt: skip
    assert len(facts) < len(harbor_seed.facts)
    harbor.load(replace(harbor_seed, facts=facts))
    again = finished(harbor, metric="in_degree")
    assert again["graph_version"] > first["graph_version"]
    assert again["provenance"] == first["provenance"]


def test_a_part_that_would_not_fit_is_known_when_it_was_read(
    packaged: Api, fresh: Settings, portal: BlockingPortal
) -> None:
    parameters = {"resamples": 100_000}
    part = {"types": ["FUNDS"], "isolates": True}
    with serving(fresh.model_copy(update={"analysis_memory_mb": 64}), portal) as api:
        run = finished(api, metric="rank_stability", parameters=parameters, filter=part)
    assert (run["state"], run["problem"]["type"]) == ("failed", "/docs/errors#limit")
    assert "would take about" in run["problem"]["detail"]


def test_answers_about_runs_are_never_kept(harbor: Api) -> None:
    run = finished(harbor, metric="degree")
    for path in (RUNS, f"{RUNS}/{run['id']}", f"{RUNS}/{run['id']}/result", f"{RUNS}/latest"):
        headers = harbor.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "etag" not in headers


def test_a_kind_and_those_that_descend_from_it_are_filtered_in_every_form(harbor: Api) -> None:
    path = f"{RUNS}/{finished(harbor, metric='degree')['id']}/result"
    rows = [row for page in walk(harbor, path, limit=3) for row in page["items"]]
    centers = [row for row in rows if row["kind"] == "Center"]
    organizations = harbor.items(path, kind="Organization", limit=500)
    assert 0 < len(centers) < len(organizations) < len(rows)
    assert [row for row in rows if row in organizations] == organizations
    table = harbor.get(path.replace("/result", "/table"), params={"kind": "Center", "top": 1})
    assert table.headers["link"] == f'<{path.removesuffix("/result")}>; rel="describedby"'
    found = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["node"] for row in found] == [centers[0]["node"]]
    page = harbor.ok(path, params={"kind": "Center", "top": 1, "limit": 1})
    assert (page["total"], page["next_cursor"]) == (1, None)


def test_rows_about_edges_have_no_kind(harbor: Api) -> None:
    path = f"{RUNS}/{finished(harbor, metric='ties')['id']}/result"
    assert harbor.items(path)[0].keys() == {"source", "target", "weight"}
    assert harbor.problem(f"{path}?kind=Center", 422, "invalid-input")["field"] == "kind"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("top=0", "top"),
        ("top=1_0", "top"),
        ("top=1000001", "top"),
        ("limit=501", "limit"),
        ("kind=Centre", "kind"),
        ("kind=Center&kind=Companie", "kind"),
        ("format=xml", "format"),
        ("cursor=x", "cursor"),
        ("colour=red", "colour"),
    ],
)
def test_a_parameter_of_a_result_that_cannot_be_used_is_named(
    harbor: Api, query: str, field: str
) -> None:
    path = f"{RUNS}/{finished(harbor, metric='degree')['id']}/result"
    assert harbor.problem(f"{path}?{query}", 422, "invalid-input")["field"] == field


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"metric": 5}, "metric"),
        ({"metric": None}, "metric"),
        ({"metric": "degree", "parameters": None}, "parameters"),
        ({"metric": "degree", "parameters": [1]}, "parameters"),
        ({"metric": "degree", "filter": 5}, "filter"),
        ({"metric": "degree", "filter": "FUNDS"}, "filter"),
        ({"metric": "degree", "filter": {"types": "FUNDS"}}, "filter"),
        ({"metric": "degree", "filter": {"types": ["FUNDS"] * 51}}, "filter"),
        ({"metric": "degree", "filter": {"directed": 1}}, "filter"),
        ({"metric": "degree", "filter": {"min_amount_krw": -1}}, "filter"),
        ({"metric": "degree", "filter": {"min_amount_krw": 2**63}}, "filter"),
        ({"metric": "degree", "filter": {"project": "Firm", "through": "Center"}}, "project"),
        ({"metric": "degree", "as_of": 20240521}, "as_of"),
        ({"metric": "degree", "as_of": "2024-05-21T00:00:00"}, "as_of"),
        ({"metric": "degree", "seed": 2**31}, "seed"),
        ({"metric": "degree", "seed": 1.5}, "seed"),
        ({"metric": "degree", "seed": True}, "seed"),
        ({"metric": "pagerank", "parameters": {"alpha": "0.5"}}, "parameters.alpha"),
        ({"metric": "pagerank", "parameters": {"alpha": 0}}, "parameters.alpha"),
        ({"metric": "pagerank", "parameters": {"alpha": None}}, "parameters.alpha"),
        ({"metric": "pagerank", "parameters": {"max_iter": 0}}, "parameters.max_iter"),
        ({"metric": "pagerank", "parameters": {"weighted": "yes"}}, "parameters.weighted"),
        ({"metric": "rank_change", "parameters": {"before": 0}}, "parameters.before"),
        ({"metric": "concentration", "parameters": {"side": "payer"}}, "parameters.side"),
        ({"metric": "rank_stability", "parameters": {"level": 1}}, "parameters.level"),
        ({"metric": "rank_stability", "parameters": {"resamples": 9}}, "parameters.resamples"),
    ],
)
def test_a_body_of_the_wrong_form_is_refused(harbor: Api, body: dict[str, Any], field: str) -> None:
    response = start(harbor, **body)
    assert response.status_code == 422, response.text
    assert response.json()["field"] == field


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ({"metric": "pagrank"}, "Did you mean pagerank?"),
        ({"metric": "pagerank", "parameters": {"alhpa": 0.5}}, "Known are: alpha,"),
        ({"metric": "rank_change", "parameters": {"before": "2020-01-01", "metric": "degre"}},
         "Did you mean degree"),
        ({"metric": "degree", "filter": {"types": ["FUND"]}}, "Did you mean FUNDS?"),
        ({"metric": "degree", "filter": {"typs": ["FUNDS"]}}, "Did you mean types?"),
    ],
)  # fmt: skip
def test_a_misspelt_name_is_answered_with_the_near_ones(
    harbor: Api, body: dict[str, Any], advice: str
) -> None:
    assert advice in start(harbor, **body).json()["mend"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"5",
        b"{",
        b'{"metric": "degree", "seed": NaN}',
        b'{"metric": "degree", "metric": "hits"}',
        rb'{"metric": "\ud800"}',
        rb'{"metric": "\u0000"}',
        rb'{"metric": "degree", "parameters": {"\ud800": 1}}',
        rb'{"metric": "degree", "parameters": {"a": "\ud800"}}',
        rb'{"metric": "degree", "filter": {"\ud800": 1}}',
        rb'{"metric": "degree", "filter": {"types": ["\ud800"]}}',
        rb'{"metric": "rank_change", "parameters": {"before": "\ud800"}}',
        rb'{"metric": "rank_stability", "parameters": {"metric": "\ud800"}}',
        b'{"metric": "degree", "parameters": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}",
        b'{"metric": "degree", "parameters": {"a": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}",
        b'{"metric": "betweenness", "parameters": {"k": ' + b"9" * 5_000 + b"}}",
        b'{"metric": "degree", "seed": ' + b"9" * 400 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_refused(harbor: Api, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = harbor.request("POST", RUNS, content=content, headers=headers)
    assert response.status_code in (400, 422)


def test_a_method_that_a_path_has_not_is_answered_with_all_that_it_has(harbor: Api) -> None:
    response = harbor.request("PUT", RUNS)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")
    response = harbor.request("PUT", f"{RUNS}/latest")
    assert (response.status_code, response.headers["allow"]) == (405, "DELETE, GET, HEAD")
