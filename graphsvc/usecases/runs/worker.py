"""The process of one run: reads the network, computes, and keeps the result.

    python -m graphsvc.usecases.runs.worker RUN_ID < settings.json

Its standard input stays open while the service lives; when it closes, the run ends with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from graphsvc.analysis.kernel_cache import keep_kernels_by
from graphsvc.analysis.progress import CancelledError, Progress
from graphsvc.analysis.result import Result
from graphsvc.errors import (
    GraphsvcError,
    LimitError,
    StoreConflictError,
    StoreUnavailableError,
)
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.state import GraphState, require_ready
from graphsvc.usecases.networks.analyse import analyse
from graphsvc.usecases.networks.request import AnalysisRequest
from graphsvc.usecases.runs.progress_table import RunTable, folder_of
from graphsvc.usecases.runs.results import Results, content_key, question_key

BEAT_S = 0.25
_BESIDE_MIB = 512
"""What packages, threads and compiling take beside the analysis itself."""

_GRACE_S = 5.0
"""How long a cancelled run may take to end by itself."""


def main() -> int:
    """Compute the run that the arguments name."""
    run_id = sys.argv[1]
    settings = Settings.model_validate_json(sys.stdin.readline())
    keep_kernels_by(settings)
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    _bound_memory(settings.analysis_memory_mb)
    table = RunTable(folder_of(settings))
    with Progress() as progress:
        threading.Thread(target=_tell, args=(table, run_id, progress), daemon=True).start()
        try:
            key = asyncio.run(_computed(table, run_id, settings))
        except CancelledError:
            table.end(run_id, "cancelled")
        except GraphsvcError as error:
            table.end(run_id, "failed", problem=_problem(error))
        except MemoryError:
            table.end(run_id, "failed", problem=_problem(_NO_MEMORY))
        except Exception:
            _log(run_id)
            table.end(run_id, "failed", problem=_MISTAKE)
            return 1
        else:
            table.end(run_id, "done", result=key)
    return 0


_NO_MEMORY = LimitError("There was not enough memory.", mend="Ask for a part of the graph.")
_MISTAKE: dict[str, Any] = {
    "slug": "internal",
    "detail": "graphsvc made a mistake while computing.",
    "mend": "Ask whoever runs the service to look up this run in its log.",
    "field": None,
}


def _bound_memory(most_mib: int) -> None:
    """Let allocations beyond fail, so that a wrong estimate takes nobody else's memory."""
    if sys.platform == "linux":  # elsewhere this limit holds for less, or for nothing
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])  # data and stack
        held = pages * resource.getpagesize()
        most = held + (most_mib + _BESIDE_MIB) * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))


def _problem(error: GraphsvcError) -> dict[str, Any]:
    return {
        "slug": error.slug,
        "detail": error.message,
        "mend": error.mend,
        "field": error.field,
    }


def _log(run_id: str) -> None:
    """One line in the service's log."""
    event = {"event": "a run failed", "run": run_id, "exception": traceback.format_exc()}
    sys.stderr.write(json.dumps(event) + "\n")


async def _computed(table: RunTable, run_id: str, settings: Settings) -> str:
    run = table.find(run_id)
    if run is None:
        raise CancelledError
    question = AnalysisRequest.of_plain(run.question)
    results = Results(folder_of(settings), table.forget_answers)

    def found(graph_hash: str) -> Result | None:
        kept = results.find(content_key(question, graph_hash))
        return None if kept is None else kept.result

    async def analysed() -> tuple[GraphState, Result]:
        state = await require_ready(database)
        most = settings.analysis_memory_mb
        return state, await analyse(database, question, found, most_mib=most)

    async with await Database.open(settings) as database:
        try:
            state, result = await analysed()
        except StoreConflictError:  # a load came between: once more, on what it left
            state, result = await analysed()
        now = await require_ready(database)
    key = content_key(question, result.graph["hash"])
    if results.find(key) is None:
        results.keep(key, result)
    if (now.version, now.loaded_at) == (state.version, state.loaded_at):
        table.note_answer(question_key(question, [state.version, state.loaded_at]), key)
    return key


def _tell(table: RunTable, run_id: str, progress: Progress) -> None:
    """Say how far the run is; end it where somebody asked for that."""
    wait = threading.Event()
    grace = _GRACE_S
    while grace > 0:
        with suppress(StoreUnavailableError):  # the disk may have room again in a while
            if table.progress(run_id, progress.fraction, progress.seconds_left):
                progress.cancel()
                grace -= BEAT_S
        wait.wait(BEAT_S)
    # It is where nothing looks at the progress.
    table.end(run_id, "cancelled")
    os._exit(0)


def _end_with_the_service() -> None:
    # Not by sys.stdin, whose lock this thread would hold when the interpreter ends.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
