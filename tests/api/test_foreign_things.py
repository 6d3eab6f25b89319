"""What graphsvc did not write is no part of any answer, and the doctor names it."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.errors import StoreError
from graphsvc.model.seed import Seed
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.state import require_ready
from graphsvc.usecases.loading.dump import dump
from graphsvc.usecases.loading.foreign_writes import find_foreign_writes
from tests.api.conftest import Api, serving
from tests.conftest import Cypher

FOREIGN = {
    "a thing without a name": "CREATE (:Entity {id: 'zzz'})",
    "a thing without an id": "CREATE (:Entity {name: 'zzz'})",
    "a thing with nothing": "CREATE (:Entity)",
    "a thing of a kind": "CREATE (:Entity:Organization:Company {id: 'zzz', kind: 'Company'})",
    "a kind without a thing": "CREATE (:Company {id: 'zzz', name: 'zzz'})",
    "a name that is a number": "CREATE (:Entity:Organization:Company {id: 'zzz', kind: 'Company',"
    " name: 5, name_en: 'z', aliases: [], content_hash: 'x', recorded_at: 'now'})",
    "an alias that is no list": "CREATE (:Entity:Organization:Company {id: 'zzz', kind: 'Company',"
    " name: 'z', name_en: 'z', aliases: 'z', content_hash: 'x', recorded_at: 'now'})",
    "an unknown kind": "CREATE (:Entity {id: 'zzz', kind: 'Zzz', name: 'z', name_en: 'z',"
    " aliases: [], content_hash: 'x', recorded_at: 'now'})",
    "a document": "CREATE (:Document {id: 'zzz'})",
    "a funding": "CREATE (:Funding {id: 'zzz', amount: '5', currency: 'KRW'})",
    "an observation": "MATCH (e:Entity {id: 'tide-center'})"
    " CREATE (e)-[:HAS_OBSERVATION {id: 'zzz'}]->(:Observation {id: 'zzz', metric: 'sales'})",
    "a load": "CREATE (:Load {id: 'zzz'})",
    "a version": "CREATE (:FactVersion {id: 'zzz', fact_id: 'zzz'})",
    "a relationship": "MATCH (a:Entity {id: 'tide-center'}), (b:Entity {id: 'anchor-works'})"
    " CREATE (a)-[:SUPPORTS {id: 'zzz'}]->(b)",
    "a relationship without an id": "MATCH (a:Entity {id: 'tide-center'}),"
    " (b:Entity {id: 'anchor-works'}) CREATE (a)-[:PARTNERS_WITH]->(b)",
    "a relationship that names a fact": "MATCH (a:Entity {id: 'tide-center'}),"
    " (b:Entity {id: 'anchor-works'}) CREATE (a)-[:FUNDS {id: 'zzz', fact_id: 'zzz',"
    " content_hash: 'x', amount: '7'}]->(b)",
    "a relationship to a foreign thing": "MATCH (a:Entity {id: 'tide-center'})"
    " CREATE (a)-[:SUPPORTS {id: 'zzz', fact_id: 'zzz'}]->(:Entity {id: 'zzz'})",
    "a mention": "MATCH (d:Document {id: 'harbor-001'}), (e:Entity)"
    " WITH d, e ORDER BY e.id LIMIT 1 CREATE (d)-[:MENTIONS]->(e)",
}

READS = [
    *("/v1/entities?limit=500", "/v1/entities?sort=name", "/v1/entities?sort=degree"),
    *("/v1/entities?kind=Company", "/v1/entities/tide-center", "/v1/entities/anchor-works"),
    *("/v1/entities/tide-center/relationships", "/v1/entities/tide-center/neighbourhood"),
    *("/v1/entities/tide-center/history", "/v1/relationships?limit=500"),
    *("/v1/relationships?subject=tide-center", "/v1/relationships?type=SUPPORTS"),
    *("/v1/search?q=zzz", "/v1/search?q=tide", "/v1/paths?from=tide-center&to=anchor-works"),
    *("/v1/fundings?limit=500", "/v1/facts/zzz", "/v1/documents", "/v1/documents/harbor-001"),
    *("/v1/flows?group_by=entity", "/v1/flows?group_by=kind", "/v1/conflicts"),
    *("/v1/timeline?entity=tide-center", "/v1/timeline?document=harbor-001"),
    *("/v1/changes", "/v1/statistics", "/v1/vocabulary", "/v1/entities/zzz"),
    *(f"/v1/export?format={form}" for form in ("graphml", "gexf", "json", "jsonld", "cypher")),
    *("/v1/export?format=json&entity=tide-center", "/v1/entities/zzz/neighbourhood"),
]


@pytest.fixture
def undone(cypher: Cypher, harbor: Api) -> Iterator[None]:
    """Whatever a test wrote beside graphsvc is gone afterwards."""
    yield
    cypher(
        "MATCH (n) WHERE n.id = 'zzz' OR n.id IS NULL OR"
        " (n:Entity AND n.content_hash IS NULL) DETACH DELETE n"
    )
    cypher("MATCH ()-[r]->() WHERE r.id = 'zzz' OR r.id IS NULL DELETE r")


def answers(api: Api) -> dict[str, tuple[int, str]]:
    found = {}
    for path in READS:
        response = api.get(path)
        text = re.sub(r'"instance": ?"[^"]*"', "", response.text)
        found[path] = response.status_code, text
    return found


@dataclass
class Answers:
    """What the service answers while the graph holds nothing but what graphsvc wrote."""

    of_reads: dict[str, tuple[int, str]] = field(default_factory=dict)
    dump: bytes = b""


@pytest.fixture(scope="module")
def _asked_once() -> Answers:
    return Answers()


@pytest.fixture
def before(_asked_once: Answers, harbor: Api, fresh: Settings, portal: BlockingPortal) -> Answers:
    if not _asked_once.dump:
        with serving(fresh, portal) as api:
            _asked_once.of_reads = answers(api)
        _asked_once.dump = dumped_by(fresh)
    return _asked_once


@pytest.mark.parametrize("write", FOREIGN.values(), ids=FOREIGN)
def test_every_answer_is_as_if_it_were_not_there(
    before: Answers,
    fresh: Settings,
    portal: BlockingPortal,
    cypher: Cypher,
    undone: None,
    write: Any,
) -> None:
    cypher(write)

    with serving(fresh, portal) as api:
        found = answers(api)

    changed = {path: said for path, said in found.items() if said != before.of_reads[path]}
    assert changed == {}
    assert {path: status for path, (status, _) in found.items() if status not in (200, 404)} == {}
    assert dumped_by(fresh) == before.dump
    named = json.dumps(named_by_the_doctor(fresh))
    assert "zzz" in named or "None" in named


def dumped_by(settings: Settings) -> bytes:
    async def work() -> bytes:
        out = io.BytesIO()
        async with await Database.open(settings) as database:
            await dump(database, out)
        return out.getvalue()

    return asyncio.run(work())


def named_by_the_doctor(settings: Settings) -> list[str]:
    async def work() -> list[str]:
        async with await Database.open(settings) as database:
            return (await find_foreign_writes(database, await require_ready(database))).lines

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("/v1/relationships?limit=500", "wave-funds-pier"),
        ("/v1/facts/wave-funds-pier", "wave-funds-pier"),
        ("/v1/flows?group_by=entity", "wave-funds-pier"),
        ("/v1/flows?group_by=kind", "two-centers-sum"),
        ("/v1/fundings?limit=500", "two-centers-sum"),
        ("/v1/relationships?limit=500", "two-centers-sum"),
    ],
)
def test_an_amount_that_is_none_is_an_error_and_no_output(
    harbor: Api,
    fresh: Settings,
    portal: BlockingPortal,
    cypher: Cypher,
    harbor_seed: Seed,
    path: str,
    fact: str,
) -> None:
    write = (
        "MATCH (n:Funding {id: $fact}) SET n.amount = $amount",
        "MATCH ()-[r:FUNDS {id: $fact}]->() SET r.amount = $amount",
    )
    for statement in write:
        cypher(statement, fact=fact, amount="lots")
    try:
        with serving(fresh, portal) as api:
            problem = api.problem(path, 502, "store")
        with pytest.raises(StoreError, match=fact):
            dumped_by(fresh)
        assert any(fact in line for line in named_by_the_doctor(fresh))
    finally:
        amount = str(harbor_seed.facts[fact].money.amount)  # type: ignore[union-attr]
        for statement in write:
            cypher(statement, fact=fact, amount=amount)
    assert "lots" not in json.dumps(problem)
    assert fact in problem["detail"]
    assert "doctor" in json.dumps(problem)
