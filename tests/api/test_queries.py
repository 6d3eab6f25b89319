"""Named queries over HTTP: their list, their parameters, their answers, their description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from graphsvc.api.http.middleware import request_log
from graphsvc.api.http.reload import reload_queries
from graphsvc.app import create_app
from graphsvc.errors import QueryFileError
from graphsvc.settings import Settings
from tests.api.conftest import Api, serving

ECHO = """\
// name: echo
// why: Gives back what it is given.
// timeout_s: 5
// param: text string A text.
// param: whole integer = 7 A whole number.
// param: part float = null A number.
// param: sure boolean = true Yes or no.
// param: day date = null A day.
// param: texts list of string = ["a"] Texts.
// param: wholes list of integer = null Whole numbers.
// param: days list of date = null Days.
// returns: text string The text.
// returns: whole integer The whole number.
// returns: part float The number.
// returns: sure boolean Yes or no.
// returns: day date The day.
// returns: texts list of string The texts.
// returns: wholes list of integer The whole numbers.
// returns: days list of date The days.
RETURN $text AS text, $whole AS whole, $part AS part, $sure AS sure, $day AS day,
  $texts AS texts, $wholes AS wholes, $days AS days
"""
COUNT = """\
// name: {name}
// why: Counts.
// param: most integer = 2000 Up to which number.
// returns: n integer A number.
UNWIND range(1, $most) AS n
RETURN n
"""
FIRST_ROWS = """\
// name: first_rows
// why: The first rows.
// param: most integer = 1 How many.
// returns: n integer A number.
UNWIND range(1, 9) AS n
RETURN n
LIMIT $most
"""
OWN_LIMIT = """\
// name: own_limit
// why: Has a limit of its own, which is no number of rows.
// param: limit string = "none" A word.
// returns: said string The word.
UNWIND [1, 2] AS n
RETURN $limit + toString(n) AS said
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An operator's folder of queries."""
    folder = tmp_path_factory.mktemp("queries")
    (folder / "echo.cypher").write_text(ECHO, "utf-8")
    (folder / "count.cypher").write_text(COUNT.format(name="count"), "utf-8")
    (folder / "own_limit.cypher").write_text(OWN_LIMIT, "utf-8")
    (folder / "first_rows.cypher").write_text(FIRST_ROWS, "utf-8")
    (folder / "wrong.cypher").write_text(
        "// name: wrong\n// why: Wrong.\n// returns: a integer It.\nRETURN 1 AS b\n", "utf-8"
    )
    (folder / "broken.cypher").write_text(
        "// name: broken\n// why: Broken.\n// returns: a integer It.\nRETURN nothing AS a\n",
        "utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def _own(fresh: Settings, folder: Path, portal: BlockingPortal) -> Iterator[Api]:
    with serving(fresh.model_copy(update={"queries_dir": folder}), portal) as api:
        yield api


@pytest.fixture
def own(harbor: Api, _own: Api) -> Api:
    """The application with queries of an operator's own."""
    return _own


def rows(api: Api, name: str, **parameters: Any) -> list[dict[str, Any]]:
    return api.ok(f"/v1/queries/{name}", params=parameters)["rows"]


def test_every_query_is_listed_with_what_it_takes_and_returns(own: Api) -> None:
    page = own.ok("/v1/queries")
    listed = {query["name"]: query for query in page["items"]}

    assert page["total"] == len(listed) >= 9
    assert list(listed) == sorted(listed)
    assert listed["echo"]["parameters"][:3] == [
        {"name": "text", "type": "string", "required": True, "default": None, "text": "A text."},
        {"name": "whole", "type": "integer", "required": False, "default": 7,
         "text": "A whole number."},
        {"name": "part", "type": "float", "required": False, "default": None, "text": "A number."},
    ]  # fmt: skip
    assert listed["echo"]["returns"][0] == {"name": "text", "type": "string", "text": "The text."}
    assert (listed["echo"]["timeout_s"], listed["echo"]["why"]) == (
        5,
        "Gives back what it is given.",
    )
    assert listed["echo"]["statement"].startswith("RETURN $text")


def test_a_query_answers_with_rows_keyed_by_column(harbor: Api) -> None:
    answer = harbor.ok("/v1/queries/safe_sum", params={"recipient": "dry-dock"})

    assert answer["columns"][:4] == ["currency", "stage", "facts", "gross"]
    assert [(row["currency"], row["gross"]) for row in answer["rows"]] == [("EUR", "1250000.50")]
    assert (answer["name"], answer["truncated"]) == ("safe_sum", False)
    assert answer["graph_version"] == harbor.ok("/v1/statistics")["graph_version"]


def test_a_thing_of_which_a_query_knows_nothing_gives_no_rows(harbor: Api) -> None:
    answer = harbor.ok("/v1/queries/safe_sum", params={"recipient": "gull-city"})

    assert (answer["rows"], answer["truncated"]) == ([], False)
    assert len(answer["columns"]) == 9


def test_parameters_are_read_as_their_types_say(own: Api) -> None:
    given = {
        "text": "물결 & 바다",
        "whole": "-12",
        "part": "1e-3",
        "sure": "false",
        "day": "2030-04-01",
        "texts": "가,나",
        "wholes": "1,2",
        "days": "2030-04-01,2030-04-02",
    }
    assert rows(own, "echo", **given) == [
        {
            "text": "물결 & 바다",
            "whole": -12,
            "part": 0.001,
            "sure": False,
            "day": "2030-04-01",
            "texts": ["가", "나"],
            "wholes": [1, 2],
            "days": ["2030-04-01", "2030-04-02"],
        }
    ]
    assert rows(own, "echo", text="a") == [
        {"text": "a", "whole": 7, "part": None, "sure": True, "day": None, "texts": ["a"],
         "wholes": None, "days": None}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "text"),
        ("text=", "text"),
        ("text=a&text=b", "text"),
        ("text=" + "a" * 201, "text"),
        ("text=a&whole=1.0", "whole"),
        ("text=a&whole=1_000", "whole"),
        ("text=a&whole=9223372036854775808", "whole"),
        ("text=a&whole=" + "9" * 5000, "whole"),
        ("text=a&part=much", "part"),
        ("text=a&part=NaN", "part"),
        ("text=a&part=1e999", "part"),
        ("text=a&sure=yes", "sure"),
        ("text=a&sure=TRUE", "sure"),
        ("text=a&day=2030-02-30", "day"),
        ("text=a&day=20300401", "day"),
        ("text=a&day=2030-04-01T00:00:00Z", "day"),
        ("text=a&texts=a,,b", "texts"),
        ("text=a&texts=,", "texts"),
        ("text=a&texts=" + "a" * 101, "texts"),
        ("text=a&texts=" + "a," * 50 + "a", "texts"),
        ("text=a&wholes=1,b", "wholes"),
        ("text=a&days=2030-04-01,soon", "days"),
        ("text=a&limit=0", "limit"),
        ("text=a&limit=10001", "limit"),
        ("text=a&limit=ten", "limit"),
        ("text=a&limit=%2B1", "limit"),
        ("text=a&txet=b", "txet"),
        ("text=a&cursor=b", "cursor"),
    ],
)
def test_a_parameter_of_another_type_is_named(own: Api, query: str, field: str) -> None:
    problem = own.problem(f"/v1/queries/echo?{query}", 422, "invalid-input")

    assert problem["field"] == field
    assert len(problem["detail"]) < 300


