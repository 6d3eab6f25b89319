"""Names of parameters and options that changed: the old ones work for one version, and say so."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from graphsvc.api.http.old_names import DEPRECATION, OLD_NAMES
from graphsvc.cli.old_names import OLD_OPTIONS
from graphsvc.cli.program import app
from tests.api.conftest import Api
from tests.api.test_analysis import RUNS, finished

PATHS, AROUND = "/v1/paths", "/v1/entities/tide-center/neighbourhood"
ENDS = {"from": "wave-ministry", "to": "anchor-works"}

RENAMED: list[tuple[str, dict[str, str], str, str]] = [
    # Where, with what beside, how it was written, and how it is written now.
    (PATHS, ENDS, "types=FUNDS,SUPPORTS", "type=FUNDS,SUPPORTS"),
    (AROUND, {}, "types=FUNDS", "type=FUNDS"),
    ("/v1/relationships", {}, "types=FUNDS,SUPPORTS", "type=FUNDS,SUPPORTS"),
    ("/v1/entities/tide-center/relationships", {}, "types=FUNDS", "type=FUNDS"),
    (AROUND, {}, "kinds=Ministry,Company", "kind=Ministry,Company"),
    ("/v1/entities", {}, "kinds=Center,Ministry", "kind=Center,Ministry"),
    ("/v1/search", {"q": "tide"}, "kinds=Center", "kind=Center"),
    ("/v1/conflicts", {}, "kinds=Center", "kind=Center"),
    (
        *("/v1/export", {"format": "json", "query": "safe_sum"}),
        *('params={"funder":"wave-ministry"}', 'parameters={"funder":"wave-ministry"}'),
    ),
    ("paths", ENDS, "--types FUNDS", "--type FUNDS"),
    ("paths", ENDS, "--types=FUNDS,SUPPORTS", "--type FUNDS --type SUPPORTS"),
    ("paths", ENDS, "--exclude-undated", "--undated exclude"),
]
PARAMETERS = [row for row in RENAMED if row[0].startswith("/")]
OPTIONS = [row for row in RENAMED if not row[0].startswith("/")]


def test_the_table_has_every_old_name() -> None:
    for name in OLD_NAMES:
        assert any(
            name.path.fullmatch(path) and (old, new) == (f"{name.old}", f"{name.new}")
            for path, old, new in (
                (path, old.partition("=")[0], new.partition("=")[0])
                for path, _, old, new in PARAMETERS
            )
        )
    assert {(each.command, each.old) for each in OLD_OPTIONS} == {
        (command, old.replace("=", " ").split()[0]) for command, _, old, _ in OPTIONS
    }


@pytest.mark.parametrize(("path", "beside", "old", "new"), PARAMETERS)
def test_an_old_parameter_means_the_new_one_and_is_marked(
    harbor: Api, path: str, beside: dict[str, str], old: str, new: str
) -> None:
    start = path + "?" + "&".join(f"{name}={value}" for name, value in beside.items())
    named = harbor.get(f"{start}&{new}")
    first = harbor.get(f"{start}&{old}")
    kept = harbor.get(f"{start}&{old}")
    same = harbor.get(f"{start}&{old}", headers={"If-None-Match": first.headers["etag"]})
    refused = harbor.get(f"{start}&{old.partition('=')[0]}=FUND")

    assert first.json() == named.json()
    assert [each.status_code for each in (first, kept, same, refused)] == [200, 200, 304, 422]
    assert {each.headers["deprecation"] for each in (first, kept, same, refused)} == {DEPRECATION}
    assert "deprecation" not in named.headers
    assert refused.json()["field"] == new.partition("=")[0]


OLD_FORMATS = [
    # How the file of a result was asked for, and where it stands now.
    ("format=csv&top=2&limit=9", "table?top=2&format=csv"),
    ("format=parquet&lang=ko", "table?format=parquet"),
    ("format=methods&lang=ko&top=3", "methods?lang=ko"),
    ("top=2&format=svg&lang=en", "picture?top=2&lang=en"),
    ("format=json&lang=ko&top=2", "result?top=2"),
    ("lang=ko", "result"),
]


@pytest.mark.parametrize(("old", "new"), OLD_FORMATS)
def test_an_old_format_of_a_result_is_the_file_of_now(harbor: Api, old: str, new: str) -> None:
    if "svg" in old:
        pytest.importorskip("matplotlib")
    if "parquet" in old:
        pytest.importorskip("pyarrow")
    run = finished(harbor, metric="degree")
    before = harbor.get(f"{RUNS}/{run['id']}/result?{old}")
    now = harbor.get(f"{RUNS}/{run['id']}/{new}")

    assert (before.status_code, now.status_code) == (200, 200)
    assert before.headers["content-type"] == now.headers["content-type"]
    assert before.content == now.content
    assert before.headers["deprecation"] == DEPRECATION
    assert "deprecation" not in now.headers


@pytest.mark.parametrize("given", ["format=xml", "format=csv&format=csv", "format=csv&colour=red"])
def test_what_was_never_a_format_is_refused(harbor: Api, given: str) -> None:
    run = finished(harbor, metric="degree")
    harbor.problem(f"{RUNS}/{run['id']}/result?{given}", 422, "invalid-input")


@pytest.mark.parametrize(("path", "beside", "old", "new"), PARAMETERS)
def test_an_old_parameter_is_not_described(
    harbor: Api, path: str, beside: dict[str, str], old: str, new: str
) -> None:
    described = harbor.app.openapi()["paths"][path.replace("tide-center", "{id}")]["get"]
    names = {parameter["name"] for parameter in described["parameters"]}
    assert (new.partition("=")[0] in names, old.partition("=")[0] in names) == (True, False)


@pytest.mark.parametrize("given", ["type=FUNDS,SUPPORTS", "type=FUNDS&type=SUPPORTS"])
@pytest.mark.parametrize(
    "path",
    [
        *(f"{PATHS}?from=wave-ministry&to=anchor-works", f"{AROUND}?depth=1"),
        *("/v1/relationships?limit=500", "/v1/entities/tide-center/relationships?limit=500"),
    ],
)
def test_types_are_repeated_or_have_commas_between_them(harbor: Api, path: str, given: str) -> None:
    content = json.dumps(harbor.ok(f"{path}&{given}"))
    assert content == json.dumps(harbor.ok(f"{path}&type=SUPPORTS&type=FUNDS,FUNDS"))
    one, other = (harbor.get(f"{path}&type={name}").text for name in ("FUNDS", "SUPPORTS"))
    assert len({content, one, other}) == 3


SEVERAL_KINDS = [
    # A list, the parameter, and how many of its items have one of two kinds.
    ("/v1/entities?limit=500", "kind"),
    ("/v1/search?q=a&limit=500", "kind"),
    ("/v1/relationships?limit=500", "subject_kind"),
    ("/v1/relationships?limit=500", "object_kind"),
    ("/v1/entities?limit=500&place=gull-city", "kind"),
]


@pytest.mark.parametrize(("path", "name"), SEVERAL_KINDS)
def test_kinds_are_repeated_or_have_commas_between_them(harbor: Api, path: str, name: str) -> None:
    one, other = (
        {item["id"] for item in harbor.ok(f"{path}&{name}={kind}")["items"]}
        for kind in ("Organization", "Program")
    )
    for given in (f"{name}=Program,Organization", f"{name}=Organization&{name}=Program"):
        both = harbor.ok(f"{path}&{given}")
        assert {item["id"] for item in both["items"]} == one | other
        assert both["total"] == len(both["items"])
    assert one


def _run(environment: dict[str, str], command: str, beside: dict[str, str], given: str) -> Result:
    chosen = {name: environment[name] for name in environment if "GRAPHSVC" in name}
    arguments = [command, *beside.values(), *given.split(), "--format", "json"]
    return CliRunner().invoke(app, arguments, env=chosen)


@pytest.mark.usefixtures("harbor")
@pytest.mark.parametrize(("command", "beside", "old", "new"), OPTIONS)
def test_an_old_option_means_the_new_one_and_is_told(
    environment: dict[str, str], command: str, beside: dict[str, str], old: str, new: str
) -> None:
    was, now, without = (_run(environment, command, beside, given) for given in (old, new, ""))

    assert (was.exit_code, was.stdout) == (now.exit_code, now.stdout) == (0, now.stdout)
    assert now.stdout != without.stdout
    (line,) = was.stderr.splitlines()
    assert f"{old.replace('=', ' ').split()[0]} is now {new.split()[0]}" in line
    assert now.stderr == ""


@pytest.mark.parametrize(("command", "beside", "old", "new"), OPTIONS)
def test_help_shows_the_new_option_alone(
    command: str, beside: dict[str, str], old: str, new: str
) -> None:
    shown = CliRunner().invoke(app, [command, "--help"]).stdout.replace("\n", " ") + " "
    assert f"{new.split()[0]} " in shown
    assert f"{old.replace('=', ' ').split()[0]} " not in shown
