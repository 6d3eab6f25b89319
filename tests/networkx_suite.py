"""networkx's own tests of the functions that we compute, run on our graphs.

    python tests/networkx_suite.py            # all of them
    python tests/networkx_suite.py --short    # the topics that changes break most often

networkx turns the graphs of its tests into ours before each call, and calls itself where a function
is not ours or its arguments are none that ours takes (multigraphs, weights by function). Prints how
often either was, and fails when a test does.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from graphsvc.analysis import registry

SHORT = (
    "centrality.tests.test_betweenness_centrality",
    "centrality.tests.test_closeness_centrality",
    "centrality.tests.test_harmonic_centrality",
    "centrality.tests.test_eigenvector_centrality",
    "centrality.tests.test_katz_centrality",
    "link_analysis",
    "tests.test_cluster",
    "tests.test_core",
    "tests.test_structuralholes",
)
ALL = (
    *SHORT,
    "assortativity",
    "centrality.tests.test_betweenness_centrality_subset",
    "centrality.tests.test_degree_centrality",
    "centrality.tests.test_voterank",
    "community.tests.test_louvain",
    "community.tests.test_quality",
    "components",
    "shortest_paths.tests.test_generic",
    "shortest_paths.tests.test_unweighted",
    "shortest_paths.tests.test_weighted",
    "tests.test_bridges",
    "tests.test_distance_measures",
    "tests.test_link_prediction",
    "tests.test_richclub",
)


class Calls(logging.Handler):
    """Counts calls computed by us, and those that were not although the function is ours."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.computed: Counter[str] = Counter()
        self.left: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line of networkx's dispatching."""
        if not isinstance(record.args, tuple) or len(record.args) < 2:
            return
        function = str(record.args[1])
        if record.msg.startswith("Using backend"):
            self.computed[function] += 1
        elif function in registry.functions:
            self.left[function] += 1

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the counts."""
        say = terminalreporter.line
        terminalreporter.section("calls computed by graphsvc, and those left to networkx")
        for function in sorted(self.computed | self.left):
            say(f"{self.computed[function]:6} {self.left[function]:6} {function}")


def main() -> int:
    """Run them; the exit code is pytest's."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--short", action="store_true")
    modules = SHORT if parser.parse_args().short else ALL
    os.environ["NETWORKX_TEST_BACKEND"] = "graphsvc"
    os.environ["NETWORKX_FALLBACK_TO_NX"] = "1"
    calls = Calls()
    dispatching = logging.getLogger("networkx.utils.backends")
    dispatching.setLevel(logging.DEBUG)
    dispatching.addHandler(calls)
    options = ["-q", "-r", "fE", "-p", "no:cacheprovider", "-c", os.devnull, "--pyargs"]
    named = [f"networkx.algorithms.{module}" for module in modules]
    return int(pytest.main([*options, *named], plugins=[calls]))


if __name__ == "__main__":
    sys.exit(main())
