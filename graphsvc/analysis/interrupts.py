"""Ctrl-C in the middle of a computation: Python hears a signal only between two of its own steps.

A compiled loop is one such step, however long it takes. So long ones run beside the main thread,
which waits for them and hears signals.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from graphsvc.analysis.graph import Graph
from graphsvc.analysis.progress import current, reporting_to

WORTH_WAITING = 10_000
"""Entries of a graph, below which a thread takes longer to begin than many a computation."""

LEAVE_AFTER_S = 1.0
"""Time to end. What another library computes cannot be told to, and goes on without the caller."""


def interruptible(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """What the function returns or raises; what a signal's handler raises ends it within a moment.

    It runs in this thread where signals are not heard in it, or the graph is small.
    """
    graph = args[0] if args else None
    small = not isinstance(graph, Graph) or graph.out.entries < WORTH_WAITING
    if small or threading.current_thread() is not threading.main_thread():
        return function(*args, **options)
    progress, outcome = current(), Future[Any]()

    def run() -> None:
        try:
            outcome.set_result(function(*args, **options))
        except BaseException as error:
            outcome.set_exception(error)

    beside = threading.Thread(target=reporting_to(progress).run, args=(run,), daemon=True)
    try:
        beside.start()
        beside.join()
    except BaseException:
        progress.cancel()
        if beside.is_alive():
            beside.join(LEAVE_AFTER_S)
        raise
    return outcome.result()
