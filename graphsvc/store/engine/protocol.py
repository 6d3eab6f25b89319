"""The protocol between the engine's processes: JSON objects, one a line.

Between a client and the supervisor, over loopback: the client greets first (`hello`, with the
folder's token and its version). The supervisor answers `welcome`, `closing` (it is on its way
out: ask again for a fresh one) or `refused` (it is another version), or its status to one who
only asks for that. Then the client may send `{"request": n, "restart": generation, "runaway": b}`
(whether a statement of somebody's is to blame), or `{"request": n}` to have the database looked
after; once the database is up again, or has failed,
its state comes back with `"reply": n`. The state is also sent, unasked, whenever it changes.

States: `{"state": "starting"}`, `{"state": "ready", "bolt_port": ..., "generation": ...,
"memory_ran_out": ..., "statements_from": ..., "database_pid": ...}` (whether the generation before
ended for want of memory; when people's statements may run again, by the machine's monotonic clock),
`{"state": "failed", "message": ..., "mend": ...}`.

Between the supervisor and the database process, over its stdin and stdout: one `Order` in, one
answer out (`ready` with the engine's version, or `failed` and `mend`); `stop` in.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Any

Message = dict[str, Any]

HOST = "127.0.0.1"
STATUS = "status"
ATTACH = "attach"
STARTING = "starting"
READY = "ready"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Order:
    """What the database process is to do; it holds passwords, so it never stands in argv."""

    data_dir: str
    bolt_port: int
    memory_mb: int
    root_password: str
    reader_password: str

    def line(self) -> bytes:
        """The order as it goes over stdin."""
        return json.dumps(asdict(self)).encode() + b"\n"


async def send(writer: asyncio.StreamWriter, message: Message) -> None:
    """Send one message.

    Raises
    ------
    OSError
        When the other side is gone.
    """
    post(writer, message)
    await writer.drain()


def post(writer: asyncio.StreamWriter, message: Message) -> None:
    """Send one message without waiting for it to leave; nothing happens if nobody is there."""
    writer.write(json.dumps(message).encode() + b"\n")


async def receive(reader: asyncio.StreamReader) -> Message | None:
    """The next message; None when the other side is gone or does not speak this protocol."""
    try:
        line = await reader.readline()
        message = json.loads(line) if line.endswith(b"\n") else None
    except (OSError, ValueError):
        return None
    return message if isinstance(message, dict) else None
