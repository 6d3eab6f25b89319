"""People's statements: what goes in is checked, what comes out is capped."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.errors import InvalidInputError, LimitError
from graphsvc.settings import Settings
from graphsvc.store.database import Database

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
    database: Database, value: Any, why: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"'x' has .*{why}"):
        await database.query("RETURN $x AS x", {"x": value})


async def test_values_come_back_in_the_form_that_json_knows(database: Database) -> None:
    result = await database.query(
        "RETURN 1 AS i, 0.5 AS f, '가' AS s, [1, null] AS l, {a: true} AS m,"
        " date('2024-05-21') AS d"
    )

    assert result.objects() == [
        {"i": 1, "f": 0.5, "s": "가", "l": [1, None], "m": {"a": True}, "d": "2024-05-21"}
    ]


async def test_rows_above_the_limit_are_cut_and_said_to_be(database: Database) -> None:
    result = await database.query("UNWIND range(1, 20) AS n RETURN n", limit=5)

    assert result.rows == [[n] for n in range(1, 6)]
    assert result.truncated


async def test_a_result_of_too_many_bytes_is_refused(settings: Settings) -> None:
    small = settings.model_copy(update={"max_result_bytes": 1024})
    async with await Database.open(small) as database:
        with pytest.raises(LimitError, match="larger than 1024 bytes"):
            # 400 characters, but three bytes each.
            await database.query("UNWIND range(1, 400) AS n RETURN '가' AS s")


async def test_a_statement_that_is_no_cypher_is_refused_with_its_place(database: Database) -> None:
    # Behind the last sign, which each database counts in its own way.
    with pytest.raises(InvalidInputError, match=r"line 2(:15|, column 16)"):
        await database.query("MATCH (n)\nRETURN n.name +")
    with pytest.raises(InvalidInputError, match=r"line 1(:25|, column 26)"):
        await database.query("MATCH (n) RETURN n.name +")
