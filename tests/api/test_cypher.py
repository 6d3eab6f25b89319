"""Any statement that reads: rows as JSON or as lines, and what is said where one will not do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from anyio.from_thread import BlockingPortal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphsvc.api.cypher import NDJSON
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving
from tests.conftest import Cypher

PATH = "/v1/cypher"
HOSTILE = Path(__file__).parents[1] / "statements" / "hostile.yaml"


def ask(api: Api, statement: str, **members: Any) -> httpx.Response:
    return api.request("POST", PATH, json={"statement": statement, **members})


def told(api: Api, statement: str, **members: Any) -> Any:
    response = ask(api, statement, **members)
    assert response.status_code == 200, response.text
    return response.json()


def lines(api: Api, statement: str, **members: Any) -> list[Any]:
    body = {"statement": statement, **members}
    response = api.request("POST", PATH, json=body, headers={"Accept": NDJSON})
    assert (response.status_code, response.headers["content-type"]) == (200, NDJSON)
    assert response.text.endswith("\n")
    return [json.loads(line) for line in response.text.splitlines()]


def problem(response: httpx.Response, status: int, slug: str) -> Any:
    content = response.json()
    assert (response.status_code, content["type"]) == (status, f"/docs/errors#{slug}"), content
    return content


@pytest.mark.smoke
def test_rows_come_with_columns_time_and_version(harbor: Api) -> None:
    answer = told(
        harbor,
        "MATCH (c:Center) WHERE c.id = $id RETURN c.id AS id, size(c.name) AS letters",
        parameters={"id": "tide-center"},
    )

    assert answer["columns"] == ["id", "letters"]
    assert answer["rows"] == [["tide-center", 4]]
    assert answer["truncated"] is False
    assert answer["ms"] > 0
    assert answer["query_type"] == "r"
    assert answer["graph_version"] == harbor.ok("/v1/statistics")["graph_version"]


def test_answers_are_kept_nowhere(harbor: Api) -> None:
    response = ask(harbor, "RETURN 1 AS n")

    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.smoke
def test_nodes_relationships_and_paths_have_types_and_our_ids(harbor: Api) -> None:
    answer = told(
        harbor,
        "MATCH p = (a)-[r {id: 'wave-funds-pier'}]->(b) RETURN a, r, p",
    )
    node, relationship, path = answer["rows"][0]

    assert node["$type"] == "node"
    assert node["labels"] == sorted(node["labels"])
    assert "Entity" in node["labels"]
    assert relationship["$type"] == "relationship"
    assert relationship["type"] == "FUNDS"
    assert relationship["start"] == node["properties"]["id"]
    assert path["$type"] == "path"
    assert [node["properties"]["id"] for node in path["nodes"]] == [
        relationship["start"],
        relationship["end"],
    ]
    assert path["relationships"] == [relationship]
    assert "element" not in json.dumps(answer)


@pytest.mark.parametrize("name", ["json", "lines"])
def test_a_relationship_alone_says_what_it_joins(harbor: Api, name: str) -> None:
    statement = (
        "MATCH (a)-[r]->(b) WHERE r.fact_id IS NOT NULL RETURN r, [{inside: r}] AS deep, a.id, b.id"
        " ORDER BY r.id"
    )
    rows = told(harbor, statement)["rows"] if name == "json" else lines(harbor, statement)[1:-1]

    assert rows
    for relationship, deep, start, end in rows:
        assert (relationship["start"], relationship["end"]) == (start, end)
        assert deep == [{"inside": relationship}]


VALUES = [
    ("null", None),
    ("true", True),
    ("'가'", "가"),
    ("1.5", 1.5),
    ("[1, [2, null]]", [1, [2, None]]),
    ("{a: {b: 1}}", {"a": {"b": 1}}),
    ("9007199254740991", 9007199254740991),
    ("9007199254740992", {"$type": "integer", "value": "9007199254740992"}),
    ("-9223372036854775807", {"$type": "integer", "value": "-9223372036854775807"}),
    ("0.0 / 0.0", {"$type": "float", "value": "NaN"}),
    ("-1.0 / 0.0", {"$type": "float", "value": "-Infinity"}),
    ("{`$type`: 'node'}", {"$type": "map", "value": {"$type": "node"}}),
    ("date('2024-05-21')", {"$type": "date", "value": "2024-05-21"}),
    ("[date('2024-05-21')]", [{"$type": "date", "value": "2024-05-21"}]),
    ("localtime('10:00:01.5')", {"$type": "localtime", "value": "10:00:01.500"}),
    ("localtime('10:00:01')", {"$type": "localtime", "value": "10:00:01"}),
    ("time('10:00:01+09:00')", {"$type": "time", "value": "10:00:01+09:00"}),
    (
        "localdatetime('2024-05-21T10:00:00')",
        {"$type": "localdatetime", "value": "2024-05-21T10:00:00"},
    ),
    (
        "datetime('2024-05-21T10:00:00+09:00')",
        {"$type": "datetime", "value": "2024-05-21T10:00:00+09:00"},
    ),
    (
        "datetime('2024-05-21T10:00:00[Asia/Seoul]')",
        {"$type": "datetime", "value": "2024-05-21T10:00:00+09:00[Asia/Seoul]"},
    ),
    ("duration('P1DT2H')", {"$type": "duration", "value": "P1DT2H"}),
    ("point({x: 1, y: 2})", {"$type": "point", "srid": 7203, "coordinates": [1.0, 2.0]}),
]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_values_are_typed_where_json_has_no_form_for_them(
    harbor: Api, expression: str, value: Any
) -> None:
    assert told(harbor, f"RETURN {expression} AS v")["rows"] == [[value]]


@pytest.mark.parametrize("value", [value for _, value in VALUES], ids=str)
def test_a_value_that_an_answer_has_can_be_given_back(harbor: Api, value: Any) -> None:
    answer = told(
        harbor, "RETURN $value, $in.list", parameters={"value": value, "in": {"list": [value]}}
    )

    assert answer["rows"] == [[value, [value]]]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"$type": "node", "labels": [], "properties": {}}, "a node, which no parameter can be"),
        ({"$type": "path", "nodes": [], "relationships": []}, "a path, which no parameter can be"),
        ({"$type": "integer", "value": "ten"}, "'ten', which is no integer"),
        ({"$type": "integer", "value": "9223372036854775808"}, "more than 64 bits"),
        ({"$type": "integer", "value": 5}, "without a text"),
        ({"$type": "integer"}, "without a text"),
        ({"$type": "float", "value": "1.5"}, "'1.5', which is no float"),
        ({"$type": "date", "value": "2024-02-30"}, "which is no date"),
        ({"$type": "datetime", "value": "2024-02-03T10:00:00"}, "which is no datetime"),
        ({"$type": "datetime", "value": "2024-02-03T10:00:00+09:00[Asia/Nowhere]"}, "no datetime"),
        ({"$type": "localtime", "value": "10:00:00+09:00"}, "which is no localtime"),
        ({"$type": "duration", "value": "a day"}, "which is no duration"),
        ({"$type": "bytes", "value": "#"}, "which is no bytes"),
        ({"$type": "point", "srid": 1, "coordinates": [1, 2]}, "in no coordinate system"),
        ({"$type": "point", "srid": 7203, "coordinates": ["1", 2]}, "in no coordinate system"),
        ({"$type": "point", "srid": 7203, "coordinates": [1, 2, 3]}, "3 coordinates"),
        ({"$type": "point", "srid": 7203, "coordinates": 1}, "cannot be read"),
        ({"$type": "money", "value": "1"}, "'money', which there is not"),
        ({"$type": None}, "'None', which there is not"),
        ({"$type": "map", "value": []}, "'map', which there is not"),
    ],
)  # fmt: skip
def test_a_typed_value_that_is_none_is_refused_by_the_parameters_name(
    harbor: Api, value: Any, said: str
) -> None:
    refused = problem(ask(harbor, "RETURN $odd", parameters={"odd": [value]}), 422, "invalid-input")

    assert refused["field"] == "parameters"
    assert "'odd'" in refused["detail"]
    assert said in refused["detail"]


def test_parameters_are_values_and_never_text_of_the_statement(harbor: Api) -> None:
    values = {"text": "' OR 1 = 1", "list": [1, {"a": None}], "number": 1.5, "flag": False}

    answer = told(harbor, "RETURN $text, $list, $number, $flag", parameters=values)

    assert answer["rows"] == [list(values.values())]


def test_rows_above_the_limit_are_cut_and_said_to_be(harbor: Api) -> None:
    cut = told(harbor, "UNWIND range(1, 20) AS n RETURN n", limit=5)
    whole = told(harbor, "UNWIND range(1, 5) AS n RETURN n", limit=5)

    assert (len(cut["rows"]), cut["truncated"]) == (5, True)
    assert (len(whole["rows"]), whole["truncated"]) == (5, False)


def test_json_has_at_most_so_many_rows_and_bytes(fresh: Settings, portal: BlockingPortal,
                                                 harbor: Api) -> None:  # fmt: skip
    small = fresh.model_copy(update={"max_rows": 10, "max_result_bytes": 1024})
    with serving(small, portal) as api:
        assert len(told(api, "UNWIND range(1, 20) AS n RETURN n")["rows"]) == 10
        refused = problem(ask(api, "RETURN 1", limit=11), 422, "limit")
        assert refused["field"] == "limit"
        assert NDJSON in refused["mend"]
        problem(
            ask(api, "UNWIND range(1, 9) AS n RETURN [x IN range(1, 99) | '가나다']"), 422, "limit"
        )
        assert len(lines(api, "UNWIND range(1, 20) AS n RETURN n", limit=15)) == 17


@pytest.mark.smoke
def test_lines_have_a_head_rows_and_an_end(harbor: Api) -> None:
    head, *rows, end = lines(harbor, "UNWIND range(1, 2500) AS n RETURN n, date('2024-05-21') AS d")

    version = harbor.ok("/ready")["graph_version"]
    assert head == {"columns": ["n", "d"], "query_type": "r", "graph_version": version}
    assert [row[0] for row in rows] == list(range(1, 2501))
    assert rows[0][1] == {"$type": "date", "value": "2024-05-21"}
    assert (end["rows"], end["truncated"]) == (2500, False)
    assert end["ms"] > 0


@pytest.mark.parametrize(
    ("limit", "rows", "truncated"), [(1, 1, True), (100, 100, True), (250, 250, False)]
)
def test_lines_end_at_the_limit(harbor: Api, limit: int, rows: int, truncated: bool) -> None:
    _, *found, end = lines(harbor, "UNWIND range(1, 250) AS n RETURN n", limit=limit)

    assert found == [[n] for n in range(1, rows + 1)]
    assert (end["rows"], end["truncated"]) == (rows, truncated)


def test_no_rows_are_still_a_head_and_an_end(harbor: Api) -> None:
    head, end = lines(harbor, "MATCH (n:Center) WHERE false RETURN n")

    assert head["columns"] == ["n"]
    assert end["rows"] == 0


def test_what_goes_wrong_on_the_way_is_the_last_line(harbor: Api) -> None:
    _, *rows, last = lines(harbor, "UNWIND range(1, 3000) AS n RETURN 1 / (2500 - n) AS x")

    assert 1 <= len(rows) < 2500
    assert last["problem"]["type"] == "/docs/errors#bad-statement"
    assert last["problem"]["status"] == 400


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/x-ndjson", NDJSON),
        ("APPLICATION/X-NDJSON; q=0.9, */*;q=0.1", NDJSON),
        ("application/json, application/x-ndjson;q=0.5", "application/json"),
        ("application/x-ndjson;q=0", "application/json"),
        ("application/x-ndjson;q=x", "application/json"),
        ("text/html", "application/json"),
    ],
)
def test_the_reader_chooses_the_form(harbor: Api, accept: str, media_type: str) -> None:
    body = {"statement": "RETURN 1 AS n"}
    response = harbor.request("POST", PATH, json=body, headers={"Accept": accept})

    assert response.headers["content-type"] == media_type
    assert response.headers["vary"].startswith("Accept")


def everything(cypher: Cypher) -> list[Any]:
    nodes = cypher("MATCH (n) RETURN labels(n) AS labels, properties(n) AS held")
    ends = cypher("MATCH (a)-[r]->(b) RETURN a.id AS a, b.id AS b, properties(r) AS held")
    return [sorted(map(repr, rows)) for rows in (nodes, ends)]


@pytest.mark.parametrize("accept", ["application/json", NDJSON])
def test_what_would_do_more_than_read_is_refused_and_named(
    harbor: Api, cypher: Cypher, accept: str
) -> None:
    cases = yaml.safe_load(HOSTILE.read_text("utf-8"))
    values = {"p": 1, "url": "file:///etc/passwd", "label": "Ministry", "0": 1}
    before = everything(cypher)

    for case in cases:
        body = {"statement": case["statement"], "parameters": values}
        try:
            response = harbor.request("POST", PATH, json=body, headers={"Accept": accept})
        except UnicodeEncodeError:
            continue
        content = response.json()
        if case["error"] == "access":
            assert response.status_code == 403, (case["id"], content)
            assert content["offence"] == case["offence"], case["id"]
            assert content["line"] > 0, case["id"]
            assert content["caret"].endswith("^"), case["id"]
        else:
            assert response.status_code in (400, 422), (case["id"], content)
    assert everything(cypher) == before


@pytest.mark.parametrize(
    ("statement", "line", "column", "caret"),
    [
        ("MATCH (n) RETRUN n", 1, 11, "MATCH (n) RETRUN n\n          ^"),
        ("MATCH (n)\nRETURN n.name +", 2, 16, "RETURN n.name +\n               ^"),
        (
            "MATCH (n {name: '전기연'}) RETURN m",
            1,
            32,
            "MATCH (n {name: '전기연'}) RETURN m\n" + " " * 34 + "^",
        ),
        ("RETURN 'open", 1, 8, "RETURN 'open\n       ^"),
        ("RETURN 1\x00", 1, 9, "RETURN 1\n        ^"),
    ],
)
def test_a_typo_is_shown_where_it_stands(
    harbor: Api, statement: str, line: int, column: int, caret: str
) -> None:
    found = problem(ask(harbor, statement), 400, "bad-statement")

    assert (found["line"], found["column"], found["caret"]) == (line, column, caret)
    assert found["field"] == "statement"


@pytest.mark.parametrize(
    "statement",
    [
        "RETURN " + "(" * 101 + "1" + ")" * 101,
        "RETURN " + "[" * 2000 + "]" * 2000,
        "RETURN " + " + ".join(["1"] * 200),
    ],
    ids=["brackets", "lists", "sums"],
)
def test_deep_nesting_is_refused_before_a_database_sees_it(harbor: Api, statement: str) -> None:
    assert "deeper than 100" in problem(ask(harbor, statement), 400, "bad-statement")["detail"]


@pytest.mark.parametrize("depth", [150, 900, 5000])
def test_a_value_nested_too_deep_is_told_or_too_much(harbor: Api, depth: int) -> None:
    statement = f"RETURN reduce(l = [], i IN range(1, {depth}) | [l]) AS x"
    response = ask(harbor, statement, timeout=10)

    # At the deepest the embedded engine breaks off, and Neo4j needs all its time on a busy machine.
    assert (response.status_code, response.json()["type"]) in {
        (422, "/docs/errors#limit"),
        (502, "/docs/errors#store"),
        (504, "/docs/errors#store-timeout"),
    }
    assert told(harbor, "RETURN 1 AS n")["rows"] == [[1]]


@pytest.mark.parametrize(
    ("body", "status", "slug", "field"),
    [
        ({}, 422, "invalid-input", "statement"),
        ({"statement": ""}, 422, "invalid-input", "statement"),
        ({"statement": None}, 422, "invalid-input", "statement"),
        ({"statement": 1}, 422, "invalid-input", "statement"),
        ({"statement": ["RETURN 1"]}, 422, "invalid-input", "statement"),
        ({"statement": " "}, 400, "bad-statement", "statement"),
        ({"statement": "RETURN 1 " + " " * 70_000}, 422, "invalid-input", "statement"),
        ({"statement": "RETURN [" + "1," * 3000 + "1]"}, 400, "bad-statement", "statement"),
        ({"statement": "RETURN '\ud800'"}, 422, "invalid-input", "statement"),
        ({"statment": "RETURN 1"}, 422, "invalid-input", "statment"),
        ({"statement": "RETURN 1", "param": {}}, 422, "invalid-input", "param"),
        ({"statement": "RETURN 1", "\udfff": 1}, 422, "invalid-input", "\\udfff"),
        ({"statement": "RETURN 1", "parameters": []}, 422, "invalid-input", "parameters"),
        ({"statement": "RETURN 1", "parameters": "a"}, 422, "invalid-input", "parameters"),
        ({"statement": "RETURN $a"}, 422, "invalid-input", "parameters"),
        (
            {"statement": "RETURN $a", "parameters": {"a": 2**63}},
            422,
            "invalid-input",
            "parameters",
        ),
        ({"statement": "RETURN $a", "parameters": {"a": "\ud800"}}, 422, "invalid-input", None),
        ({"statement": "RETURN 1", "parameters": {"\ud800": 1}}, 422, "invalid-input", None),
        ({"statement": "RETURN 1", "limit": 0}, 422, "invalid-input", "limit"),
        ({"statement": "RETURN 1", "limit": -1}, 422, "invalid-input", "limit"),
        ({"statement": "RETURN 1", "limit": "5"}, 422, "invalid-input", "limit"),
        ({"statement": "RETURN 1", "limit": 1.5}, 422, "invalid-input", "limit"),
        ({"statement": "RETURN 1", "limit": True}, 422, "invalid-input", "limit"),
        ({"statement": "RETURN 1", "limit": 10**30}, 422, "invalid-input", "limit"),
        ({"statement": "RETURN 1", "limit": 10_001}, 422, "limit", "limit"),
        ({"statement": "RETURN 1", "timeout": 0}, 422, "invalid-input", "timeout"),
        ({"statement": "RETURN 1", "timeout": -1}, 422, "invalid-input", "timeout"),
        ({"statement": "RETURN 1", "timeout": 60.001}, 422, "invalid-input", "timeout"),
        ({"statement": "RETURN 1", "timeout": "1"}, 422, "invalid-input", "timeout"),
        ({"statement": "RETURN 1", "timeout": True}, 422, "invalid-input", "timeout"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named(
    harbor: Api, body: Any, status: int, slug: str, field: str | None
) -> None:
    response = harbor.request(
        "POST", PATH, content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    found = problem(response, status, slug)

    assert found["detail"]
    if field is not None:
        assert found["field"] == field


def test_an_unknown_field_names_the_near_one(harbor: Api) -> None:
    found = problem(ask(harbor, "RETURN 1", parametres={}), 422, "invalid-input")

    assert "parameters" in found["mend"]


def test_whole_numbers_may_be_written_with_a_point(harbor: Api) -> None:
    assert told(harbor, "RETURN 1 AS n", limit=5.0, timeout=1)["rows"] == [[1]]
    assert told(harbor, "RETURN 1 AS n", limit=None, timeout=None)["rows"] == [[1]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"RETURN 1",
        b'{"statement": "RETURN 1",}',
        b'{"statement": "RETURN 1", "limit": NaN}',
        b'{"statement": "RETURN 1", "statement": "RETURN 2"}',
        b'{"statement": "RETURN 1", "parameters": {"a": 1, "a": 2}}',
        b'{"statement": "RETURN 1\xff"}',
        b'{"statement": "RETURN 1", "parameters": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"statement": "RETURN 1", "limit": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_refused(harbor: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    problem(harbor.request("POST", PATH, content=body, headers=headers), 400, "malformed-request")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"RETURN 1"', b"1"])
def test_a_body_that_is_no_object_is_refused(harbor: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = harbor.request("POST", PATH, content=body, headers=headers)

    assert problem(response, 422, "invalid-input")["field"] == "body"


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=euc-kr"],
)
def test_a_body_of_another_type_is_refused(harbor: Api, content_type: str) -> None:
    response = harbor.request(
        "POST",
        PATH,
        content=b'{"statement": "RETURN 1"}',
        headers={"Content-Type": content_type} if content_type else {},
    )

    assert "application/json" in problem(response, 415, "unsupported-media-type")["mend"]


def test_a_body_that_is_too_large_is_refused(harbor: Api) -> None:
    problem(ask(harbor, "RETURN $a", parameters={"a": "x" * 2**20}), 413, "body-too-large")


def test_other_methods_and_query_parameters_are_refused(harbor: Api) -> None:
    assert harbor.get(PATH).status_code == 405
    response = harbor.request("POST", f"{PATH}?limit=1", json={"statement": "RETURN 1"})
    assert problem(response, 422, "invalid-input")["field"] == "limit"


@pytest.mark.parametrize("accept", ["application/json", NDJSON])
def test_without_a_graph_it_says_why(harbor: Api, cypher: Cypher, accept: str) -> None:
    harbor.holds = None
    cypher("MATCH (n) DETACH DELETE n")
    response = harbor.request(
        "POST", PATH, json={"statement": "RETURN 1"}, headers={"Accept": accept}
    )

    assert problem(response, 503, "store-unavailable")["reason"] == "empty"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(statement=st.text(max_size=40) | st.text("(){}[]'\"`$:.,+-*/<>=| \nRETURNnm1", max_size=40))
def test_no_statement_makes_the_service_fail(harbor: Api, statement: str) -> None:
    response = harbor.request(
        "POST",
        PATH,
        content=json.dumps({"statement": statement}),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code in {200, 400, 403, 422}
