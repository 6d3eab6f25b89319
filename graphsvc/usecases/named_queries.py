"""The named queries: those that came with graphsvc, and an operator's own."""

from __future__ import annotations

from graphsvc import paths
from graphsvc.settings import Settings
from graphsvc.store.statements import Statement, read_queries


def named_queries(settings: Settings) -> dict[str, Statement]:
    """Every query by name; one of your own wins over one that came along.

    Raises
    ------
    QueryFileError
        Naming file and line.
    """
    own = (settings.queries_dir,) if settings.queries_dir is not None else ()
    return read_queries(paths.cypher_dir() / "queries", *own)
