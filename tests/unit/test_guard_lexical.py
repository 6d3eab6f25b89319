"""The lexical guard: what it lets pass, what it refuses, and what no trick may change."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphsvc.errors import AccessError, InvalidInputError, StatementError
from graphsvc.store.guard import MAX_LENGTH, MAX_NESTING, MAX_TOKENS, check_statement
from graphsvc.store.guard.tokens import tokens

STATEMENTS = Path(__file__).parents[1] / "statements"


def corpus(name: str) -> list[dict[str, Any]]:
    """Read one of the statement files."""
    entries: list[dict[str, Any]] = yaml.safe_load((STATEMENTS / name).read_text("utf-8"))
    return entries


HOSTILE = corpus("hostile.yaml")
HONEST = corpus("honest.yaml")
ERRORS = {"access": AccessError, "input": InvalidInputError}

hostile = pytest.mark.parametrize("case", HOSTILE, ids=[case["id"] for case in HOSTILE])
honest = pytest.mark.parametrize("case", HONEST, ids=[case["id"] for case in HONEST])


def refusal(statement: str) -> Exception | None:
    """Say how the guard refuses a statement, if it does."""
    try:
        check_statement(statement, embedded=False)
    except (AccessError, InvalidInputError) as error:
        return error
    return None


@pytest.mark.parametrize(("entries", "fewest"), [(HOSTILE, 70), (HONEST, 65)])
def test_the_corpus_is_large_and_its_ids_are_unique(
    entries: list[dict[str, Any]], fewest: int
) -> None:
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids)) >= fewest


@hostile
def test_a_hostile_statement_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ERRORS[case["error"]]) as caught:
        check_statement(case["statement"], embedded=False)
    if "offence" in case:
        assert caught.value.offence == case["offence"]


@honest
def test_an_honest_statement_passes(case: dict[str, Any]) -> None:
    check_statement(case["statement"], embedded=False)


@pytest.mark.parametrize(
    ("statement", "offence", "line", "column"),
    [
        ("MATCH (n) SET n.x = 1", "SET", 1, 11),
        ("MATCH (n)\n  SET n.x = 1", "SET", 2, 3),
        ("MATCH (n)\r\n\r\n SET n.x = 1", "SET", 3, 2),
        ("/* '강원도'\n */ MATCH (n) WHERE n.name = '강원' SET n.x = 1", "SET", 2, 35),
        ("RETURN apoc.text.join(['a'], '')", "apoc.text.join", 1, 8),
        ("CALL dbms.listConfig()", "dbms.listConfig", 1, 6),
    ],
)
def test_a_refusal_names_the_offence_and_where_it_stands(
    statement: str, offence: str, line: int, column: int
) -> None:
    with pytest.raises(AccessError) as caught:
        check_statement(statement, embedded=False)
    error = caught.value
    assert (error.offence, error.line, error.column) == (offence, line, column)
    assert f"line {line}, column {column}" in str(error)


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("MATCH (n) RETRUN n", "MATCH, OPTIONAL MATCH"),
        ("MATCH (n) WITH n AS set RETURN 1 AS x", "`backticks`"),
        ("CALL db.label()", "db.labels"),
        ("MATCH (n)\u00a0RETURN n", "plain space"),
        ("RETURN '\\u0027'", "character itself"),
        ("", "Write a query"),
        ("   // nothing\n", "Write a query"),
        (";", "a semicolon"),
        ("MATCH (n RETURN n", "`backticks`"),
        ("MATCH (n)) RETURN n", "closes nothing"),
        ("RETURN CASE WHEN true THEN (1 END", "END stands outside CASE"),
        ("RETURN (CASE WHEN true THEN 1)", "before the END of CASE"),
    ],
)
def test_a_refusal_says_how_to_mend_it(statement: str, hint: str) -> None:
    error = refusal(statement)
    assert error is not None
    assert hint in str(error)


# -- limits --------------------------------------------------------------------------------

# Each nests n deep; a few would overflow the stack of a database's parser from some hundreds on.
NESTED = {
    "brackets": lambda n: "RETURN " + "(" * n + "1" + ")" * n + " AS x",
    "lists": lambda n: "RETURN " + "[" * n + "1" + "]" * n + " AS x",
    "maps": lambda n: "RETURN " + "{a: " * n + "1" + "}" * n + " AS x",
    "functions": lambda n: "RETURN " + "abs(" * n + "1" + ")" * n + " AS x",
    "cases": lambda n: "RETURN " + "CASE WHEN true THEN " * n + "1" + " END" * n + " AS x",
    "comprehensions": lambda n: "RETURN " + "[x IN " * n + "[]" + " | x]" * n + " AS y",
    "not": lambda n: "RETURN " + "NOT " * n + "true AS x",
    "minus": lambda n: "RETURN " + "- " * n + "1 AS x",
    "sums": lambda n: "RETURN 1" + " + 1" * n + " AS x",
    "sums of cases": lambda n: "RETURN 1" + " + CASE WHEN true THEN 1 END" * n + " AS x",
    "sums of counts": lambda n: "RETURN 1" + " + COUNT { (a)--(b) }" * n + " AS x",
    "powers": lambda n: "RETURN 1" + "^1" * n + " AS x",
    "exclusive ors": lambda n: "RETURN true" + " XOR true" * n + " AS x",
    "properties": lambda n: "MATCH (n) RETURN n.a" + ".a" * n + " AS x",
    "indexes": lambda n: "RETURN [1]" + "[0]" * n + " AS x",
    "labels": lambda n: "MATCH (n" + ":A" * n + ") RETURN n",
    "sums in brackets": lambda n: "RETURN " + "(" * (n // 4) + "1" + " + 1 + 1 + 1)" * (n // 4),
}


@pytest.mark.parametrize("nest", NESTED.values(), ids=NESTED.keys())
def test_nesting_is_allowed_to_the_limit_and_refused_beyond(nest: Any) -> None:
    check_statement(nest(MAX_NESTING - 4), embedded=False)
    with pytest.raises(StatementError, match=f"deeper than {MAX_NESTING}"):
        check_statement(nest(MAX_NESTING + 4), embedded=False)


@pytest.mark.parametrize(
    "nest",
    [
        lambda n: "MATCH (a) WHERE " + "EXISTS { (a)--(b) WHERE " * n + "true" + " }" * n
        + " RETURN a",
        lambda n: "CALL { " * n + "RETURN 1 AS x" + " } RETURN x" * n,
    ],
)  # fmt: skip
def test_subqueries_nest_ten_deep_and_no_deeper(nest: Any) -> None:
    check_statement(nest(10), embedded=False)
    with pytest.raises(StatementError, match="deeper than 10"):
        check_statement(nest(11), embedded=False)


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (n) WHERE " + " AND ".join(f"n.x{i} = {i}" for i in range(150)) + " RETURN n",
        "MATCH (n) WHERE " + " OR ".join(f"n.name = '{i}'" for i in range(150)) + " RETURN n",
        "RETURN [" + ", ".join(str(i) for i in range(2000)) + "] AS x",
        "RETURN " + ", ".join(f"{i} + {i} AS x{i}" for i in range(300)),
    ],
)
def test_a_long_flat_statement_is_not_deep(statement: str) -> None:
    check_statement(statement, embedded=False)


def test_a_statement_may_have_65536_characters() -> None:
    check_statement("RETURN 1 AS x".ljust(MAX_LENGTH), embedded=False)
    with pytest.raises(match="65,536"):
        check_statement("RETURN 1 AS x".ljust(MAX_LENGTH + 1), embedded=False)


def test_a_statement_may_have_5000_words_and_signs() -> None:
    check_statement("RETURN 1" + ", 1" * ((MAX_TOKENS - 2) // 2), embedded=False)
    with pytest.raises(match="5,000"):
        check_statement("RETURN 1" + ", 1" * (MAX_TOKENS // 2), embedded=False)


@pytest.mark.parametrize(
    "unit",
    ["(", "'", '"', "`", "/*", "//", "*/", "\\", "\\u", "$", "1.", "1e", "_", ".", "``", "CASE ",
     "a.", "x:", "NOT ", "{", "}", "'\\", "0x", "..", "가", "\u00e9\u0301", "CALL a.", "AS "],
)  # fmt: skip
def test_repeated_openings_end_with_one_of_our_errors(unit: str) -> None:
    refusal(("RETURN " + unit * MAX_LENGTH)[:MAX_LENGTH])


# -- laws ----------------------------------------------------------------------------------

WORDS = """
    MATCH RETURN WITH UNWIND CALL UNION WHERE SET CREATE AS IN CASE WHEN END NOT EXISTS COUNT n as
    set ( ) [ ] { } , . : :: ; | + - * / % = < > ! $p 'x' `y` 1 1.5 /* */ // \\u0041 가 db.labels
    apoc.load.json
