"""How long and how deep a statement may be, so that no database chokes on reading it."""

from __future__ import annotations

from itertools import islice

from graphsvc.errors import StatementError
from graphsvc.store.guard.tokens import Token, reject, tokens

MAX_LENGTH = 65_536
MAX_TOKENS = 5_000  # Neo4j plans 2,400 columns for minutes and minds no timeout meanwhile
MAX_NESTING = 100
MAX_SUBQUERIES = 10  # Neo4j's planner needs seconds from 20 nested COUNT {} on, and ever longer


def cut(statement: str) -> list[Token]:
    """Cut a statement into its tokens, unless there are too many."""
    if len(statement) > MAX_LENGTH:
        raise _too_long(f"{len(statement):,} characters", MAX_LENGTH)
    found = list(islice(tokens(statement), MAX_TOKENS + 1))
    if len(found) > MAX_TOKENS:
        raise _too_long(f"more than {MAX_TOKENS:,} words and signs", MAX_TOKENS)
    return found


def _too_long(length: str, limit: int) -> StatementError:
    return StatementError(
        f"The statement has {length}; {limit:,} are allowed.",
        mend="Pass long lists as parameters.",
    )


def check_nesting(statement: str, token: Token, depth: int, limit: int = MAX_NESTING) -> None:
    """Refuse a token that stands deeper than the limit."""
    if depth > limit:
        reject(
            statement,
            token.offset,
            f"nested deeper than {limit}.",
            "Split the query with WITH, or pass the data as a parameter.",
        )
