"""What the service answers about the five articles."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api, walk


def _ends(item: dict[str, Any]) -> tuple[str, str]:
    return item["subject"]["name"], item["object"]["name"]


@pytest.mark.smoke
def test_the_ministry_funds_gangwon_with_28_7_billion_won_as_stated(packaged: Api) -> None:
    funds = packaged.items("/v1/relationships", type="FUNDS", sort="amount", limit=500)

    assert _ends(funds[0]) == ("산업통상자원부", "강원특별자치도")
    assert funds[0]["money"]["amount"] == "28700000000"
    assert (funds[0]["money"]["currency"], funds[0]["basis"]) == ("KRW", "stated")


def test_implied_funding_carries_no_amount(packaged: Api) -> None:
    funds = packaged.items("/v1/relationships", type="FUNDS", basis="implied", limit=500)
    pairs = {(item["subject"]["id"], item["object"]["id"]) for item in funds}

    assert {
        ("motie", "changwon-device-center-project"),
        ("motie", "mrna-program"),
        ("jeonnam", "mrna-program"),
    } <= pairs
    assert all(item["money"] is None and item["funding_amount"] is None for item in funds)


def test_four_sums_have_no_payer(packaged: Api) -> None:
    fundings = packaged.items("/v1/fundings", sort="amount")
    unpaid = [item["money"]["amount"] for item in fundings if not item["funders"]]

    assert unpaid == ["25760000000", "16100000000", "9000000000", "6000000000"]


def test_every_relationship_and_fact_can_be_opened(packaged: Api) -> None:
    facts = set()
    for page in walk(packaged, "/v1/relationships", limit=500):
        facts |= {item["fact_id"] for item in page["items"]}
    facts |= {item["id"] for item in packaged.items("/v1/fundings", limit=500)}

    for id_ in sorted(facts)[::10]:
        assert packaged.ok(f"/v1/facts/{id_}")["status"] == "live"


def test_every_entity_can_be_opened(packaged: Api) -> None:
    for page in walk(packaged, "/v1/entities", limit=50):
        for item in page["items"][::5]:
            detail = packaged.ok(f"/v1/entities/{item['id']}")
            assert {key: detail[key] for key in item} == item