"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@given(st.text())
@example("\ud800")
@example("$")
@example("CALL")
@example("CALL db.")
@example("CALL .")
@example("RETURN .(")
@example("RETURN n.(")
def test_any_text_passes_or_ends_with_one_of_our_errors(text: str) -> None:
    refusal(text)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_any_row_of_words_passes_or_ends_with_one_of_our_errors(text: str) -> None:
    refusal(text)


SPACES = st.sampled_from([" ", "\n", "\t", "\r\n", "/* x */", "/* ' */", "// SET\n", "/**/"])


@settings(max_examples=300)
@given(st.sampled_from(HOSTILE + HONEST), st.data())
def test_comments_and_spaces_between_tokens_change_nothing(
    case: dict[str, Any], data: st.DataObject
) -> None:
    statement = case["statement"]
    try:
        parts = list(tokens(statement))
    except (AccessError, InvalidInputError):
        return  # what cannot be cut into tokens has no places between them
    texts = [statement[a.offset : b.offset] for a, b in pairwise(parts)]
    texts.append(statement[parts[-1].offset :])
    spaced = "".join(text + data.draw(SPACES) for text in texts)
    assert type(refusal(spaced)) is type(refusal(statement))


WRITES = st.sampled_from(
    [
        "CREATE (zz:Ministry)",
        "SET zz.x = 1",
        "DETACH DELETE zz",
        "REMOVE zz.x",
        "MERGE (zz)",
        "FOREACH (zz IN [1] | CREATE ())",
        "CALL { CREATE (zz) }",
        "CALL (*) { SET zz.x = 1 }",
        "CALL apoc.create.node(['X'], {})",
        "LOAD CSV FROM 'file:///etc/passwd' AS zz",
        "; MATCH (zz) DELETE zz",
    ]
)
CLAUSE_STARTS = {"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL", "UNION", "ORDER"}


