"""Named queries: the `.cypher` files of some folders, each checked to read and do nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from graphsvc.errors import AccessError, InvalidInputError, QueryFileError
from graphsvc.settings import MAX_PATH_LENGTH
from graphsvc.store.cypher_files import Statement, read_statement
from graphsvc.store.guard import check_cost, check_statement

_CLOCK_OR_CHANCE = re.compile(
    r"\b(?:rand|randomuuid|timestamp|date|(?:local)?(?:date)?time)"
    r"(?:\.(?:realtime|statement|transaction))?\s*\(\s*\)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NamedQueries:
    """Every named query as it was read.

    Attributes
    ----------
    statements
        By name, in the order of names.
    digest
        Short hash over the names and texts of their files: another one, another set of queries.
    """

    statements: Mapping[str, Statement]
    digest: str


def read_queries(
    *folders: Path, embedded: bool = True, max_path_length: int = MAX_PATH_LENGTH
) -> NamedQueries:
    """The named queries of these folders; a later folder wins over an earlier one.

    Raises
    ------
    QueryFileError
        Naming file and line: a header that breaks the rules, or a statement that would do more
        than read, whatever the header says; that no database could stop; or that the embedded
        engine answers wrongly, where `embedded` says that it is to run there.
    """
    found: dict[str, Statement] = {}
    for folder in folders:
        if not folder.is_dir():
            raise QueryFileError(f"The query folder {folder} does not exist.")
        for path in sorted(folder.glob("*.cypher")):
            found[path.stem] = read_statement(path)
    for statement in found.values():
        _require_reading(statement, embedded=embedded, max_path_length=max_path_length)
    statements = dict(sorted(found.items()))
    return NamedQueries(statements, _digest(statements))


def depends_on_the_graph_alone(query: Statement) -> bool:
    """Whether the same graph gives the same rows: it asks for no time of day and no chance."""
    return _CLOCK_OR_CHANCE.search(query.text) is None


def _require_reading(statement: Statement, *, embedded: bool, max_path_length: int) -> None:
    # The check counts lines in the statement; blank lines before it make them lines of the file.
    in_place = "\n" * (statement.first_line - 1) + statement.text
    try:
        _check(in_place, embedded, max_path_length)
    except AccessError as error:
        where = f"{statement.path}:{error.line}"
        raise QueryFileError(
            f"{where}: a named query only reads: {error.message}", mend=error.mend
        ) from error
    except InvalidInputError as error:
        raise QueryFileError(f"{statement.path}: {error.message}", mend=error.mend) from error


@lru_cache(
    maxsize=256
)  # files that stayed as they were are not checked again when all are read anew
def _check(statement: str, embedded: bool, max_path_length: int) -> None:
    check_statement(statement, embedded=embedded)
    check_cost(statement, {}, max_path_length)


def _digest(statements: Mapping[str, Statement]) -> str:
    digest = hashlib.sha256()
    for name, statement in statements.items():
        digest.update(f"{name}\n{len(statement.source)}\n{statement.source}".encode())
    return digest.hexdigest()[:16]
