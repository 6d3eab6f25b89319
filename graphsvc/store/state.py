"""What the graph holds: one `GraphState` node that every load keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from graphsvc.errors import StoreConflictError, StoreUnavailableError
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database

SCHEMA_VERSION = 1
"""How facts stand in the graph (rows.py); a database with a newer one is refused."""

Phase = Literal["loading", "ready"]


@dataclass(frozen=True)
class GraphState:
    """The state of a graph that holds a seed, or is on the way to it."""

    phase: Phase
    version: int
    schema_version: int
    seed_id: str
    seed_title: str
    loaded_at: str
    vocabulary_json: str
    vocabulary_hash: str
    documents: int
    entities: int
    facts: int
    written_by: str
    writer: str = ""
    beat: int = 0

    def vocabulary(self) -> Vocabulary:
        """The vocabulary that the graph was loaded with."""
        return Vocabulary.model_validate_json(self.vocabulary_json)

    def properties(self) -> dict[str, Any]:
        """What its node carries."""
        return {name: getattr(self, name) for name in GraphState.__dataclass_fields__}


async def read_state(database: Database) -> GraphState | None:
    """The graph's state; None in an empty database.

    Raises
    ------
    StoreUnavailableError
        When a newer graphsvc wrote the graph.
    """
    rows = await database.read("read/state")
    if not rows:
        return None
    properties = rows[0]["state"]
    if properties["schema_version"] > SCHEMA_VERSION:
        raise StoreUnavailableError(
            f"The graph was written by graphsvc {properties['written_by']} with schema version"
            f" {properties['schema_version']}; this program knows versions up to"
            f" {SCHEMA_VERSION}.",
            reason="newer-schema",
            mend="Upgrade graphsvc.",
        )
    return GraphState(
        **{name: properties[name] for name in GraphState.__dataclass_fields__ if name in properties}
    )


async def require_ready(database: Database) -> GraphState:
    """The state of a graph that may be read.

    Raises
    ------
    StoreUnavailableError
        When the graph is empty or its first load has not finished.
    """
    state = await read_state(database)
    if state is None:
        raise StoreUnavailableError(
            "The graph is empty.", reason="empty", mend="Load a seed with `graphsvc load`."
        )
    if state.phase == "loading":
        raise StoreUnavailableError(
            f"The first load of seed {state.seed_id} has not finished.",
            reason="loading",
            mend="Wait for it, or run `graphsvc load` (or `graphsvc restore`) again.",
        )
    return state


async def require_unchanged(database: Database, before: GraphState) -> None:
    """Make sure that no load changed the graph since this state was read.

    What comes from several statements would else be half of one version and half of the next.

    Raises
    ------
    StoreConflictError
        When one did.
    """
    now = await read_state(database)
    if now is None or (now.version, now.loaded_at, now.phase) != (
        before.version,
        before.loaded_at,
        before.phase,
    ):
        raise changed_meanwhile()


def changed_meanwhile() -> StoreConflictError:
    """The error of a read that several statements make, and a load came between."""
    return StoreConflictError(
        "A load changed the graph meanwhile: what was written, if anything, is not whole.",
        mend="Run it again.",
    )
