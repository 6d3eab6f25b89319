"""Checks that a person's Cypher statement only reads.

Two checks, both allow-lists, neither trusting the other: `check_statement` looks at the text alone,
`check_plan` at what Neo4j says it would execute. `query_type` is no check at all: Neo4j calls
LOAD CSV, SHOW USERS and a procedure that fetches a URL reads.

`check_cost` refuses what no database could stop once it runs.
"""

from graphsvc.store.guard.columns import returned_columns
from graphsvc.store.guard.cost import check_cost
from graphsvc.store.guard.lexical import check_statement
from graphsvc.store.guard.limits import MAX_LENGTH, MAX_NESTING, MAX_TOKENS
from graphsvc.store.guard.places import caret
from graphsvc.store.guard.plan import check_plan
from graphsvc.store.guard.sums import integer_sum, may_be_rounded, refuse_rounded_sum

__all__ = [
    "MAX_LENGTH",
    "MAX_NESTING",
    "MAX_TOKENS",
    "caret",
    "check_cost",
    "check_plan",
    "check_statement",
    "integer_sum",
    "may_be_rounded",
    "refuse_rounded_sum",
    "returned_columns",
]
