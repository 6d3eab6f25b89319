"""paths: what it prints, and how it refuses."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("harbor")

ENDS = ("wave-ministry", "anchor-works")


def test_paths_come_out_as_the_api_has_them(run: Run) -> None:
    result = run("paths", *ENDS, "--format", "json", "-k", "2", "--lang", "en")
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert [path["hops"] for path in found] == [2, 3]
    assert [node["id"] for node in found[0]["nodes"]] == ["wave-ministry", "tide-center", ENDS[1]]
    fact = found[0]["steps"][0]["facts"][0]
    assert fact["reading"] == "Ministry of Waves funds Tide Center"
    assert fact["evidence"]


def test_a_table_reads_each_path_aloud(run: Run) -> None:
    result = run("paths", *ENDS, "--type", "FUNDS", "--direction", "forward", "-k", "1")

    assert "물결부 - 밀물센터 - 닻공업" in result.stdout
    assert "물결부가 밀물센터에 자금을 댄다; 밀물센터가 닻공업에 자금을 댄다" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("wave-ministri", "anchor-works"), 4, "wave-ministry"),
        ((*ENDS, "--avoid", "tide-centre"), 4, "tide-center"),
        (("wave-ministry", "wave-ministry"), 5, "both"),
        ((*ENDS, "--type", "FUND"), 5, "FUNDS"),
        ((*ENDS, "--max-hops", "7"), 2, ""),
        ((*ENDS, "--as-of", "yesterday"), 2, ""),
    ],
)
def test_what_cannot_be_used_is_refused(
    run: Run, arguments: tuple[str, ...], exit_code: int, message: str
) -> None:
    result = run("paths", *arguments)

    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert message in result.stderr


def test_no_path_is_no_failure(run: Run) -> None:
    result = run("paths", *ENDS, "--max-hops", "1", "--format", "json")

    assert (result.exit_code, result.stdout) == (0, "[]\n")
