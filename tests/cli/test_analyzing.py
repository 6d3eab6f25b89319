"""`graphsvc analyze`: a measure, its rows in several forms, and whether they are found again."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from graphsvc.analysis.catalog import METRICS
from tests.cli.conftest import Run
from tests.directions import Case, directions
from tests.read_only import read_only_program, without_rights

pytestmark = [pytest.mark.usefixtures("harbor"), pytest.mark.embedded_only]


def result_of(run: Run, *arguments: str) -> dict[str, Any]:
    found = run("analyze", *arguments, "--format", "json")
    assert found.exit_code == 0, found.stderr
    content: dict[str, Any] = json.loads(found.stdout)
    return content


@pytest.fixture
def kept(run: Run, tmp_path: Path) -> Path:
    """The degrees of the harbor in a file."""
    file = tmp_path / "result.json"
    found = run("analyze", "degree", "--format", "json", "--output", str(file))
    assert found.exit_code == 0, found.stderr
    return file


def test_a_table_shows_the_first_rows_and_what_they_are_of(run: Run) -> None:
    found = run("analyze", "pagerank", "--top", "3")
    assert found.exit_code == 0, found.stderr
    assert len(found.stdout.splitlines()) == 2 + 3
    assert "graph version" in found.stderr
    assert "seed 0" in found.stderr


def test_a_measure_is_computed_where_program_and_home_cannot_be_written(
    environment: dict[str, str], tmp_path: Path
) -> None:
    kernels = Path(environment["GRAPHSVC_DATA_DIR"]) / "kernels"
    assert not kernels.exists()
    with read_only_program(tmp_path) as read_only:
        chosen = environment | read_only | {"GRAPHSVC_KERNEL_CACHE_DIR": ""}
        command = [sys.executable, "-m", "graphsvc", "analyze", "pagerank", "--top", "3"]
        found = subprocess.run(
            [*without_rights(), *command], env=chosen, cwd="/", capture_output=True, text=True
        )
    assert found.returncode == 0, found.stderr
    assert len(found.stdout.splitlines()) == 2 + 3
    assert list(kernels.rglob("*.nbc"))


def test_every_option_is_in_the_result(run: Run) -> None:
    options = ("--param", "alpha=0.5", "--param", "weighted=false", "--type", "FUNDS")
    content = result_of(run, "pagerank", *options, "--undirected", "--seed", "3")
    assert content["parameters"] == {
        "alpha": 0.5, "tol": 1e-9, "max_iter": 1000, "weighted": False,
    }  # fmt: skip
    assert content["filter"]["types"] == ["FUNDS"]
    assert content["filter"]["directed"] is False
    assert content["seed"] == 3
    assert content["graph"]["nodes"] == len(content["columns"]["node"])


@directions
def test_symmetric_types_alone_make_a_network_without_directions(run: Run, case: Case) -> None:
    assert result_of(run, "summary", *case.options)["filter"]["directed"] == case.directed


def test_csv_parquet_and_json_hold_the_same_rows(run: Run, tmp_path: Path) -> None:
    content = result_of(run, "degree", "--top", "4")
    table = run("analyze", "degree", "--top", "4", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.stdout.removeprefix("\ufeff"))))
    assert [row["node"] for row in rows] == content["columns"]["node"]
    assert [float(row["value"]) for row in rows] == content["columns"]["value"]

    parquet = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "result.parquet"
    options = ("--top", "4", "--format", "parquet", "-o", str(file))
    assert run("analyze", "degree", *options).exit_code == 0
    read = parquet.read_table(file)
    assert read.to_pydict() == content["columns"]
    assert json.loads(read.schema.metadata[b"graphsvc"])["graph"] == content["graph"]


@pytest.mark.parametrize(("language", "said"), [("en", "We computed"), ("ko", "계산하였다")])
def test_a_paragraph_for_a_paper_names_what_is_needed(run: Run, language: str, said: str) -> None:
    text = run("analyze", "degree", "--format", "methods", "--lang", language).stdout
    content = result_of(run, "degree")
    assert said in text
    for part in (content["graph"]["hash"], content["versions"]["networkx"], content["reference"]):
        assert part in text


def test_the_list_names_every_measure_with_its_parameters(run: Run) -> None:
    found = run("analyze", "--list")
    assert "betweenness" in found.stdout
    assert "distance, k, normalized" in found.stdout


@pytest.mark.parametrize("metric", [name for name in METRICS if name != "rank_stability"])
def test_every_measure_has_rows_that_are_found_again(run: Run, tmp_path: Path, metric: str) -> None:
    given = () if metric != "rank_change" else ("--param", "before=2001-01-01")
    content = result_of(run, metric, *given)
    assert content["reference"]
    assert all(content["columns"].values())
    assert content["versions"].keys() >= {"graphsvc", "networkx", "numpy", "numba", "python"}
    file = tmp_path / "result.json"
    file.write_text(json.dumps(content), "utf-8")
    found = run("analyze", "--verify", str(file))
    assert (found.exit_code, found.stderr[:6]) == (0, "equal:")


@pytest.mark.parametrize(("by", "groups"), [("kind", 19), ("components", 1)])
def test_a_partition_is_told_with_its_modularity(run: Run, by: str, groups: int) -> None:
    content = result_of(run, "modularity", "--param", f"by={by}")
    assert content["columns"]["groups"] == [groups]
    assert "networkit" in content["versions"]


def test_what_is_found_again_is_equal(run: Run, kept: Path) -> None:
    found = run("analyze", "--verify", str(kept))
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr.startswith("equal: ")


def test_the_first_rows_alone_are_found_again_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "top.json"
    file.write_text(json.dumps(result_of(run, "degree", "--top", "2")), "utf-8")
    assert run("analyze", "--verify", str(file)).stderr.startswith("equal: 2 rows")


def test_a_difference_is_told_with_its_node_and_size(run: Run, kept: Path) -> None:
    content = json.loads(kept.read_text("utf-8"))
    content["columns"]["value"][1] += 0.25
    content["columns"]["value"][2] += 0.5
    content["versions"]["networkx"] = "1.0"
    kept.write_text(json.dumps(content), "utf-8")
    found = run("analyze", "--verify", str(kept))
    assert found.exit_code == 1
    assert f"In the row of {content['columns']['node'][1]!r}, value is" in found.stderr
    assert "2 values differ, at most by 0.5" in found.stderr
    assert "networkx was 1.0 then" in found.stderr


def test_the_last_bit_is_told_but_is_no_failure(run: Run, kept: Path) -> None:
    content = json.loads(kept.read_text("utf-8"))
    content["columns"]["value"][0] *= 1 + 1e-12
    kept.write_text(json.dumps(content), "utf-8")
    found = run("analyze", "--verify", str(kept))
    assert found.exit_code == 0
    assert "equal to 1e-9, but not in every bit" in found.stderr


def test_another_network_is_told(run: Run, kept: Path, tmp_path: Path) -> None:
    content = json.loads(kept.read_text("utf-8"))
    content["graph"] |= {"hash": "0" * 64, "version": 99}
    kept.write_text(json.dumps(content), "utf-8")
    found = run("analyze", "--verify", str(kept))
    assert found.exit_code == 1
    assert "The network is another" in found.stderr
    assert "not version 99" in found.stderr


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"form": 1}', b"\xff", b'{"form": 2, "metric": "degree"}']
)
def test_a_file_that_is_no_result_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wrong.json"
    file.write_bytes(content)
    found = run("analyze", "--verify", str(file))
    assert found.exit_code == 5
    assert "no result of an analysis" in found.stderr


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"metric": "degre"}, 4, "Did you mean degree"),
        ({"parameters": {"alpha": 1}}, 5, "no parameter 'alpha'"),
        ({"filter": {"colour": "red"}}, 5, "no filter of a network"),
        ({"filter": {"as_of": "soon"}}, 5, "no filter of a network"),
        ({"engine": "cloud"}, 5, "no engine 'cloud'"),
    ],
)
def test_a_file_with_another_question_is_refused(
    run: Run, kept: Path, change: dict[str, Any], code: int, said: str
) -> None:
    content = json.loads(kept.read_text("utf-8")) | change
    kept.write_text(json.dumps(content), "utf-8")
    found = run("analyze", "--verify", str(kept))
    assert (found.exit_code, said in found.stderr) == (code, True), found.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "name a measure"),
        (("pagrank",), 4, "Did you mean pagerank"),
        (("pagerank", "--param", "alpha"), 2, "no NAME=VALUE"),
        (("pagerank", "--param", "alpha=1.5"), 5, "alpha"),
        (("pagerank", "--param", "alpha=high"), 5, "alpha"),
        (("pagerank", "--param", "beta=1"), 5, "Known are: alpha, tol, max_iter, weighted"),
        (("pagerank", "--param", "max_iter=1"), 5, "did not converge"),
        (("betweenness", "--param", "k=100000"), 5, "cannot be computed"),
        (("degree", "--type", "FUND"), 5, "Did you mean FUNDS"),
        (("degree", "--kind", "Centre"), 5, "Did you mean Center"),
        (("degree", "--weight", "euro"), 2, "--weight"),
        (("degree", "--as-of", "2024-02-30"), 2, "--as-of"),
        (("degree", "--project", "Company"), 5, "through"),
        (("degree", "--min-amount-krw", "9000000000000000000"), 5, "leaves no relationship"),
        (("degree", "--seed", "-1"), 2, "--seed"),
        (("degree", "--seed", "9999999999"), 5, "seed"),
        (("degree", "--lang", "fr"), 2, "--lang"),
        (("degree", "--format", "parquet", "--output", "/nowhere/x"), 5, "cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_told(
    run: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    found = run("analyze", *arguments)
    assert (found.exit_code, said in found.stderr) == (code, True), found.stderr
    assert found.stdout == ""


def test_a_graph_of_another_version_with_the_same_network_is_equal(
    run: Run, kept: Path, harbor: Path, tmp_path: Path
) -> None:
    content = json.loads(kept.read_text("utf-8"))
    content["graph"]["version"] += 1
    kept.write_text(json.dumps(content), "utf-8")
    found = run("analyze", "--verify", str(kept))
    assert found.exit_code == 0
    assert "the network is the same" in found.stderr


def test_ctrl_c_ends_it_at_once(environment: dict[str, str]) -> None:
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "graphsvc", "analyze", "rank_stability", "--param",
         "resamples=100000"],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while b"Rank stability" not in shown:
            shown += os.read(terminal, 1024)
        process.send_signal(signal.SIGINT)
        with suppress(OSError):  # the terminal is gone with its last writer
            while os.read(terminal, 1024):
                pass
        assert process.communicate(timeout=30) == (b"", None)
        assert process.returncode == 130
    finally:
        process.kill()
        os.close(terminal)
