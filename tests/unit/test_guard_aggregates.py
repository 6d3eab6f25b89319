"""What the embedded engine aggregates wrongly is refused there, with the place and the mend."""

from __future__ import annotations

import pytest

from graphsvc.errors import StatementError
from graphsvc.store.guard import check_statement

REFUSED = [
    "count(*) > 10 AND true",
    "true OR count(*) > 10",
    "NOT count(*) > 10",
    "toString(count(*)) XOR true",
    "sum(n.x) IS NULL",
    "sum(n.x) IS :: INTEGER",
    "'a' IN collect(n.id)",
    "'1' STARTS WITH toString(count(*))",
    "min(n.id) ENDS WITH 'a'",
    "max(n.id) CONTAINS 'a'",
    "max(n.id) =~ 'a.*'",
    "head(collect(n)).kind",
    "collect(n)[0].kind",
    "min(n.day).year",
    "head(collect(n)):Center",
    "n {.kind, c: count(*)}",
    "[x IN [1, 2] | x + size(collect(n.id))]",
    "any(x IN [1] WHERE x < count(*))",
    "{x: size(collect(n.id))}",
    "reduce(s = 0, x IN tail(collect(n.x)) | s + x)",
    "coalesce(count(*) > 1 AND true, false)",
    "[CASE WHEN count(*) > 1 AND true THEN 1 END]",
    "1 < count(*) < 9",
    "[5, 6, 7][count(*)..]",
    "[5, 6, 7][0..toInteger(max(n.x))]",
    "{x: count(*) > 1}",
    "{x: CASE WHEN true THEN count(*) END}",
    "{x: [round(avg(n.x), 1)]}",
    "reduce(s = CASE WHEN count(*) > 1 THEN 1 ELSE 2 END, x IN [1] | s + x)",
    "[[count(*)] IN [[1]]]",
    "COUNT /* of what? */ (n) IS NULL",
    "percentileCont(n.x, $p) IN $list",
    "(((collect(DISTINCT n))))[0]:Center",
]
ALLOWED = [
    "count(*) + 1 > 10",
    "toString((sum(n.x) + 1) * 2)",
    "size([x IN collect(n) WHERE x.a = 1 AND NOT x:Center | x])",
    "any(x IN collect(n.id) WHERE x STARTS WITH 'a')",
    "count(n.a IS NULL OR n.b)",
    "CASE WHEN n.kind = 1 AND n.kind IN [2] THEN count(*) ELSE 0 END",
    "[n.kind IS NULL, count(*)]",
    "coalesce(n.kind IS NULL, count(*))",
    "{a: n.kind IS NULL, b: count(*), c: 1 + sum(n.x)}",
    "collect(n.id)[0]",
    "reduce(s = 0, x IN collect(n.x) | s + x)",
    "count { (n)-->(m) WHERE m.a = 1 AND m.b = 2 }",
    "{x: count(*), y: [1 + sum(n.x)], z: {ids: collect(n.id)}}",
    "[5, 6, 7][count(*) % 3]",
    "collect(n.id)[0..5]",
    "count(*) > (1 IN [1])",
    "n.count IS NULL AND n.sum > 1",
    "`count` IS NULL OR count",
    "n.x STARTS WITH 'count(' AND n.y = 'sum(x)'",
    "COLLECT { MATCH (m) RETURN m.id } + collect(n.id)",
]


@pytest.mark.parametrize("clause", ["RETURN {} AS v", "RETURN n.kind AS k ORDER BY {}, k",
                                    "WITH {} AS v RETURN v"])  # fmt: skip
@pytest.mark.parametrize("expression", REFUSED)
def test_an_aggregate_that_would_come_out_wrong_is_refused_on_the_embedded_engine_alone(
    expression: str, clause: str
) -> None:
    statement = "MATCH (n:Entity)\n" + clause.format(expression)

    with pytest.raises(StatementError, match="Aggregate in a WITH first") as caught:
        check_statement(statement, embedded=True)

    assert caught.value.line == 2
    assert caught.value.caret.endswith("^")
    check_statement(statement, embedded=False)


@pytest.mark.parametrize("expression", ALLOWED)
def test_an_aggregate_that_comes_out_right_passes(expression: str) -> None:
    check_statement(f"MATCH (n:Entity) RETURN n.kind AS k, {expression} AS v", embedded=True)


@pytest.mark.parametrize(
    ("columns", "order", "passes"),
    [
        ("count(*) AS c", "count(*) DESC, k", True),
        ("count(*)", "k, count( * )", True),
        ("size(collect(n.id)) AS c", "size(collect(n.id))", True),
        ("n.id STARTS WITH 'a' AS s, count(*) AS c", "count(*)", True),
        ("count(*) AS c", "-c, k", True),
        ("COUNT { (n)-->() } AS c", "COUNT { MATCH (n)-->(m) RETURN DISTINCT count(m) }", True),
        ("count(*) AS c", "-count(*)", False),
        ("count(*) AS c", "k, (count(*))", False),
        ("count(*) AS c", "COUNT(*)", False),
        ("sum(n.x) AS s", "sum(n.y)", False),
        ("count(*) AS c", "CASE WHEN count(*) > 1 THEN 1 END", False),
    ],
)
@pytest.mark.parametrize("statement", [
    "MATCH (n) RETURN n.kind AS k, {} ORDER BY {}",
    "MATCH (n) WITH n.kind AS k, {} ORDER BY {} LIMIT 2 RETURN k",
    "CALL {{ MATCH (n) RETURN n.kind AS k, {} ORDER BY {} }} RETURN *",
    "MATCH (n) RETURN n.kind AS k, {} ORDER BY {} UNION ALL RETURN 1 AS k, 2 AS c",
])  # fmt: skip
def test_an_order_by_an_aggregate_passes_only_where_it_repeats_a_column(
    statement: str, columns: str, order: str, passes: bool
) -> None:
    written = statement.format(columns, order)

    check_statement(written, embedded=False)
    if passes:
        check_statement(written, embedded=True)
    else:
        with pytest.raises(StatementError, match=r"Aggregate in a WITH first.* order by x"):
            check_statement(written, embedded=True)


@pytest.mark.parametrize("statement", [
    "MATCH (n) WHERE count(*) > 1 RETURN n",
    "MATCH (n) WITH n.kind AS k, count(*) AS c WHERE count(*) > 1 RETURN k",
    "MATCH (n) RETURN EXISTS { MATCH (m) WHERE m.x > max(n.x) } AS x",
    "UNWIND collect(1) AS x RETURN x",
])  # fmt: skip
def test_an_aggregate_outside_of_columns_and_orders_is_refused(statement: str) -> None:
    with pytest.raises(StatementError, match="Aggregate in a WITH first"):
        check_statement(statement, embedded=True)
