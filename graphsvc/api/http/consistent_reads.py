"""Answers that take several reads, all of one version of the graph though a load comes between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from graphsvc.api.http.live_graph import GraphVersion, graph_of
from graphsvc.errors import StoreConflictError
from graphsvc.store.state import require_unchanged


async def of_one_version(
    request: Request, at: GraphVersion, answer: Callable[[GraphVersion], Awaitable[Response]]
) -> Response:
    """The answer from the version at hand; where a load comes meanwhile, from the one after it.

    Cost: one more read, of the graph's state.

    Raises
    ------
    StoreConflictError
        When another load came meanwhile again.
    """
    try:
        return await _unless_changed(at, answer)
    except StoreConflictError:
        response = await _unless_changed(await graph_of(request.scope).look_again(), answer)
    # The tag is known before the answer and names the version before, so it may not go with it.
    response.headers["Cache-Control"] = "no-store"
    return response


async def _unless_changed(
    at: GraphVersion, answer: Callable[[GraphVersion], Awaitable[Response]]
) -> Response:
    try:
        response = await answer(at)
    except Exception:
        # What is of two versions may not fit together, which is nobody's mistake.
        await require_unchanged(at.database, at.state)
        raise
    await require_unchanged(at.database, at.state)
    return response
