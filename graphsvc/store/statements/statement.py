"""One statement of a person's: its text, its parameters, and how long it may run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.store.guard import check_cost, check_statement
from graphsvc.store.values import check_parameters


@dataclass(frozen=True)
class UserStatement:
    """A statement, its parameters, and the seconds that it may take."""

    text: str
    parameters: Mapping[str, Any]
    timeout_s: float

    def check(self, *, embedded: bool, max_path_length: int) -> None:
        """Refuse what must not run, or cannot; raises as `StatementExecutor.query` does."""
        check_statement(self.text, embedded=embedded)
        check_parameters(self.parameters)
        check_cost(self.text, self.parameters, max_path_length)
