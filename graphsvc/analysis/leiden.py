"""Communities by Leiden's method: by networkit, the same for a seed."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from graphsvc.analysis.graph import Graph
from graphsvc.errors import InvalidInputError

_OFTEN_S = 0.05

# Python's `signal.signal` is for the main thread alone.
_handler_of = ctypes.pythonapi.PyOS_getsig
_handler_of.argtypes, _handler_of.restype = [ctypes.c_int], ctypes.c_void_p
_handle = ctypes.pythonapi.PyOS_setsig
_handle.argtypes, _handle.restype = [ctypes.c_int, ctypes.c_void_p], ctypes.c_void_p


def leiden(
    graph: Graph, weights: np.ndarray | None, resolution: float, iterations: int, random: Any
) -> np.ndarray:
    """The community of each node by the Leiden method; `weights` has one for each entry of `out`.

    References
    ----------
    .. [1] V. A. Traag, L. Waltman, N. J. van Eck, From Louvain to Leiden, Scientific Reports 9
       (2019). https://doi.org/10.1038/s41598-019-41695-z
    .. [2] F. Nguyen, Leiden-Based Parallel Community Detection, 2021.
    """
    with _one_thread() as networkit:
        places = list(range(len(graph)))
        random.shuffle(places)
        place = np.array(places, np.int64)
        held = _held(networkit, graph, weights, place)
        networkit.setSeed(random.randrange(2**31), False)
        method = networkit.community.ParallelLeiden(
            held, iterations=iterations, randomize=False, gamma=resolution
        )
        with _signals_left_to_python():
            method.run()
        partition = method.getPartition()
        return _by_first_node(np.array(partition.getVector(), np.int64)[place])


def _by_first_node(labels: np.ndarray) -> np.ndarray:
    """The same communities, numbered from 0 by their first node."""
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    number = np.empty(first.size, np.int64)
    number[np.argsort(first)] = np.arange(first.size)
    numbered: np.ndarray = number[which]
    return numbered


@contextmanager
def _one_thread() -> Iterator[Any]:
    """Its package with one thread: it adds up in an order that depends on how many there are."""
    try:
        import networkit
    except ImportError:
        raise InvalidInputError(
            "networkit is not installed.", mend="pip install graphsvc[analysis]"
        ) from None
    before = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    try:
        yield networkit
    finally:
        networkit.setNumberOfThreads(before)


@contextmanager
def _signals_left_to_python() -> Iterator[None]:
    """A running algorithm of networkit takes SIGINT, and aborts the program: Python takes it back.

    It takes it once, as it begins; nothing says when that is.
    """
    handler, over = _handler_of(signal.SIGINT), threading.Event()

    def take_back() -> None:
        while not over.wait(_OFTEN_S):
            _handle(signal.SIGINT, handler)

    taking = threading.Thread(target=take_back, daemon=True)
    taking.start()
    try:
        yield
    finally:
        over.set()
        taking.join()
        _handle(signal.SIGINT, handler)  # a short run has ended before, and leaves its own


def _held(networkit: Any, graph: Graph, weights: np.ndarray | None, place: np.ndarray) -> Any:
    """The graph as networkit holds it, each node at its place."""
    kept = graph.out.each_once
    ends = (place[graph.out.sources[kept]], place[graph.out.indices[kept]])
    if weights is None:
        return networkit.GraphFromCoo(ends, n=len(graph), directed=False)
    return networkit.GraphFromCoo(
        (weights[kept], ends), n=len(graph), weighted=True, directed=False
    )
