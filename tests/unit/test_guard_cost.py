"""Statements that no database could stop are refused before they run; what looks alike passes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphsvc import paths
from graphsvc.errors import StatementError
from graphsvc.store.cypher_files import read_statement
from graphsvc.store.guard import check_cost, check_statement

MOST = 15
STATEMENTS = Path(__file__).parents[1] / "statements"


def check(statement: str, parameters: dict[str, Any] | None = None, most: int = MOST) -> None:
    check_statement(statement, embedded=True)
    check_cost(statement, parameters or {}, most)


UNBOUNDED = [
    ("MATCH (a)-[*]->(b) RETURN b", "*1..15"),
    ("MATCH (a)-[*2..]-(b) RETURN b", "*1..15"),
    ("MATCH (a)<-[r*]-(b) RETURN r", "*1..15"),
    ("MATCH (a)-[r:FUNDS|SUPPORTS*1..]->(b) RETURN r", "*1..15"),
    ("MATCH (a)-[:FUNDS|:SUPPORTS*]->(b) RETURN b", "*1..15"),
    ("MATCH (a)-[:!FUNDS*]->(b) RETURN b", "*1..15"),
    ("MATCH (a)-[* {year: 2020}]->(b) RETURN b", "*1..15"),
    ("MATCH (a) WHERE EXISTS { (a)-[*0..]-(:Center) } RETURN a", "*1..15"),
    ("MATCH (a) RETURN [(a)-[*]-(b) | b.id]", "*1..15"),
    ("MATCH (s) ((a)-[:FUNDS]->(b)-[:PART_OF]->(c)){1,} (e) RETURN e", "{1,15}"),
    ("MATCH (s) ((a)-->(b))+ (e) RETURN e", "{1,15}"),
    ("MATCH ((a)-[:FUNDS|PART_OF]->(b))* RETURN a", "{1,15}"),
    ("MATCH (a)-->+(b) RETURN b", "{1,15}"),
    ("MATCH (a)-[:FUNDS|PART_OF]-{2,}(b) RETURN b", "{1,15}"),
]
BOUNDED = [
    "MATCH (a)-[:FUNDS*]->(b) RETURN b",
    "MATCH (a)-[r:`PART_OF`*2..]->(b) RETURN r",
    "MATCH (a)-[:FUNDS* {year: 2020}]->(b) RETURN b",
    "MATCH (a)-[*1..20]-(b) RETURN b",
    "MATCH (a)-[:FUNDS|PART_OF*..3]-(b) RETURN b",
    "MATCH (a)-[r*2]-(b) RETURN r",
    "MATCH p = shortestPath((a:Center)-[*]-(b:Program)) RETURN p",
    "MATCH p = allShortestPaths((a:Center)-[:FUNDS|PART_OF*]-(b:Program)) RETURN p",
    "MATCH (s) ((a)-[:FUNDS]->(b))+ (e) RETURN e",
    "MATCH (s) ((a)-[:FUNDS]->(b)-[:FUNDS]->(c)){2,} (e) RETURN e",
    "MATCH (s) ((a)-->(b)){1,4} (e) RETURN e",
    "MATCH (a)-[:FUNDS]->+(b) RETURN b",
    "WITH 3 AS x, [1, 2] AS l RETURN 5 - [x*2][0], x -[2][0]",
    "MATCH (a) RETURN size([(a)--(b) | b]) + 1, (1 - 2) * 3, ((1) - (2)) + (3)",
]


@pytest.mark.parametrize(("statement", "bound"), UNBOUNDED)
def test_a_path_of_any_length_over_several_types_or_any_is_told_how_to_be_bounded(
    statement: str, bound: str
) -> None:
    with pytest.raises(StatementError, match="may never end") as refused:
        check(statement)

    assert bound in refused.value.mend
    assert refused.value.line == 1
    assert refused.value.caret
    check(statement, most=0)


@pytest.mark.parametrize("statement", BOUNDED)
def test_a_path_over_one_type_a_bounded_and_a_shortest_one_pass(statement: str) -> None:
    check(statement)


HUGE = [
    ("RETURN range(1, 30000000) AS l", {}),
    ("RETURN size(range(0, 10^9)) AS n", {}),
    ("RETURN range(1, 2000 * 40_000, 2) AS l", {}),
    ("RETURN range(-20000000, -1) AS l", {}),
    ("RETURN range(1, 0x7fffffff) AS l", {}),
    ("RETURN range(1, $n) AS l", {"n": 2**40}),
    ("WITH 90000000 AS n RETURN range(1, n) AS l", {}),
    ("RETURN [x IN range(1, 10000) | [y IN range(1, 10000) | y]] AS l", {}),
    ("WITH 10000 AS n RETURN [x IN range(1, n) | [y IN range(1, n) | y]] AS l", {}),
    ("WITH range(1, 10000) AS r RETURN [x IN r | [y IN r | y]] AS l", {}),
    ("RETURN [x IN $l | [y IN $l | [x, y]]] AS l", {"l": list(range(5000))}),
    ("RETURN [x IN range(1, 200) | [y IN range(1, 200) | [z IN range(1, 200) | z]]] AS l", {}),
    ("RETURN all(x IN range(1, 10000) WHERE any(y IN range(1, 10000) WHERE x < y)) AS b", {}),
    ("RETURN reduce(s = 0, x IN range(1, 9999) | s + size([y IN range(1, 9999) | y])) AS n", {}),
    ("RETURN split(reduce(s = 'a,', x IN range(1, 24) | s + s), ',') AS l", {}),
    ("RETURN reduce(s = 'a', x IN range(1, 24) | s || s) AS s", {}),
    (
        "RETURN reduce(t = reduce(s = 'a', x IN range(1, 20) | s + s), x IN [1, 2, 3, 4] | t + t)",
        {},
    ),
    (
        "WITH reduce(s = 'a', x IN range(1, 20) | s + s) AS t WITH t + t + t + t + t AS u"
        " RETURN u + u + u AS v",
        {},
    ),
    ("RETURN reduce(l = [1], i IN range(1, 40) | l + l) AS l", {}),
    ("RETURN reduce(l = [1], i IN range(1, 40) | [l, l]) AS l", {}),
    ("RETURN reduce(m = {}, i IN range(1, 40) | {a: m, b: m}) AS m", {}),
    ("RETURN reduce(s = 'a', x IN range(1, 24) | s + toUpper(s)) AS s", {}),
    ("RETURN reduce(s = 'a', x IN range(1, 24) | replace(s, 'a', 'aa')) AS s", {}),
    ("RETURN reduce(s = 'a', x IN range(1, 24) | CASE WHEN x > 0 THEN s + s ELSE s END) AS s", {}),
    ("RETURN reduce(l = ['a'], x IN range(1, 24) | [y IN l | y + y]) AS l", {}),
    ("MATCH (n) RETURN reduce(s = n.name, x IN n.aliases | s + x + s) AS s", {}),
    ("RETURN reduce(s = 'a', x IN range(1, 5) | reduce(t = s, y IN range(1, 5) | t + t)) AS s", {}),
    (
        "WITH 'aaaaaaaaaa' AS s "
        + "WITH s + s + s + s + s + s + s + s + s + s AS s " * 8
        + "RETURN size(s) AS n",
        {},
    ),
]
MODEST = [
    ("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n", {}),
    ("RETURN size([x IN range(1, 3000000) WHERE x % 7 = 0]) AS n", {}),
    ("RETURN [x IN range(1, 1000) | [y IN range(1, 1000) | x * y]] AS l", {}),
    ("MATCH p = (a)-->(b) RETURN [n IN nodes(p) | [k IN keys(n) | [v IN n[k] | v]]] AS l", {}),
    ("WITH [1, 2] AS a, [3] AS b RETURN [i IN range(0, size(a) - 1) | a[i]] AS l", {}),
    ("RETURN range(10000000, 1, -1)[0] AS n, range(1, 10, 0) AS none", {}),
    ("RETURN reduce(s = '', x IN $names | s + x + ', ') AS s", {"names": ["a"] * 9}),
    ("MATCH (n) RETURN reduce(m = 0, x IN n.l | CASE WHEN x > m THEN x ELSE m END) AS m", {}),
    ("MATCH (n) RETURN reduce(l = [], x IN n.l | CASE WHEN x IN l THEN l ELSE l + x END) AS l", {}),
    ("MATCH (n) RETURN reduce(a = 0, x IN n.l | a + a * x) AS n", {}),
    ("MATCH (n) RETURN reduce(a = 1, x IN n.l | a + a) AS n", {}),
    ("RETURN reduce(f = [0, 1], i IN range(1, 50) | [f[1], f[0] + f[1]]) AS f", {}),
    ("MATCH (n) RETURN reduce(s = '', x IN n.l | s + CASE s WHEN '' THEN '' ELSE ',' END + x)", {}),
    ("RETURN reduce(s = 'x', k IN range(1, 19) | s + s) AS s", {}),
    ("MATCH (n) RETURN reduce(s = n.id, p IN [['a', 'b']] | replace(s, p[0], p[1]))", {}),
    ("MATCH (n) RETURN reduce(s = n.name, c IN n.signs | replace(s, '.', '')) AS s", {}),
    ("WITH 'a' AS s WITH s + s AS s WITH s + s AS s RETURN s", {}),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "parameters"), HUGE)
def test_what_grows_beyond_all_bounds_is_refused_with_its_place(
    statement: str, parameters: dict[str, Any]
) -> None:
    check_statement(statement, embedded=True)
    with pytest.raises(StatementError) as refused:
        check_cost(statement, parameters, MOST)

    assert refused.value.mend
    assert refused.value.column > 1


@pytest.mark.parametrize(("statement", "parameters"), MODEST)
def test_what_is_made_in_moderation_passes(statement: str, parameters: dict[str, Any]) -> None:
    check(statement, parameters)


def test_honest_statements_and_the_named_queries_pass() -> None:
    for entry in yaml.safe_load((STATEMENTS / "honest.yaml").read_text("utf-8")):
        check_cost(entry["statement"], {}, MOST)
    for path in (paths.cypher_dir() / "queries").glob("*.cypher"):
        check_cost(read_statement(path).text, {}, MOST)


@pytest.mark.parametrize(
    "statement",
    [
        f"RETURN {'[x IN l | ' * 95}1{']' * 95} AS l",
        f"RETURN {'reduce(s = 1, x IN [1] | [s, ' * 45}s{'])' * 45} AS l",
        f"RETURN {', '.join(['range(1, 2)'] * 700)} AS l",
        f"WITH 1 AS a {'WITH a + 1 AS a ' * 800}RETURN a",
    ],
    ids=["nested", "folds", "ranges", "aliases"],
)
def test_a_statement_as_long_and_deep_as_may_be_is_checked_in_no_time(statement: str) -> None:
    check_statement(statement, embedded=True)
    with suppress(StatementError):
        check_cost(statement, {}, MOST)
