"""Reload on SIGHUP: the query files are read again; a closed terminal still ends the service.

A signal does not say who sent it: a user who wants a reload, or the kernel because the controlling
terminal closed. A process that had a controlling terminal and has none now got the latter.
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

from graphsvc.api.http.live_graph import LiveGraph
from graphsvc.errors import QueryFileError

_TERMINAL = "/dev/tty"


@contextmanager
def reload_on_sighup(graph: LiveGraph, log: Any) -> Iterator[None]:
    """Within the context, SIGHUP reloads the query files; a bad file leaves the old ones in use.

    Outside a process's main thread, where signals cannot be had, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGHUP"):
        yield
        return
    loop = asyncio.get_running_loop()
    terminal_closed = terminal_watch()

    def on_hangup() -> None:
        if terminal_closed():
            signal.raise_signal(signal.SIGTERM)
            return
        reload_queries(graph, log)

    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def reload_queries(graph: LiveGraph, log: Any) -> None:
    """Reload the query files, and log the outcome."""
    try:
        queries = graph.read_queries()
    except QueryFileError as error:
        log.error("query files refused; the old queries stay in use", problem=str(error))
    else:
        log.info("query files read", queries=len(queries.statements), digest=queries.digest)


def terminal_watch() -> Callable[[], bool]:
    """A function that says whether the controlling terminal of this process has closed.

    It always says no for a process that ignores SIGHUP (`nohup`) and for a worker, whose parent
    handles it.
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
