"""Compiled kernels on disk: where, whose, and what is done with a file that is not whole."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graphsvc.analysis import kernel_cache, kernel_folder
from graphsvc.analysis.kernels import kernel
from graphsvc.settings import Folders
from tests.read_only import read_only_program, without_rights

_SOMEBODY = os.geteuid() + 1


def twice(number):  # type: ignore[no-untyped-def]
    return number * 2


def loaded() -> bool:
    """Whether a new process would find the kernel; it is called, and is right, either way."""
    compiled: Any = kernel(twice)
    assert compiled(21) == 42
    return sum(compiled.stats.cache_hits.values()) == 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where kernels are kept during the test."""
    monkeypatch.setattr(kernel_cache, "_folders", None)
    monkeypatch.setenv("GRAPHSVC_KERNEL_CACHE_DIR", str(tmp_path / "kernels"))
    yield tmp_path / "kernels"
    kernel_cache._say_once.cache_clear()


# --- which folder ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usable", "chosen"),
    [
        ({"given", "numba", "package", "data"}, "given"),
        ({"numba", "package", "data"}, "numba/graphsvc"),
        ({"package", "data"}, "package"),
        ({"data"}, "data/kernels"),
        (set(), None),
    ],
)
def test_kernels_are_kept_in_the_first_place_that_is_named_or_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, usable: set[str], chosen: str | None
) -> None:
    for name in ("package", "data"):
        (tmp_path / name).touch() if name not in usable else (tmp_path / name).mkdir()
    monkeypatch.setattr(kernel_folder, "_OF_THE_PACKAGE", tmp_path / "package")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba") if "numba" in usable else "")
    given = tmp_path / "given" if "given" in usable else None
    found = kernel_folder.kernel_folder(Folders(data_dir=tmp_path / "data", kernel_cache_dir=given))
    assert found.path == (chosen and tmp_path / chosen)
    assert ("cannot be written" in found.why_not) == (chosen is None)


REFUSED: dict[str, Callable[[Path, pytest.MonkeyPatch], object]] = {
    "may be written by others (mode 0777)": lambda place, _: place.chmod(0o777),
    "may be written by others (mode 0720)": lambda place, _: place.chmod(0o720),
    "belongs to another user": lambda _, patch: patch.setattr(os, "geteuid", lambda: _SOMEBODY),
    "cannot be written (Not a directory)": lambda place, _: (place.rmdir(), place.touch()),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_folder_of_others_is_not_used_and_one_line_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    folder.mkdir(mode=0o700)
    REFUSED[why](folder, monkeypatch)
    assert [loaded(), loaded()] == [False, False]
    (message,) = (record.getMessage() for record in caplog.records)
    assert why in message
    assert "GRAPHSVC_KERNEL_CACHE_DIR" in message


def test_a_file_of_somebody_else_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [loaded(), loaded()] == [False, True]
    monkeypatch.setattr(os, "geteuid", lambda: _SOMEBODY)
    assert not loaded()


# --- what is in it --------------------------------------------------------------------------------


def _whole(content: bytes) -> bytes:
    return hashlib.sha256(content).digest() + content


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: os.urandom(1000),
        lambda content: _whole(b"no pickle"),
        lambda content: _whole(pickle.dumps({"of": "something else"})),
    ],
    ids=["empty", "cut early", "cut", "a bit", "garbage", "no pickle", "another pickle"],
)
def test_a_file_that_is_not_whole_or_of_something_else_is_compiled_anew(
    folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    assert [loaded(), loaded()] == [False, True]
    (file,) = folder.rglob("*.nbc")
    file.write_bytes(damage(file.read_bytes()))
    assert [loaded(), loaded()] == [False, True]


def test_where_no_file_can_be_written_the_result_is_right_and_nothing_is_left(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    compiled: Any = kernel(twice)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        doubled = compiled(21)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert doubled == 42
    assert [file for file in folder.rglob("*") if file.is_file()] == []
    assert "cannot be kept" in caplog.text


def test_what_nobody_has_used_for_long_is_removed_and_nothing_else(folder: Path) -> None:
    names = ("kernels-old", "kernels-new", "other")
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "some.nbc").touch()
    for name in ("kernels-old", "other"):
        os.utime(folder / name, (0, 0))
    folder.chmod(0o700)
    assert not loaded()
    assert [(folder / name).exists() for name in names] == [False, True, True]


# --- processes ------------------------------------------------------------------------------------

_CHILD = """
import json, numpy as np
from graphsvc.analysis.kernels.prediction import steps_from
indptr, indices = np.array([0, 1, 1], np.int32), np.array([1], np.int32)
for source in (0, np.int32(0)):
    steps, queue = np.empty(2, np.int32), np.empty(2, np.int32)
    steps_from(indptr, indices, source, steps, queue)
    assert steps.tolist() == [0, 1]
hits, misses = steps_from.stats.cache_hits.values(), steps_from.stats.cache_misses.values()
print(json.dumps([steps_from.stats.cache_path, sum(hits), sum(misses)]))
"""


def _start(command: list[str], **environment: str) -> subprocess.Popen[str]:
    base = {"PATH": os.environ["PATH"]}
    return subprocess.Popen(
        [*command, sys.executable, "-c", _CHILD],
        env=base | environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str]) -> tuple[Any, str]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out), err


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[dict[str, str]]:
    with read_only_program(tmp_path) as environment:
        yield environment


def test_with_package_and_home_read_only_kernels_are_kept_in_the_data_folder(
    tmp_path: Path, read_only: dict[str, str]
) -> None:
    data = tmp_path / "data"
    environment = read_only | {"GRAPHSVC_DATA_DIR": str(data)}
    for found in ([0, 2], [2, 0]):
        (path, *counts), err = _said(_start(without_rights(), **environment))
        assert (Path(path).parent, counts, err) == (data / "kernels", found, "")
    assert [stat.S_IMODE(made.stat().st_mode) for made in (data, data / "kernels")] == [0o700] * 2


# Only root can become a user of whom no home is known.
@pytest.mark.parametrize("home", ["read-only", *(["none"] if os.geteuid() == 0 else [])])
def test_any_user_without_home_computes_and_is_told_that_nothing_is_kept(
    read_only: dict[str, str], home: str
) -> None:
    environment = dict(read_only)
    if home == "none":
        del environment["HOME"]
    said, err = _said(_start(without_rights(another_user=True), **environment))
    assert said == [None, 0, 2]
    (line,) = err.splitlines()
    assert line.startswith("Compiled kernels are not kept")


def test_two_processes_at_once_fill_one_folder(tmp_path: Path) -> None:
    environment = {"GRAPHSVC_KERNEL_CACHE_DIR": str(tmp_path / "kernels")}
    both = [_start([], **environment) for _ in range(2)]
    for process in both:
        _said(process)
    (_, *counts), err = _said(_start([], **environment))
    assert (counts, err) == ([2, 0], "")
