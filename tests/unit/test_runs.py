"""The table of runs, signs of life, and results on disk: without a database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from graphsvc.analysis.result import Result
from graphsvc.errors import LimitError, StoreUnavailableError
from graphsvc.model.network_filter import NetworkFilter
from graphsvc.settings import Settings
from graphsvc.usecases.networks.request import AnalysisRequest
from graphsvc.usecases.runs import progress_table as runs
from graphsvc.usecases.runs import results as on_disk
from graphsvc.usecases.runs.locks import Locks
from graphsvc.usecases.runs.progress_table import NewRun, RunTable, folder_of
from graphsvc.usecases.runs.results import Results, StoredResult


def asked(key: str = "a", **question: Any) -> NewRun:
    return NewRun({"metric": "degree", **question}, key, 1)


@pytest.fixture
def table(tmp_path: Path) -> RunTable:
    return RunTable(tmp_path)


@pytest.fixture
def owner(table: RunTable) -> str:
    return table.own()[0]


def put(table: RunTable, owner: str, key: str) -> str:
    id_ = table.add(asked(key), owner, most_waiting=10)
    assert id_ is not None
    return id_


def state(table: RunTable, id_: str) -> str:
    found = table.find(id_)
    assert found is not None
    return found.state


# --- life ----------------------------------------------------------------------------------------


def test_a_lock_is_held_as_long_as_one_of_its_processes_lives(tmp_path: Path) -> None:
    locks = Locks(tmp_path / "locks")
    descriptor = locks.take("one")
    child = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(descriptor,)
    )
    os.close(descriptor)
    assert locks.held("one")
    child.kill()
    child.communicate()
    assert not locks.held("one")
    assert not locks.held("never taken")


def test_files_of_locks_whose_holders_are_long_gone_are_swept(tmp_path: Path) -> None:
    locks = Locks(tmp_path / "locks")
    held, left, new = (locks.take(name) for name in ("held", "left", "new"))
    for name in ("held", "left"):
        os.utime(tmp_path / "locks" / name, (0, 0))
    os.close(left)
    os.close(new)
    locks.sweep()
    assert sorted(file.name for file in (tmp_path / "locks").iterdir()) == ["held", "new"]
    os.close(held)


def test_runs_are_claimed_in_turn_and_as_many_as_may(table: RunTable, owner: str) -> None:
    first, second, third = (put(table, owner, key) for key in "abc")
    one, two = table.claim(2), table.claim(2)
    assert one is not None
    assert two is not None
    assert [one[0].id, two[0].id] == [first, second]
    assert table.claim(2) is None
    table.end(first, "done", result="key")
    three = table.claim(2)
    assert three is not None
    assert three[0].id == third
    for _, descriptor in (one, two, three):
        os.close(descriptor)


def test_a_run_whose_process_has_gone_is_interrupted_and_no_other(
    table: RunTable, owner: str
) -> None:
    gone, lives, waits = (put(table, owner, key) for key in "abc")
    claimed = [table.claim(2), table.claim(2)]
    assert claimed[0] is not None
    assert claimed[1] is not None
    os.close(claimed[0][1])
    assert state(table, gone) == "interrupted"
    assert [state(table, lives), state(table, waits)] == ["running", "queued"]
    table.end(gone, "done", result="late")
    assert state(table, gone) == "interrupted"
    os.close(claimed[1][1])


def test_what_waits_is_interrupted_when_the_service_that_took_it_ends(table: RunTable) -> None:
    owner, life = table.own()
    other, _ = table.own()
    mine, others = put(table, owner, "a"), put(table, other, "b")
    os.close(life)
    assert [state(table, mine), state(table, others)] == ["interrupted", "queued"]


def test_a_run_that_was_claimed_outlives_the_service_that_took_it_until_its_process_ends(
    table: RunTable,
) -> None:
    owner, life = table.own()
    id_ = put(table, owner, "a")
    claimed = table.claim(1)
    assert claimed is not None
    os.close(life)
    table.disown(owner)
    assert state(table, id_) == "running"
    os.close(claimed[1])


# --- the queue -----------------------------------------------------------------------------------


def test_a_question_that_is_being_answered_is_not_asked_twice(table: RunTable, owner: str) -> None:
    first = put(table, owner, "a")
    assert put(table, owner, "a") == first
    assert put(table, owner, "b") != first
    table.cancel(first)
    assert put(table, owner, "a") != first


def test_a_run_that_was_asked_to_end_answers_nobody_else(table: RunTable, owner: str) -> None:
    first = put(table, owner, "a")
    claimed = table.claim(1)
    assert claimed is not None
    assert not table.progress(first, 0.5, 3.0)
    table.cancel(first)
    assert table.progress(first, 0.6, 2.0)
    assert put(table, owner, "a") != first
    os.close(claimed[1])


@pytest.mark.parametrize("how", ["by itself", "killed"])
def test_a_run_that_was_asked_to_end_is_seen_no_more_and_counts_until_it_has(
    table: RunTable, owner: str, how: str
) -> None:
    first, second = put(table, owner, "a"), put(table, owner, "b")
    claimed = table.claim(1)
    assert claimed is not None
    table.cancel(first)
    assert table.find(first) is None
    assert [run.id for run in table.newest(None, 10)] == [second]
    assert table.claim(1) is None
    if how == "by itself":
        table.end(first, "cancelled")
    os.close(claimed[1])
    following = table.claim(1)
    assert following is not None
    assert following[0].id == second
    assert table.find(first) is None
    os.close(following[1])


@pytest.mark.parametrize("how", ["queued", "done"])
def test_a_run_that_does_not_run_is_forgotten_at_once(
    table: RunTable, owner: str, how: str
) -> None:
    id_ = put(table, owner, "a") if how == "queued" else table.add_answered(asked("a"), "result")
    table.cancel(id_)
    assert table.find(id_) is None
    assert table.newest(None, 10) == []


def test_no_more_wait_than_may(table: RunTable, owner: str) -> None:
    assert [table.add(asked(key), owner, most_waiting=2) is None for key in "abc"] == [
        False, False, True,
    ]  # fmt: skip
    assert table.add(asked("a"), owner, most_waiting=2) is not None


def test_many_at_once_claim_each_run_once(tmp_path: Path) -> None:
    tables = [RunTable(tmp_path) for _ in range(4)]
    owner, _ = tables[0].own()
    waiting = [put(tables[0], owner, str(number)) for number in range(8)]
    claimed: list[str] = []

    def work(table: RunTable) -> None:
        while (found := table.claim(100)) is not None:
            claimed.append(found[0].id)

    threads = [threading.Thread(target=work, args=(table,)) for table in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(waiting)


def test_runs_are_listed_newest_first_and_old_ones_are_forgotten(
    table: RunTable, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MOST_KEPT", 3)
    waiting = put(table, owner, "waits")
    ids = [table.add_answered(asked(key), "result") for key in "abcde"]
    assert [run.id for run in table.newest(None, 2)] == ids[:-3:-1]
    page = table.newest(table.newest(None, 2)[-1].place, 10)
    assert [run.id for run in page] == [ids[2], waiting]
    assert table.find(ids[0]) is None


def test_a_table_of_another_form_is_made_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "runs.sqlite3") as connection:
        connection.execute("CREATE TABLE runs (id TEXT)")
    connection.close()
    table = RunTable(tmp_path)
    assert table.newest(None, 1) == []


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs.sqlite3").write_text("no database", "utf-8")
    with pytest.raises(StoreUnavailableError, match="table of runs"):
        RunTable(tmp_path)


# --- a run's process -----------------------------------------------------------------------------

HUNGRY = """
import sys
import numpy as np
from graphsvc.usecases.runs import worker

