"""Files that are replaced whole or not at all, and locks on files.

Imported by the processes of the embedded engine, so it costs next to nothing to import.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file that takes its name only when all of it was written.

    It is written aside in the same folder, brought to the disk (fsync) and renamed: a reader sees
    the old file or the new one, never half. When the block fails, the old file stays and nothing
    else is left. The `name` of what is written to is its path meanwhile.

    Parameters
    ----------
    path
        The file. A link is replaced, not what it leads to.
    mode
        Permissions, which the file has from its first moment. Without it those of the file that
        is replaced, or what the umask leaves to a new one.

    Raises
    ------
    OSError
        When it cannot be written or renamed.
    """
    chosen = _mode_of(path) if mode is None else mode
    at_first = 0o666 if chosen is None else chosen & 0o600
    aside = path.parent / f".graphsvc-{secrets.token_hex(8)}.part"
    try:
        with open(aside, "xb", opener=lambda name, how: os.open(name, how, at_first)) as out:
            if chosen is not None:
                os.fchmod(out.fileno(), chosen)
            yield out
            out.flush()
            os.fsync(out.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _mode_of(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode) & 0o777
    except FileNotFoundError:
        return None


def lock(path: Path) -> int:
    """Wait for the lock on a file, which is made where there is none.

    The descriptor holds the lock, here and in children that inherit it. The kernel lets go of it
    when the last of these processes ends, however it ends: a crash or a reused process id leaves
    no lock behind.
    """
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def try_lock(path: Path) -> int | None:
    """As `lock`, but None where another process holds it."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _opened(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)


def is_locked(path: Path) -> bool:
    """Whether a process that holds the lock on a file lives."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
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
