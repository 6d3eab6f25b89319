"""SIGHUP: the query files are read again; a closed terminal still ends the service.

A signal does not say who sent it. A terminal that goes away takes itself from every process that
had it, so a process that had one and has none now was left behind.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphsvc.api.http.live_graph import Graph
from graphsvc.errors import QueryFileError

_TERMINAL = "/dev/tty"


@contextmanager
def reading_queries_again(graph: Graph, log: Any) -> Iterator[None]:
    """While it lasts, SIGHUP reads the query files anew; a bad file leaves the old ones in use.

    Outside a process's main thread, where signals cannot be had, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGHUP"):
        yield
        return
    loop = asyncio.get_running_loop()
    was_left = terminal_watch()

    def on_hangup() -> None:
        if was_left():
            signal.raise_signal(signal.SIGTERM)
            return
        read_again(graph, log)

    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def read_again(graph: Graph, log: Any) -> None:
    """Read the query files, and log how that went."""
    try:
        queries = graph.read_queries()
    except QueryFileError as error:
        log.error("query files refused; the old queries stay in use", problem=str(error))
    else:
        log.info("query files read", queries=len(queries.statements), digest=queries.digest)


def terminal_watch() -> Callable[[], bool]:
    """A function that says whether the terminal this process was started from went away.

    It never did for a process that was told to ignore that (`nohup`), nor for a worker, whose
    parent looks after it.
    """
    is_worker = multiprocessing.parent_process() is not None
    ignores = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    if is_worker or ignores or not _has_terminal():
        return lambda: False
    return lambda: not _has_terminal()


def _has_terminal() -> bool:
    try:
        os.close(os.open(_TERMINAL, os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True
