"""`graphsvc plot`: the picture of a measure in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = [pytest.mark.usefixtures("harbor"), pytest.mark.embedded_only]

pytest.importorskip("matplotlib")


@pytest.mark.parametrize("picture", ["ranks", "degrees", "kinds", "communities"])
def test_each_picture_is_written(run: Run, tmp_path: Path, picture: str) -> None:
    file = tmp_path / "picture.svg"
    found = run("plot", picture, str(file), "--type", "FUNDS", "--as-of", "2024-05-21")
    assert (found.exit_code, found.stdout) == (0, ""), found.stderr
    assert "was written" in found.stderr
    assert b"<svg" in file.read_bytes()


def test_a_picture_is_of_the_measure_that_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    found = run("plot", "communities", str(file), "--metric", "components")
    assert found.exit_code == 0, found.stderr
    assert run("plot", "ranks", str(file), "--metric", "constraint").exit_code == 0
    assert "<!-- Constraint -->" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ranks", "picture.svg", "--metric", "louvain"), "these are: pagerank"),
        (("communities", "picture.svg", "--metric", "degree"), "strong_components"),
        (("ranks", "picture.svg", "--metric", "pagernak"), "pagerank"),
        (("ranks", "picture.pdf"), ".svg or .png"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    picture, name, *options = arguments
    found = run("plot", picture, str(tmp_path / name), *options)
    assert found.exit_code != 0
    assert said in " ".join(found.stderr.replace("│", " ").split())
    assert not list(tmp_path.iterdir())
