"""Applies a plan to a graph in use, in one transaction, and keeps what it supersedes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from graphsvc.errors import StoreConflictError
from graphsvc.model.content import to_json
from graphsvc.model.entity import Entity
from graphsvc.model.fact import AnyFact, form_of
from graphsvc.model.seed import Seed
from graphsvc.model.vocabulary import ENTITY
from graphsvc.seeding.comparing import Changes, Plan
from graphsvc.store import reading, writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.rows import (
    NodeRow,
    RelationshipRow,
    document_row,
    entity_row,
    fact_rows,
    mention_rows,
    mentions_of,
)
from graphsvc.store.state import GraphState
from graphsvc.usecases.loading.seed_rows import load_row, state_after


@dataclass(frozen=True)
class Held:
    """What the graph holds: hashes to compare, and when each thing was recorded."""

    state: GraphState | None
    documents: reading.Known
    entities: reading.Known
    facts: reading.Known


async def change(
    database: Database, seed: Seed, held: Held, before: GraphState, plan: Plan, recorded_at: str
) -> None:
    """Apply a plan in one transaction, and keep what it supersedes as versions.

    Raises
    ------
    StoreConflictError
        When another load changed the graph since the plan was made; nothing was written.
    """
    state = state_after(seed, version=before.version + 1, recorded_at=recorded_at)
    types = before.vocabulary().types
    old_facts = await reading.facts_by_id(database, types, _gone(plan.facts))
    old_entities = await reading.entities_by_id(database, _gone(plan.entities))
    old_documents = await reading.documents_by_id(database, _gone(plan.documents))
    for old, changes in (
        (old_facts, plan.facts),
        (old_entities, plan.entities),
        (old_documents, plan.documents),
    ):
        if len(old) < len(_gone(changes)):
            raise _overtaken()
    moved = {
        id_ for id_ in plan.entities.changed if old_entities[id_].kind != seed.entities[id_].kind
    }
    rewritten = [
        seed.facts[id_]
        for id_ in plan.facts.unchanged
        if not moved.isdisjoint(seed.facts[id_].mentioned())
    ]
    mentions = await reading.mentions(database)
    fact_versions = {id_: _fact_version(fact) for id_, fact in old_facts.items()}
    entity_versions = {id_: _entity_version(entity) for id_, entity in old_entities.items()}
    document_versions = {
        id_: {"document_id": id_, "document": to_json(document)}
        for id_, document in old_documents.items()
    }

    async def work(transaction: Transaction) -> None:
        await _take_turn(transaction, before.version, recorded_at)
        await writing.create_nodes(
            transaction,
            [
                *_versions("FactVersion", plan.facts, held.facts, fact_versions, state),
                *_versions("EntityVersion", plan.entities, held.entities, entity_versions, state),
                *_versions(
                    "DocumentVersion", plan.documents, held.documents, document_versions, state
                ),
                load_row(state, plan),
            ],
        )
        await _delete(transaction, plan, [*old_facts.values(), *rewritten], moved)
        await _create(transaction, seed, held, plan, recorded_at, moved, rewritten)
        gone = {*plan.entities.retracted, *moved}
        kept = {pair for pair in mentions if pair[1] not in gone}
        await _renew_mentions(transaction, kept, set(mentions_of(seed.facts.values())))
        await transaction.run("load/set_state", properties=state.properties())

    await database.write(work)


def _gone(changes: Changes) -> list[str]:
    return [*changes.changed, *changes.retracted]


async def _take_turn(transaction: Transaction, planned_for: int, writer: str) -> None:
    rows = await transaction.run("load/take_turn", writer=writer)
    if not rows or rows[0]["version"] != planned_for or rows[0]["phase"] != "ready":
        raise _overtaken()


def _overtaken() -> StoreConflictError:
    return StoreConflictError(
        "Another load changed the graph since this one was planned; nothing was written.",
        mend="Run it again.",
    )


def _fact_version(fact: AnyFact) -> dict[str, Any]:
    return {"fact_id": fact.id, "form": form_of(fact), "fact": to_json(fact)}


def _entity_version(entity: Entity) -> dict[str, Any]:
    return {
        "entity_id": entity.id,
        "kind": entity.kind,
        "name": entity.name,
        "entity": to_json(entity),
    }


def _versions(
    label: str,
    changes: Changes,
    known: reading.Known,
    old: dict[str, dict[str, Any]],
    at: GraphState,
) -> Iterable[NodeRow]:
    """What is superseded, with what it was, since when, and why it is held no more."""
    for how in ("changed", "retracted"):
        for id_ in getattr(changes, how):
            why = {
                "id": f"{id_}@{at.version}",
                "change": how,
                "recorded_at": known[id_][1],
                "superseded_at": at.loaded_at,
                "version": at.version,
            }
            yield NodeRow((label,), {**why, **old[id_]})


async def _delete(
    transaction: Transaction, plan: Plan, facts: list[AnyFact], moved: set[str]
) -> None:
    rows = [fact_rows(fact, "") for fact in facts]
    await writing.delete_rows(
        transaction,
        chain.from_iterable(nodes for nodes, _ in rows),
        chain.from_iterable(links for _, links in rows),
    )
    await writing.delete_nodes(transaction, ENTITY, [*plan.entities.retracted, *sorted(moved)])
    await writing.delete_nodes(transaction, "Document", plan.documents.retracted)


async def _create(
    transaction: Transaction,
    seed: Seed,
    held: Held,
    plan: Plan,
    recorded_at: str,
    moved: set[str],
    rewritten: list[AnyFact],
) -> None:
    def document_of_seed(id_: str) -> NodeRow:
        return document_row(seed.documents[id_], recorded_at)

    def entity_of_seed(id_: str) -> NodeRow:
        return entity_row(seed.entities[id_], seed.vocabulary, recorded_at)

    new_entities = [*plan.entities.added, *(id_ for id_ in plan.entities.changed if id_ in moved)]
    nodes = [document_of_seed(id_) for id_ in plan.documents.added]
    nodes += [entity_of_seed(id_) for id_ in new_entities]
    links: list[RelationshipRow] = []
    dated = [
        *((seed.facts[id_], recorded_at) for id_ in (*plan.facts.added, *plan.facts.changed)),
        *((fact, held.facts[fact.id][1]) for fact in rewritten),
    ]
    for fact, since in dated:
        fact_nodes, fact_links = fact_rows(fact, since)
        nodes += fact_nodes
        links += fact_links
    await writing.create_nodes(transaction, nodes)
    await writing.create_relationships(transaction, links)
    for label, row_of, changes in (
        ("Document", document_of_seed, plan.documents),
        (ENTITY, entity_of_seed, plan.entities),
    ):
        kept = (id_ for id_ in changes.changed if id_ not in moved)
        await writing.replace_properties(
            transaction, label, (row_of(id_).properties for id_ in kept)
        )


async def _renew_mentions(
    transaction: Transaction, held: set[tuple[str, str]], wanted: set[tuple[str, str]]
) -> None:
    await writing.delete_rows(transaction, (), mention_rows(sorted(held - wanted)))
    await writing.create_relationships(transaction, mention_rows(sorted(wanted - held)))
