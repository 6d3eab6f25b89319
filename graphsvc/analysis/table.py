"""What an analysis finds, in columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Table:
    """Columns of one length, by name.

    Columns of ids of nodes are lists of text and named for what they hold: `node`, `source`,
    `target`, `funder`, `recipient`. Numbers are arrays; NaN is what has no value. A measure of the
    whole graph is a table of one row.
    """

    columns: dict[str, np.ndarray | list[str]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))
