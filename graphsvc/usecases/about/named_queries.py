"""The named queries: those that came with graphsvc, and an operator's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphsvc import paths
from graphsvc.errors import (
    GraphsvcError,
    InvalidInputError,
    LimitError,
    NotFoundError,
    QueryFileError,
)
from graphsvc.model.spelling import did_you_mean
from graphsvc.settings import Settings
from graphsvc.store.cypher_files import REQUIRED, Statement
from graphsvc.store.database import Database
from graphsvc.store.parameter_values import ENTITY, read_value
from graphsvc.store.queries import NamedQueries, read_queries
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.store.statements.results import QueryResult
from graphsvc.usecases.lists.resolving import resolved_id


def named_queries(settings: Settings) -> NamedQueries:
    """Every query; one of your own wins over one that came along and has the same name.

    Raises
    ------
    QueryFileError
        Naming file and line.
    """
    own = (settings.queries_dir,) if settings.queries_dir is not None else ()
    return read_queries(
        paths.cypher_dir() / "queries",
        *own,
        embedded=settings.embedded,
        max_path_length=settings.max_path_length,
    )


def find_query(queries: NamedQueries, name: str, field: str = "name") -> Statement:
    """The query of this name; `field` is where the name was given.

    Raises
    ------
    NotFoundError
        Naming the near ones.
    """
    try:
        return queries.statements[name]
    except KeyError:
        raise NotFoundError(
            f"There is no query {name[:80]!r}.",
            mend=did_you_mean(name, queries.statements),
            field=field,
        ) from None


def described(query: Statement) -> dict[str, Any]:
    """What a query is for, what it takes and what it returns."""
    return {
        "name": query.name,
        "why": query.why,
        "timeout_s": query.timeout_s,
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "required": parameter.default is REQUIRED,
                "default": None if parameter.default is REQUIRED else parameter.default,
                "text": parameter.text,
            }
            for parameter in query.parameters
        ],
        "returns": [
            {"name": column.name, "type": column.type, "text": column.text}
            for column in query.returns
        ],
        "statement": query.text,
    }


@dataclass(frozen=True)
class Resolved:
    """A text that was given for a thing, and the id of the thing that it means."""

    given: str
    id: str


async def resolve(
    database: Database, query: Statement, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Resolved]]:
    """The parameters with ids where their header says `entity`, and the texts that were none.

    Raises
    ------
    NotFoundError
        When nothing is called so, naming what is near.
    InvalidInputError
        When a parameter is not what it must be, or several things are called so.
    """
    query.bind(given)
    values, texts = dict(given), []
    for parameter in query.parameters:
        if not parameter.type.endswith(ENTITY) or given.get(parameter.name) is None:
            continue
        asked = read_value(parameter.type, given[parameter.name])
        ids = []
        for text in [asked] if isinstance(asked, str) else asked:
            ids.append(await resolved_id(database, text, parameter.name))
            if ids[-1] != text:
                texts.append(Resolved(text, ids[-1]))
        values[parameter.name] = ids[0] if isinstance(asked, str) else ids
    return values, texts


async def ask(
    statements: StatementExecutor,
    query: Statement,
    given: Mapping[str, Any],
    *,
    limit: int | None = None,
    timeout_s: float | None = None,
) -> QueryResult:
    """Ask a named query, through the guard; parameters are read as its header says.

    Things among them are given by their ids: `resolve` finds these.

    Raises
    ------
    InvalidInputError
        When a parameter is unknown, missing, of another type or nothing the statement can run with.
    LimitError
        When the answer is too large.
    QueryFileError
        When the statement cannot run, or returns other columns than the header announces.
    """
    values, seconds = query.bind(given), timeout_s or query.timeout_s
    try:
        result = await statements.query(
            query.text, values, limit=limit, timeout_s=seconds, from_file=True
        )
    except LimitError as error:
        raise LimitError(error.message, mend="Ask for fewer rows.", field="limit") from error
    except InvalidInputError as error:
        raise _refused(query, given, error) from error
    announced = [column.name for column in query.returns]
    if not result.rows:  # the embedded engine names no columns then
        return replace(result, columns=announced)
    if result.columns != announced:
        raise QueryFileError(
            f"The file of the query {query.name} announces the columns {', '.join(announced)};"
            f" its statement returns {', '.join(result.columns)}.",
            mend="Write one `// returns:` line for each column, in the statement's order.",
        )
    return result


def _refused(query: Statement, given: Mapping[str, Any], error: InvalidInputError) -> GraphsvcError:
    # With nothing but defaults it is the file that is wrong; else it may be a value, as LIMIT -1.
    if not given:
        return QueryFileError(f"The query {query.name} cannot run. {error.message}")
    names = list(given)
    return InvalidInputError(
        f"The query {query.name} cannot run with these values. {error.message}",
        field=names[0] if len(names) == 1 else None,
    )
