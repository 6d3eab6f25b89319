"""Whether whoever asked still listens: who hangs up ends what was done for them alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")

GONE = 499
"""The status in the log where nobody was left to read one, as nginx writes it."""


class HungUp(Exception):  # noqa: N818 - it is no error
    """Whoever asked has left."""


async def while_listening(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Do the work for as long as whoever asked is there; the body has been read.

    Raises
    ------
    HungUp
        When they left before it was done: it was cancelled.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise HungUp
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.wait({working, leaving})
        if not working.cancelled():
            working.exception()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
