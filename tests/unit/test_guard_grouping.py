"""A value beside an aggregate is grouped by, or refused on the embedded engine."""

from __future__ import annotations

import pytest

from graphsvc.errors import StatementError
from graphsvc.store.guard import check_statement

UNGROUPED = [
    "count(*) + n.kind AS v",
    "[n.kind, count(*)] AS v",
    "[true, n, count(*)]",
    "{kind: n.kind, n: count(*)} AS v",
    "coalesce(n.kind, toString(count(*)))",
    "CASE WHEN n.kind = 'x' THEN count(*) ELSE 0 END AS v",
    "n.id AS id, [n.kind, count(*)] AS v",
    "n.kind + 'x' AS kind, [n.kind, count(*)] AS v",
    "[n:Center, count(*)] AS v",
    "reduce(s = n.x, y IN collect(n.x) | s + y) AS v",
    "[y IN collect(n.x) WHERE y > n.x | y] AS v",
    "DISTINCT [n.kind, count(*)] AS v",
    "sum(n.x) * $factor + `n`.x AS v",
    "*, count(*) AS v",
]
GROUPED = [
    "n.kind AS k, [n.kind, count(*)] AS v",
    "[n.kind, count(*)] AS v, n.kind",
    "n, {kind: n.kind, n: count(*)} AS v",
    "DISTINCT n.kind AS k, count(*) AS c",
    "n.kind AS k, CASE WHEN n.kind = 'x' THEN count(*) ELSE null END AS v",
    "`n`.kind AS k, coalesce(n.kind, toString(count(*))) AS v",
    "n, [n:Center, n.x, count(*)] AS v",
    "date.truncate('month', max(n.day)) AS v",
    "reduce(s = 0, y IN collect(n.x) | s + y) AS v",
    "[y IN collect(n.x) WHERE y > 1 AND any(z IN [y] WHERE z > y) | y + 1] AS v",
    "n, [(n)-->(m) | m.id] + collect(1) AS v",
    "n.kind STARTS WITH 'a' AS a, count(*) AS c",
    "n.kind AS k, [n.kind, $p, 1.5, true, count(*)] AS v ORDER BY k",
    "COUNT { MATCH (m) WHERE m.x = n.x RETURN m } AS c, n.kind AS k",
    "count(*) AS c",
    "n.x AS x, sum(n.y) AS y SKIP 1 LIMIT 2",
    "*",
]


PROJECTIONS = (
    "MATCH (n:Entity) RETURN {}",
    "MATCH (n:Entity) WITH {} RETURN 1",
    "CALL {{ MATCH (n) RETURN {} }} RETURN 1",
)


@pytest.mark.parametrize("before", PROJECTIONS)
@pytest.mark.parametrize("columns", UNGROUPED)
def test_a_value_that_is_not_grouped_by_is_refused_beside_an_aggregate(
    columns: str, before: str
) -> None:
    statement = before.format(columns)

    with pytest.raises(StatementError, match=r"(Group by it|Name the columns): WITH") as caught:
        check_statement(statement, embedded=True)

    assert caught.value.caret.endswith("^")
    check_statement(statement, embedded=False)


@pytest.mark.parametrize("columns", GROUPED)
def test_what_is_grouped_by_passes(columns: str) -> None:
    check_statement(f"MATCH (n:Entity) RETURN {columns}", embedded=True)


COUNT = "COUNT { MATCH (n)-->(m) RETURN m }"


@pytest.mark.parametrize(
    ("expression", "passes"),
    [
        ("{} + n.x > 2", False),
        ("n.x + {} > 2", False),
        ("2 < {} * n.x", False),
        ("1 + COUNT { MATCH (n)-->(m) WHERE {} > 0 RETURN m } > 2", False),
        ("-{} < 0", False),
        ("{} + 1 IN [3]", False),
        ("{} - 1 IS NULL", False),
        ("n.x > 1 AND {} + 1 = 2", False),
        ("CASE WHEN {} + 1 = 2 THEN 1 END", False),
        ("[1, {} % 2 = 1]", False),
        ("({} + n.x) > 2", True),
        ("{} > n.x + 2", True),
        ("n.x - 1 < {}", True),
        ("{} + n.x", True),
        ("[{} + n.x, n.x > 1]", True),
        ("{} + n.x = 1 OR n.x > 1", False),
        ("CASE {} + n.x WHEN 3 THEN 1 END", True),
        ("n.kind STARTS WITH 'a' AND {} > 0", True),
        ("n.count + 1 > 2", True),
    ],
)
@pytest.mark.parametrize("clause", ["RETURN {} AS v", "WITH n WHERE {} RETURN n"])
def test_arithmetic_with_a_count_stands_in_brackets_where_it_is_compared(
    expression: str, clause: str, passes: bool
) -> None:
    statement = "MATCH (n:Entity) " + clause.format(expression.replace("{}", COUNT))

    check_statement(statement, embedded=False)
    if passes:
        check_statement(statement, embedded=True)
    else:
        with pytest.raises(StatementError, match="Put brackets around the arithmetic"):
            check_statement(statement, embedded=True)
