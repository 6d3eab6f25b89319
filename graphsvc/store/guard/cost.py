"""Refuse statements that are known from their text to need more than a database can stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.store.guard.brackets import Bracketed
from graphsvc.store.guard.limits import cut
from graphsvc.store.guard.sizes import check_sizes
from graphsvc.store.guard.unbounded import check_paths


def check_cost(statement: str, parameters: Mapping[str, Any], max_path_length: int) -> None:
    """Let a statement pass whose paths are bounded, and which makes nothing huge out of nothing.

    Parameters
    ----------
    statement
        One that passed `check_statement`.
    parameters
        Values of its parameters.
    max_path_length
        The upper bound that is advised for a path of any length; 0 lets it run.

    Raises
    ------
    StatementError
        With the place, and how to mend it.

    Notes
    -----
    Passing says nothing about how long the statement runs.
    """
    text = Bracketed(statement, cut(statement))
    check_paths(text, max_path_length)
    check_sizes(text, parameters)
