"""The table of runs: state, progress and requests to cancel, shared by all workers of the service.

One SQLite file in the data folder, in WAL mode, with short transactions: whoever opens it sees and
can cancel every run. A run that waits holds a lock through the worker of the service that took it,
and one that runs through its own process; whoever looks at a run whose lock is gone notes that it
was interrupted.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from graphsvc.errors import StoreUnavailableError
from graphsvc.settings import Settings
from graphsvc.store.engine.folder import DataFolder
from graphsvc.usecases.runs.locks import Locks

MOST_KEPT = 1_000
"""Runs that are remembered; the oldest that have ended go."""

LIVE = ("queued", "running")

_BUSY_S = 10

_FORM = 1
_EMPTY = f"""
DROP TABLE IF EXISTS runs;
DROP TABLE IF EXISTS answers;
CREATE TABLE runs (
    id TEXT PRIMARY KEY, place INTEGER NOT NULL UNIQUE, asked TEXT NOT NULL,
    question TEXT NOT NULL, owner TEXT NOT NULL, state TEXT NOT NULL,
    graph_version INTEGER NOT NULL, created_at REAL NOT NULL, began_at REAL, ended_at REAL,
    done REAL NOT NULL DEFAULT 0, seconds_left REAL, cancel INTEGER NOT NULL DEFAULT 0,
    result TEXT, problem TEXT
);
CREATE INDEX runs_by_state ON runs (state, place);
CREATE TABLE answers (asked TEXT PRIMARY KEY, result TEXT NOT NULL);
PRAGMA user_version = {_FORM};
"""
"""Also where another version of graphsvc has left a table of another form: runs do not last."""


def folder_of(settings: Settings) -> Path:
    """Where runs and results stand; it is made where it is not there.

    Raises
    ------
    SettingsError, StoreUnavailableError
        When it cannot be made.
    """
    DataFolder(settings.data_dir).create()
    folder = settings.data_dir / "analysis"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@dataclass(frozen=True)
class Run:
    """One run as the table has it; times are seconds since 1970.

    `state` is queued, running, done, failed or interrupted; cancelled is what is last said of a run
    that somebody ended. `done` goes from 0 to 1; `result` is the key of its result, `problem` what
    went wrong.
    """

    id: str
    place: int
    question: dict[str, Any]
    state: str
    graph_version: int
    created_at: float
    began_at: float | None
    ended_at: float | None
    done: float
    seconds_left: float | None
    result: str | None
    problem: dict[str, Any] | None

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE

    def cancelled(self) -> Run:
        """What is said of it when somebody has ended it; one that has ended by itself stays so."""
        if not self.live:
            return self
        return replace(self, state="cancelled", ended_at=time.time(), seconds_left=None)


@dataclass(frozen=True)
class NewRun:
    """A run to put into the queue: the request, its key, and the version of the graph."""

    question: dict[str, Any]
    key: str
    graph_version: int


class RunTable:
    """The table in one folder.

    Raises
    ------
    StoreUnavailableError
        From every method, when the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "runs.sqlite3"
        self._locks = Locks(folder / "locks")
        making = self._locks.take("table")  # SQLite lets only one at a time turn to WAL
        try:
            with self._open() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                if connection.execute("PRAGMA user_version").fetchone()[0] != _FORM:
                    connection.executescript(_EMPTY)
        finally:
            os.close(making)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self._file, timeout=_BUSY_S, isolation_level=None)
            ) as connection:
                connection.row_factory = sqlite3.Row
                # A crash of the machine may take the last moments with it, but not the table.
                connection.execute("PRAGMA synchronous = NORMAL")
                yield connection
        except sqlite3.Error as error:
            raise StoreUnavailableError(
                f"The table of runs in {self._file.parent} cannot be used: {error}.",
                mend="See that the disk has room and the folder can be written.",
                field="data_dir",
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the table from its beginning."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    # --- asking -------------------------------------------------------------------------------

    def own(self) -> tuple[str, int]:
        """A name to own waiting runs by, and the descriptor that says that its owner lives."""
        self._locks.sweep()
        name = uuid.uuid4().hex
        return name, self._locks.take(name)

    def disown(self, owner: str) -> None:
        """Let go of a name: what waits in it is interrupted."""
        self._locks.forget(owner)
        with self._open() as connection:
            self._note_gone(connection)

    def add(self, asked: NewRun, owner: str, *, most_waiting: int) -> str | None:
        """Put a run into the queue.

        Returns its id, that of a run that already computes the same, or None where as many wait as
        may.
        """
        with self._changing() as connection:
            self._note_gone(connection)
            same = connection.execute(
                "SELECT id FROM runs WHERE state IN ('queued', 'running') AND asked = ?"
                " AND NOT cancel",
                (asked.key,),
            ).fetchone()
            if same is not None:
                return str(same["id"])
            waiting = connection.execute("SELECT count(*) FROM runs WHERE state = 'queued'")
            if waiting.fetchone()[0] >= most_waiting:
                return None
            return _insert(connection, asked, owner)

    def add_answered(self, asked: NewRun, result: str) -> str:
        """Write down a run whose result was there already; its id."""
        with self._changing() as connection:
            id_ = _insert(connection, asked, "")
            connection.execute(
                "UPDATE runs SET state = 'done', began_at = created_at, ended_at = created_at,"
                " done = 1, result = ? WHERE id = ?",
                (result, id_),
            )
        return id_

    def cancel(self, id_: str) -> None:
        """Forget a run, and ask it to end where it runs.

        Nobody sees it any more, but it counts among those that run until it has ended.
        """
        with self._changing() as connection:
            connection.execute(
                "UPDATE runs SET cancel = 1 WHERE id = ? AND state = 'running'", (id_,)
            )
            connection.execute("DELETE FROM runs WHERE id = ? AND state <> 'running'", (id_,))

    # --- looking ------------------------------------------------------------------------------

    def find(self, id_: str) -> Run | None:
        """One run."""
        with self._open() as connection:
            self._note_gone(connection)
            row = connection.execute(
                "SELECT * FROM runs WHERE id = ? AND NOT cancel", (id_,)
            ).fetchone()
        return None if row is None else _run(row)

    def newest(self, below: int | None, most: int) -> list[Run]:
        """Runs, the newest first; `below` the place of the last one seen."""
        with self._open() as connection:
            self._note_gone(connection)
            rows = connection.execute(
                "SELECT * FROM runs WHERE place < ? AND NOT cancel ORDER BY place DESC LIMIT ?",
                (2**62 if below is None else below, most),
            ).fetchall()
        return [_run(row) for row in rows]

    def _note_gone(self, connection: sqlite3.Connection) -> None:
        """Runs whose process, or whose owner while they wait, lives no more are interrupted."""
        live = connection.execute(
            "SELECT id, state, CASE state WHEN 'running' THEN id ELSE owner END AS held"
            " FROM runs WHERE state IN ('queued', 'running')"
        ).fetchall()
        lives = {row["held"]: self._locks.held(row["held"]) for row in live}
        for row in live:
            if not lives[row["held"]]:
                # Unless it has gone on since: been started, or said how it ended.
                _end(connection, row["id"], "interrupted", was=(row["state"], row["state"]))
                self._locks.forget(row["held"])

    # --- running ------------------------------------------------------------------------------

    def claim(self, most_running: int) -> tuple[Run, int] | None:
        """Take the run that has waited longest, where fewer run than may.

        It is running then, and lives as long as somebody holds the descriptor beside it.
        """
        with self._changing() as connection:
            self._note_gone(connection)
            running = connection.execute("SELECT count(*) FROM runs WHERE state = 'running'")
            if running.fetchone()[0] >= most_running:
                return None
            row = connection.execute(
                "SELECT * FROM runs WHERE state = 'queued' ORDER BY place LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE runs SET state = 'running', began_at = ? WHERE id = ?",
                (time.time(), row["id"]),
            )
            return _run(row), self._locks.take(row["id"])

    def progress(self, id_: str, done: float, seconds_left: float | None) -> bool:
        """Say how far a run is; returns whether it is to end."""
        with self._open() as connection:
            connection.execute(
                "UPDATE runs SET done = ?, seconds_left = ? WHERE id = ? AND state = 'running'",
                (done, seconds_left, id_),
            )
            row = connection.execute("SELECT cancel FROM runs WHERE id = ?", (id_,)).fetchone()
        return row is None or bool(row["cancel"])

    def end(
        self,
        id_: str,
        state: str,
        *,
        result: str | None = None,
        problem: dict[str, Any] | None = None,
    ) -> None:
        """Write down how a run ended, unless that stands there already.

        One that somebody ended is gone then.
        """
        with self._open() as connection:
            _end(connection, id_, state, result, problem)
        self._locks.forget(id_)

    # --- what is known already ----------------------------------------------------------------

    def answer(self, asked: str) -> str | None:
        """The key of the result that a question had in this state of the graph."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT result FROM answers WHERE asked = ?", (asked,)
            ).fetchone()
        return None if row is None else str(row["result"])

    def note_answer(self, asked: str, result: str) -> None:
        """Remember it."""
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (asked, result))

    def forget_answers(self, result: str) -> None:
        """Forget every question that had this result."""
        with self._open() as connection:
            connection.execute("DELETE FROM answers WHERE result = ?", (result,))


def _insert(connection: sqlite3.Connection, asked: NewRun, owner: str) -> str:
    id_ = uuid.uuid4().hex
    connection.execute(
        "INSERT INTO runs (id, place, asked, question, owner, state, graph_version, created_at)"
        " SELECT ?, coalesce(max(place), 0) + 1, ?, ?, ?, 'queued', ?, ? FROM runs",
        (id_, asked.key, json.dumps(asked.question), owner, asked.graph_version, time.time()),
    )
    connection.execute(
        "DELETE FROM runs WHERE state NOT IN ('queued', 'running')"
        " AND place <= (SELECT max(place) FROM runs) - ?",
        (MOST_KEPT,),
    )
    return id_


def _end(
    connection: sqlite3.Connection,
    id_: str,
    state: str,
    result: str | None = None,
    problem: dict[str, Any] | None = None,
    was: tuple[str, str] = LIVE,
) -> None:
    connection.execute("DELETE FROM runs WHERE id = ? AND cancel", (id_,))
    connection.execute(
        "UPDATE runs SET state = ?, ended_at = ?, result = ?, problem = ?, seconds_left = NULL,"
        " done = CASE WHEN ? = 'done' THEN 1 ELSE done END"
        " WHERE id = ? AND state IN (?, ?)",
        (state, time.time(), result, problem and json.dumps(problem), state, id_, *was),
    )


def _run(row: sqlite3.Row) -> Run:
    values = {field.name: row[field.name] for field in fields(Run)}
    values["question"] = json.loads(values["question"])
    values["problem"] = values["problem"] and json.loads(values["problem"])
    return Run(**values)
