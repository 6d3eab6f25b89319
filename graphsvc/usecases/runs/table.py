"""The table of runs: state, progress and cancelling, shared by all workers of the service.

One SQLite file in the data folder, in WAL mode, with short transactions: whoever opens it sees and
can cancel every run. A run says four times a second that it lives; one that has been silent for
long, because its process was killed with the service, is taken to be interrupted.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphsvc.settings import Settings

SILENCE_S = 15.0
"""How long a run may say nothing: also what loads the machine must leave it its turn by then."""

_MOST_KEPT = 1_000
"""Runs that are remembered; the oldest that have ended go."""

LIVE = ("queued", "running")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, place INTEGER, question TEXT NOT NULL, state TEXT NOT NULL,
    graph_version INTEGER NOT NULL, created_at REAL NOT NULL, began_at REAL, ended_at REAL,
    beat_at REAL, done REAL NOT NULL DEFAULT 0, cancel INTEGER NOT NULL DEFAULT 0,
    result TEXT, problem TEXT
);
CREATE INDEX IF NOT EXISTS runs_by_state ON runs (state, place);
CREATE TABLE IF NOT EXISTS answers (asked TEXT PRIMARY KEY, result TEXT NOT NULL);
"""


def folder_of(settings: Settings) -> Path:
    """Where runs and results stand."""
    return settings.data_dir / "analysis"


@dataclass(frozen=True)
class Run:
    """One run as the table has it; times are seconds since 1970.

    `state` is queued, running, done, failed, cancelled or interrupted; `done` goes from 0 to 1;
    `result` is the key of its result, `problem` what went wrong.
    """

    id: str
    place: int
    question: dict[str, Any]
    state: str
    graph_version: int
    created_at: float
    began_at: float | None
    ended_at: float | None
    beat_at: float | None
    done: float
    cancel: bool
    result: str | None
    problem: dict[str, Any] | None

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE

    @property
    def seconds_left(self) -> float | None:
        """By its pace so far; None where nobody can say."""
        if self.state != "running" or self.began_at is None or self.done < 0.01:
            return None
        return (time.time() - self.began_at) * (1 - self.done) / self.done


class RunTable:
    """The table in one folder, which is made where it is not there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "runs.sqlite3"
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection

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

    def add(self, question: dict[str, Any], graph_version: int, *, most_waiting: int) -> str | None:
        """Put a run into the queue; its id, or None where as many wait as may."""
        id_ = uuid.uuid4().hex
        with self._changing() as connection:
            waiting = connection.execute("SELECT count(*) FROM runs WHERE state = 'queued'")
            if waiting.fetchone()[0] >= most_waiting:
                return None
            _insert(connection, id_, question, graph_version)
            connection.execute(
                "DELETE FROM runs WHERE state NOT IN ('queued', 'running')"
                " AND place <= (SELECT max(place) FROM runs) - ?",
                (_MOST_KEPT,),
            )
        return id_

    def add_answered(self, question: dict[str, Any], graph_version: int, result: str) -> str:
        """Write down a run whose result was there already; its id."""
        id_, now = uuid.uuid4().hex, time.time()
        with self._changing() as connection:
            _insert(connection, id_, question, graph_version)
            connection.execute(
                "UPDATE runs SET state = 'done', began_at = ?, ended_at = ?, done = 1, result = ?"
                " WHERE id = ?",
                (now, now, result, id_),
            )
        return id_

    def claim(self, most_running: int) -> Run | None:
        """Take the run that has waited longest, where fewer run than may; it is running then."""
        with self._changing() as connection:
            self._note_silent(connection)
            running = connection.execute("SELECT count(*) FROM runs WHERE state = 'running'")
            if running.fetchone()[0] >= most_running:
                return None
            row = connection.execute(
                "SELECT id FROM runs WHERE state = 'queued' ORDER BY place LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            now = time.time()
            connection.execute(
                "UPDATE runs SET state = 'running', began_at = ?, beat_at = ? WHERE id = ?",
                (now, now, row["id"]),
            )
        return self.find(row["id"])

    def beat(self, id_: str, done: float) -> bool:
        """Say that a run lives and how far it is; returns whether it is to end."""
        with self._open() as connection:
            connection.execute(
                "UPDATE runs SET beat_at = ?, done = ? WHERE id = ? AND state = 'running'",
                (time.time(), done, id_),
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
        """Write down how a run ended, unless that stands there already."""
        with self._open() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, ended_at = ?, result = ?, problem = ?,"
                " done = CASE WHEN ? = 'done' THEN 1 ELSE done END"
                " WHERE id = ? AND state IN ('queued', 'running')",
                (state, time.time(), result, problem and json.dumps(problem), state, id_),
            )

    def cancel(self, id_: str) -> None:
        """Ask a run to end; one that only waits has ended then."""
        with self._changing() as connection:
            connection.execute(
                "UPDATE runs SET cancel = 1 WHERE id = ? AND state = 'running'", (id_,)
            )
            connection.execute(
                "UPDATE runs SET state = 'cancelled', ended_at = ?"
                " WHERE id = ? AND state = 'queued'",
                (time.time(), id_),
            )

    def find(self, id_: str) -> Run | None:
        """One run."""
        with self._open() as connection:
            self._note_silent(connection)
            row = connection.execute("SELECT * FROM runs WHERE id = ?", (id_,)).fetchone()
        return None if row is None else _run(row)

    def newest(self, below: int | None, most: int) -> list[Run]:
        """Runs, the newest first; `below` the place of the last one seen."""
        with self._open() as connection:
            self._note_silent(connection)
            rows = connection.execute(
                "SELECT * FROM runs WHERE place < ? ORDER BY place DESC LIMIT ?",
                (2**62 if below is None else below, most),
            ).fetchall()
        return [_run(row) for row in rows]

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

    def _note_silent(self, connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE runs SET state = 'interrupted', ended_at = ?"
            " WHERE state = 'running' AND beat_at < ?",
            (time.time(), time.time() - SILENCE_S),
        )


def _insert(
    connection: sqlite3.Connection, id_: str, question: dict[str, Any], graph_version: int
) -> None:
    connection.execute(
        "INSERT INTO runs (id, place, question, state, graph_version, created_at)"
        " SELECT ?, coalesce(max(place), 0) + 1, ?, 'queued', ?, ? FROM runs",
        (id_, json.dumps(question), graph_version, time.time()),
    )


def _run(row: sqlite3.Row) -> Run:
    values = dict(row)
    values["question"] = json.loads(values["question"])
    values["problem"] = values["problem"] and json.loads(values["problem"])
    values["cancel"] = bool(values["cancel"])
    return Run(**values)
