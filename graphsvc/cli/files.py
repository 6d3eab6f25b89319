"""Files that commands write and read; `-` is stdout or stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(file: str) -> Iterator[BinaryIO]:
    """A file that takes its name only when all of it was written."""
    if file == "-":
        yield sys.stdout.buffer
        return
    from graphsvc.files import atomic_write

    target = Path(file)
    try:
        with atomic_write(target) as out:
            yield out
    except OSError as error:
        raise _unusable(target, "written", error) from error


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """A file to read; errors while it is read are not about its name."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        source = Path(file).open("rb")  # noqa: SIM115 - closed below; only opening is named
    except OSError as error:
        raise _unusable(Path(file), "read", error) from error
    with source:
        yield source


def _unusable(file: Path, how: str, error: OSError) -> Exception:
    from graphsvc.errors import InvalidInputError

    return InvalidInputError(f"{file} cannot be {how}: {error.strerror or error}.", field="file")
