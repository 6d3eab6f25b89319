"""Works out ahead what the first request after a load would wait for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from graphsvc.api.http.live_graph import Graph, GraphVersion
from graphsvc.api.http.single_flight import look_at
from graphsvc.errors import GraphsvcError


@asynccontextmanager
async def working_ahead(
    graph: Graph, make: Callable[[GraphVersion], Awaitable[object]], log: Any
) -> AsyncIterator[None]:
    """While it lasts, `make` is called for the graph's version, and for each other one seen.

    A call for a version that another has followed is ended. What `make` gets by
    `GraphVersion.kept` is shared with the requests that ask for it, and goes on for as long as one
    of them waits. A failure is logged; the first request tries again.
    """
    calls: set[asyncio.Task[None]] = set()

    async def call(at: GraphVersion) -> None:
        try:
            await make(at)
        except GraphsvcError as error:
            log.warning("not worked out ahead", version=at.version, problem=str(error))
        except Exception:
            log.exception("mistake", version=at.version)

    def on_version(at: GraphVersion) -> None:
        for earlier in calls:
            earlier.cancel()
        task = asyncio.create_task(call(at))
        calls.add(task)
        task.add_done_callback(calls.discard)

    ignored, graph.on_version = graph.on_version, on_version
    # Where there is no graph yet, the request that first sees one begins.
    first_look = asyncio.ensure_future(graph.now())
    first_look.add_done_callback(look_at)
    try:
        yield
    finally:
        graph.on_version = ignored
        ending = {first_look, *calls}
        for task in ending:
            task.cancel()
        await asyncio.wait(ending)
