"""Who is told when a kernel is compiled, and not taken from memory or the cache on disk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

_log = logging.getLogger("graphsvc.analysis")


class _Listener(event.Listener):
    """Hands on the names of kernels as numba begins to compile them."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def on_start(self, event: Any) -> None:
        compiled = event.data["dispatcher"]
        # Only what Python calls releases the GIL; other functions are parts of it.
        ours = compiled.py_func.__module__.startswith(__package__)
        if ours and compiled.targetoptions.get("nogil"):
            self._tell(f"{compiled.py_func.__module__}.{compiled.py_func.__name__}")

    def on_end(self, event: Any) -> None:
        pass


def log_compiling() -> None:
    """Log each kernel that is compiled from now on, by the logger `graphsvc.analysis` at INFO."""
    event.register("numba:compile", _Listener(lambda name: _log.info("compiling %s", name)))


@contextmanager
def told_of_compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Within, `tell` is called when the first kernel is compiled, in the thread that compiles."""
    names: list[str] = []

    def first(name: str) -> None:
        names.append(name)
        if len(names) == 1:
            tell()

    with event.install_listener("numba:compile", _Listener(first)):
        yield
