"""Retracting many facts at once, of which many hang on the same few things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graphsvc.model.entity import Entity
from graphsvc.model.seed import Seed
from graphsvc.store.database import Database
from graphsvc.usecases.loading.load import load
from tests.conftest import Cypher

pytestmark = pytest.mark.anyio

COMPANIES = 300
SUPPORTERS = 8


def with_many_supported(seed: Seed) -> Seed:
    """The seed, and companies that are all supported by the same few things."""
    pattern = seed.facts["tide-supports-anchor"]
    kinds = {"Center", "Company", "Ministry", "PublicAgency", "University", "Association"}
    supporters = [id_ for id_, thing in seed.entities.items() if thing.kind in kinds]
    companies = {
        id_: Entity(id=id_, kind="Company", name=id_, name_en=id_)
        for id_ in (f"many-{number}" for number in range(COMPANIES))
    }
    facts = {
        id_: pattern.model_copy(update={"id": id_, "subject": supporter, "object": company})
        for company in companies
        for supporter in supporters[:SUPPORTERS]
        for id_ in (f"{supporter}-supports-{company}",)
    }
    return replace(seed, entities={**seed.entities, **companies}, facts={**seed.facts, **facts})


async def test_many_facts_of_the_same_things_go_in_one_load(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    many = with_many_supported(harbor)
    await load(database, harbor)
    await load(database, many)
    await load(database, harbor, allow_retract=True)

    left = cypher(
        "MATCH (:Entity)-[r]->(:Entity) WHERE r.content_hash IS NOT NULL RETURN r.id AS id"
    )
    wanted = {id_ for id_, fact in harbor.facts.items() if fact.form == "relationship"}
    assert {row["id"] for row in left} == wanted
    versions = cypher("MATCH (v:FactVersion) RETURN count(v) AS n")[0]["n"]
    assert versions == len(many.facts) - len(harbor.facts)
