"""Aggregates inside wider expressions: right on both databases, or refused with the reason."""

from __future__ import annotations

import os

import neo4j.exceptions
import pytest

from graphsvc.errors import StatementError
from graphsvc.settings import Settings
from graphsvc.store.guard import check_statement
from tests.aggregate_statements import NODES, Pair, pairs
from tests.conftest import Cypher

COUNT = int(os.environ.get("GRAPHSVC_TEST_AGGREGATES", "60"))
"""Statements of each kind; the long run has 400."""

REFUSED_AT_MOST = 0.02
"""So much of what the embedded engine answers right may be refused."""


@pytest.fixture
def samples(cypher: Cypher, empty_database: None) -> Cypher:
    cypher("UNWIND $nodes AS node CREATE (n:Sample) SET n = node", nodes=NODES)
    return cypher


def test_what_passes_the_guard_is_answered_as_through_a_with(
    samples: Cypher, settings: Settings
) -> None:
    passed = [pair for pair in pairs(COUNT, 1, simple=False) if _passes(pair, settings)]

    assert [pair.in_place for pair in passed if not _is_right(samples, pair)] == []
    assert len(passed) > COUNT / 5


def test_what_the_engine_answers_right_passes_the_guard(
    samples: Cypher, settings: Settings
) -> None:
    right = [pair for pair in pairs(COUNT, 2, simple=True) if _is_right(samples, pair)]

    refused = [pair.in_place for pair in right if not _passes(pair, settings)]
    assert len(refused) <= REFUSED_AT_MOST * len(right), refused
    assert len(right) > COUNT * 0.9


def _is_right(cypher: Cypher, pair: Pair, *, order_matters: bool = True) -> bool:
    """Whether it gives the same rows as through a WITH, or says by an error that it gives none."""
    try:
        found = cypher(pair.in_place)  # type: ignore[arg-type]
    except neo4j.exceptions.Neo4jError:
        return True
    try:
        wanted = cypher(pair.through_with)  # type: ignore[arg-type]
    except neo4j.exceptions.Neo4jError:
        return False
    return found == wanted if order_matters else sorted(map(str, found)) == sorted(map(str, wanted))


def _passes(pair: Pair, settings: Settings) -> bool:
    try:
        check_statement(pair.in_place, embedded=settings.embedded)
    except StatementError:
        return False
    return True


@pytest.mark.parametrize(
    ("in_place", "through_with"),
    [
        (
            "MATCH (n:Sample) RETURN n.group AS a, [n.group, count(*)] AS v",
            "MATCH (n:Sample) WITH n.group AS a, count(*) AS c RETURN a, [a, c] AS v",
        ),
        (
            "MATCH (n:Sample) RETURN {a: n.group, c: count(*)} AS v, n.group AS a",
            "MATCH (n:Sample) WITH n.group AS a, count(*) AS c RETURN {a: a, c: c} AS v, a",
        ),
        (
            "MATCH (n:Sample) RETURN n.group AS a, [n.word, count(*)] AS v",
            "MATCH (n:Sample) WITH n.group AS a, n.word AS b, count(*) AS c RETURN a, [b, c] AS v",
        ),
        (
            "MATCH (n:Sample) WITH n.group AS a WITH *, count(*) AS c RETURN a, c",
            "MATCH (n:Sample) WITH n.group AS a, count(*) AS c RETURN a, c",
        ),
        (
            "MATCH (n:Sample) RETURN n.group AS a, COUNT { MATCH (m:Sample) } + 1 > 1 AS v",
            "MATCH (n:Sample) RETURN n.group AS a, (COUNT { MATCH (m:Sample) } + 1) > 1 AS v",
        ),
    ],
)
def test_what_groups_and_counts_is_answered_as_through_a_with_or_refused(
    samples: Cypher, settings: Settings, in_place: str, through_with: str
) -> None:
    pair = Pair(in_place, through_with)

    assert _is_right(samples, pair, order_matters=False) or not _passes(pair, settings)
