"""Loads a seed into the graph: read what is held, plan, apply, keep history.

A change to a graph in use is one transaction. Only a first load may go in batches; until the
last one the graph's phase is "loading" and every read is refused with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from graphsvc import __version__
from graphsvc.errors import InvalidInputError, LimitError, StoreConflictError, StoreUnavailableError
from graphsvc.model.content import content_hash, to_json
from graphsvc.model.entity import Entity
from graphsvc.model.fact import AnyFact, form_of
from graphsvc.model.seed import Seed
from graphsvc.model.vocabulary import ENTITY
from graphsvc.seeding.planning import (
    MAX_CHANGES_IN_USE,
    MAX_RETRACTED_SHARE,
    Changes,
    Plan,
    plan_load,
)
from graphsvc.store import reading, writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.rows import (
    NodeRow,
    RelationshipRow,
    document_properties,
    entity_properties,
    fact_rows,
    mention_rows,
)
from graphsvc.store.state import SCHEMA_VERSION, GraphState, read_state
from graphsvc.usecases.filling import FirstLoad, Say

ONE_TRANSACTION = 50_000
"""A first load of more nodes and relationships than this goes in batches."""

_ATTEMPTS = 4


@dataclass(frozen=True)
class Held:
    """What the graph holds: hashes to compare, and when each thing was recorded."""

    state: GraphState | None
    documents: dict[str, tuple[str, str]]
    entities: dict[str, tuple[str, str]]
    facts: dict[str, tuple[str, str]]


async def load(
    database: Database,
    seed: Seed,
    *,
    dry_run: bool = False,
    replace_seed: bool = False,
    allow_retract: bool = False,
    say: Say = lambda _: None,
) -> Plan:
    """Make the graph hold this seed; loading the same seed again changes nothing.

    Returns the plan that was applied (or, with `dry_run`, would be).

    Raises
    ------
    InvalidInputError
        When the graph holds another seed (without `replace_seed`), or the plan retracts more than
        a tenth of the facts (without `allow_retract`).
    LimitError
        When a graph in use would change by more than 100,000 things.
    StoreConflictError
        When other loads kept winning.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        held = await _read_held(database)
        plan = _planned(seed, held)
        _refuse_surprises(seed, held, plan, replace_seed=replace_seed, allow_retract=allow_retract)
        if dry_run or (plan.changes_nothing and _is_ready(held)):
            return plan
        try:
            await _apply(database, seed, held, plan, say)
        except StoreConflictError:
            if attempt == _ATTEMPTS:
                raise
            say("Another load was in the way; planning again.")
            await asyncio.sleep(0.05 * 2**attempt)
        except StoreUnavailableError:
            if attempt > 1 or not database.embedded:
                raise
            say("The embedded database was restarted in the middle; loading again as a whole.")
        else:
            return plan
    raise AssertionError("unreachable: the last attempt returns or raises")


def _is_ready(held: Held) -> bool:
    return held.state is not None and held.state.phase == "ready"


async def _read_held(database: Database) -> Held:
    state = await read_state(database)
    if state is None or state.phase == "loading":
        return Held(state, {}, {}, {})
    documents, entities, facts = await asyncio.gather(
        reading.held_nodes(database, "Document"),
        reading.held_nodes(database, ENTITY),
        reading.held_facts(database),
    )
    return Held(state, documents, entities, facts)


def _planned(seed: Seed, held: Held) -> Plan:
    return plan_load(
        seed,
        documents={id_: known[0] for id_, known in held.documents.items()},
        entities={id_: known[0] for id_, known in held.entities.items()},
        facts={id_: known[0] for id_, known in held.facts.items()},
        vocabulary_hash=held.state.vocabulary_hash if held.state else None,
    )


def _refuse_surprises(
    seed: Seed, held: Held, plan: Plan, *, replace_seed: bool, allow_retract: bool
) -> None:
    state = held.state
    if state is None or state.phase == "loading":
        return
    if state.seed_id != seed.manifest.id:
        if replace_seed:
            return
        raise InvalidInputError(
            f"The graph holds seed {state.seed_id!r}, and this folder is seed"
            f" {seed.manifest.id!r}: nothing was changed.",
            mend="Give the right folder with --seed, or say --replace to replace the whole graph.",
            field="replace",
        )
    retracted = len(plan.facts.retracted)
    if retracted > MAX_RETRACTED_SHARE * len(held.facts) and not allow_retract:
        raise InvalidInputError(
            f"This would retract {retracted} of {len(held.facts)} facts: nothing was changed.",
            mend="Look at the plan with --dry-run; if it is meant, say --allow-retract.",
            field="allow_retract",
        )
    if plan.count > MAX_CHANGES_IN_USE:
        raise LimitError(
            f"This would change {plan.count} things in a graph that is in use; at most"
            f" {MAX_CHANGES_IN_USE} go in one transaction: nothing was changed.",
            mend="Load it into an empty database, or in several smaller steps.",
        )


