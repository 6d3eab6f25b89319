"""Loads a seed into the graph: read what is held, compare, apply, keep history.

A change to a graph in use is one transaction. Only a first load may go in batches; until the
last one the graph's phase is "loading" and every read is refused with the reason.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from graphsvc.errors import InvalidInputError, LimitError, StoreConflictError, StoreUnavailableError
from graphsvc.model.instant import instant_text
from graphsvc.model.seed import Seed
from graphsvc.model.vocabulary import ENTITY
from graphsvc.seeding.comparing import MAX_CHANGES_IN_USE, MAX_RETRACTED_SHARE, Plan, plan_load
from graphsvc.store import reading, writing
from graphsvc.store.database import Database, Transaction
from graphsvc.store.state import GraphState, read_state
from graphsvc.usecases.loading.first_load import FirstLoad, ProgressCallback, Say, require_untouched
from graphsvc.usecases.loading.seed_rows import all_rows, load_row, state_after
from graphsvc.usecases.loading.update import Held, change

ONE_TRANSACTION = 50_000
"""A first load of more nodes and relationships than this goes in batches."""

_ATTEMPTS = 4


@dataclass(frozen=True)
class Preview:
    """What a load would do, and why it would be refused, if it would."""

    plan: Plan
    refusal: InvalidInputError | None


async def preview(
    database: Database, seed: Seed, *, replace_seed: bool = False, allow_retract: bool = False
) -> Preview:
    """The plan of a load, which is not applied; a plan that would be refused is shown as well."""
    held = await _read_held(database)
    plan = _planned(seed, held)
    try:
        _refuse_other_seed(seed, held.state, replace_seed=replace_seed)
        _refuse_surprises(seed, held, plan, allow_retract=allow_retract)
    except InvalidInputError as error:
        return Preview(plan, error)
    return Preview(plan, None)


async def load(
    database: Database,
    seed: Seed,
    *,
    replace_seed: bool = False,
    allow_retract: bool = False,
    say: Say = lambda _: None,
    progress: ProgressCallback = lambda _: None,
) -> Plan:
    """Make the graph hold this seed; loading the same seed again changes nothing.

    Returns the plan that was applied. `progress` is told how many rows of a first load in batches
    are written.

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
        try:
            # Before all that is held is read, which takes minutes where it is much.
            _refuse_other_seed(seed, await read_state(database), replace_seed=replace_seed)
            held = await _read_held(database)
            _refuse_other_seed(seed, held.state, replace_seed=replace_seed)
            plan = _planned(seed, held)
            _refuse_surprises(seed, held, plan, allow_retract=allow_retract)
            if plan.changes_nothing and _is_ready(held):
                return plan
            await _apply(database, seed, held, plan, say, progress)
        except StoreConflictError:
            if attempt == _ATTEMPTS:
                raise
            say("Another load was in the way; planning again.")
            await asyncio.sleep(0.05 * 2**attempt)
        except StoreUnavailableError as error:
            # People's statements end the engine twice at most before they wait for a minute.
            lost = database.embedded and error.reason == "unreachable"
            if attempt == _ATTEMPTS or not lost:
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


def _refuse_other_seed(seed: Seed, state: GraphState | None, *, replace_seed: bool) -> None:
    if replace_seed or state is None or state.phase == "loading":
        return
    if state.seed_id != seed.manifest.id:
        raise InvalidInputError(
            f"The graph holds seed {state.seed_id!r}, and this folder is seed"
            f" {seed.manifest.id!r}: nothing was changed.",
            mend="Give the right folder with --seed, or say --replace to replace the whole graph.",
            field="replace",
        )


def _refuse_surprises(seed: Seed, held: Held, plan: Plan, *, allow_retract: bool) -> None:
    state = held.state
    if state is None or state.phase == "loading":
        return
    if plan.count > MAX_CHANGES_IN_USE:
        raise LimitError(
            f"This would change {plan.count} things in a graph that is in use; at most"
            f" {MAX_CHANGES_IN_USE} go in one transaction: nothing was changed.",
            mend="Load it into an empty database, or in several smaller steps.",
        )
    if state.seed_id != seed.manifest.id:
        return  # replaced as a whole, which was asked for
    retracted = len(plan.facts.retracted)
    if retracted > MAX_RETRACTED_SHARE * len(held.facts) and not allow_retract:
        raise InvalidInputError(
            f"This would retract {retracted} of {len(held.facts)} facts: nothing was changed.",
            mend="Look at the plan with --dry-run; if it is meant, say --allow-retract.",
            field="allow_retract",
        )


async def _apply(
    database: Database, seed: Seed, held: Held, plan: Plan, say: Say, progress: ProgressCallback
) -> None:
    if held.state is None:
        await require_untouched(database)
    if plan.vocabulary_changed:
        await writing.ensure_schema(database, seed.vocabulary)
    recorded_at = _now_after(held.state.loaded_at if held.state else "")
    if held.state is not None and held.state.phase == "ready":
        await change(database, seed, held, held.state, plan, recorded_at)
    else:
        await _fill(database, seed, held, plan, recorded_at, say, progress)


def _now_after(last: str) -> str:
    """Now, as text that sorts; later than the last load even if the clock went back."""
    now = datetime.now(UTC)
    if last:
        now = max(now, datetime.fromisoformat(last) + timedelta(microseconds=1))
    return instant_text(now)


async def _fill(
    database: Database,
    seed: Seed,
    held: Held,
    plan: Plan,
    recorded_at: str,
    say: Say,
    progress: ProgressCallback,
) -> None:
    nodes, relationships = all_rows(seed, recorded_at)
    done = state_after(seed, version=1, recorded_at=recorded_at)
    nodes.append(load_row(done, plan))
    if held.state is None and len(nodes) + len(relationships) <= ONE_TRANSACTION:

        async def at_once(transaction: Transaction) -> None:
            await transaction.run("load/create_state", properties=done.properties())
            await writing.create_nodes(transaction, nodes)
            await writing.create_relationships(transaction, relationships)

        await database.write(at_once)
        return
    async with FirstLoad(database, done, held.state, say) as filling:
        written = 0
        for node_batch in writing.batches(nodes, 5 * writing.BATCH):
            await filling.write(partial(writing.create_nodes, rows=node_batch))
            progress(written := written + len(node_batch))
        for link_batch in writing.batches(relationships, 5 * writing.BATCH):
            await filling.write(partial(writing.create_relationships, rows=link_batch))
            progress(written := written + len(link_batch))
