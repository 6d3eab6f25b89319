"""Query files: what a header may say, what is refused with file and line, how values are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from graphsvc import paths
from graphsvc.errors import InvalidInputError, QueryFileError
from graphsvc.store.cypher_files import REQUIRED, Catalog, Statement, read_statement
from graphsvc.store.queries import depends_on_the_graph_alone, read_queries

GOOD = """\
// name: centers
// why: Centers of a place.
// timeout_s: 5
// param: place string Id of the place.
// param: limit integer = 10 Most rows.
// param: kinds list of string = ["Center"] Kinds.
// returns: id string The center.
MATCH (c:Center)-[:LOCATED_IN]->({id: $place})
WHERE c.kind IN $kinds
RETURN c.id AS id LIMIT $limit
"""


def written(folder: Path, text: str, name: str = "centers") -> Path:
    path = folder / f"{name}.cypher"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def centers(tmp_path: Path) -> Statement:
    return read_statement(written(tmp_path, GOOD))


def test_a_header_says_what_goes_in_and_what_comes_out(centers: Statement) -> None:
    assert (centers.name, centers.why, centers.timeout_s) == ("centers", "Centers of a place.", 5)
    assert [(p.name, p.type, p.default) for p in centers.parameters] == [
        ("place", "string", REQUIRED),
        ("limit", "integer", 10),
        ("kinds", "list of string", ["Center"]),
    ]
    assert [(c.name, c.type, c.text) for c in centers.returns] == [("id", "string", "The center.")]
    assert centers.text.startswith("MATCH")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("// name: centers", "// name: others", ":1: name is 'others', not 'centers'"),
        ("// why:", "// wherefore:", ":2: '// wherefore: Centers of a place.' is no header line"),
        ("// timeout_s: 5", "// timeout_s: soon", "timeout_s is a number of seconds"),
        ("// timeout_s: 5", "// timeout_s: 6000", "timeout_s is a number of seconds"),
        ("// timeout_s: 5", "// why: Again.", ":3: why cannot stand here"),
        ("// timeout_s: 5", "// slot: label", ":3: slot cannot stand here"),
        ("place string", "place text", ":4: 'text' is no type"),
        ("place string", "place map", ":4: 'map' is no type"),
        ("= 10 Most", "= ten Most", ":5: the default of limit is no integer in JSON"),
        ("= 10 Most", '= "ten" Most', ":5: the default of limit is no integer in JSON"),
        ("limit integer", "place integer", "declared twice"),
        ("LIMIT $limit", "", "the parameter limit is declared but not used"),
        ("LIMIT $limit", "LIMIT $limit + $more", r"\$more is used but not declared"),
        ("// returns: id string The center.\n", "", "names no columns"),
        ("MATCH (c:Center)", "MATCH (c:__LABEL__)", "the slots in the text"),
        (GOOD[GOOD.index("MATCH") :], "", "holds no statement"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))

    with pytest.raises(QueryFileError, match=said) as refusal:
        read_statement(path)

    assert str(path) in str(refusal.value)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "centers.cypher"
    path.write_bytes(b"// name: centers\n// why: \xff\nRETURN 1 AS id")

    with pytest.raises(QueryFileError, match="UTF-8"):
        read_statement(path)


def test_a_missing_query_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(QueryFileError, match="does not exist"):
        read_queries(tmp_path / "absent")


def test_a_later_folder_wins_over_an_earlier_one(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder, why in ((first, "Centers of a place."), (second, "Mine.")):
        folder.mkdir()
        written(folder, GOOD.replace("Centers of a place.", why))

    assert read_queries(first, second).statements["centers"].why == "Mine."


def test_queries_have_a_digest_of_their_files(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    before = read_queries(tmp_path)
    assert read_queries(tmp_path) == before

    path.write_text(GOOD.replace("LIMIT $limit", "DESC LIMIT $limit"), "utf-8")
    edited = read_queries(tmp_path)
    written(tmp_path, GOOD.replace("name: centers", "name: more"), "more")
    added = read_queries(tmp_path)

    assert len({before.digest, edited.digest, added.digest}) == 3
    assert list(added.statements) == ["centers", "more"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE (n {id: $place}) RETURN n.id AS id", r"centers.cypher:9: .*CREATE"),
        ("MATCH (n {id: $place})\n\n SET n.x = 1\nRETURN n.id AS id", r"centers.cypher:11: .*SET"),
        ("MATCH (n {id: $place}) RETURN 'n AS id", r"centers.cypher: Line 9, column 31"),
        (
            "MATCH (n {id: $place})\nRETURN n.id AS id,\n  NOT count(*) > 1 AS more",
            r"centers.cypher: Line 11, column 7: .*count.*\n?.*",
        ),
        (
            "MATCH (n {id: $place})\n-[*]-(m) RETURN m.id AS id",
            r"Line 10, column 3: .*may never end",
        ),
        ("RETURN size(range(1, 10^9)) + $place AS id", r"Line 9, column 13: .*1,000,000,000"),
    ],
)
def test_a_query_that_must_not_run_is_refused_with_its_line(
    tmp_path: Path, statement: str, said: str
) -> None:
    header = "// name: centers\n// param: place string It.\n// returns: id string It.\n"
    written(tmp_path, f"{header}// why: Sly.\n\n\n\n\n{statement}\n")

    with pytest.raises(QueryFileError, match=said):
        read_queries(tmp_path)


def test_a_query_that_only_the_embedded_database_answers_wrongly_is_let_be_elsewhere(
    tmp_path: Path,
) -> None:
    written(tmp_path, GOOD.replace("RETURN", "WITH count(*) > 1 AND true AS more RETURN", 1))

    assert list(read_queries(tmp_path, embedded=False).statements) == ["centers"]


@pytest.mark.parametrize(
    ("type_name", "given", "bound"),
    [
        ("string", "강원", "강원"),
        ("integer", "12", 12),
        ("integer", -3, -3),
        ("integer", "-9223372036854775808", -(2**63)),
        ("float", "0.5", 0.5),
        ("float", "-1.5e-7", -1.5e-7),
        ("float", "3", 3.0),
        ("boolean", "true", True),
        ("boolean", False, False),
        ("date", "2024-05-21", "2024-05-21"),
        ("list of integer", "1,2", [1, 2]),
        ("list of string", ["a", "b"], ["a", "b"]),
        ("string", None, None),
    ],
)
def test_a_value_is_read_as_its_type_says(
    tmp_path: Path, type_name: str, given: Any, bound: Any
) -> None:
    assert _echo(tmp_path, type_name).bind({"x": given}) == {"x": bound}


@pytest.mark.parametrize(
    ("type_name", "given"),
    [
        ("string", 1),
        ("integer", "one"),
        ("integer", 1.5),
        ("integer", "1_000"),
        ("integer", " 1"),
        ("integer", "1.0"),
        ("integer", "١"),
        ("float", "1e999"),
        ("float", ".5"),
        ("float", "inf"),
        ("float", 10**400),
        ("boolean", "TRUE"),
        ("boolean", 1),
        ("date", "20240521"),
        ("date", "2024-05-21T00:00:00"),
        ("date", 20240521),
        ("list of string", "a,,b"),
        ("list of string", 5),
        ("integer", True),
        ("integer", 2**63),
        ("float", "much"),
        ("float", "nan"),
        ("float", True),
        ("boolean", "perhaps"),
        ("date", "2024-02-30"),
        ("date", "yesterday"),
        ("list of integer", "1,b"),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(
    tmp_path: Path, type_name: str, given: Any
) -> None:
    with pytest.raises(InvalidInputError, match=f"x of echo is a {type_name}") as refusal:
        _echo(tmp_path, type_name).bind({"x": given})

    assert refusal.value.field == "x"


def _echo(folder: Path, type_name: str) -> Statement:
    text = f"// name: echo\n// param: x {type_name} It.\n// returns: x any It.\nRETURN $x AS x"
    return read_statement(written(folder, text, "echo"))


def test_a_missing_or_unknown_parameter_is_named_with_those_there_are(centers: Statement) -> None:
    with pytest.raises(InvalidInputError, match="centers needs the parameter 'place'"):
        centers.bind({})
    with pytest.raises(InvalidInputError, match="It takes: place, limit, kinds"):
        centers.bind({"place": "a", "colour": "b"})
    with pytest.raises(InvalidInputError, match="Did you mean place"):
        centers.bind({"plaice": "b"})


def test_a_slot_takes_identifiers_and_nothing_else() -> None:
    create = Catalog(paths.cypher_dir())["load/create_nodes"]

    assert "(n:Entity:Center {" in create.fill(labels=("Entity", "Center"))
    for hostile in ("A) DETACH DELETE (n", "A`", "", "가", "A B"):
        with pytest.raises(ValueError, match="plain identifier"):
            create.fill(labels=hostile)
    with pytest.raises(ValueError, match="needs the slot"):
        create.fill()
    with pytest.raises(ValueError, match="has no slot"):
        create.fill(labels="A", type="B")


def test_every_query_stands_in_the_documentation() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text("utf-8")
    section = text.partition("## Named queries")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.M)
    queries = read_queries(paths.cypher_dir() / "queries").statements

    assert documented == list(queries)
    for query in queries.values():
        assert query.why
        assert all(item.text for item in (*query.parameters, *query.returns)), query.name


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("RETURN date() AS today", False),
        ("RETURN datetime.realtime () AS now", False),
        ("RETURN localtime.transaction() AS now", False),
        ("MATCH (n) RETURN n ORDER BY rand()", False),
        ("RETURN timestamp() AS now, randomUUID() AS id", False),
        ("RETURN date('2030-04-01') AS day", True),
        ("MATCH (e {start_date: $date}) RETURN e.updated AS updated", True),
    ],
)
def test_rows_that_depend_on_the_clock_or_on_chance_are_told_apart(text: str, kept: bool) -> None:
    query = Statement(name="q", why="", text=text, path=Path("q.cypher"))

    assert depends_on_the_graph_alone(query) is kept
