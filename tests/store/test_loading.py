"""Loading: the graph becomes the seed, keeps what it was, and refuses surprises."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from graphsvc.errors import (
    InvalidInputError,
    LimitError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
)
from graphsvc.model.entity import Document, Entity
from graphsvc.model.fact import AnyFact
from graphsvc.model.seed import Seed
from graphsvc.store import reading, writing
from graphsvc.store.database import Database
from graphsvc.store.rows import document_of, entity_of
from graphsvc.store.state import SCHEMA_VERSION, read_state, require_ready
from graphsvc.usecases.loading import first_load as filling
from graphsvc.usecases.loading import load as loading
from graphsvc.usecases.loading.load import load, preview
from graphsvc.usecases.loading.seed_rows import all_rows, state_after
from tests.conftest import Cypher
from tests.store.conftest import with_entity, with_fact, without

pytestmark = pytest.mark.anyio

FACT = "wave-funds-pier"


async def held_facts(database: Database) -> dict[str, AnyFact]:
    facts = [reading.fact_of_carrier(row) async for row in reading.carriers(database)]
    return {fact.id: fact for fact in facts}


async def held_entities(database: Database) -> dict[str, Entity]:
    rows = database.stream("read/loading/labelled_nodes", {"label": "Entity"})
    entities = [entity_of(row["properties"]) async for row in rows]
    return {entity.id: entity for entity in entities}


async def held_documents(database: Database) -> dict[str, Document]:
    rows = database.stream("read/loading/labelled_nodes", {"label": "Document"})
    documents = [document_of(row["properties"]) async for row in rows]
    return {document.id: document for document in documents}


@pytest.mark.smoke
async def test_everything_that_was_curated_is_read_back_as_it_was(
    database: Database, harbor: Seed
) -> None:
    plan = await load(database, harbor)

    assert plan.report()["added"] == len(harbor.facts)
    assert await held_facts(database) == harbor.facts
    assert await held_entities(database) == harbor.entities
    assert await held_documents(database) == harbor.documents


async def test_every_node_has_the_labels_of_its_kind_and_its_ancestors(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)

    rows = cypher("MATCH (e:Entity) RETURN e.id AS id, labels(e) AS labels")

    wanted = {id_: set(harbor.vocabulary.labels(e.kind)) for id_, e in harbor.entities.items()}
    assert {row["id"]: set(row["labels"]) for row in rows} == wanted


@pytest.mark.smoke
async def test_loading_twice_changes_nothing(database: Database, harbor: Seed) -> None:
    await load(database, harbor)
    before = await read_state(database)

    plan = await load(database, harbor)

    assert plan.changes_nothing
    assert plan.report()["unchanged"] == len(harbor.facts)
    assert await read_state(database) == before


async def test_a_sum_with_several_parties_stands_once_and_joins_them(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)

    joined = cypher(
        "MATCH (a:Entity)-[r:FUNDS {funding_id: 'two-centers-sum'}]->(b:Entity)"
        " RETURN a.id AS funder, b.id AS recipient, r.amount AS amount, r.id AS id"
    )
    carried = cypher(
        "MATCH (a)-[c:CONTRIBUTES]->(f:Funding {id: 'two-centers-sum'})-[g:GOES_TO]->(b)"
        " RETURN a.id AS funder, b.id AS recipient, f.amount AS amount"
    )

    parties = {
        (funder, recipient)
        for funder in ("wave-ministry", "gull-city")
        for recipient in ("tide-center", "ebb-center")
    }
    assert {(row["funder"], row["recipient"]) for row in joined} == parties
    assert {row["amount"] for row in joined} == {None}
    assert {row["id"] for row in joined} == {f"two-centers-sum~{a}~{b}" for a, b in parties}
    assert {(row["funder"], row["recipient"]) for row in carried} == parties
    assert {row["amount"] for row in carried} == {"25000000000"}


async def test_documents_mention_what_their_facts_name(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)

    rows = cypher("MATCH (d:Document)-[:MENTIONS]->(e:Entity) RETURN d.id AS d, e.id AS e")

    wanted = {
        (document, entity)
        for fact in harbor.facts.values()
        for document in fact.documents
        for entity in fact.mentioned()
    }
    assert {(row["d"], row["e"]) for row in rows} == wanted
    assert len(rows) == len(wanted)


@pytest.mark.smoke
async def test_a_fact_that_left_the_seed_leaves_the_graph_and_stays_in_history(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    first = await require_ready(database)

    plan = await load(database, without(harbor, FACT))

    assert plan.report()["ids"] == {"added": [], "changed": [], "retracted": [FACT]}
    assert not cypher("MATCH ()-[r {fact_id: $id}]->() RETURN r.id AS id", id=FACT)
    (version,) = cypher("MATCH (v:FactVersion) RETURN v {.*} AS v")
    second = await require_ready(database)
    assert version["v"]["fact_id"] == FACT
    assert version["v"]["change"] == "retracted"
    assert version["v"]["recorded_at"] == first.loaded_at
    assert version["v"]["superseded_at"] == second.loaded_at > first.loaded_at


@pytest.mark.parametrize("fact", [FACT, "two-centers-sum", "tide-opening"])
async def test_a_changed_fact_keeps_its_id_and_its_old_state(
    database: Database, harbor: Seed, cypher: Cypher, fact: str
) -> None:
    await load(database, harbor)
    changed = with_fact(harbor, fact, note="as corrected")

    plan = await load(database, changed)

    assert plan.report()["ids"]["changed"] == [fact]
    assert await held_facts(database) == changed.facts
    (version,) = cypher("MATCH (v:FactVersion) RETURN v.fact AS fact, v.change AS change")
    assert version["change"] == "changed"
    assert "as corrected" not in version["fact"]


async def test_a_renamed_entity_keeps_its_relationships(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    renamed = with_entity(harbor, "tide-center", name="새물결센터")

    plan = await load(database, renamed)

    assert plan.entities.changed == ("tide-center",)
    assert plan.facts.count == 0
    assert await held_facts(database) == harbor.facts
    (version,) = cypher("MATCH (v:EntityVersion) RETURN v.entity_id AS id, v.name AS name")
    assert version == {"id": "tide-center", "name": harbor.entities["tide-center"].name}


async def test_an_entity_that_changes_its_kind_keeps_its_facts_and_their_age(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    known = await reading.held_facts(database)
    moved = with_entity(harbor, "tide-center", kind="PublicAgency")

    await load(database, moved)

    (row,) = cypher("MATCH (e:Entity {id: 'tide-center'}) RETURN labels(e) AS labels")
    assert set(row["labels"]) == {"Entity", "Organization", "PublicAgency"}
    assert await held_facts(database) == harbor.facts
    assert await reading.held_facts(database) == known
    assert (await load(database, moved)).changes_nothing


async def test_a_fact_that_comes_back_is_recorded_anew(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    await load(database, without(harbor, FACT))

    await load(database, harbor)

    state = await require_ready(database)
    assert (await reading.held_facts(database))[FACT][1] == state.loaded_at
    assert len(cypher("MATCH (v:FactVersion) RETURN v.id AS id")) == 1


async def test_a_dry_run_plans_and_writes_nothing(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    plan = (await preview(database, harbor)).plan

    assert plan.report()["added"] == len(harbor.facts)
    assert cypher("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]


async def test_another_seeds_folder_is_refused(database: Database, harbor: Seed) -> None:
    await load(database, harbor)
    other = replace(harbor, manifest=harbor.manifest.model_copy(update={"id": "another"}))

    with pytest.raises(InvalidInputError, match="--replace") as refusal:
        await load(database, without(other, *list(harbor.facts)[5:]))

    assert "'another'" in str(refusal.value)
    assert await held_facts(database) == harbor.facts


async def test_another_seed_replaces_the_graph_when_told_to(
    database: Database, harbor: Seed
) -> None:
    await load(database, harbor)
    kept = list(harbor.facts)[:5]
    other = replace(
        without(harbor, *list(harbor.facts)[5:]),
        manifest=harbor.manifest.model_copy(update={"id": "another"}),
    )

    await load(database, other, replace_seed=True)

    assert sorted(await held_facts(database)) == sorted(kept)
    assert (await require_ready(database)).seed_id == "another"


async def test_a_plan_that_would_retract_half_the_graph_is_refused(
    database: Database, harbor: Seed
) -> None:
    await load(database, harbor)
    half = without(harbor, *list(harbor.facts)[: len(harbor.facts) // 2])

    with pytest.raises(InvalidInputError, match="--allow-retract"):
        await load(database, half)
    assert await held_facts(database) == harbor.facts

    await load(database, half, allow_retract=True)
    assert await held_facts(database) == half.facts


async def test_a_change_too_large_for_a_graph_in_use_is_refused(
    database: Database, harbor: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(database, without(harbor, *list(harbor.facts)[10:]))
    monkeypatch.setattr(loading, "MAX_CHANGES_IN_USE", 5)

    other = replace(harbor, manifest=harbor.manifest.model_copy(update={"id": "another"}))

    with pytest.raises(LimitError, match="empty database"):
        await load(database, harbor)
    with pytest.raises(LimitError, match="empty database"):
        await load(database, other, replace_seed=True)


@pytest.mark.smoke
async def test_two_loads_at_once_both_end_well(database: Database, harbor: Seed) -> None:
    await load(database, without(harbor, FACT))

    await asyncio.gather(load(database, harbor), load(database, harbor))

    assert await held_facts(database) == harbor.facts
    assert (await require_ready(database)).version == 2


async def test_nodes_that_are_not_ours_are_left_alone(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    cypher("CREATE (:Ship {id: 'tide-center', name: 'not ours'})")
    await load(database, harbor)
    other = replace(harbor, manifest=harbor.manifest.model_copy(update={"id": "another"}))

    await load(database, without(other, *harbor.facts), replace_seed=True)

    assert cypher("MATCH (s:Ship) RETURN s.name AS name") == [{"name": "not ours"}]


@pytest.mark.parametrize("label", ["Document", "Entity", "Load"])
async def test_a_database_in_which_others_use_our_labels_is_not_filled(
    database: Database, harbor: Seed, cypher: Cypher, label: str
) -> None:
    cypher(f"CREATE (:{label} {{id: 'theirs'}})")

    with pytest.raises(InvalidInputError, match=f"1 :{label} nodes that graphsvc did not write"):
        await load(database, harbor)

    assert cypher("MATCH (n) RETURN n.id AS id") == [{"id": "theirs"}]


async def test_a_fact_that_somebody_else_made_unreadable_is_named(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    cypher("MATCH ()-[r:FUNDS {id: $id}]->() SET r.amount = 'much'", id=FACT)

    with pytest.raises(StoreError, match=f"Fact '{FACT}' .* changed by somebody else.*doctor"):
        await load(database, without(harbor, FACT))


async def test_a_graph_of_a_newer_program_is_refused(
    database: Database, harbor: Seed, cypher: Cypher
) -> None:
    await load(database, harbor)
    cypher("MATCH (g:GraphState) SET g.schema_version = $v", v=SCHEMA_VERSION + 1)

    with pytest.raises(StoreUnavailableError, match="Upgrade graphsvc"):
        await load(database, harbor)


async def test_a_first_load_in_batches_ends_as_one_at_once_does(
    database: Database, harbor: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "ONE_TRANSACTION", 10)

    await load(database, harbor)

    assert await held_facts(database) == harbor.facts
    assert (await load(database, harbor)).changes_nothing


async def test_an_interrupted_first_load_refuses_reads_and_is_finished_by_the_next(
    database: Database, harbor: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "ONE_TRANSACTION", 10)
    monkeypatch.setattr(filling, "SILENCE_S", 1)
    await _interrupted(database, harbor)

    with pytest.raises(StoreUnavailableError, match="has not finished"):
        await require_ready(database)
    said: list[str] = []
    await load(database, harbor, say=said.append)

    assert await held_facts(database) == harbor.facts
    assert any("did not finish" in line for line in said)


@pytest.mark.faults
async def test_a_first_load_at_work_is_not_disturbed_by_another(
    database: Database, harbor: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "ONE_TRANSACTION", 10)
    monkeypatch.setattr(filling, "SILENCE_S", 2)
    state = state_after(harbor, version=1, recorded_at="2030-01-01T00:00:00.000000Z")
    async with filling.FirstLoad(database, state, None, lambda _: None) as first:
        second = asyncio.create_task(load(database, harbor))
        for _ in range(40):
            await asyncio.sleep(0.25)
            await first.write(_nothing)
            if second.done():
                break
        with pytest.raises(StoreConflictError, match="at work"):
            await second


async def test_of_two_loads_that_find_a_dead_one_only_the_first_takes_its_place(
    database: Database, harbor: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "ONE_TRANSACTION", 10)
    monkeypatch.setattr(filling, "SILENCE_S", 1)
    await _interrupted(database, harbor)

    ends = await asyncio.gather(
        load(database, harbor), load(database, harbor), return_exceptions=True
    )

    assert await held_facts(database) == harbor.facts
    assert await held_entities(database) == harbor.entities
    assert [end for end in ends if not isinstance(end, StoreConflictError)]


async def _nothing(_: object) -> None:
    """A batch without rows: a sign of life."""


async def _interrupted(database: Database, seed: Seed) -> None:
    """A first load that was cut off after its first batch, as by SIGKILL: nothing cleans up."""
    state = state_after(seed, version=1, recorded_at="2030-01-01T00:00:00.000000Z")
    first = filling.FirstLoad(database, state, None, lambda _: None)
    await first.__aenter__()
    nodes, _ = all_rows(seed, state.loaded_at)
    await first.write(lambda tx: writing.create_nodes(tx, nodes[:10]))
