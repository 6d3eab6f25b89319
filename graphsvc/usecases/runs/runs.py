"""Starts runs, each as a process of its own, waits for them and cancels them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import SecretStr
from pydantic_core import to_json

from graphsvc.errors import BusyError, NotFoundError
from graphsvc.settings import Settings
from graphsvc.store.state import GraphState
from graphsvc.usecases.networks.request import AnalysisRequest
from graphsvc.usecases.runs.progress_table import NewRun, Run, RunTable, folder_of
from graphsvc.usecases.runs.results import Results, StoredResult, question_key

LATEST = "latest"
"""Stands for the id of the newest run."""

_MOST_WAITING = 32
"""Runs that may wait for those before them."""

_LOOK_S = 0.1

_CRASHES = (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV)
"""Signals that a process brings upon itself; one that gets another was killed."""

_SEE_LOG = "Ask whoever runs the service: its log says why, just before this run ended."

T = TypeVar("T")


class Runs:
    """The runs of one data folder, as this worker of the service starts and sees them.

    Each is a process: one that is killed, or takes all memory, harms no other and no request. Every
    method may raise StoreUnavailableError, when the folder cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._processes: dict[str, Process] = {}
        self._watching: set[asyncio.Task[None]] = set()
        self._opened: _Folder | None = None
        self._opening = asyncio.Lock()
        self._closing = False

    async def start(self, question: AnalysisRequest, state: GraphState) -> Run:
        """Answer from what is kept, or put the run into the queue and start what may start.

        A question that is being answered already is not asked twice: the run is the same.

        Raises
        ------
        LimitError
            When it would take more memory than an analysis may; the estimate is in the message.
        BusyError
            When as many wait as may.
        """
        folder = await self._folder()
        key = question_key(question, [state.version, state.loaded_at])
        asked = NewRun(question.plain(), key, state.version)
        id_ = await asyncio.to_thread(folder.answered, asked)
        if id_ is not None:
            return await self.run(id_)
        if not question.filter.narrows:  # else it is known when the network was read
            question.require_memory(
                state.entities, 2 * state.facts, self._settings.analysis_memory_mb
            )
        id_ = await asyncio.to_thread(
            folder.table.add, asked, folder.owner, most_waiting=_MOST_WAITING
        )
        if id_ is None:
            raise BusyError(
                f"{_MOST_WAITING} analyses wait already.", mend="Come back when some have ended."
            )
        await self._start_what_may()
        return await self.run(id_)

    async def wait(self, run: Run, seconds: float) -> Run:
        """The run, when it has ended or the time is over."""
        for _ in range(round(seconds / _LOOK_S)):
            if not run.live:
                break
            await asyncio.sleep(_LOOK_S)
            try:
                run = await self.run(run.id)
            except NotFoundError:  # somebody else has ended it
                return run.cancelled()
        return run

    async def run(self, id_: str) -> Run:
        """One run; `latest` is the newest.

        Raises
        ------
        NotFoundError
            When there is none with this id, or it was ended or forgotten.
        """
        if id_ == LATEST:
            run = next(iter(await self.newest(None, 1)), None)
        else:
            run = await self._in_table(lambda table: table.find(id_))
        if run is None:
            raise NotFoundError(
                f"There is no run {id_[:80]!r}.",
                mend="It may be too old, or DELETE has ended it. GET /v1/analysis/runs lists all.",
            )
        if run.state == "queued":
            # Those before it may have ended together with the worker that would start it.
            await self._start_what_may()
        return run

    async def newest(self, below: int | None, most: int) -> list[Run]:
        """Runs, the newest first; `below` the place of the last one seen."""
        return await self._in_table(lambda table: table.newest(below, most))

    async def cancel(self, id_: str) -> Run:
        """End a run, and forget it; what is said of it last. Raises as `run` does."""
        run = await self.run(id_)
        await self._in_table(lambda table: table.cancel(run.id))
        return run.cancelled()

    async def result(self, run: Run) -> StoredResult | None:
        """The result of a run that is done; None where it was thrown away since."""
        if run.result is None:
            return None
        folder = await self._folder()
        return await asyncio.to_thread(folder.results.find, run.result)

    async def close(self) -> None:
        """End the processes of this worker; its runs, and those that wait, are interrupted."""
        self._closing = True
        for process in self._processes.values():
            if process.returncode is None:
                process.kill()
        if self._watching:
            await asyncio.wait(self._watching)
        if self._opened is not None:
            await asyncio.to_thread(self._opened.close)

    # --- below ----------------------------------------------------------------------------------

    async def _folder(self) -> _Folder:
        """Opened when it is first needed."""
        async with self._opening:
            if self._opened is None:
                self._opened = await asyncio.to_thread(_Folder, self._settings)
        return self._opened

    async def _in_table(self, ask: Callable[[RunTable], T]) -> T:
        folder = await self._folder()
        return await asyncio.to_thread(ask, folder.table)

    async def _start_what_may(self) -> None:
        most = self._settings.analysis_processes
        while not self._closing:
            claimed = await self._in_table(lambda table: table.claim(most))
            if claimed is None:
                return
            run, lock = claimed
            try:
                await self._start(run, lock)
            except OSError as error:
                detail = f"The process could not be started: {error.strerror}."
                mend = "Ask again when the machine has less to do."
                await self._failed(run.id, detail, mend)
            finally:
                os.close(lock)  # the process holds it now, and who watches it

    async def _failed(self, id_: str, detail: str, mend: str) -> None:
        problem = {"slug": "internal", "detail": detail, "mend": mend, "field": None}
        await self._in_table(lambda table: table.end(id_, "failed", problem=problem))

    async def _start(self, run: Run, lock: int) -> None:
        """Give a run to its engine, which holds the lock; `process` is the only one for now."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "graphsvc.usecases.runs.worker", run.id),
            stdin=PIPE,
            stdout=DEVNULL,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C in a terminal is for the service, which ends its runs
        )
        if process.stdin is not None:
            process.stdin.write(to_json(_revealed(self._settings)) + b"\n")
        self._processes[run.id] = process
        task = asyncio.create_task(self._watch(run.id, process, os.dup(lock)))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _watch(self, id_: str, process: Process, lock: int) -> None:
        """Until the process has ended; then the next run may start.

        The lock is held here as well, so that nobody notes an interrupted run before it is known
        whether its process has died of itself.
        """
        try:
            code = await process.wait()
            if process.stdin is not None:
                process.stdin.close()
            del self._processes[id_]
            if code > 0 or -code in _CRASHES:
                how = f"exit code {code}" if code > 0 else signal.Signals(-code).name
                detail = f"The process of this run died of itself ({how})."
                await self._failed(id_, detail, _SEE_LOG)  # unless it has said more itself
        finally:
            os.close(lock)
        await self._start_what_may()


class _Folder:
    """Table and results, and this worker's sign of life."""

    def __init__(self, settings: Settings) -> None:
        folder = folder_of(settings)
        self.table = RunTable(folder)
        self.results = Results(folder, self.table.forget_answers)
        self.owner, self._life = self.table.own()

    def answered(self, asked: NewRun) -> str | None:
        """The id of a run that has the answer from what is kept; None where nothing is."""
        key = self.table.answer(asked.key)
        if key is None or self.results.find(key) is None:
            return None
        return self.table.add_answered(asked, key)

    def close(self) -> None:
        """Whatever still waits for this worker is interrupted."""
        os.close(self._life)
        self.table.disown(self.owner)


def _revealed(settings: Settings) -> dict[str, Any]:
    values = settings.model_dump()
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in values.items()
    }
