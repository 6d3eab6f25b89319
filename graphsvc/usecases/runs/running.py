"""Starts runs, each as a process of its own, waits for them and cancels them."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Any

from pydantic import SecretStr
from pydantic_core import to_json

from graphsvc.analysis.result import Result
from graphsvc.errors import BusyError, LimitError, NotFoundError
from graphsvc.settings import Settings
from graphsvc.store.state import GraphState
from graphsvc.usecases.question import Question
from graphsvc.usecases.runs.results import Results, question_key
from graphsvc.usecases.runs.table import Run, RunTable, folder_of

LATEST = "latest"
"""Stands for the id of the newest run."""

_LOOK_S = 0.1
_MOST_WAITING = 32


class Runs:
    """The runs of one data folder, as this worker of the service starts and sees them.

    Each is a process: one that is killed, or takes all memory, harms no other and no request.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._processes: dict[str, Process] = {}
        self._watching: set[asyncio.Task[None]] = set()
        self._table: RunTable | None = None
        self._results: Results | None = None

    @property
    def table(self) -> RunTable:
        """The table, opened when it is first needed."""
        if self._table is None:
            self._table = RunTable(folder_of(self._settings))
        return self._table

    @property
    def results(self) -> Results:
        """The results, likewise."""
        if self._results is None:
            self._results = Results(folder_of(self._settings), self.table.forget_answers)
        return self._results

    async def start(self, question: Question, state: GraphState) -> Run:
        """Answer from what is kept, or put the run into the queue and start what may start.

        Raises
        ------
        LimitError
            When it would take more memory than an analysis may; the estimate is in the message.
        BusyError
            When as many wait as may.
        """
        asked, table = question.plain(), self.table
        key = table.answer(question_key(question, [state.version, state.loaded_at]))
        if key is not None and await asyncio.to_thread(self.results.find, key) is not None:
            return self.run(table.add_answered(asked, state.version, key))
        self._require_room(question, state)
        id_ = table.add(asked, state.version, most_waiting=_MOST_WAITING)
        if id_ is None:
            raise BusyError(
                f"{_MOST_WAITING} analyses wait already.", mend="Come back when some have ended."
            )
        await self._start_what_may()
        return self.run(id_)

    def _require_room(self, question: Question, state: GraphState) -> None:
        # The filter is not known to leave less before it has been read.
        needed = question.metric.memory(state.entities, 2 * state.facts) // 2**20
        most = self._settings.analysis_memory_mb
        if needed > most:
            raise LimitError(
                f"{question.metric.name} on {state.entities:,} things and {state.facts:,} facts"
                f" would take about {needed:,} MiB; an analysis may take {most:,} MiB.",
                mend="Raise GRAPHSVC_ANALYSIS_MEMORY_MB, if the machine has the memory.",
            )

    async def wait(self, id_: str, seconds: float) -> Run:
        """The run, when it has ended or the time is over."""
        looks = max(1, int(seconds / _LOOK_S))
        for _ in range(looks):
            if not self.run(id_).live:
                break
            await asyncio.sleep(_LOOK_S)
        return self.run(id_)

    def run(self, id_: str) -> Run:
        """One run; `latest` is the newest.

        Raises
        ------
        NotFoundError
            When there is none with this id, or it was forgotten.
        """
        found = self.table.newest(None, 1) if id_ == LATEST else [self.table.find(id_)]
        if not found or found[0] is None:
            raise NotFoundError(
                f"There is no run {id_[:80]!r}.",
                mend="GET /v1/analysis/runs lists those there are.",
            )
        return found[0]

    def cancel(self, id_: str) -> Run:
        """Ask a run to end; raises as `run` does."""
        run = self.run(id_)
        self.table.cancel(run.id)
        return self.run(run.id)

    async def result(self, run: Run) -> Result | None:
        """The result of a run that is done; None where it was thrown away since."""
        if run.result is None:
            return None
        return await asyncio.to_thread(self.results.find, run.result)

    async def close(self) -> None:
        """End the processes of this worker; their runs are interrupted."""
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
        if self._watching:
            await asyncio.wait(self._watching)

    async def _start_what_may(self) -> None:
        while (run := self.table.claim(self._settings.analysis_processes)) is not None:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "graphsvc.usecases.runs.worker", run.id),
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=DEVNULL,
            )
            if process.stdin is not None:
                process.stdin.write(to_json(_revealed(self._settings)) + b"\n")
            self._processes[run.id] = process
            task = asyncio.create_task(self._watch(run.id, process))
            self._watching.add(task)
            task.add_done_callback(self._watching.discard)

    async def _watch(self, id_: str, process: Process) -> None:
        """Until the process has ended; then the next run may start."""
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()
        del self._processes[id_]
        # Nothing where the run has said itself how it ended.
        self.table.end(id_, "interrupted")
        await self._start_what_may()


def _revealed(settings: Settings) -> dict[str, Any]:
    values = settings.model_dump()
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in values.items()
    }
