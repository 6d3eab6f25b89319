"""What an analysis finds, in columns, and where its nodes stand in a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np


@dataclass(frozen=True)
class Layout:
    """Where nodes stand in a picture.

    `nodes` are columns of one length: `node`, `kind`, `name`, `name_en`, `group`, `degree`, `x` and
    `y`. `edges` are pairs of positions in them, each pair once.
    """

    nodes: dict[str, list[Any]]
    edges: list[tuple[int, int]]


class Remark(NamedTuple):
    """What a reader of the numbers has to know, in English and in Korean."""

    en: str
    ko: str


@dataclass(frozen=True)
class Table:
    """Columns of one length, by name.

    Columns of ids of nodes are lists of text and named for what they hold: `node`, `source`,
    `target`, `funder`, `recipient`. Numbers are arrays; NaN is what has no value. A measure of the
    whole graph is a table of one row. Groups of nodes have a layout. `counts` say what the numbers
    rest on, and `remarks` what they do not bear.
    """

    columns: dict[str, np.ndarray | list[str]]
    layout: Layout | None = None
    counts: dict[str, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))
