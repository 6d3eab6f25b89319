"""Which processes of analyses live: each holds the lock on a file of its own."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from graphsvc.files import is_locked, lock

_LONG_AGO_S = 86_400
"""No file of this age is one that is about to be locked."""


class Locks:
    """The locks in one folder, by name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder

    def take(self, name: str) -> int:
        """A descriptor that holds the lock, here and in children that it is passed to."""
        return lock(self._folder / name)

    def held(self, name: str) -> bool:
        """Whether a process that holds it lives."""
        return is_locked(self._folder / name)

    def sweep(self) -> None:
        """Remove the files of locks whose holders were killed long ago."""
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process sweeps too
                if file.stat().st_mtime < time.time() - _LONG_AGO_S and not self.held(file.name):
                    file.unlink()

    def forget(self, name: str) -> None:
        """Remove the file of a lock that nobody will ask for again."""
        (self._folder / name).unlink(missing_ok=True)
