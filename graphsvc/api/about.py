"""What the graph is made of: its vocabulary, and how much it holds."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from graphsvc.api.http.live_graph import AtVersion
from graphsvc.api.http.parameters import no_parameters
from graphsvc.api.http.responses import answer
from graphsvc.api.models import Statistics, Vocabulary
from graphsvc.usecases.about.statistics import statistics

router = APIRouter(tags=["About · 안내"], dependencies=[Depends(no_parameters)])


@router.get("/vocabulary", response_model=Vocabulary, summary="Kinds, types and metrics · 어휘")
async def show_vocabulary(at: AtVersion) -> Response:
    """Which kinds of things, relationship types and metrics there are, and how they read."""
    vocabulary = at.vocabulary
    content = {
        "kinds": [
            {
                "kind": name,
                "parent": kind.parent,
                "labels": vocabulary.labels(name),
                "name": kind.name,
            }
            for name, kind in vocabulary.kinds.items()
        ],
        "types": [{"type": name, **dict(kind)} for name, kind in vocabulary.types.items()],
        "metrics": [{"metric": name, **dict(kind)} for name, kind in vocabulary.metrics.items()],
    }
    return answer(at, content)


@router.get("/statistics", response_model=Statistics, summary="How much there is · 통계")
async def show_statistics(at: AtVersion) -> Response:
    """Counts per kind, relationship type, metric and form."""
    return answer(at, await statistics(at.database, at.state))
