"""Turns what the driver raises into graphsvc's errors, from most specific to least."""

from __future__ import annotations

import re

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    CypherSyntaxError,
    DatabaseError,
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
    StatementError,
    StoreBusyError,
    StoreConflictError,
    StoreError,
    StoreMemoryError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from graphsvc.store.guard.places import caret, position

DRIVER_ERRORS = (Neo4jError, DriverError, OSError)
"""All that a driver call may raise about the database or the way to it."""

_TIMED_OUT = re.compile(r"TransactionTimedOut|TransactionTerminated|timed?\s?out", re.IGNORECASE)
_CONCURRENT = re.compile(
    r"ConcurrentModification|Deadlock|EquivalentSchemaRule|LockClient|modified", re.IGNORECASE
)
_POSITION = re.compile(r" ?\(line (\d+), column (\d+) \(offset: \d+\)\)")
# ArcadeDB counts columns from 0, and says so in two ways.
_ENGINE_POSITION = re.compile(r" at line (\d+)(?::|, column )(\d+)")
_UNDEFINED = re.compile(r"Variable '(\w+)' not defined")
# The embedded engine's words where too many statements run, under the code of a deadlock.
_NOT_STARTED = "Query not started because"
_OUT_OF_MEMORY = re.compile(r"OutOfMemory|MemoryLimit|MemoryPool", re.IGNORECASE)
_MEMORY_WORDS = re.compile(r"OutOfMemory|Java heap|memory (?:limit|pool)", re.IGNORECASE)
"""The databases' words for it where no code says so."""

_HELD_TOO_MUCH = re.compile(r"(.*(?:in-heap|heap budget).*?)(?:\. .*)?", re.IGNORECASE)
"""The engine's words for a statement that keeps more values than it may; then how to allow more."""

_OF_THE_DATABASE = re.compile(
    r"\bIOException|I/O error|corrupt|is closed|reopening|No space left|checksum|FileSystem",
    re.IGNORECASE,
)
_JAVA_CLASS = re.compile(r"(?:\b[\w$]+\.)*\b[A-Z][\w$]*(?:Exception|Error)(?:: |$)")
_FORBIDDEN = re.compile(r"Forbidden|Security|not allowed|Permission|AccessMode", re.IGNORECASE)


def is_lost_connection(error: BaseException) -> bool:
    """Whether the connection broke, so that the same read may succeed on a new one."""
    return isinstance(error, ServiceUnavailable | SessionExpired | DatabaseUnavailable | OSError)


def is_without_a_place(error: BaseException) -> bool:
    """Whether the statement never ran, since as many run as may."""
    return isinstance(error, ConnectionAcquisitionTimeoutError) or _NOT_STARTED in str(error)


