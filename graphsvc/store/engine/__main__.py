"""`python -m graphsvc.store.engine DATA_DIR MEMORY_MB`: become the supervisor of a data folder.

Run by the first client, never by hand. The process that was started prints one JSON line and
ends as soon as its child can be reached on the control port; the child is the supervisor, in a
session of its own and with no terminal. Forking makes this the one part that needs POSIX
(besides the lock in `folder`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import logging.handlers
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import NoReturn

from graphsvc import __version__
from graphsvc.errors import GraphsvcError, SettingsError
from graphsvc.store.engine.folder import DataFolder, Record
from graphsvc.store.engine.protocol import HOST
from graphsvc.store.engine.supervisor import Supervisor

_LOG_BYTES = 2**20


def main() -> None:
    """Take the folder, fork, supervise."""
    os.umask(0o077)
    folder, memory_mb = DataFolder(Path(sys.argv[1])), int(sys.argv[2])
    try:
        folder.create()
        lock = folder.acquire()
        if lock is None:
            _leave({"held": True})
        _supervise(folder, lock, memory_mb)
    except GraphsvcError as error:
        settings = isinstance(error, SettingsError)
        _leave({"failed": error.message, "mend": error.mend, "settings": settings})


def _leave(message: dict[str, object]) -> NoReturn:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
    os._exit(0)


def _supervise(folder: DataFolder, lock: int, memory_mb: int) -> None:
    last = folder.read_record()
    with socket.create_server((HOST, 0)) as listening:
        if os.fork():
            # The child owns everything from here; it says when it can be reached.
            os._exit(0)
        record = Record(
            pid=os.getpid(),
            control_port=listening.getsockname()[1],
            token=secrets.token_urlsafe(32),
            graphsvc_version=__version__,
            # The port and count of the one before: clients whose supervisor was killed go on
            # with the address they have, and see that it is a new engine.
            bolt_port=last.bolt_port if last else 0,
            generation=last.generation if last else 0,
        )
        folder.write_record(record)
        sys.stdout.write(json.dumps({"started": True}) + "\n")
        sys.stdout.flush()
        _detach(folder)
        try:
            asyncio.run(Supervisor(folder, lock, record, memory_mb).run(listening))
        except Exception:
            logging.exception("the supervisor ended")
        # The lock goes with the process.
        os._exit(0)


def _detach(folder: DataFolder) -> None:
    """Let go of the caller's pipes; from here on there is a log."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    handler = logging.handlers.RotatingFileHandler(
        folder.log, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8"
    )
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.info("supervisor %d of graphsvc %s", os.getpid(), __version__)


if __name__ == "__main__":
    main()
