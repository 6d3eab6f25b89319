"""Whether the process lives, and whether there is a graph to read."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from graphsvc import __version__
from graphsvc.api.http.answers import Closed, GraphVersionNumber, InstantText
from graphsvc.api.http.live_graph import live_graph_of

router = APIRouter(tags=["Health"])


class Health(Closed):
    """The process answers."""

    status: Literal["alive"]
    version: str


class Readiness(Closed):
    """There is a graph to read."""

    status: Literal["ready"]
    database: Literal["embedded", "neo4j"]
    schema_version: int
    seed: str
    seed_title: str
    graph_version: GraphVersionNumber
    loaded_at: InstantText
    documents: int
    entities: int
    facts: int


@router.get("/health", response_model=Health, summary="The process answers · 프로세스 상태")
async def get_health() -> Response:
    """Says nothing of the database."""
    return _now({"status": "alive", "version": __version__})


@router.get("/ready", response_model=Readiness, summary="There is a graph · 준비 상태")
async def get_readiness(request: Request) -> Response:
    """200 when reads are answered; else 503 with the reason."""
    at = await live_graph_of(request.scope).now()
    state = at.state
    return _now(
        {
            "status": "ready",
            "database": "embedded" if at.database.embedded else "neo4j",
            "schema_version": state.schema_version,
            "seed": state.seed_id,
            "seed_title": state.seed_title,
            "graph_version": state.version,
            "loaded_at": state.loaded_at,
            "documents": state.documents,
            "entities": state.entities,
            "facts": state.facts,
        }
    )


def _now(content: dict[str, object]) -> Response:
    return Response(
        to_json(content), media_type="application/json", headers={"Cache-Control": "no-store"}
    )
