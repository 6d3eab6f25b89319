"""Files that are replaced whole or not at all, what is written that is no file, and locks.

Imported by the processes of the embedded engine, so it costs next to nothing to import.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OTHER_END_S = 10.0
"""How long the other end of a FIFO is waited for."""

_MOST_LINKS = 40
"""As many links in a row as Linux follows."""

_DESCRIPTOR = re.compile(r"/proc/(\d+)/fd/(\d+)|/dev/fd/(\d+)")


@contextmanager
def write_to(path: Path) -> Iterator[BinaryIO]:
    """Write to what somebody named: a file as `atomic_write` does, a FIFO or a device directly.

    A FIFO is written when another program reads it, for which it waits `OTHER_END_S`. A name of a
    descriptor of this process (`/dev/stdout`, `/dev/fd/3`) is that descriptor: what it leads to is
    written on from where it stands.

    Raises
    ------
    OSError
        When it cannot be written, is a folder, a socket or a disk, or nobody reads the FIFO.
    """
    descriptor = _own_descriptor(path)
    if descriptor is not None:
        opened = os.dup(descriptor)
    elif _is_file_or_nothing(path, stat.S_ISFIFO, stat.S_ISCHR):
        with atomic_write(path) as out:
            yield out
        return
    else:
        opened = _open_special(path, os.O_WRONLY)
    with os.fdopen(opened, "wb") as out:
        yield out


@contextmanager
def read_from(path: Path) -> Iterator[BinaryIO]:
    """Read from what somebody named: a file or a FIFO.

    Raises
    ------
    OSError
        When it cannot be read, is a folder, a device or a socket, or nobody writes to the FIFO
        within `OTHER_END_S`.
    """
    descriptor = _own_descriptor(path)
    if descriptor is not None:
        opened = os.dup(descriptor)
    elif _is_file_or_nothing(path, stat.S_ISFIFO):
        opened = os.open(path, os.O_RDONLY)
    else:
        opened = _open_special(path, os.O_RDONLY)
    with os.fdopen(opened, "rb") as source:
        yield source


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of a regular file of at most so many: a FIFO or a device has no end to wait for.

    Raises
    ------
    OSError
        When it cannot be read, is no regular file, or is larger.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as source:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        data = source.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return data


def _own_descriptor(path: Path) -> int | None:
    """The descriptor of this process that a path names, if it names one."""
    at = Path.cwd() / path
    for _ in range(_MOST_LINKS):
        at = Path(os.path.realpath(at.parent)) / at.name
        if match := _DESCRIPTOR.fullmatch(str(at)):
            process, theirs, ours = match.groups()
            return int(ours or theirs) if process in (None, str(os.getpid())) else None
        if not at.is_symlink():
            return None
        at = at.parent / at.readlink()
    return None


def _is_file_or_nothing(path: Path, *or_a: Callable[[int], bool]) -> bool:
    """Whether it is a regular file or not there; else it has to be one of some kinds."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return True
    if stat.S_ISREG(mode):
        return True
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not any(kind(mode) for kind in or_a):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return False


def _open_special(path: Path, how: int) -> int:
    if not stat.S_ISFIFO(path.stat().st_mode):
        return os.open(path, how | os.O_NOCTTY)
    from threading import Thread  # costs the engine's processes nothing

    # Opening a FIFO waits for the other end without end; whoever opens that lets it go on.
    found: list[int] = []
    failed: list[OSError] = []

    def open_it() -> None:
        try:
            found.append(os.open(path, how))
        except OSError as error:
            failed.append(error)

    opening = Thread(target=open_it, daemon=True)
    opening.start()
    try:
        opening.join(OTHER_END_S)
    finally:
        if opening.is_alive():
            release = os.open(path, os.O_RDWR | os.O_NONBLOCK)
            opening.join()
            os.close(release)
            while found:
                os.close(found.pop())
    if failed:
        raise failed[0]
    if not found:
        does = "reads" if how == os.O_WRONLY else "writes to"
        raise OSError(errno.ENXIO, f"no program {does} this FIFO", str(path))
    return found[0]


@contextmanager
def atomic_write(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file that takes its name only when all of it was written.

    It is written aside in the same folder, brought to the disk (fsync) and renamed: a reader sees
    the old file or the new one, never half. When the block fails, the old file stays and nothing
    else is left. The `name` of what is written to is its path meanwhile.

    Parameters
    ----------
    path
        The file. Of a link, what it leads to is replaced; the link stays. Of a file with several
        names (hard links) the others keep what was there.
    mode
        Permissions, which the file has from its first moment. Without it those of the file that
        is replaced, or what the umask leaves to a new one.

    Raises
    ------
    OSError
        When it cannot be written or renamed, or is no regular file.
    """
    _is_file_or_nothing(path)
    path = Path(os.path.realpath(path))
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