def test_an_unknown_parameter_names_the_near_one(own: Api) -> None:
    problem = own.problem("/v1/queries/echo?text=a&txet=b", 422, "invalid-input")

    assert "text" in problem["mend"]


def test_texts_and_lists_of_the_largest_size_are_read(own: Api) -> None:
    given = {"text": "한" * 200, "texts": ",".join(["a" * 100] * 50)}

    assert rows(own, "echo", **given)[0]["texts"] == ["a" * 100] * 50


def test_rows_are_capped_and_the_answer_says_so(own: Api) -> None:
    answer = own.ok("/v1/queries/count")
    assert (len(answer["rows"]), answer["truncated"]) == (1000, True)

    answer = own.ok("/v1/queries/count", params={"limit": 3, "most": 3})
    assert (len(answer["rows"]), answer["truncated"]) == (3, False)


def test_an_answer_that_is_too_large_says_to_ask_for_fewer_rows(
    harbor: Api, fresh: Settings, folder: Path, portal: BlockingPortal
) -> None:
    small = fresh.model_copy(update={"queries_dir": folder, "max_result_bytes": 2**10})
    with serving(small, portal) as api:
        problem = api.problem("/v1/queries/count", 422, "limit")
        assert (problem["field"], problem["mend"]) == ("limit", "Ask for fewer rows.")
        assert len(rows(api, "count", limit=5)) == 5


def test_a_limit_of_the_querys_own_means_what_its_file_says(own: Api) -> None:
    assert rows(own, "own_limit", limit="three") == [{"said": "three1"}, {"said": "three2"}]

    described = own.ok("/openapi.json")["paths"]["/v1/queries/own_limit"]["get"]["parameters"]
    assert [(parameter["name"], parameter["schema"]["type"]) for parameter in described] == [
        ("limit", "string")
    ]


