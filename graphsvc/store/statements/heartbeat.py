"""The heartbeat of the embedded engine while people's statements run.

A statement may take so much memory, or so many locks, that nobody is answered any more, long before
its time is over. One lookup a second tells: without an answer for three seconds the engine is
ended. What a slow machine does to it is not its fault, so time counts in turns of our own event
loop, which stands still when this process does, and only while the engine computes: one that waits
for a disk, or was suspended, is left alone.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from graphsvc.errors import StoreError
from graphsvc.store.database import Database

_BETWEEN_S = 1.0
_SILENCE_S = 3.0
_TURN_S = 0.25
_BUSY_SHARE = 0.1
"""Of one processor: who collects garbage in vain takes all it gets, and on a busy machine more."""


async def silence(database: Database) -> int:
    """Look up again and again until an answer does not come; the generation that owes it."""
    while True:
        await asyncio.sleep(_BETWEEN_S)
        with suppress(StoreError):  # while it starts, others wait for it and say why it does not
            generation = await database.follow_engine()
            if not await _answers(database):
                return generation


async def _answers(database: Database) -> bool:
    assert database.engine is not None  # noqa: S101 - the embedded engine alone has a heartbeat
    lookup = asyncio.ensure_future(database.look_up())
    try:
        return await _answered(lookup, database.engine.address.pid)
    finally:
        lookup.cancel()
        await asyncio.wait({lookup})
        if not lookup.cancelled():
            lookup.exception()


async def _answered(lookup: asyncio.Future[None], pid: int) -> bool:
    """Whether the answer came, an error being one, before the engine computed for too long."""
    turns, used = 0, _processor_seconds(pid)
    while True:
        done, _ = await asyncio.wait({lookup}, timeout=_TURN_S)
        if done:
            return True
        turns += 1
        if turns * _TURN_S < _SILENCE_S:
            continue
        now = _processor_seconds(pid)
        if used is None or now is None or now - used >= _BUSY_SHARE * _SILENCE_S:
            return False
        turns, used = 0, now


def _processor_seconds(pid: int) -> float | None:
    """Processor time that a process has taken; None where the system does not say (not Linux)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
