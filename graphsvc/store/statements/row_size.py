"""A bound on the size of a row, since the driver reads one of any size and blocks meanwhile.

`RETURN range(1, 30000000)` held a service up for fourteen seconds and took two gigabytes of it.
The driver has no setting for this, so its inbox is reached into; a test notices when it changes.
"""

from __future__ import annotations

from typing import Any

from neo4j import AsyncSession

from graphsvc.errors import LimitError

MOST_BYTES = 4 * 2**20
"""Most bytes of one row as the database sends it."""


class RowTooLargeError(OSError):
    """A row is too large; to the driver the connection broke. It leaves the store as LimitError."""


class BoundedSocket:
    """Stands before a connection's socket, and reads no more of a message than it may have.

    `received` counts the bytes of all of them.
    """

    def __init__(self) -> None:
        self.exceeded = False
        self.received = 0
        self._inbox: Any = None
        self._socket: Any = None

    def stand_before(self, session: AsyncSession) -> None:
        """Bound what comes in on the connection that a session uses."""
        connection: Any = session._connection
        self._inbox = connection.inbox
        before = self._inbox._socket
        self._socket = before._socket if isinstance(before, BoundedSocket) else before
        self._inbox._socket = self

    async def recv_into(self, buffer: memoryview, nbytes: int) -> int:
        """Read on, unless what was read of this message is too much already."""
        if self._inbox._buffer.used > MOST_BYTES:
            self.exceeded = True
            raise RowTooLargeError
        count = int(await self._socket.recv_into(buffer, nbytes))
        self.received += count
        return count

    def step_aside(self) -> None:
        """Leave the connection to others, whose rows have no bound."""
        if self._inbox is not None and self._inbox._socket is self:
            self._inbox._socket = self._socket


def too_large() -> LimitError:
    """What whoever asked is told."""
    return LimitError(
        f"A row of the result is larger than {MOST_BYTES // 2**20} MiB.",
        mend="Return it in several rows.",
        field="statement",
    )