@settings(max_examples=500)
@given(st.sampled_from(HONEST), WRITES, st.data())
def test_a_write_before_or_after_any_clause_is_refused(
    case: dict[str, Any], write: str, data: st.DataObject
) -> None:
    statement = case["statement"].rstrip().rstrip(";")
    starts = [token.offset for token in tokens(statement) if token.upper in CLAUSE_STARTS]
    place = data.draw(st.sampled_from([*starts, len(statement)]))
    assert refusal(f"{statement[:place]} {write} {statement[place:]}") is not None


@settings(max_examples=300)
@given(st.sampled_from(HONEST), st.sampled_from(["SET", "CREATE", "DELETE", "MERGE"]), st.data())
def test_a_writing_word_passes_only_as_a_name(
    case: dict[str, Any], word: str, data: st.DataObject
) -> None:
    """Wherever a writing word is put, it passes only behind a sign that takes a name."""
    statement = case["statement"]
    parts = list(tokens(statement))
    place = data.draw(st.integers(0, len(parts) - 1))
    offset = parts[place].offset
    if refusal(f"{statement[:offset]} {word} {statement[offset:]}") is None:
        before = parts[place - 1].text
        assert before.upper() in {".", ":", "(", "[", ",", "=", "{", "AS"} or (
            parts[place].text in {".", ":"}
        )
