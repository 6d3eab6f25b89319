"""Results on disk, by their content: what was computed once is not computed again.

Each is an SQLite file, so that a page of a million rows is read without all the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from graphsvc.analysis.result import Result, versions
from graphsvc.usecases.question import Question

MOST_FILES = 500
MOST_BYTES = 2 * 2**30

_LEFT_LYING_S = 86_400
"""A file that is still half written by then is that of a process that was killed."""


def content_key(question: Question, graph_hash: str) -> str:
    """What a result follows from: network, question, and packages by version."""
    return _digest([question.plain(), graph_hash, versions()])


def question_key(question: Question, graph_state: list[object]) -> str:
    """The same without reading the network: the question, and the state of the graph."""
    return _digest([question.plain(), graph_state, versions()])


def _digest(parts: list[object]) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """A result on disk, whose rows are read by parts."""

    file: Path

    @cached_property
    def result(self) -> Result:
        """The result without its rows: where it comes from, and which columns it has."""
        with self._open() as connection:
            return Result.from_json(connection.execute("SELECT json FROM origin").fetchone()[0])

    def total(self, kinds: Collection[str] | None = None) -> int:
        """How many rows there are, of some kinds or of all."""
        with self._open() as connection:
            found = connection.execute(f"SELECT count(*) FROM rows {_where(kinds)}", [*kinds or ()])
            return int(found.fetchone()[0])

    def rows(
        self, begin: int = 0, end: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Some of the rows, counted from 0, by column."""
        most = -1 if end is None else max(0, end - begin)
        statement = f"SELECT * FROM rows {_where(kinds)} ORDER BY rowid LIMIT ? OFFSET ?"
        with self._open() as connection:
            for row in connection.execute(statement, [*kinds or (), most, begin]):
                yield dict(zip(self.result.columns, row, strict=True))

    def _open(self) -> closing[sqlite3.Connection]:
        address = f"{self.file.absolute().as_uri()}?mode=ro&immutable=1"
        return closing(sqlite3.connect(address, uri=True, check_same_thread=False))


def _where(kinds: Collection[str] | None) -> str:
    return "" if kinds is None else f"WHERE kind IN ({', '.join('?' * len(kinds))})"


class Results:
    """The results in one folder, bounded in number and bytes; the least recently used go.

    `forget` is told the key of each that goes.
    """

    def __init__(self, folder: Path, forget: Callable[[str], None]) -> None:
        self._folder = folder / "results-1"
        self._folder.mkdir(exist_ok=True)
        self._forget = forget

    def find(self, key: str) -> Kept | None:
        """A result that is still there."""
        kept = Kept(self._path(key))
        try:
            os.utime(kept.file)
        except FileNotFoundError:
            return None
        return kept

    def keep(self, key: str, result: Result) -> None:
        """Write a result, whole or not at all."""
        descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        part = Path(name)
        try:
            _write(part, result)
            os.fsync(descriptor)
            part.replace(self._path(key))
        finally:
            os.close(descriptor)
            part.unlink(missing_ok=True)
        self._make_room()

    def _make_room(self) -> None:
        files = sorted(self._files(), key=lambda file: file[1].st_mtime)
        size = sum(status.st_size for _, status in files)
        while files[1:] and (len(files) > MOST_FILES or size > MOST_BYTES):
            oldest, status = files.pop(0)
            size -= status.st_size
            oldest.unlink(missing_ok=True)
            self._forget(oldest.stem)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process makes room too
                status = file.stat()
                if file.suffix == ".sqlite3":
                    yield file, status
                elif status.st_mtime < time.time() - _LEFT_LYING_S:
                    file.unlink()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.sqlite3"


def _write(file: Path, result: Result) -> None:
    names = [f'"{name}"' for name in result.columns]
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("CREATE TABLE origin (json BLOB NOT NULL)")
        connection.execute(f"CREATE TABLE rows ({', '.join(names)})")
        origin = replace(result, columns={name: [] for name in result.columns})
        connection.execute("INSERT INTO origin VALUES (?)", [origin.to_json()])
        marks = ", ".join("?" * len(names))
        connection.executemany(
            f"INSERT INTO rows VALUES ({marks})", zip(*result.columns.values(), strict=True)
        )
        if "kind" in result.columns:
            connection.execute("CREATE INDEX rows_by_kind ON rows (kind)")
