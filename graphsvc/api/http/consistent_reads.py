"""Consistent reads: a response from several reads, all of one version of the graph."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from graphsvc.api.http.live_graph import GraphVersion, live_graph_of
from graphsvc.errors import StoreConflictError
from graphsvc.store.state import require_unchanged


async def consistent_read(
    request: Request, at: GraphVersion, respond: Callable[[GraphVersion], Awaitable[Response]]
) -> Response:
    """The response from the version given or, where a load comes meanwhile, from the one after it.

    Cost: one more read, of the graph's state.

    Raises
    ------
    StoreConflictError
        When another load came meanwhile again.
    """
    try:
        return await _unless_changed(at, respond)
    except StoreConflictError:
        response = await _unless_changed(await live_graph_of(request.scope).refresh(), respond)
    # The tag is known before the answer and names the version before, so it may not go with it.
    response.headers["Cache-Control"] = "no-store"
    return response


async def _unless_changed(
    at: GraphVersion, respond: Callable[[GraphVersion], Awaitable[Response]]
) -> Response:
    try:
        response = await respond(at)
    except Exception:
        # What is of two versions may not fit together, which is nobody's mistake.
        await require_unchanged(at.database, at.state)
        raise
    await require_unchanged(at.database, at.state)
    return response
