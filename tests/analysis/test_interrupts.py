"""Ctrl-C ends a computation at once, however long a compiled loop would take."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from typing import Any

import networkx as nx
import pytest

from graphsvc import from_edges
from graphsvc.analysis.interrupts import WORTH_WAITING, interruptible
from graphsvc.analysis.progress import Progress, current

LARGE = """
import networkx as nx, numpy as np, graphsvc
one, other = np.random.default_rng(1).integers(0, {nodes}, (2, {edges}))
G = graphsvc.from_edges(one, other, directed=False)
{call}(graphsvc.from_edges([0, 1], [1, 2], directed=False))
print("begins", flush=True)
while True:
    {call}(G)
"""


@pytest.mark.faults
@pytest.mark.parametrize(
    ("call", "nodes", "edges"),
    [
        ("nx.betweenness_centrality", 60_000, 600_000),
        ("nx.edge_betweenness_centrality", 60_000, 600_000),
        ("nx.closeness_centrality", 60_000, 600_000),
        ("nx.community.louvain_communities", 300_000, 3_000_000),
    ],
)
def test_ctrl_c_ends_a_computation_in_a_script(call: str, nodes: int, edges: int) -> None:
    program = LARGE.format(call=call, nodes=nodes, edges=edges)
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(4)
        process.send_signal(signal.SIGINT)
        # Alone it would take minutes, and Python begins it again and again.
        _, said = process.communicate(timeout=20)
        assert said.splitlines()[-1] == "KeyboardInterrupt"
        assert process.returncode == -signal.SIGINT
    finally:
        process.kill()


def large() -> Any:
    ends = list(range(WORTH_WAITING))
    return from_edges(ends, ends)


def test_a_signal_that_raises_cancels_what_runs() -> None:
    class HeardError(Exception):
        pass

    def raises(*_: object) -> None:
        raise HeardError

    def compute(_: Any) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        while not current().state[1]:
            pass
        ended.set()

    ended = threading.Event()
    before = signal.signal(signal.SIGUSR1, raises)
    try:
        with pytest.raises(HeardError):
            interruptible(compute, large())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended.wait(30)


def test_what_is_computed_or_raised_and_how_far_it_is_are_the_callers() -> None:
    with Progress() as progress:
        assert interruptible(lambda _: current(), large()) is progress
        pagerank = nx.pagerank(large())
    assert (progress.total > 0, len(pagerank)) == (True, WORTH_WAITING)
    with pytest.raises(nx.NodeNotFound):
        nx.closeness_centrality(large(), u=-1)


def test_small_graphs_and_other_threads_begin_no_thread() -> None:
    def which(_: Any) -> threading.Thread:
        return threading.current_thread()

    here = threading.current_thread()
    assert interruptible(which, from_edges([0], [1])) is here
    assert interruptible(which, large()) is not here
    found: list[tuple[threading.Thread, threading.Thread]] = []
    other = threading.Thread(
        target=lambda: found.append((interruptible(which, large()), threading.current_thread()))
    )
    other.start()
    other.join()
    assert found[0][0] is found[0][1]
