"""How far a computation is, and a way to end it: shared by who waits and the loops that run.

networkx's functions take no such argument, so it travels beside them:

    with Progress() as progress:      # elsewhere: progress.fraction, progress.cancel()
        nx.betweenness_centrality(G)
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextvars import Context, ContextVar, Token, copy_context
from typing import Self

import numpy as np

_SOONEST = 0.01


class CancelledError(Exception):
    """Raised where a computation was ended by `Progress.cancel`; there is no result.

    Whoever cancelled catches it: it answers nobody.
    """


class Progress:
    """Counts steps done of `total`; kernels read and write `state` without the GIL.

    `state[0]` is an estimate where threads add to it at the same time.
    """

    def __init__(self) -> None:
        self.state = np.zeros(2, np.int64)
        self.total = 0
        self._began = 0.0
        self._step = np.zeros(2, np.int64)
        self._step_total = 0
        self._stepping = False
        self._token: Token[Progress] | None = None

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _current.reset(self._token)

    def begin(self, total: int) -> np.ndarray:
        """Begin a stage of so many steps; returns the state that its kernel is to be given."""
        self.check()
        if self._stepping:
            self._step_total, self._step[0] = total, 0
            return self._step
        self.total, self.state[0], self._step_total = total, 0, 0
        self._began = time.monotonic()
        return self.state

    def steps(self, total: int) -> Iterator[int]:
        """Number the steps of a stage whose steps begin stages of their own, from 0."""
        state = self.begin(total)
        outermost, self._stepping = not self._stepping, True
        try:
            for step in range(total):
                self._step_total = 0
                yield step
                if outermost:
                    state[0] = step + 1
                self.check()
        finally:
            self._stepping = not outermost

    def cancel(self) -> None:
        """Ask the computation to end; it does within a moment."""
        self.state[1] = self._step[1] = 1

    def check(self) -> None:
        """Raise where the end was asked for; to be called after each kernel.

        Raises
        ------
        CancelledError
            When `cancel` was called.
        """
        if self.state[1]:
            raise CancelledError

    @property
    def fraction(self) -> float:
        """What part of the stage at work is done, from 0 to 1."""
        if not self.total:
            return 0.0
        of_step = float(self._step[0]) / self._step_total if self._step_total else 0.0
        return min(1.0, (float(self.state[0]) + min(1.0, of_step)) / self.total)

    @property
    def seconds_left(self) -> float | None:
        """For the stage at work, by its pace so far; None where it is too early to say."""
        done = self.fraction
        if done < _SOONEST:
            return None
        return (time.monotonic() - self._began) * (1 - done) / done


_current: ContextVar[Progress] = ContextVar("progress")


def current() -> Progress:
    """The progress that this computation reports to; one that nobody sees where none was begun."""
    return _current.get(None) or Progress()


def reporting_to(progress: Progress) -> Context:
    """A copy of this context in which computations report to the progress."""
    context = copy_context()
    context.run(_current.set, progress)
    return context
