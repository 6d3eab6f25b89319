"""The end of `serve`: SIGTERM and Ctrl-C end it at any moment, with exit code 0.

Also where SIGINT is ignored, as in `graphsvc serve &` of a shell without job control.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

LAST_REQUESTS_S = 10
"""How long requests that run may go on after the service was told to stop."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def leave_on_sigterm() -> None:
    """Until a `Stopping` takes over, SIGTERM ends the process at once: nothing has begun yet."""
    signal.signal(signal.SIGTERM, lambda *_: _leave())


def _leave() -> None:
    os._exit(0)


class Stopping:
    """What the two signals do, from its making to the end of the context.

    `stop` is called in the main thread, at each signal, between two of its instructions: it may
    set a flag, or wake an event loop, but not take a lock. At first it ends the process. Should
    the process be there still when `patience_s` seconds have passed, it is ended without further
    ado; nothing that was acknowledged is lost by that.
    """

    def __init__(self, patience_s: float) -> None:
        self.stop: Callable[[], object] = _leave
        self.patience_s = patience_s
        self.asked = 0
        """How often somebody asked for the end."""

    @contextmanager
    def handling_signals(self) -> Iterator[None]:
        """Within the context the signals are handled here; who was asked to end ends with it."""
        # A handler may run while any lock is held; writing to a pipe takes none.
        told, self._tell = os.pipe()
        insisting = threading.Thread(target=self._insist, args=(told,), daemon=True)
        insisting.start()
        before = {name: signal.getsignal(name) for name in _SIGNALS}
        self.take_signals()
        try:
            yield
        finally:
            if self.asked:
                # While Python takes itself apart, another signal would be the process's death.
                sys.stdout.flush()
                _leave()
            for name, handler in before.items():
                signal.signal(name, handler)
            os.close(self._tell)
            insisting.join()

    def take_signals(self) -> None:
        """Handle the signals here, whoever took them meanwhile."""
        for name in _SIGNALS:
            signal.signal(name, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        self.stop()
        if self.asked == 1:
            os.write(self._tell, b".")

    def _insist(self, told: int) -> None:
        try:
            if not os.read(told, 1):
                return
        finally:
            os.close(told)
        time.sleep(self.patience_s)
        _leave()
