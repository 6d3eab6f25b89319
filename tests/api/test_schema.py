"""What the schema says there is, held against the graph itself."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.model.seed import Seed
from tests.api.conftest import Api
from tests.conftest import Cypher

PATH = "/v1/schema"


def by(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows}


@pytest.mark.smoke
def test_labels_have_names_parents_and_what_their_nodes_hold(harbor: Api, cypher: Cypher) -> None:
    labels = by(harbor.ok(PATH)["labels"], "label")

    center, entity, document = labels["Center"], labels["Entity"], labels["Document"]
    assert (center["parent"], center["name"]["ko"]) == ("Organization", "센터")
    assert labels["Organization"]["parent"] == "Entity"
    assert (entity["parent"], document["parent"]) == (None, None)
    for label in ("Center", "Entity", "Document"):
        counted = cypher("MATCH (n) WHERE $label IN labels(n) RETURN count(n) AS n", label=label)
        assert labels[label]["count"] == counted[0]["n"]
    name = by(center["properties"], "name")["name"]
    assert name == {"name": "name", "types": ["string"], "count": center["count"]}
    assert by(entity["properties"], "name")["aliases"]["types"] == ["list of string"]


@pytest.mark.smoke
def test_types_say_what_they_join_and_how_they_read(harbor: Api, cypher: Cypher) -> None:
    types = by(harbor.ok(PATH)["types"], "type")

    funds = types["FUNDS"]
    found = cypher(
        "MATCH (a)-[r:FUNDS]->(b) RETURN a.kind AS source, b.kind AS target, count(r) AS n"
    )
    assert {(row["from"], row["to"]): row["count"] for row in funds["joins"]} == {
        (row["source"], row["target"]): row["n"] for row in found
    }
    assert funds["count"] == sum(row["n"] for row in found)
    assert funds["reads"]["forward"]["en"] == "{subject} funds {object}"
    held = by(funds["properties"], "name")
    assert held["id"]["count"] == funds["count"]
    assert held["amount_krw"]["types"] == ["integer"]
    assert held["evidence"]["types"] == ["list of string"]
    assert types["MENTIONS"]["reads"] is None
    assert {row["from"] for row in types["MENTIONS"]["joins"]} == {"Document"}


def test_every_name_of_the_graph_is_told_in_both_languages(packaged: Api) -> None:
    content = packaged.ok(PATH)

    for part in (*content["labels"], *content["types"]):
        assert part["name"]["ko"], part
        assert part["name"]["en"], part


def test_the_examples_run_and_find_something(packaged: Api) -> None:
    examples = packaged.ok(PATH)["examples"]

    assert 2 <= len(examples) <= 3
    for example in examples:
        answer = packaged.request(
            "POST", "/v1/cypher", json={"statement": example["statement"]}
        ).json()
        assert answer["rows"], example


def test_a_load_makes_another_schema(harbor: Api, harbor_seed: Seed, packaged_seed: Seed) -> None:
    before = harbor.ok(PATH)
    harbor.load(packaged_seed)
    after = harbor.ok(PATH)

    assert after["graph_version"] != before["graph_version"]
    assert after["labels"] != before["labels"]
