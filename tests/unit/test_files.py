"""Files are replaced whole or not at all, and say whether somebody holds them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from graphsvc.files import atomic_write, is_locked, lock, try_lock


@pytest.mark.parametrize(
    ("before", "asked", "after"),
    [
        (None, None, 0o640),
        (None, 0o600, 0o600),
        (0o664, None, 0o664),
        (0o600, None, 0o600),
        (0o664, 0o600, 0o600),
    ],
)
def test_a_file_has_the_mode_asked_for_or_the_old_one_or_the_umask_s(
    tmp_path: Path, before: int | None, asked: int | None, after: int
) -> None:
    path = tmp_path / ("가" * 80)  # as long as a name may nearly be
    if before is not None:
        path.write_bytes(b"old")
        path.chmod(before)

    umask = os.umask(0o027)
    try:
        with atomic_write(path, mode=asked) as out:
            out.write(b"new")
            aside = Path(out.name)
            assert aside.stat().st_mode & 0o777 == after
            assert not path.exists() or path.read_bytes() == b"old"
    finally:
        os.umask(umask)

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == after
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("there", [True, False])
def test_what_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException], there: bool
) -> None:
    path = tmp_path / "file"
    if there:
        path.write_bytes(b"old")

    with suppress(error), atomic_write(path) as out:
        out.write(b"new")
        raise error

    assert [(file, file.read_bytes()) for file in tmp_path.iterdir()] == [(path, b"old")] * there


def test_a_name_that_cannot_be_taken_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError), atomic_write(tmp_path / "folder") as out:
        out.write(b"new")

    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_lock_is_held_until_the_last_process_that_has_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)
    descriptor = lock(path)
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[descriptor]
    ) as child:
        os.close(descriptor)
        assert is_locked(path)
        assert try_lock(path) is None
        child.kill()

    assert not is_locked(path)
    again = try_lock(path)
    assert again is not None
    with closing(os.fdopen(again)):
        assert is_locked(path)
    assert path.stat().st_mode & 0o777 == 0o600
