"""The worker processes of `graphsvc serve --workers N`."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from socket import socket

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from graphsvc.api.http.reload import terminal_watch


class Workers(Multiprocess):
    """uvicorn's supervisor, but SIGHUP is handed on to the workers instead of replacing them.

    Each reads its query files again, and goes on with the old ones where a file is bad.
    """

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        self._terminal_closed = terminal_watch()
        super().__init__(config, sockets)

    def handle_hup(self) -> None:
        """Pass SIGHUP on; one that is still starting may end by it, and is started again."""
        if self._terminal_closed():
            self.handle_term()
            return
        for process in self.processes:
            if process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGHUP)
