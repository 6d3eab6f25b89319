"""Files that commands write and read; `-` is stdout or stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(file: str) -> Iterator[BinaryIO]:
    """A file that takes its name only when all of it was written; a FIFO or device is written to.

    What is wrong with the file is known before the block begins.
    """
    from graphsvc.files import write_to

    if file == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(file)
    try:
        with write_to(target) as out:
            yield out
    except OSError as error:
        raise _unusable(target, "written", error) from error


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """A file to read; errors while it is read are not about its name."""
    from graphsvc.files import read_from

    if file == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as open_files:
        try:
            source = open_files.enter_context(read_from(Path(file)))
        except OSError as error:
            raise _unusable(Path(file), "read", error) from error
        yield source


def _unusable(file: Path, how: str, error: OSError) -> Exception:
    from graphsvc.errors import InvalidInputError

    return InvalidInputError(f"{file} cannot be {how}: {error.strerror or error}.", field="file")
