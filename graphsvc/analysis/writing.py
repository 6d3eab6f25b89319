"""A result as a file for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError

Rows = Sequence[dict[str, Any]]


def as_csv(result: Result, rows: Rows) -> bytes:
    """Some rows of a result as CSV, with the mark by which spreadsheets know Korean as UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(result.columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_parquet(result: Result, rows: Rows) -> bytes:
    """The same as Parquet, with where the numbers come from in the file's metadata.

    Raises
    ------
    InvalidInputError
        When pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise InvalidInputError(
            "Parquet cannot be written: pyarrow is not installed.",
            mend="Take csv, or pip install 'graphsvc[analysis]'.",
            field="format",
        ) from None
    table = pa.table({name: [row[name] for row in rows] for name in result.columns})
    origin = {"graphsvc": result.without_rows().to_json()}
    sink = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(origin), sink)
    return sink.getvalue()
