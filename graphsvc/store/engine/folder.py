"""The data folder of an embedded database: its files, its lock, and which engine may open it.

Imported by the supervisor and the database process, so it costs next to nothing to import.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from graphsvc.errors import SettingsError, StoreUnavailableError
from graphsvc.files import atomic_write, is_locked, try_lock

DATABASE = "graph"
USER = "root"
READER_USER = "reader"

_PROBE_BYTES = 4 * 2**20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CHOOSE = "Choose another folder with GRAPHSVC_DATA_DIR, or mend this one."


@dataclass(frozen=True, slots=True)
class Record:
    """What a supervisor leaves in `engine.json`; worth nothing unless the lock is held."""

    pid: int
    control_port: int
    token: str
    graphsvc_version: str
    bolt_port: int
    generation: int


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of the two database users."""

    root: str
    reader: str

    @classmethod
    def random(cls) -> Self:
        """New ones, of 256 bits each."""
        return cls(root=secrets.token_urlsafe(32), reader=secrets.token_urlsafe(32))


class DataFolder:
    """The folder of one embedded database.

    Parameters
    ----------
    path
        The folder; need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.log = self.path / "engine.log"
        self.crash_log = self.path / "engine-crash.log"
        self.server_root = self.path / "arcadedb"
        self._lock = self.path / "engine.lock"
        self._record = self.path / "engine.json"
        self._passwords = self.path / "engine-passwords.json"
        self._version = self.path / "engine-version.json"

    def create(self) -> None:
        """Make the folder, private to its owner, and see that files can be made in it.

        A folder that is there keeps its mode (it may be the user's own); what is put into it is
        private either way.

        Raises
        ------
        SettingsError
            When it cannot be made or written, naming why.
        StoreUnavailableError
            When the disk under it is full.
        """
        with self._named_errors("cannot be used as data folder"):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.path / f".probe-{secrets.token_hex(4)}"
            probe.touch(mode=0o600)
            probe.unlink()

    def check_space(self) -> None:
        """See that the disk (or quota, or file-size limit) still takes a few megabytes.

        Raises
        ------
        StoreUnavailableError
            When it does not. Asked before each start, since the engine's own words for a
            full disk are a stack trace.
        """
        probe = self.path / f".probe-{secrets.token_hex(4)}"
        with self._named_errors("cannot be written"):
            try:
                probe.touch(mode=0o600, exist_ok=False)
                with probe.open("wb") as file:
                    file.write(b"\0" * _PROBE_BYTES)
                    file.flush()
                    os.fsync(file.fileno())
            finally:
                probe.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _named_errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno in _FULL:
                raise StoreUnavailableError(
                    f"No room for the database in {self.path}: {reason}.",
                    mend="Free space there (or lift the quota or file-size limit), or choose"
                    " another folder with GRAPHSVC_DATA_DIR.",
                ) from error
            raise SettingsError(
                f"{self.path} {what}: {reason}.", mend=_CHOOSE, field="data_dir"
            ) from error

    # -- the lock: the only sign of life that a crash or a reused pid cannot fake ---------------

    def acquire(self) -> int | None:
        """Take the folder; the open descriptor holds it, here and in children that inherit it.

        Returns None when another process has it.
        """
        with self._named_errors("cannot be used as data folder"):
            return try_lock(self._lock)

    def held(self) -> bool:
        """Whether a process holds the folder now."""
        with self._named_errors("cannot be used as data folder"):
            return is_locked(self._lock)

    # -- small files ----------------------------------------------------------------------------

    def read_record(self) -> Record | None:
        """The last supervisor's record; None when there is none that can be read."""
        try:
            return Record(**json.loads(self._record.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_record(self, record: Record) -> None:
        """Replace `engine.json`."""
        self._write(self._record, asdict(record))

    def read_passwords(self) -> Passwords | None:
        """The users' passwords; None when there are none that can be read."""
        try:
            return Passwords(**json.loads(self._passwords.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def make_passwords(self) -> Passwords:
        """The users' passwords, made at first use. Only the holder of the lock may call this."""
        passwords = self.read_passwords()
        if passwords is None:
            # First use, or lost: new ones do, for the users file is written at each start.
            passwords = Passwords.random()
            self._write(self._passwords, asdict(passwords))
        return passwords

    def check_engine_version(self, installed: str) -> None:
        """Refuse a database that a newer engine has written.

        Raises
        ------
        StoreUnavailableError
            Naming both versions.
        """
        try:
            written_by = str(json.loads(self._version.read_text("utf-8"))["arcadedb"])
        except (OSError, ValueError, TypeError, KeyError):
            return
        if _release(written_by) > _release(installed):
            raise StoreUnavailableError(
                f"The database in {self.path} was written by ArcadeDB {written_by};"
                f" ArcadeDB {installed}, which is installed here, is older and could damage it.",
                mend=f"Install arcadedb-embedded {written_by} or newer, or choose another folder"
                " with GRAPHSVC_DATA_DIR.",
            )

    def write_engine_version(self, installed: str) -> None:
        """Record which engine writes this database from now on."""
        self._write(self._version, {"arcadedb": installed})

    def log_tail(self, lines: int = 8) -> str:
        """The last lines of the log, for an error message."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - 8192))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def _write(self, file: Path, content: dict[str, object]) -> None:
        with (
            self._named_errors("cannot be written"),
            atomic_write(file, mode=0o600) as stream,
        ):
            stream.write(json.dumps(content).encode())


def _release(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: `26.10.2.post1` is (26, 10, 2)."""
    numbers = []
    for part in version.split(".")[:3]:
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
