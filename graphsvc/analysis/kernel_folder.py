"""Where compiled kernels are kept: a folder that this user can write, and nobody else.

What is kept there is code that gets executed, so a folder is used only where it belongs to the
user of the process and no other may write in it. Nothing here needs numba or a database.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from graphsvc.settings import Folders

_OF_THE_PACKAGE = Path(__file__).parent / "kernels" / "__pycache__" / "kernels"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

MEND = (
    "Set GRAPHSVC_KERNEL_CACHE_DIR to a folder that belongs to this user and that nobody else may"
    " write."
)


@dataclass(frozen=True)
class KernelFolder:
    """The folder, or None and why each place there is cannot be used."""

    path: Path | None
    why_not: str = ""


def kernel_folder(folders: Folders) -> KernelFolder:
    """The first place that can be used; it is not made yet.

    `kernel_cache_dir` where it is set, else a folder in `NUMBA_CACHE_DIR` where that is set: what
    is named is used or nothing is. Else the package's own folder, else `kernels` in the data
    folder.
    """
    problems = []
    for place in _places(folders):
        problem = _problem(place)
        if not problem:
            return KernelFolder(place)
        problems.append(f"{place} {problem}")
    return KernelFolder(None, ", and ".join(problems))


def make(place: Path) -> None:
    """Make a folder of this user alone, and see once more that it is.

    Raises
    ------
    OSError
        When it cannot be made, or somebody else made it since.
    """
    missing = [folder for folder in (place, *place.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    if problem := _of_others(place):
        raise PermissionError(f"{place} {problem}")


def _places(folders: Folders) -> list[Path]:
    if folders.kernel_cache_dir is not None:
        return [folders.kernel_cache_dir]
    if for_all_of_numba := os.environ.get("NUMBA_CACHE_DIR"):
        return [Path(for_all_of_numba) / "graphsvc"]
    return [_OF_THE_PACKAGE, folders.data_dir / "kernels"]


def _problem(place: Path) -> str:
    """Why a place cannot be used, as the end of a sentence; empty where it can."""
    if place.parts[:1] == ("~",):
        return "is in no folder (the user has no home)"
    try:
        there = next(folder for folder in (place, *place.parents) if folder.exists())
        if there == place and (problem := _of_others(place)):
            return problem
        # Not by its mode: root may write everywhere but on what is mounted read-only.
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        return f"cannot be written ({error.strerror})"
    return ""


def _of_others(place: Path) -> str:
    status = place.stat()
    if status.st_uid != os.geteuid():
        return f"belongs to another user ({status.st_uid})"
    if status.st_mode & _OTHERS_WRITE:
        return f"may be written by others (mode {stat.S_IMODE(status.st_mode):04o})"
    return ""
