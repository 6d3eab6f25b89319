"""People's statements: what goes in is checked, what comes out is capped."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.errors import InvalidInputError, LimitError, StatementError
from graphsvc.settings import Settings
from graphsvc.store.database import Database
from graphsvc.store.guard import caret, returned_columns
from graphsvc.store.statements.executor import StatementExecutor
from graphsvc.store.values import typed_value
from tests.conftest import Cypher

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (2**63, "more than 64 bits"),
        (["x", {"y": -(2**63) - 1}], "more than 64 bits"),
        ("\ud800", "no Unicode"),
        ({"\udfff": 1}, "no Unicode"),
        (object(), "of type object"),
    ],
)
async def test_a_parameter_that_the_database_cannot_take_is_named(
    statements: StatementExecutor, value: Any, why: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"'x' has .*{why}"):
        await statements.query("RETURN $x AS x", {"x": value})


async def test_values_come_back_in_the_form_that_json_knows(statements: StatementExecutor) -> None:
    result = await statements.query(
        "RETURN 1 AS i, 0.5 AS f, '가' AS s, [1, null] AS l, {a: true} AS m,"
        " date('2024-05-21') AS d"
    )

    assert result.objects() == [
        {"i": 1, "f": 0.5, "s": "가", "l": [1, None], "m": {"a": True}, "d": "2024-05-21"}
    ]


async def test_rows_above_the_limit_are_cut_and_said_to_be(statements: StatementExecutor) -> None:
    result = await statements.query("UNWIND range(1, 20) AS n RETURN n", limit=5)

    assert result.rows == [[n] for n in range(1, 6)]
    assert result.truncated


async def test_a_result_of_too_many_bytes_is_refused(settings: Settings) -> None:
    small = settings.model_copy(update={"max_result_bytes": 1024})
    async with await Database.open(small) as database, StatementExecutor(database) as statements:
        with pytest.raises(LimitError, match="larger than 1024 bytes"):
            # 400 characters, but three bytes each.
            await statements.query("UNWIND range(1, 400) AS n RETURN '가' AS s")


@pytest.mark.parametrize(
    ("statement", "line", "column"),
    [
        ("MATCH (n)\nRETURN n.name +", 2, 16),
        ("MATCH (n) RETURN n.name +", 1, 26),
        ("MATCH (n:Center)\r\nWHERE n.name = '충북' AND RETURN n", 2, 25),
        ("MATCH (center) RETURN centre", 1, 23),
        ("RETURN [1, 2", 1, 13),
    ],
)
async def test_a_typo_is_shown_where_it_stands(
    statements: StatementExecutor, statement: str, line: int, column: int
) -> None:
    with pytest.raises(StatementError) as raised:
        await statements.query(statement)

    error = raised.value
    assert (error.line, error.column) == (line, column)
    assert error.caret == caret(statement, line, column)
    assert error.message.startswith(f"Line {line}, column {column}: ")
    assert error.field == "statement"


@pytest.mark.parametrize("statement", ["RETURN 1 / 0", "RETURN date('never')", "RETURN size(1)"])
async def test_a_statement_that_cannot_run_is_told_so(
    statements: StatementExecutor, statement: str
) -> None:
    with pytest.raises(StatementError):
        await statements.query(statement)


LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    "expression",
    [
        "sum(v)",
        "Sum ( DISTINCT v )",
        "sum(v) + 0",
        "[{s: sum(v)}]",
        "sum(v) / 4",
        "sum(-v)",
        "sum(v) + sum(toFloat(v))",
        "v + 1",
        "v * 2",
        "-v - 2",
        "reduce(s = 0, x IN [v, v] | s + x)",
    ],
)
async def test_an_integer_beyond_64_bits_is_an_error_and_never_a_float(
    statements: StatementExecutor, expression: str
) -> None:
    with pytest.raises(StatementError, match="long overflow"):
        await statements.query(
            f"UNWIND [$largest, $largest - 1] AS v RETURN {expression} AS x", {"largest": LARGEST}
        )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(v)", LARGEST),
        ("sum(toFloat(v))", 2.0**63),
        ("toFloat(sum(v))", 2.0**63),
        ("sum(v / 2.0 ^ 20)", 2.0**43),
        ("sum(v) > 0", True),
        ("avg(v)", 2.0**62),
    ],
)
async def test_a_sum_that_fits_is_exact_and_a_float_that_was_asked_for_is_one(
    statements: StatementExecutor, expression: str, expected: Any
) -> None:
    result = await statements.query(
        f"UNWIND [$largest - 1, 1] AS v RETURN {expression} AS x", {"largest": LARGEST}
    )

    assert result.rows == [[expected]]


async def test_a_parameter_that_is_missing_is_told(statements: StatementExecutor) -> None:
    with pytest.raises(InvalidInputError, match=r"[Ee]xpected") as raised:
        await statements.query("RETURN $colour")

    assert raised.value.field == "parameters"
    assert "colour" in raised.value.message


@pytest.mark.parametrize(
    "returned",
    [
        "n.name AS name",
        "n, n.name, size( n.name ), n.`a b`, count(*) AS `two ``words```",
        "DISTINCT n.id AS id, [x IN [1, 2] | x] AS list ORDER BY id SKIP 1 LIMIT 2",
        "CASE WHEN n.return IS NULL THEN {limit: 1, a: 2} ELSE 3 END AS x, keys(n)[0]",
        "n.order AS a UNION MATCH (n) WHERE false RETURN n.limit AS a;",
        "COUNT { MATCH (m) RETURN m } AS c",
    ],
)
async def test_columns_are_the_same_with_and_without_rows(
    statements: StatementExecutor, returned: str
) -> None:
    filled = await statements.query(f"UNWIND [{{id: 1}}] AS n RETURN {returned}".split(" UNION")[0])
    empty = await statements.query(f"UNWIND [] AS n RETURN {returned}")

    assert returned_columns(f"UNWIND [1] AS n RETURN {returned}") == empty.columns
    assert filled.columns == empty.columns
    assert not empty.rows


@pytest.mark.parametrize(
    "value",
    ["range(1, 6000000)", "reduce(s = 'x', k IN range(1, 23) | s + s)"],
    ids=["numbers", "text"],
)
async def test_a_row_of_any_size_is_not_read(
    database: Database, statements: StatementExecutor, value: str
) -> None:
    before = database.engine and database.engine.address.generation
    with pytest.raises(LimitError, match="A row of the result is larger than 4 MiB"):
        await statements.query(f"RETURN {value} AS value")

    async with statements.stream(
        f"UNWIND [1, 2] AS i RETURN CASE i WHEN 2 THEN {value} END"
    ) as stream:
        assert await stream.rows(1, typed_value) == [[None]]
        with pytest.raises(LimitError, match="4 MiB"):
            await stream.rows(1, typed_value)
    assert (await statements.query("RETURN 1 AS n")).rows == [[1]]
    assert before == (database.engine and database.engine.address.generation)


async def test_a_row_of_our_own_may_have_any_size(
    database: Database, statements: StatementExecutor
) -> None:
    for _ in range(3):
        await statements.query("RETURN 1")
    rows = await database.run_read("RETURN range(1, 2000000) AS list", {}, 30)

    assert len(rows[0]["list"]) == 2_000_000


async def test_wide_rows_are_read_few_at_a_time(statements: StatementExecutor) -> None:
    wide = "reduce(s = 'x', k IN range(1, 19) | s + s)"
    async with statements.stream(f"UNWIND range(1, 30) AS i RETURN i, {wide} AS text") as stream:
        sizes = []
        while rows := await stream.rows(1000, typed_value):
            sizes.append(len(rows))

    assert sum(sizes) == 30
    assert max(sizes[1:]) <= 2


async def test_the_driver_keeps_nothing_of_a_long_result(
    statements: StatementExecutor, cypher: Cypher
) -> None:
    cypher("UNWIND range(1, 50) AS i CREATE (:Place {id: 'far-' + i})-[:NEAR]->(:Place {id: i})")
    statement = "MATCH (a)-[r:NEAR]->(b) UNWIND range(1, 20) AS i RETURN a, r, [b] AS list"
    async with statements.stream(statement) as stream:
        while rows := await stream.rows(1000, typed_value):
            assert rows[0][1]["start"] == rows[0][0]["properties"]["id"]
            graph = stream._execution._result._hydration_scope.get_graph()
            assert not graph._nodes
            assert not graph._relationships
    cypher("MATCH (n:Place)-[:NEAR]-() DETACH DELETE n")
