"""What an analysis found, with all that is needed to find it again."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from graphsvc.analysis.metric import Metric
from graphsvc.analysis.ranking import ROUNDING, Tolerance, levels
from graphsvc.analysis.table import Layout, Table
from graphsvc.errors import InvalidInputError

FORM = 1
"""Version of the file's form."""

_PACKAGES = ("graphsvc", "networkx", "numpy", "numba")


@dataclass(frozen=True)
class Result:
    """The columns of a measure, and where they come from.

    `parameters` are all of them, defaults too; `graph` says version, hash, nodes, edges and how
    many relationships were left out for having no weight. `top` says that only so many of the first
    rows are there. Groups of nodes have a layout, for their picture. `method` is the version of how
    the measure is computed, 1 where a file does not say; `counts` are what the numbers rest on, and
    `warnings` what a reader has to know of them, each in English and in Korean.
    """

    metric: str
    parameters: dict[str, Any]
    filter: dict[str, Any]
    seed: int
    engine: str
    graph: dict[str, Any]
    versions: dict[str, str]
    started_at: str
    finished_at: str
    definition: str
    reference: str
    columns: dict[str, list[Any]]
    top: int | None = None
    layout: Layout | None = None
    method: int = 1
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[dict[str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def rows(self, begin: int = 0, end: int | None = None) -> list[dict[str, Any]]:
        """Some rows, by column."""
        parts = [values[begin:end] for values in self.columns.values()]
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*parts, strict=True)]

    def first(self, top: int | None) -> Result:
        """Only so many of the first rows, where a number is given."""
        if top is None:
            return self
        return replace(self, columns={n: v[:top] for n, v in self.columns.items()}, top=top)

    def without_rows(self) -> Result:
        """Only where it comes from."""
        return replace(self, columns={name: [] for name in self.columns})

    def to_json(self) -> bytes:
        """The file that `--verify` reads; NaN is null."""
        return to_json({"form": FORM, **asdict(self)}, inf_nan_mode="null")

    @classmethod
    def from_json(cls, text: bytes) -> Result:
        """What `to_json` wrote.

        Raises
        ------
        InvalidInputError
            When it is something else.
        """
        try:
            content = from_json(text)
            if content.pop("form") != FORM:
                raise ValueError
            found = _RESULT.validate_python(content)
            if len({len(values) for values in found.columns.values()}) > 1:
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError):
            raise InvalidInputError(
                "This is no result of an analysis in the form that is known.",
                mend="Give a file that `graphsvc analyze --format json` wrote.",
            ) from None
        return found


_RESULT = TypeAdapter(Result)


def versions(metric: Metric) -> dict[str, str]:
    """Of everything that has a part in a measure's numbers."""
    found = {name: _version(name) for name in _PACKAGES}
    found |= {name: _version(name) for name in metric.uses if find_spec(name) is not None}
    return found | {"python": platform.python_version()}


# It reads a file, and a service asks for each question.
_version = cache(version)


def columns_of(
    metric: Metric,
    table: Table,
    described: dict[str, dict[str, str]],
    tolerance: Tolerance = ROUNDING,
) -> dict[str, Any]:
    """A table's columns as lists, the largest first, with kind and name beside each node.

    `described` has them by id. Values that are equal within the tolerance keep the order of ids.
    """
    order = _order(metric, table, tolerance)
    columns: dict[str, list[Any]] = {}
    for name, values in table.columns.items():
        array = np.asarray(values, object if isinstance(values, list) else None)
        columns[name] = [_plain(value) for value in array[order].tolist()]
        if name in ("node", "funder", "recipient"):
            for what in ("kind", "name", "name_en"):
                columns[what] = [described.get(node, {}).get(what) for node in columns[name]]
    return columns


def _order(metric: Metric, table: Table, tolerance: Tolerance) -> np.ndarray:
    if metric.sorted_by is None:
        return np.arange(len(table))
    ids = [np.array(values) for values in table.columns.values() if isinstance(values, list)]
    place = levels(np.asarray(table.columns[metric.sorted_by]), tolerance)
    order: np.ndarray = np.lexsort((*reversed(ids), place))
    return order


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


def difference(ours: Result, theirs: Result, tolerance: float = 0.0) -> str | None:
    """Where two results differ, in a sentence or two; None where they are equal.

    With a tolerance numbers may differ by so much.
    """
    if ours.graph["hash"] != theirs.graph["hash"]:
        return (
            f"The network is another: version {ours.graph['version']} with hash"
            f" {ours.graph['hash'][:12]}, and not version {theirs.graph['version']} with"
            f" {theirs.graph['hash'][:12]}."
        )
    if ours.metric == theirs.metric and ours.method != theirs.method:
        return (
            f"{ours.metric} is computed by another method: version {ours.method}, and not"
            f" {theirs.method}."
        )
    for name in ("metric", "parameters", "filter", "seed"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        if mine != other:
            return f"Other {name}: {_listed(mine)}, and not {_listed(other)}."
    for name, mine, other in (
        ("columns", ", ".join(ours.columns), ", ".join(theirs.columns)),
        ("number of rows", len(ours), len(theirs)),
    ):
        if mine != other:
            return f"Other {name}: {mine}, and not {other}."
    return _in_rows(ours, theirs, tolerance)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return ", ".join(f"{name}={each}" for name, each in value.items() if each is not None) or "none"


def _in_rows(ours: Result, theirs: Result, tolerance: float) -> str | None:
    found = [
        (row, name, mine, other)
        for name, values in ours.columns.items()
        for row, (mine, other) in enumerate(zip(values, theirs.columns[name], strict=True))
        if not _equal(mine, other, tolerance)
    ]
    if not found:
        return None
    rows = next(iter(ours.columns.values()))
    row, name, mine, other = min(found, key=lambda each: each[0])
    said = f"In the row of {rows[row]!r}, {name} is {mine} and not {other}"
    apart = [
        (abs(mine - other), row, name)
        for row, name, mine, other in found
        if _number(mine) and _number(other)
    ]
    if len(found) > 1 and apart:
        most, row, name = max(apart)
        said += f"; {len(found):,} values differ, at most by {most:.3g} ({name} of {rows[row]!r})"
    return f"{said}."


def _equal(mine: Any, other: Any, tolerance: float) -> bool:
    if _number(mine) and _number(other):
        return bool(abs(mine - other) <= tolerance * max(1.0, abs(other)))
    return bool(mine == other)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float))
