"""The worker processes of `graphsvc serve --workers N`; none outlives the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from contextlib import suppress
from socket import socket
from typing import TYPE_CHECKING

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from graphsvc.api.http.reload import terminal_watch
from graphsvc.cli.stopping import LAST_REQUESTS_S

if TYPE_CHECKING:
    from fastapi import FastAPI

APP = f"{__name__}:create_app"

_CLOSING_S = 3
"""How long a worker may take to end after its last request."""


def create_app() -> FastAPI:
    """The application in a worker, which ends with the process that started it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from graphsvc import app

    return app.create_app()


def _end_with_parent() -> None:
    """End as at SIGTERM when the parent is gone, whatever became of it.

    A pipe that the parent alone holds open tells so: no number that another process may get, and
    none of Linux's own ways (PR_SET_PDEATHSIG follows a thread, and misses an early death).
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_REQUESTS_S + _CLOSING_S)
    os._exit(0)


class Workers(Multiprocess):
    """uvicorn's supervisor of workers, run in a thread beside the main one.

    SIGHUP is handed on to the workers instead of replacing them: each reads its query files again,
    and goes on with the old ones where a file is bad. A worker that does not end is killed.
    """

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        self._terminal_closed = terminal_watch()
        super().__init__(config, sockets)

    def handle_hup(self) -> None:
        """Pass SIGHUP on; one that is still starting may end by it, and is started again."""
        if self._terminal_closed():
            os.kill(os.getpid(), signal.SIGTERM)
            return
        for process in self.processes:
            if process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGHUP)

    def join_all(self) -> None:
        """Wait for the workers to end, and kill those that do not."""
        deadline = time.monotonic() + LAST_REQUESTS_S + _CLOSING_S
        for worker in self.processes:
            worker.process.join(max(0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
