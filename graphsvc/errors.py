"""Every error that graphsvc answers with: over HTTP, on the command line, to who imports it.

The tree, from the root::

    GraphsvcError
     +-- SettingsError          a setting is missing or makes no sense
     +-- QueryFileError         a .cypher file breaks the header's rules
     +-- SeedError              a seed folder has problems (all of them at once)
     +-- NotFoundError          nothing has this id
     +-- InvalidInputError      a value from outside cannot be used
     |    +-- LimitError        it could be used, were it smaller
     |    +-- StatementError    a person's statement is no Cypher that can run
     |    +-- AnalysisError     a measure cannot be computed on this network
     +-- MalformedError         the body of a request cannot be read
     +-- MediaTypeError         the body of a request is in a form that is not read
     +-- AccessError            a statement does what only `load` may do
     +-- BusyError              as many analyses wait as may
     +-- StoreError             the database
          +-- StoreUnavailableError   not there, not ready, refused us
          +-- StoreBusyError          has no place for another statement now
          +-- StoreTimeoutError       did not answer in time
          +-- StoreMemoryError        has not the memory that a statement needs
          +-- StoreConflictError      another load was in the way

Each carries a stable `slug`: the last part of the problem type's URI (RFC 9457), documented in
docs/errors.md, and an exit code for the command line. Exceptions defined elsewhere are caught
within graphsvc (their docstrings say where) and never answer anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


class GraphsvcError(Exception):
    """Something graphsvc can name.

    Parameters
    ----------
    message
        What went wrong and where, in one sentence a stranger understands.
    mend
        How to put it right; empty where nothing can be advised.
    field
        The parameter, setting or key at fault, where there is one.
    """

    slug: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, mend: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".rstrip()


class SettingsError(GraphsvcError):
    """A setting is missing, unknown or contradicts another."""

    slug = "settings"
    exit_code = 2


class QueryFileError(GraphsvcError):
    """A `.cypher` file cannot be used; the message names file and line."""

    slug = "query-file"
    exit_code = 2


@dataclass(frozen=True, order=True, slots=True)
class SeedProblem:
    """One thing wrong in a seed folder, where it stands and how to mend it."""

    file: Path
    line: int
    message: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} {self.mend}".rstrip()


class SeedError(GraphsvcError):
    """A seed folder has problems; `problems` lists every one, in file and line order."""

    slug = "seed"
    exit_code = 3

    def __init__(self, problems: list[SeedProblem]) -> None:
        self.problems = sorted(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the seed:\n{lines}")


class NotFoundError(GraphsvcError):
    """Nothing has this id.

    Parameters
    ----------
    merged_into
        The id that stands for it now, where it was merged into another.
    """

    slug = "not-found"
    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        mend: str = "",
        field: str | None = None,
        merged_into: str | None = None,
    ) -> None:
        super().__init__(message, mend=mend, field=field)
        self.merged_into = merged_into


class InvalidInputError(GraphsvcError):
    """A value from outside cannot be used."""

    slug = "invalid-input"
    exit_code = 5


class LimitError(InvalidInputError):
    """A value from outside is larger than allowed."""

    slug = "limit"


class StatementError(InvalidInputError):
    """A person's statement is no Cypher, or cannot run.

    Parameters
    ----------
    line, column
        Where it is wrong, from 1 in code points; 0 where nobody knows.
    caret
        The line of the statement, and below it a ^ at the place; empty where nobody knows.
    """

    slug = "bad-statement"

    def __init__(
        self, message: str, *, line: int = 0, column: int = 0, caret: str = "", mend: str = ""
    ) -> None:
        super().__init__(message, mend=mend, field="statement")
        self.line = line
        self.column = column
        self.caret = caret


class AnalysisError(InvalidInputError):
    """A measure cannot be computed on this network, or did not converge."""

    slug = "analysis"


class BusyError(GraphsvcError):
    """As many analyses run and wait as may."""

    slug = "busy"


class MalformedError(GraphsvcError):
    """The body of a request cannot be read."""

    slug = "malformed-request"


class MediaTypeError(GraphsvcError):
    """The body of a request is in a form that is not read."""

    slug = "unsupported-media-type"


class AccessError(GraphsvcError):
    """A statement would do more than read the graph.

    Parameters
    ----------
    offence
        The clause, operator or procedure that is not allowed, as it was written.
    line, column
        Where it stands in the statement, from 1; 0 when only the plan shows it.
    caret
        The line of the statement, and below it a ^ at the place; empty as above.
    """

    slug = "not-read-only"
    exit_code = 6

    def __init__(
        self,
        message: str,
        *,
        offence: str,
        line: int = 0,
        column: int = 0,
        caret: str = "",
        mend: str = "",
    ) -> None:
        super().__init__(message, mend=mend, field="statement")
        self.offence = offence
        self.line = line
        self.column = column
        self.caret = caret


class StoreError(GraphsvcError):
    """The database failed in a way that is no fault of the request."""

    slug = "store"
    exit_code = 7


class StoreUnavailableError(StoreError):
    """The database is not there, not ready, or refused the credentials.

    Parameters
    ----------
    reason
        One word a program can act on: `unreachable`, `empty`, `loading` or `newer-schema`.
    """

    slug = "store-unavailable"

    def __init__(
        self,
        message: str,
        *,
        reason: str = "unreachable",
        mend: str = "",
        field: str | None = None,
    ) -> None:
        super().__init__(message, mend=mend, field=field)
        self.reason = reason


class StoreBusyError(StoreError):
    """There is no place for this work now: as much runs as may, or the database has to recover.

    Parameters
    ----------
    retry_after_s
        Seconds after which asking again may help.
    """

    slug = "store-busy"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float = 2.0,
        mend: str = "",
        field: str | None = None,
    ) -> None:
        super().__init__(message, mend=mend, field=field)
        self.retry_after_s = retry_after_s


class StoreTimeoutError(StoreError):
    """A statement ran past its time and was stopped."""

    slug = "store-timeout"


class StoreMemoryError(StoreError):
    """A statement needed more memory than the database has, and was stopped."""

    slug = "store-memory"


class StoreConflictError(StoreError):
    """Another load changed the graph at the same time; nothing was written."""

    slug = "store-conflict"
