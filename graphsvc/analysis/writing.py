"""A result as a file for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError

_CHUNK = 2**17
_MARK = "\ufeff"
"""By it spreadsheets know Korean as UTF-8."""


def csv_parts(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Rows as CSV, some at a time."""
    text = io.StringIO(_MARK)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([row[name] for name in names])
        if text.tell() > _CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def as_parquet(origin: Result, columns: Mapping[str, Sequence[Any]]) -> bytes:
    """Columns as Parquet, with where the numbers come from in the file's metadata.

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
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    metadata = {"graphsvc": origin.without_rows().to_json()}
    sink = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(metadata), sink)
    return sink.getvalue()
