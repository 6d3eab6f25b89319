"""Names of parameters and options that changed: the old ones work for one version, and say so."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from graphsvc.api.http.old_names import DEPRECATION, OLD_NAMES
from graphsvc.cli.old_names import OLD_OPTIONS
from graphsvc.cli.program import app
from tests.api.conftest import Api

PATHS, AROUND = "/v1/paths", "/v1/entities/tide-center/neighbourhood"
ENDS = {"from": "wave-ministry", "to": "anchor-works"}

RENAMED: list[tuple[str, dict[str, str], str, str]] = [
    # Where, with what beside, how it was written, and how it is written now.
    (PATHS, ENDS, "types=FUNDS,SUPPORTS", "type=FUNDS,SUPPORTS"),
    (AROUND, {}, "types=FUNDS", "type=FUNDS"),
    ("paths", ENDS, "--types FUNDS", "--type FUNDS"),
    ("paths", ENDS, "--types=FUNDS,SUPPORTS", "--type FUNDS --type SUPPORTS"),
    ("paths", ENDS, "--exclude-undated", "--undated exclude"),
]
PARAMETERS = [row for row in RENAMED if row[0].startswith("/")]
OPTIONS = [row for row in RENAMED if not row[0].startswith("/")]


def test_the_table_has_every_old_name() -> None:
    assert len(OLD_NAMES) == len(PARAMETERS)
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
