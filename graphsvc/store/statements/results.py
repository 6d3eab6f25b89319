"""All rows of a statement at once, bounded in number and bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from graphsvc.errors import LimitError
from graphsvc.store.statements.execution import Execution
from graphsvc.store.values import ValueConverter


@dataclass(frozen=True)
class QueryResult:
    """What a person's statement returned; `truncated` when there were more rows than asked for."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool

    def objects(self) -> list[dict[str, Any]]:
        """The rows as objects keyed by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


async def collected(
    execution: Execution, most: int, most_bytes: int, convert: ValueConverter
) -> QueryResult:
    """The first `most` rows of a statement that runs.

    Raises
    ------
    LimitError
        When they take more than `most_bytes` as JSON.
    """
    rows: list[list[Any]] = []
    size = 0
    while batch := await execution.rows(most + 1 - len(rows), convert):
        for row in batch:
            if len(rows) == most:
                return QueryResult(execution.columns, rows, truncated=True)
            size += len(to_json(row))
            if size > most_bytes:
                raise LimitError(
                    f"The result is larger than {most_bytes} bytes.",
                    mend="Return fewer columns or rows.",
                    field="statement",
                )
            rows.append(row)
    return QueryResult(execution.columns, rows, truncated=False)
