"""Compiled kernels on disk, each in a file of its own that is checked before it is used.

numba's own cache keeps an index and data files that it overwrites in place: a cut file is an error
(numba issue 10434), two processes that compile at once may leave an index that names the other's
code, and a change in a file is not seen by what was compiled from another that calls it. Here a
file's name says all that the code in it follows from, and its first bytes are a digest of the
rest. So nothing is ever overwritten by something else, no process waits for another, and what is
cut, empty or garbage is compiled anew, without being unpickled.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher
from numba.core.serialize import dumps

from graphsvc.analysis import kernel_folder
from graphsvc.files import atomic_write
from graphsvc.settings import Folders

_LOG = logging.getLogger(__name__)

_SOURCES = Path(__file__).parent / "kernels"
_DIGEST_BYTES = 32
_UNUSED_S = 30 * 86_400
"""Kernels of other sources or versions that nobody has asked for this long are removed."""


def keep(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Keep on disk what numba compiles of a function, where there is a folder for it."""
    if isinstance(kernel, Dispatcher):  # not so with NUMBA_DISABLE_JIT
        dispatcher: Any = kernel
        dispatcher._cache = KernelCache(dispatcher.py_func)
    return kernel


class KernelCache:
    """What numba asks of the cache of one kernel, in the place of its `FunctionCache`.

    A cache is never a reason for an analysis to fail: what cannot be read is compiled, and what
    cannot be written is compiled again by the next process.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"

    @property
    def cache_path(self) -> str | None:
        """The folder, for numba's statistics of a function; None where there is none."""
        folder = _folder_in_use()
        return None if folder is None else str(folder)

    def load_overload(self, signature: tuple[Any, ...], target: Any) -> Any:
        """The code compiled before for these types of arguments and this CPU, or None."""
        target.refresh()
        folder = _folder_in_use()
        if folder is None:
            return None
        content = _read(self._file(folder, signature, target.codegen()))
        if content is None:
            return None
        try:
            return CompileResult._rebuild(target, *pickle.loads(content))  # noqa: S301
        except Exception:  # whatever a pickle of something else leads to
            return None

    def save_overload(self, signature: tuple[Any, ...], compiled: Any) -> None:
        """Keep what was compiled, where it can stand by itself and there is room for it."""
        folder = _folder_in_use()
        if folder is None or compiled.library.has_dynamic_globals:
            return
        try:
            content = dumps(compiled._reduce())
            _write(self._file(folder, signature, compiled.codegen), content)
        except OSError as error:
            _say_once(f"Compiled kernels cannot be kept in {folder} now: {error.strerror}.")

    def flush(self) -> None:
        """Forget the kernel, whatever it was compiled for."""
        if folder := _folder_in_use():
            for file in folder.glob(f"{self._name}-*.nbc"):
                file.unlink(missing_ok=True)

    def _file(self, folder: Path, signature: tuple[Any, ...], codegen: Any) -> Path:
        # Types print themselves in full; the second names processor and its features.
        key = _digest([repr(signature), repr(codegen.magic_tuple())])
        return folder / f"{self._name}-{key[:32]}.nbc"


# --- the folder -----------------------------------------------------------------------------------

_folders: Folders | None = None


def keep_kernels_by(folders: Folders) -> None:
    """Let these settings say where kernels are kept from now on, not those of the environment."""
    global _folders  # noqa: PLW0603 - kernels are decorated functions, with nobody to hand it to
    _folders = Folders(data_dir=folders.data_dir, kernel_cache_dir=folders.kernel_cache_dir)


def _folder_in_use() -> Path | None:
    return _opened(_folders or Folders())


@cache
def _opened(folders: Folders) -> Path | None:
    """The folder of these sources and versions, made where it is not there; None: there is none."""
    found = kernel_folder.kernel_folder(folders)
    why_not = found.why_not
    if found.path is not None:
        folder = found.path / f"kernels-{_origin()[:16]}"
        try:
            kernel_folder.make(found.path)
            _remove_unused(found.path)
            kernel_folder.make(folder)
            os.utime(folder)
        except OSError as error:
            why_not = f"{found.path} cannot be used ({error.strerror or error})"
        else:
            return folder
    _say_once(f"Compiled kernels are not kept: {why_not}. {kernel_folder.MEND}")
    return None


@cache
def _origin() -> str:
    """A digest of what code follows from but its arguments and the processor.

    All sources of the package, for a kernel is compiled together with those it calls.
    """
    sources = sorted(_SOURCES.glob("*.py"))
    versions = [numba.__version__, str(sys.implementation.cache_tag)]
    return _digest([*versions, *(file.read_text("utf-8") for file in sources)])


def _remove_unused(place: Path) -> None:
    for folder in place.glob("kernels-*"):
        with suppress(FileNotFoundError):  # another process removes it too
            if folder.stat().st_mtime < time.time() - _UNUSED_S:
                shutil.rmtree(folder, ignore_errors=True)


@cache
def _say_once(message: str) -> None:
    _LOG.warning(message)


# --- files ----------------------------------------------------------------------------------------


def _read(file: Path) -> bytes | None:
    """The content of a file that is whole and of this user, or None."""
    try:
        with file.open("rb") as opened:
            if os.fstat(opened.fileno()).st_uid != os.geteuid():
                return None
            content = opened.read()
    except OSError:
        return None
    digest, rest = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return rest if hashlib.sha256(rest).digest() == digest else None


def _write(file: Path, content: bytes) -> None:
    with atomic_write(file, mode=0o600) as out:
        out.write(hashlib.sha256(content).digest() + content)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