def test_an_unknown_query_names_the_near_ones(harbor: Api) -> None:
    problem = harbor.problem("/v1/queries/safe_sums", 404, "not-found")

    assert "safe_sum" in problem["mend"]


def test_a_file_that_announces_other_columns_is_the_operators_to_mend(own: Api) -> None:
    problem = own.problem("/v1/queries/wrong", 500, "query-file")

    assert "announces the columns a; its statement returns b" in problem["detail"]


def test_a_statement_that_cannot_run_is_the_operators_to_mend(own: Api) -> None:
    problem = own.problem("/v1/queries/broken", 500, "query-file")

    assert "broken cannot run" in problem["detail"]


def test_a_value_with_which_a_statement_cannot_run_is_the_askers_to_mend(own: Api) -> None:
    problem = own.problem("/v1/queries/first_rows?most=-1", 422, "invalid-input")

    assert problem["field"] == "most"
    assert len(rows(own, "first_rows", most=2)) == 2


def test_each_query_stands_in_the_description_by_itself(own: Api) -> None:
    description = own.ok("/openapi.json")
    paths = description["paths"]
    assert "/v1/queries/{name}" not in paths
    assert {query["name"] for query in own.ok("/v1/queries")["items"]} == {
        path.removeprefix("/v1/queries/") for path in paths if path.startswith("/v1/queries/")
    }

    operation = paths["/v1/queries/echo"]["get"]
    parameters = {parameter["name"]: parameter for parameter in operation["parameters"]}
    assert operation["description"] == "Gives back what it is given."
    assert (parameters["text"]["required"], parameters["whole"]["required"]) == (True, False)
    assert parameters["whole"]["description"] == "A whole number."
    assert parameters["whole"]["schema"]["default"] == 7
    assert parameters["day"]["schema"] == {"type": "string", "format": "date"}
    assert parameters["texts"]["explode"] is False
    assert parameters["texts"]["schema"]["items"]["maxLength"] == 100
    assert parameters["limit"]["schema"]["maximum"] == 10_000

    row = description["components"]["schemas"]["QueryRow_echo"]
    assert row["properties"]["day"] == {
        "description": "The day.", "type": ["string", "null"], "format": "date",
    }  # fmt: skip
    assert row["properties"]["wholes"]["items"]["anyOf"] == [
        {"type": "integer"},
        {"$ref": "#/components/schemas/IntegerValue"},
    ]
    ids = [one["operationId"] for operations in paths.values() for one in operations.values()]
    assert len(set(ids)) == len(ids)


def test_queries_are_read_again_and_described_anew(
    harbor: Api, fresh: Settings, portal: BlockingPortal, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with serving(fresh.model_copy(update={"queries_dir": tmp_path}), portal) as api:
        graph = api.app.state.graph
        first = graph.queries.digest
        api.problem("/v1/queries/count", 404, "not-found")
        assert "/v1/queries/count" not in api.ok("/openapi.json")["paths"]

        (tmp_path / "count.cypher").write_text(COUNT.format(name="count"), "utf-8")
        reload_queries(graph, request_log())
        assert len(rows(api, "count", most=2)) == 2
        assert "/v1/queries/count" in api.ok("/openapi.json")["paths"]

        tag = api.get("/v1/queries/count?most=2").headers["etag"]
        (tmp_path / "count.cypher").write_text(COUNT.format(name="count") + "LIMIT 1\n", "utf-8")
        reload_queries(graph, request_log())
        second = graph.queries.digest
        again = api.get("/v1/queries/count?most=2", headers={"If-None-Match": tag})
        assert (again.status_code, len(again.json()["rows"])) == (200, 1)

        (tmp_path / "sly.cypher").write_text(
            "// name: sly\n// why: Sly.\n// returns: a integer It.\nCREATE (n) RETURN 1 AS a\n"
        )
        reload_queries(graph, request_log())
        assert graph.queries.digest == second != first
        assert len(rows(api, "count", most=2)) == 1
        logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        said = [line for line in logged if "query files" in line["event"]]
        assert [line["level"] for line in said] == ["info", "info", "error"]
        assert "sly.cypher:4" in said[2]["problem"]


def test_a_bad_file_stops_the_start(fresh: Settings, tmp_path: Path) -> None:
    (tmp_path / "bad.cypher").write_text("// name: bad\n// param: n money A sum.\nRETURN 1\n")

    with pytest.raises(QueryFileError, match=r"bad\.cypher:2"):
        create_app(fresh.model_copy(update={"queries_dir": tmp_path}))