async def computed(*_):
    return str(np.ones({mib} * 2**17).sum())

worker._computed = computed
sys.exit(worker.main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
@pytest.mark.parametrize(("mib", "state"), [(300, "done"), (900, "failed")])
def test_a_run_that_takes_more_memory_than_it_may_fails(
    tmp_path: Path, mib: int, state: str
) -> None:
    settings = Settings(data_dir=tmp_path, analysis_memory_mb=256)
    table = RunTable(folder_of(settings))
    id_ = put(table, table.own()[0], "a")
    claimed = table.claim(1)
    assert claimed is not None
    with subprocess.Popen(
        [sys.executable, "-c", HUNGRY.format(mib=mib), id_],
        stdin=subprocess.PIPE, pass_fds=(claimed[1],), text=True,
    ) as process:  # fmt: skip
        os.close(claimed[1])
        assert process.stdin is not None
        process.stdin.write(settings.model_dump_json() + "\n")
        process.stdin.flush()
        assert process.wait(60) == 0
    found = table.find(id_)
    assert found is not None
    assert found.state == state
    if state == "failed":
        assert found.problem is not None
        assert found.problem["slug"] == "limit"


# --- results -------------------------------------------------------------------------------------


def result(rows: int = 5, **columns: list[Any]) -> Result:
    made: dict[str, list[Any]] = {
        "node": [f"n{number}" for number in range(rows)],
        "kind": ["Center" if number % 2 else "Company" for number in range(rows)],
        "value": [1 / (number + 1) for number in range(rows)],
    }
    graph = {"version": 1, "hash": "h", "nodes": rows, "edges": 0, "left_out": 0}
    return Result("degree", {}, {}, 0, "process", graph, {}, "", "", "", "", made | columns)


@pytest.fixture
def kept(tmp_path: Path) -> StoredResult:
    results = Results(tmp_path, lambda _: None)
    results.keep("key", result(value=[1.5, None, 2**62, 0.1 + 0.2, -0.0]))
    found = results.find("key")
    assert found is not None
    return found


def test_a_result_is_read_by_parts_in_every_bit(kept: StoredResult) -> None:
    whole = list(kept.rows())
    assert [row["value"] for row in whole] == [1.5, None, 2**62, 0.1 + 0.2, 0.0]
    assert whole[0] == {"node": "n0", "kind": "Company", "value": 1.5}
    assert list(kept.rows(1, 3)) == whole[1:3]
    assert list(kept.rows(4, 99)) == whole[4:]
    assert list(kept.rows(0, 1, ["Center"])) == [whole[1]]
    assert (kept.total(), kept.total(["Center"]), kept.total([])) == (5, 2, 0)
    assert kept.columns(2, ["Company"])["node"] == ["n0", "n2"]
    assert kept.result == result().without_rows()


def test_a_result_without_rows_or_kinds_is_one_too(tmp_path: Path) -> None:
    results = Results(tmp_path, lambda _: None)
    empty = Result("bridges", {}, {}, 0, "process", {}, {}, "", "", "", "",
                   {"source": [], "target": []})  # fmt: skip
    results.keep("key", empty)
    found = results.find("key")
    assert found is not None
    assert (found.total(), list(found.rows())) == (0, [])


def test_the_least_recently_used_results_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_disk, "MOST_FILES", 2)
    forgotten: list[str] = []
    results = Results(tmp_path, forgotten.append)
    for age, key in enumerate("ab"):
        results.keep(key, result())
        os.utime(tmp_path / "results" / f"{key}.sqlite3", (age, age))
    assert results.find("a") is not None
    results.keep("c", result())
    assert forgotten == ["b"]
    assert results.find("b") is None
    assert results.find("a") is not None
    monkeypatch.setattr(on_disk, "MOST_BYTES", 1)
    results.keep("d", result())
    assert sorted(forgotten) == ["a", "b", "c"]


def test_what_a_killed_process_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    results = Results(tmp_path, lambda _: None)
    old, new = (tmp_path / "results" / f"{name}.part" for name in ("old", "new"))
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    results.keep("key", result())
    assert not old.exists()
    assert new.exists()


# --- estimates -----------------------------------------------------------------------------------


def question(metric: str, **parameters: Any) -> AnalysisRequest:
    return AnalysisRequest.of(metric, parameters, NetworkFilter())


def test_estimates_grow_with_what_is_asked() -> None:
    n, m = 1_000_000, 5_000_000
    assert question("degree").seconds(n, m) < question("pagerank").seconds(n, m)
    sampled, exact = question("betweenness", k=200), question("betweenness")
    assert sampled.seconds(n, m) < exact.seconds(n, m)
    few, many = (question("rank_stability", resamples=times) for times in (100, 10_000))
    few.require_memory(n, m, 8192)
    with pytest.raises(LimitError, match=r"about 61\d,\d{3} MiB"):
        many.require_memory(n, m, 8192)
