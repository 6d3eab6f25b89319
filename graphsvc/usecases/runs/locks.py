"""Signs of life of processes: locked files, which a crash, a sleep or a reused pid cannot fake.

The kernel lets go of a lock when the last process that holds it ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

_LONG_AGO_S = 86_400
"""No file of this age is one that is about to be locked."""


class Locks:
    """The locks in one folder, by name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder

    def take(self, name: str) -> int:
        """A descriptor that holds the lock, here and in children that it is passed to."""
        descriptor = os.open(self._folder / name, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor

    def held(self, name: str) -> bool:
        """Whether a process that holds it lives."""
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            # Shared, so that two who only look do not see each other.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def sweep(self) -> None:
        """Remove the files of locks whose holders were killed long ago."""
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process sweeps too
                if file.stat().st_mtime < time.time() - _LONG_AGO_S and not self.held(file.name):
                    file.unlink()

    def forget(self, name: str) -> None:
        """Remove the file of a lock that nobody will ask for again."""
        (self._folder / name).unlink(missing_ok=True)