def is_failed_commit(error: BaseException) -> bool:
    """Whether the embedded engine could not write a commit, as on a full disk.

    What it acknowledges after that may be lost in a crash: it has to be restarted.
    """
    return "TransactionNotFound" in (getattr(error, "code", None) or "")


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the driver says that the same statement may succeed when run again."""
    if is_lost_connection(error):
        return True
    if _OUT_OF_MEMORY.search(getattr(error, "code", None) or "") or is_without_a_place(error):
        return False
    return isinstance(error, Neo4jError | DriverError) and error.is_retryable()


def translated(error: BaseException, server: str | None) -> GraphsvcError:
    """Our error for a driver's error; its text never shows the driver's internals.

    `server` is the address of the Neo4j server, None for the embedded engine.
    """
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return _refused(server)
    if is_without_a_place(error):
        return StoreBusyError(
            "The database has as much to do as it takes at one time.", mend="Ask again later."
        )
    if is_lost_connection(error) or isinstance(error, ConfigurationError):
        return _unreachable(server, error)
    if _TIMED_OUT.search(code):
        return StoreTimeoutError(
            "The statement ran past its time and was stopped.",
            mend="Ask for less, or allow it more time.",
        )
    if _OUT_OF_MEMORY.search(code):
        return _out_of_memory()
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
            f"The database at {server} has no such database.", mend="Check GRAPHSVC_DATABASE."
        )
    if isinstance(error, DatabaseError) and (held := _HELD_TOO_MUCH.fullmatch(_first_line(error))):
        return _out_of_memory(held[1])
    return StoreError(f"The database refused a statement of graphsvc ({code or 'driver error'}).")


def translated_for_analyst(
    error: BaseException, server: str | None, statement: str, *, prefix: str = ""
) -> GraphsvcError:
    """Our error for a failed statement that a person wrote: where it is wrong, in their text.

    `prefix` is what stood before their text in what the database read.
    """
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError) or _TIMED_OUT.search(code) or _OUT_OF_MEMORY.search(code):
        return translated(error, server)
    if is_without_a_place(error):
        return translated(error, server)
    text = _first_line(error)
    if isinstance(error, Neo4jError) and _MEMORY_WORDS.search(text):
        return _out_of_memory()
    if isinstance(error, DatabaseError) and not _OF_THE_DATABASE.search(text):
        # Both databases take what a function of Java says of a value (an overflow, a pattern
        # that is none) for a fault of their own.
        if held := _HELD_TOO_MUCH.fullmatch(text):
            text = held[1]
        return _misstated(statement, _JAVA_CLASS.sub("", text) or "a value is out of range", prefix)
    if not isinstance(error, CypherSyntaxError | ClientError):
        return translated(error, server)
    if _FORBIDDEN.search(code):
        return AccessError(f"The database refused: {text}", offence=code)
    if "ParameterMissing" in code:
        return InvalidInputError(f"The statement cannot run: {text}.", field="parameters")
    return _misstated(statement, text, prefix)


def _out_of_memory(why: str = "") -> StoreMemoryError:
    return StoreMemoryError(
        "The statement needed more memory than the database gives one, and was stopped"
        f"{f' ({why})' if why else ''}.",
        mend="Ask for less.",
    )


def _misstated(statement: str, text: str, prefix: str) -> StatementError:
    line, column, reason = _place(statement, text, prefix)
    where = f"Line {line}, column {column}: " if line else "The statement cannot run: "
    shown = caret(statement, line, column)
    return StatementError(f"{where}{reason}", line=line, column=column, caret=shown)


def _place(statement: str, text: str, prefix: str) -> tuple[int, int, str]:
    """Line, column and reason of a database's error, whichever database it is."""
    if found := _POSITION.search(text):
        line, column = int(found[1]), int(found[2])
        column -= len(prefix) if line == 1 else 0
        return line, column, _POSITION.sub("", text, count=1)
    if found := _ENGINE_POSITION.search(text):
        return int(found[1]), int(found[2]) + 1, _ENGINE_POSITION.sub("", text, count=1)
    if found := _UNDEFINED.search(text):
        # ArcadeDB does not say where.
        for use in re.finditer(rf"(?<![\w.:$`]){re.escape(found[1])}(?!\w)", statement):
            return *position(statement, use.start()), text
    return 0, 0, text


def _first_line(error: BaseException) -> str:
    message = getattr(error, "message", None) or str(error)
    return str(message).strip().splitlines()[0][:500]


def _refused(server: str | None) -> StoreUnavailableError:
    if server is None:
        return StoreUnavailableError(
            "The embedded database refused its own password.",
            mend="Stop every graphsvc that uses this data folder; the next start makes new ones.",
        )
    return StoreUnavailableError(
        f"The database at {server} refused the user name or password.",
        mend="Check GRAPHSVC_USER and GRAPHSVC_PASSWORD (or GRAPHSVC_PASSWORD_FILE).",
    )


def _unreachable(server: str | None, error: BaseException) -> StoreUnavailableError:
    if server is None:
        return StoreUnavailableError(
            "The embedded database broke off; it is started again by itself.",
            mend="Try again in a few seconds.",
        )
    if isinstance(error, ConfigurationError):
        return StoreUnavailableError(
            f"{server} is no address of a Neo4j server.",
            mend="Write GRAPHSVC_URI as bolt://host:7687 or neo4j://host:7687.",
        )
    return StoreUnavailableError(
        f"No database answers at {server}.",
        mend="Start it, or check GRAPHSVC_URI.",
    )
