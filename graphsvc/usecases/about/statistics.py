"""How much the graph holds, by kind, type, metric and form."""

from __future__ import annotations

import asyncio
from typing import Any

from graphsvc.store.database import Database
from graphsvc.store.state import GraphState


async def statistics(database: Database, state: GraphState) -> dict[str, Any]:
    """Counts of everything; scans all things and relationships."""
    kinds, types, metrics, fundings = await asyncio.gather(
        database.read("read/about/kind_counts"),
        database.read("read/about/type_counts"),
        database.read("read/about/metric_counts"),
        database.read("read/about/funding_count"),
    )
    return {
        "seed": state.seed_id,
        "loaded_at": state.loaded_at,
        "documents": state.documents,
        "entities": state.entities,
        "facts": state.facts,
        "kinds": {row["kind"]: row["things"] for row in kinds},
        "types": {
            row["type"]: {name: row[name] for name in ("relationships", "with_amount")}
            for row in types
        },
        "metrics": {row["metric"]: row["observations"] for row in metrics},
        "forms": {
            "relationship": sum(row["facts"] for row in types),
            "funding": fundings[0]["fundings"],
            "observation": sum(row["observations"] for row in metrics),
        },
    }
