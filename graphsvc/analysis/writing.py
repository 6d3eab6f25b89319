"""A result as a file for other programs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphsvc.analysis.result import Result
from graphsvc.errors import InvalidInputError
from graphsvc.spreadsheet_csv import begin, line

_CHUNK = 2**17


def csv_parts(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Rows as CSV, some at a time."""
    text = io.StringIO()
    text.write(begin(names))
    for row in rows:
        text.write(line(row[name] for name in names))
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
