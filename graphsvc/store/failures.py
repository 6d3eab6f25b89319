"""Turns what the driver raises into graphsvc's errors, from most specific to least."""

from __future__ import annotations

import re
from functools import partial

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConstraintError,
    CypherSyntaxError,
    DatabaseUnavailable,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graphsvc.errors import (
    AccessError,
    GraphsvcError,
    InvalidInputError,
    StoreConflictError,
    StoreError,
    StoreTimeoutError,
    StoreUnavailableError,
)

DRIVER_ERRORS = (Neo4jError, DriverError, OSError)
"""All that a driver call may raise about the database or the way to it."""

_TIMED_OUT = re.compile(r"TransactionTimedOut|TransactionTerminated|timed?\s?out", re.IGNORECASE)
_CONCURRENT = re.compile(
    r"ConcurrentModification|Deadlock|EquivalentSchemaRule|LockClient|modified", re.IGNORECASE
)
_POSITION = re.compile(r"\(line (\d+), column (\d+) \(offset: (\d+)\)\)")
_FORBIDDEN = re.compile(r"Forbidden|Security|not allowed|Permission|AccessMode", re.IGNORECASE)


def is_lost_connection(error: BaseException) -> bool:
    """Whether the connection broke, so that the same read may succeed on a new one."""
    return isinstance(error, ServiceUnavailable | SessionExpired | DatabaseUnavailable | OSError)


def is_failed_commit(error: BaseException) -> bool:
    """Whether the embedded engine could not write a commit, as on a full disk.

    What it acknowledges after that may be lost in a crash: it has to be restarted.
    """
    return "TransactionNotFound" in (getattr(error, "code", None) or "")


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the driver says that the same statement may succeed when run again."""
    if is_lost_connection(error):
        return True
    return isinstance(error, Neo4jError | DriverError) and error.is_retryable()


def translated(error: BaseException, address: str) -> GraphsvcError:
    """Our error for a driver's error; its text never shows the driver's internals."""
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return _refused(address)
    if is_lost_connection(error) or isinstance(error, ConfigurationError):
        return _unreachable(address, error)
    if _TIMED_OUT.search(code):
        return StoreTimeoutError(
            "The statement ran past its time and was stopped.",
            mend="Ask for less, or allow it more time.",
        )
    if isinstance(error, ConstraintError) or _CONCURRENT.search(f"{code} {error}"):
        return StoreConflictError(
            "Something else changed the graph at the same time; nothing was written.",
            mend="Try again.",
        )
    if isinstance(error, TransientError):
        return StoreError(
            f"The database could not run the statement now ({code}).", mend="Try again."
        )
    if "DatabaseNotFound" in code:
        return StoreUnavailableError(
            f"The database at {address} has no such database.", mend="Check GRAPHSVC_DATABASE."
        )
    return StoreError(f"The database refused a statement of graphsvc ({code or 'driver error'}).")


def translated_for_analyst(
    error: BaseException, address: str, *, prefix: str = ""
) -> GraphsvcError:
    """Our error for a failed statement that a person wrote: where it is wrong, in their text.

    `prefix` is what stood before their text in what the database read.
    """
    code = getattr(error, "code", None) or ""
    if isinstance(error, CypherSyntaxError | ClientError) and not (
        isinstance(error, AuthError) or _TIMED_OUT.search(code)
    ):
        reason = _POSITION.sub(partial(_without_prefix, len(prefix)), _first_line(error))
        if _FORBIDDEN.search(code):
            return AccessError(f"The database refused: {reason}", offence=code)
        return InvalidInputError(f"The statement cannot run: {reason}", field="statement")
    return translated(error, address)


def _without_prefix(length: int, position: re.Match[str]) -> str:
    line, column, offset = (int(part) for part in position.groups())
    column -= length if line == 1 else 0
    return f"(line {line}, column {column} (offset: {offset - length}))"


def _first_line(error: BaseException) -> str:
    message = getattr(error, "message", None) or str(error)
    return str(message).strip().splitlines()[0][:500]


def _refused(address: str) -> StoreUnavailableError:
    return StoreUnavailableError(
        f"The database at {address} refused the user name or password.",
        mend="Check GRAPHSVC_USER and GRAPHSVC_PASSWORD (or GRAPHSVC_PASSWORD_FILE).",
    )


def _unreachable(address: str, error: BaseException) -> StoreUnavailableError:
    if isinstance(error, ConfigurationError):
        return StoreUnavailableError(
            f"{address} is no address of a Neo4j server.",
            mend="Write GRAPHSVC_URI as bolt://host:7687 or neo4j://host:7687.",
        )
    return StoreUnavailableError(
        f"No database answers at {address}.",
        mend="Start it, or check GRAPHSVC_URI.",
    )
