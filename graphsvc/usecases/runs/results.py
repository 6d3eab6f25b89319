"""Stored results, a file each, found by the hash of what they were computed from.

Each is an SQLite file, so that a page of a million rows is read without all the others.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from graphsvc.analysis.result import Result, versions
from graphsvc.files import atomic_write
from graphsvc.usecases.networks.request import AnalysisRequest

MOST_FILES = 500
MOST_BYTES = 2 * 2**30

_FORM = 3
"""Of the files and the numbers in them: what was kept in another form is not found."""

_LEFT_LYING_S = 86_400
"""A file that is still half written by then is that of a process that was killed."""


def content_key(question: AnalysisRequest, graph_hash: str) -> str:
    """What a result follows from: network, question, and packages by version."""
    return _digest([question.plain(), graph_hash, _method(question)])


def question_key(question: AnalysisRequest, graph_state: list[object]) -> str:
    """The same without reading the network: the question, and the state of the graph."""
    return _digest([question.plain(), graph_state, _method(question)])


def _method(question: AnalysisRequest) -> list[object]:
    return [question.metric.method, versions(question.metric)]


def _digest(parts: list[object]) -> str:
    text = json.dumps([_FORM, *parts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class StoredResult:
    """A result on disk, whose rows are read by parts."""

    file: Path

    @cached_property
    def result(self) -> Result:
        """The result without its rows: where it comes from, and which columns it has."""
        with self._open() as connection:
            return Result.from_json(connection.execute("SELECT json FROM origin").fetchone()[0])

    def total(self, kinds: Collection[str] | None = None) -> int:
        """How many rows there are, of some kinds or of all."""
        # Without kinds the last row's number, which needs no counting.
        count = "coalesce(max(rowid), 0)" if kinds is None else "count(*)"
        with self._open() as connection:
            found = connection.execute(*_select(count, kinds))
            return int(found.fetchone()[0])

    def rows(
        self, begin: int = 0, end: int | None = None, kinds: Collection[str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Some of the rows, counted from 0, by column."""
        most = -1 if end is None else max(0, end - begin)
        with self._open() as connection:
            for row in connection.execute(*_select("*", kinds, most, begin)):
                yield dict(zip(self.result.columns, row, strict=True))

    def columns(
        self, top: int | None = None, kinds: Collection[str] | None = None
    ) -> dict[str, list[Any]]:
        """The columns, of the first rows or of all."""
        most = -1 if top is None else top
        with self._open() as connection:
            return {
                name: [row[0] for row in connection.execute(*_select(f'"{name}"', kinds, most))]
                for name in self.result.columns
            }

    def _open(self) -> closing[sqlite3.Connection]:
        address = f"{self.file.absolute().as_uri()}?mode=ro&immutable=1"
        return closing(sqlite3.connect(address, uri=True, check_same_thread=False))


def _select(
    what: str, kinds: Collection[str] | None, most: int = -1, begin: int = 0
) -> tuple[str, list[Any]]:
    """A statement and its values; columns have the names that measures gave them."""
    where = "" if kinds is None else "WHERE kind IN (SELECT value FROM json_each(?))"
    statement = f"SELECT {what} FROM rows {where} ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608
    chosen = [] if kinds is None else [json.dumps(list(kinds))]
    return statement, [*chosen, most, begin]


class Results:
    """The results in one folder, bounded in number and bytes; the least recently used go.

    `forget` is told the key of each that goes.
    """

    def __init__(self, folder: Path, forget: Callable[[str], None]) -> None:
        self._folder = folder / "results"
        self._folder.mkdir(exist_ok=True)
        self._forget = forget

    def find(self, key: str) -> StoredResult | None:
        """A result that is still there."""
        kept = StoredResult(self._path(key))
        try:
            os.utime(kept.file)
        except FileNotFoundError:
            return None
        return kept

    def keep(self, key: str, result: Result) -> None:
        """Write a result, whole or not at all."""
        with atomic_write(self._path(key), mode=0o600) as part:
            _write(Path(part.name), result)
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
        connection.execute("INSERT INTO origin VALUES (?)", [result.without_rows().to_json()])
        insert = f"INSERT INTO rows VALUES ({', '.join('?' * len(names))})"  # noqa: S608
        connection.executemany(insert, zip(*result.columns.values(), strict=True))
        if "kind" in result.columns:
            connection.execute("CREATE INDEX rows_by_kind ON rows (kind)")
