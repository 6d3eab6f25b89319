"""What a whole seed makes in the graph: its nodes and relationships, the state, the load's record.

The rows of one document, entity or fact are made in `graphsvc.store.rows`.
"""

from __future__ import annotations

from graphsvc import __version__
from graphsvc.model.content import content_hash, to_json
from graphsvc.model.seed import Seed
from graphsvc.seeding.comparing import Plan
from graphsvc.store.rows import (
    NodeRow,
    RelationshipRow,
    document_row,
    entity_row,
    fact_rows,
    mention_rows,
    mentions_of,
)
from graphsvc.store.state import SCHEMA_VERSION, GraphState


def all_rows(seed: Seed, recorded_at: str) -> tuple[list[NodeRow], list[RelationshipRow]]:
    """Every node and relationship of a seed."""
    nodes = [document_row(document, recorded_at) for document in seed.documents.values()]
    nodes += [entity_row(entity, seed.vocabulary, recorded_at) for entity in seed.entities.values()]
    relationships: list[RelationshipRow] = []
    for fact in seed.facts.values():
        fact_nodes, links = fact_rows(fact, recorded_at)
        nodes += fact_nodes
        relationships += links
    return nodes, relationships + mention_rows(mentions_of(seed.facts.values()))


def state_after(seed: Seed, *, version: int, recorded_at: str) -> GraphState:
    """The state of a graph that holds the seed."""
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


def load_row(state: GraphState, plan: Plan) -> NodeRow:
    """The record of the load that led to a state."""
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
