"""Whoever waits for a compiler is told, once, and only where something is compiled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMPUTING = """
import logging, networkx as nx
from graphsvc import from_edges
from graphsvc.cli.messages import saying_when_compiled

logging.basicConfig(level=logging.INFO)
graph = from_edges([1, 2], [2, 1])
with saying_when_compiled("pagerank"):
    nx.pagerank(graph)
"""


def computed(cache: Path) -> list[str]:
    """What a new process with this kernel cache says on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", COMPUTING],
        env=os.environ | {"GRAPHSVC_KERNEL_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()


def test_compiling_is_told_in_the_terminal_and_logged_unless_the_cache_has_it(
    tmp_path: Path,
) -> None:
    first = computed(tmp_path)
    told = "compiling pagerank: the first use on this machine takes a second or two"
    assert first.count(told) == 1
    assert "INFO:graphsvc.analysis:compiling graphsvc.analysis.kernels.pagerank._step" in first
    assert computed(tmp_path) == []
