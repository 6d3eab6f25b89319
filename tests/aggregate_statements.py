"""Statements that aggregate inside an expression, each with the same through a WITH.

Made by chance from a seed, so that a run can be repeated. Both forms mean the same in openCypher:
what holds an aggregate is no grouping key.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

NODES = [
    {"id": number, "group": "abc"[number % 3], "size": number * number, "word": f"w{number % 4}"}
    for number in range(1, 13)
]
"""What the statements are about: nodes of three groups, four of each."""

_AGGREGATES = {
    "NUMBER": ("count(*)", "count(DISTINCT n.word)", "sum(n.size)", "min(n.id)"),
    "TEXT": ("max(n.word)", "min(n.word)"),
    "NUMBERS": ("collect(n.id)",),
    "TRUTH": ("count(*) > 3",),
}
_CONSTANTS = {
    "NUMBER": ("4", "7"),
    "TEXT": ("'w1'",),
    "NUMBERS": ("[1, 2]",),
    "TRUTH": ("true",),
}
_SIMPLE = {
    "NUMBER": (
        "(NUMBER + NUMBER)",
        "(NUMBER * NUMBER)",
        "-NUMBER",
        "size(NUMBERS)",
        "toInteger(toString(NUMBER))",
        "NUMBERS[0]",
        "CASE WHEN TRUTH THEN NUMBER ELSE -NUMBER END",
    ),
    "TEXT": ("toString(NUMBER)", "toUpper(TEXT)", "(TEXT + TEXT)"),
    "NUMBERS": ("[NUMBER, NUMBER]", "[x IN NUMBERS | x + 1]", "NUMBERS[0..2]", "tail(NUMBERS)"),
    "TRUTH": ("NUMBER = NUMBER", "NUMBER <> NUMBER", "NUMBER < NUMBER", "NUMBER >= NUMBER"),
}
_WIDE = {
    "NUMBER": (
        "{x: NUMBER}.x",
        "{x: NUMBER}['x']",
        "{x: CASE WHEN TRUTH THEN NUMBER END}['x']",
        "reduce(s = 0, x IN NUMBERS | s + x)",
        "reduce(s = CASE WHEN TRUTH THEN 1 ELSE 2 END, x IN [1] | s + x)",
    ),
    "TEXT": ("(toString(TRUTH) + TEXT)",),
    "NUMBERS": (
        "[x IN NUMBERS WHERE x > 2 AND x < 40 | x]",
        "[x IN [1, 2] | x + NUMBER]",
        "[5, 6, 7, 8][NUMBER..]",
    ),
    "TRUTH": (
        "(TRUTH AND TRUTH)",
        "(TRUTH OR TRUTH)",
        "(TRUTH XOR TRUTH)",
        "(NOT TRUTH)",
        "(1 < NUMBER < 9)",
        "{x: TRUTH}['x']",
        "(NUMBER IN NUMBERS)",
        "(TEXT IS NULL)",
        "(TEXT IS NOT NULL)",
        "(TEXT STARTS WITH TEXT)",
        "(TEXT ENDS WITH TEXT)",
        "(TEXT CONTAINS TEXT)",
        "(TEXT =~ TEXT)",
        "any(x IN NUMBERS WHERE x IN [1, 4])",
        "all(x IN [1, 2] WHERE x < NUMBER)",
    ),
}
_DEPTH = 3
_HOLE = re.compile("NUMBERS|NUMBER|TEXT|TRUTH")
_PART = re.compile("KEY|VALUE|NAMED|FIRST")


_PLACES = (
    (
        "RETURN KEY AS k, VALUE AS v ORDER BY k",
        "WITH KEY AS k, FIRST RETURN k, NAMED AS v ORDER BY k",
    ),
    (
        "RETURN VALUE AS v",
        "WITH FIRST RETURN NAMED AS v",
    ),
    (
        "WITH KEY AS k, VALUE AS v WHERE v IS NOT NULL RETURN v, k ORDER BY k",
        "WITH KEY AS k, FIRST WITH k, NAMED AS v WHERE v IS NOT NULL RETURN v, k ORDER BY k",
    ),
    (
        "RETURN KEY AS k, VALUE AS v ORDER BY VALUE DESC, k",
        "WITH KEY AS k, FIRST RETURN k, NAMED AS v ORDER BY v DESC, k",
    ),
    (
        "RETURN KEY AS k, VALUE AS v UNION ALL MATCH (n:Sample) RETURN 'all' AS k, VALUE AS v",
        "WITH KEY AS k, FIRST RETURN k, NAMED AS v"
        " UNION ALL MATCH (n:Sample) WITH FIRST RETURN 'all' AS k, NAMED AS v",
    ),
)
"""Where an expression may stand, and the same through a WITH."""
_WIDE_PLACES = (
    (
        "WITH KEY AS k, VALUE AS v, sum(n.size) AS s ORDER BY -sum(n.size), k LIMIT 2 RETURN k, v",
        "WITH KEY AS k, FIRST, sum(n.size) AS s ORDER BY -s, k LIMIT 2 RETURN k, NAMED AS v",
    ),
)


@dataclass(frozen=True)
class Pair:
    """A statement that aggregates in place, and the one that does so in a WITH first."""

    in_place: str
    through_with: str


def pairs(count: int, seed: int, *, simple: bool) -> Iterator[Pair]:
    """So many pairs, the same ones for a seed.

    Simple ones have arithmetic, comparisons, CASE, lists and functions around their aggregates;
    the others also other predicates, maps, reduce and the bodies of comprehensions. Both stand in
    RETURN, WITH, ORDER BY and UNION.
    """
    chance = random.Random(seed)
    for _ in range(count):
        yield _pair(chance, simple)


def _pair(chance: random.Random, simple: bool) -> Pair:
    aggregates: list[str] = []

    def filled(hole: str, depth: int) -> tuple[str, str]:
        """An expression in place of a hole: as it stands, and with names for its aggregates."""
        if depth == 0 and chance.random() < 0.7:
            aggregates.append(chance.choice(_AGGREGATES[hole]))
            return aggregates[-1], f"a{len(aggregates)}"
        wide = () if simple else _WIDE[hole]
        template = chance.choice((*_SIMPLE[hole], *wide) if depth else _CONSTANTS[hole])
        parts = [filled(match[0], depth - 1) for match in _HOLE.finditer(template)]
        both = (iter(column) for column in zip(*parts, strict=True)) if parts else (iter(()),) * 2
        in_place, named = (
            _HOLE.sub(lambda _, column=column: next(column), template) for column in both
        )
        return in_place, named

    in_place, named = filled(chance.choice(list(_SIMPLE)), _DEPTH)
    if not aggregates:
        aggregates.append("count(*)")
        in_place, named = f"[{in_place}, count(*)]", f"[{named}, a1]"
    first = ", ".join(f"{text} AS a{number}" for number, text in enumerate(aggregates, 1))
    parts = {"KEY": "n.group", "VALUE": in_place, "NAMED": named, "FIRST": first}
    statements = (
        "MATCH (n:Sample) " + _PART.sub(lambda match: parts[match[0]], place)
        for place in chance.choice(_PLACES if simple else _PLACES + _WIDE_PLACES)
    )
    return Pair(*statements)