async def _apply(database: Database, seed: Seed, held: Held, plan: Plan, say: Say) -> None:
    if plan.vocabulary_changed:
        await writing.ensure_schema(database, seed.vocabulary)
    recorded_at = _now_after(held.state.loaded_at if held.state else "")
    if held.state is not None and held.state.phase == "ready":
        await _change(database, seed, held, held.state, plan, recorded_at)
    else:
        await _fill(database, seed, held, plan, recorded_at, say)


def _now_after(last: str) -> str:
    """Now, as text that sorts; later than the last load even if the clock went back."""
    now = datetime.now(UTC)
    if last:
        now = max(now, datetime.fromisoformat(last) + timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds").replace("+00:00", "Z")


# --- the first load ---------------------------------------------------------------------------


async def _fill(
    database: Database, seed: Seed, held: Held, plan: Plan, recorded_at: str, say: Say
) -> None:
    nodes, relationships = _all_rows(seed, recorded_at)
    done = _state(seed, version=1, recorded_at=recorded_at)
    nodes.append(_load_row(done, plan))
    if held.state is None and len(nodes) + len(relationships) <= ONE_TRANSACTION:

        async def at_once(transaction: Transaction) -> None:
            await transaction.run("load/create_state", properties=done.properties())
            await writing.create_nodes(transaction, nodes)
            await writing.create_relationships(transaction, relationships)

        await database.write(at_once)
        return
    async with FirstLoad(database, done, held.state, say) as filling:
        for node_batch in writing.batches(nodes, 5 * writing.BATCH):
            await filling.write(partial(writing.create_nodes, rows=node_batch))
        for link_batch in writing.batches(relationships, 5 * writing.BATCH):
            await filling.write(partial(writing.create_relationships, rows=link_batch))


def _all_rows(seed: Seed, recorded_at: str) -> tuple[list[NodeRow], list[RelationshipRow]]:
    nodes = [_document_row(seed, id_, recorded_at) for id_ in seed.documents]
    nodes += [_entity_row(seed, id_, recorded_at) for id_ in seed.entities]
    relationships: list[RelationshipRow] = []
    for fact in seed.facts.values():
        fact_nodes, links = fact_rows(fact, recorded_at)
        nodes += fact_nodes
        relationships += links
    return nodes, relationships + mention_rows(_mentions(seed))


def _mentions(seed: Seed) -> dict[tuple[str, str], None]:
    return {
        (document, entity): None
        for fact in seed.facts.values()
        for document in fact.documents
        for entity in fact.mentioned()
    }


def _document_row(seed: Seed, id_: str, recorded_at: str) -> NodeRow:
    return NodeRow(("Document",), document_properties(seed.documents[id_], recorded_at))


def _entity_row(seed: Seed, id_: str, recorded_at: str) -> NodeRow:
    entity = seed.entities[id_]
    labels = seed.vocabulary.labels(entity.kind)
    return NodeRow(labels, entity_properties(entity, recorded_at))


def _state(seed: Seed, *, version: int, recorded_at: str) -> GraphState:
    return GraphState(
        phase="ready",
        version=version,
        schema_version=SCHEMA_VERSION,
        seed_id=seed.manifest.id,
        seed_title=seed.manifest.title,
        loaded_at=recorded_at,
        vocabulary_json=to_json(seed.vocabulary),
        vocabulary_hash=content_hash(seed.vocabulary),
        documents=len(seed.documents),
        entities=len(seed.entities),
        facts=len(seed.facts),
        written_by=__version__,
    )


def _load_row(state: GraphState, plan: Plan) -> NodeRow:
    numbers = {
        f"{what}_{how}": len(getattr(getattr(plan, what), how))
        for what in ("documents", "entities", "facts")
        for how in ("added", "changed", "retracted", "unchanged")
    }
    return NodeRow(
        ("Load",),
        {
            "id": f"load-{state.version}",
            "version": state.version,
            "at": state.loaded_at,
            "seed_id": state.seed_id,
            "written_by": state.written_by,
            **numbers,
        },
    )


# --- a change to a graph in use ---------------------------------------------------------------


async def _change(
    database: Database, seed: Seed, held: Held, before: GraphState, plan: Plan, recorded_at: str
) -> None:
    state = _state(seed, version=before.version + 1, recorded_at=recorded_at)
    old_facts = await reading.facts_by_id(database, _gone(plan.facts))
    old_entities = await reading.entities_by_id(database, _gone(plan.entities))
    moved = {
        id_ for id_ in plan.entities.changed if old_entities[id_].kind != seed.entities[id_].kind
    }
    rewritten = [
        seed.facts[id_]
        for id_ in plan.facts.unchanged
        if not moved.isdisjoint(seed.facts[id_].mentioned())
    ]
    mentions = await reading.mentions(database)

    async def work(transaction: Transaction) -> None:
        await _take_turn(transaction, before.version, recorded_at)
        await writing.create_nodes(
            transaction,
            [
                *_fact_versions(plan.facts, old_facts, held, state),
                *_entity_versions(plan.entities, old_entities, held, state),
                _load_row(state, plan),
            ],
        )
        await _delete(transaction, plan, [*old_facts.values(), *rewritten], moved)
        await _create(transaction, seed, held, plan, recorded_at, moved, rewritten)
        gone = {*plan.entities.retracted, *moved}
        kept = {pair for pair in mentions if pair[1] not in gone}
        await _renew_mentions(transaction, kept, set(_mentions(seed)))
        await transaction.run("load/set_state", properties=state.properties())

    await database.write(work)


def _gone(changes: Changes) -> list[str]:
    return [*changes.changed, *changes.retracted]


async def _take_turn(transaction: Transaction, planned_for: int, writer: str) -> None:
    rows = await transaction.run("load/take_turn", writer=writer)
    if not rows or rows[0]["version"] != planned_for or rows[0]["phase"] != "ready":
        raise StoreConflictError(
            "Another load changed the graph since this one was planned; nothing was written.",
            mend="Run it again.",
        )


def _fact_versions(
    changes: Changes, old: dict[str, AnyFact], held: Held, state: GraphState
) -> Iterable[NodeRow]:
    for id_, how in _with_reason(changes):
        fact = old[id_]
        yield NodeRow(
            ("FactVersion",),
            {
                **_superseded(id_, how, held.facts[id_][1], state),
                "fact_id": id_,
                "form": form_of(fact),
                "fact": to_json(fact),
            },
        )


def _entity_versions(
    changes: Changes, old: dict[str, Entity], held: Held, state: GraphState
) -> Iterable[NodeRow]:
    for id_, how in _with_reason(changes):
        entity = old[id_]
        yield NodeRow(
            ("EntityVersion",),
            {
                **_superseded(id_, how, held.entities[id_][1], state),
                "entity_id": id_,
                "kind": entity.kind,
                "name": entity.name,
                "entity": to_json(entity),
            },
        )


def _with_reason(changes: Changes) -> Iterable[tuple[str, str]]:
    return chain(
        ((id_, "changed") for id_ in changes.changed),
        ((id_, "retracted") for id_ in changes.retracted),
    )


def _superseded(id_: str, how: str, recorded_at: str, state: GraphState) -> dict[str, Any]:
    return {
        "id": f"{id_}@{state.version}",
        "change": how,
        "recorded_at": recorded_at,
        "superseded_at": state.loaded_at,
        "version": state.version,
    }


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
    new_entities = [*plan.entities.added, *(id_ for id_ in plan.entities.changed if id_ in moved)]
    nodes = [_document_row(seed, id_, recorded_at) for id_ in plan.documents.added]
    nodes += [_entity_row(seed, id_, recorded_at) for id_ in new_entities]
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
        ("Document", _document_row, plan.documents),
        (ENTITY, _entity_row, plan.entities),
    ):
        kept = (id_ for id_ in changes.changed if id_ not in moved)
        await writing.replace_properties(
            transaction, label, (row_of(seed, id_, recorded_at).properties for id_ in kept)
        )


async def _renew_mentions(
    transaction: Transaction, held: set[tuple[str, str]], wanted: set[tuple[str, str]]
) -> None:
    await writing.delete_rows(transaction, (), mention_rows(sorted(held - wanted)))
    await writing.create_relationships(transaction, mention_rows(sorted(wanted - held)))
