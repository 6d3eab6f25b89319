"""Whole numbers from 2^53 on are text with their type in every JSON answer, and are taken so."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api
from tests.made_seeds import funding, funds, observed, only, won

LARGE = 2**53 + 1
TYPED = {"$type": "integer", "value": str(LARGE)}

READS = [
    "/v1/facts/counted",
    "/v1/facts/paid",
    "/v1/entities/tide-center",
    "/v1/entities/tide-center/relationships",
    "/v1/entities/tide-center/neighbourhood",
    "/v1/entities/tide-center/history",
    "/v1/relationships",
    "/v1/fundings",
    "/v1/paths?from=wave-ministry&to=tide-center",
    "/v1/timeline?entity=tide-center",
    "/v1/changes",
    "/v1/flows",
    "/v1/flows?shape=sankey",
    "/v1/conflicts",
    "/v1/conflicts?found=found",
    "/v1/documents/harbor-001",
    "/v1/schema",
    "/v1/statistics",
    "/v1/export?format=json",
    "/v1/export?format=jsonld",
    "/v1/queries/funding_by_ministry",
    "/v1/queries/safe_sum",
    "/v1/queries/funding_by_year",
]


def numbers(text: str) -> list[int]:
    """Every whole number of a JSON text that stands there as one."""
    found: list[int] = []

    def noted(digits: str) -> int:
        found.append(int(digits))
        return found[-1]

    json.loads(text, parse_int=noted)
    return found


@pytest.fixture
def large(harbor: Api, harbor_seed: Seed) -> Api:
    seed = only(
        harbor_seed,
        observed("counted", "tide-center", "attendee_count", LARGE, period="2031"),
        observed("counted-too", "tide-center", "attendee_count", LARGE + 1, period="2031"),
        funds("paid", "wave-ministry", "tide-center", won(LARGE), period="2031"),
        funding("shared", ["wave-ministry"], ["tide-center"], won(LARGE), period="2031"),
    )
    harbor.load(seed)
    return harbor


@pytest.mark.parametrize("path", READS)
def test_no_reader_of_json_changes_a_number(large: Api, path: str) -> None:
    text = large.get(path).text

    assert all(abs(number) < 2**53 for number in numbers(text))


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/v1/facts/counted", ("value",)),
        ("/v1/entities/tide-center", ("observations", 0, "value")),
        ("/v1/timeline?entity=tide-center", ("items", 0, "value")),
        ("/v1/export?format=json", ("observations", 0, "value")),
        ("/v1/export?format=json", ("edges", 0, "amount_krw")),
    ],
)
def test_a_large_number_is_text_with_its_type(
    large: Api, path: str, member: tuple[Any, ...]
) -> None:
    value = large.get(path).json()
    for step in member:
        value = value[step]

    assert value == TYPED


def test_a_filter_is_taken_back_as_a_run_shows_it(large: Api) -> None:
    asked = {"metric": "degree", "filter": {"min_amount_krw": LARGE}}
    run = large.request("POST", "/v1/analysis/runs", json=asked)
    assert run.status_code in (200, 202), run.text
    shown = run.json()["filter"]["min_amount_krw"]
    assert shown == TYPED

    asked = {"metric": "degree", "filter": {"min_amount_krw": shown}}
    again = large.request("POST", "/v1/analysis/runs", json=asked)
    assert again.json()["filter"] == run.json()["filter"]


def test_a_small_number_stays_one(harbor: Api) -> None:
    text = harbor.get("/v1/export?format=json").text

    assert not re.search(r'"\$type"', text)
