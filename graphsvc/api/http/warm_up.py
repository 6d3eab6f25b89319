"""Warm-up: computes for each new version what its first request would wait for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from graphsvc.api.http.live_graph import GraphVersion, LiveGraph
from graphsvc.api.http.single_flight import retrieve_exception
from graphsvc.errors import GraphsvcError


@asynccontextmanager
async def warm_up_each_version(
    graph: LiveGraph, make: Callable[[GraphVersion], Awaitable[object]], log: Any
) -> AsyncIterator[None]:
    """Within the context, `make` is called for the current version and for each later one.

    A call for a version that another has followed is cancelled. What `make` gets by
    `GraphVersion.compute_once` is shared with the requests that ask for it, and goes on for as long
    as one of them waits. A failure is logged; the first request tries again.
    """
    calls: set[asyncio.Task[None]] = set()

    async def call(at: GraphVersion) -> None:
        try:
            await make(at)
        except GraphsvcError as error:
            log.warning("warm-up failed", version=at.version, problem=str(error))
        except Exception:
            log.exception("internal error", version=at.version)

    def on_version(at: GraphVersion) -> None:
        for earlier in calls:
            earlier.cancel()
        task = asyncio.create_task(call(at))
        calls.add(task)
        task.add_done_callback(calls.discard)

    ignored, graph.on_version = graph.on_version, on_version
    # Where there is no graph yet, the request that first sees one begins.
    first_look = asyncio.ensure_future(graph.now())
    first_look.add_done_callback(retrieve_exception)
    try:
        yield
    finally:
        graph.on_version = ignored
        ending = {first_look, *calls}
        for task in ending:
            task.cancel()
        await asyncio.wait(ending)
