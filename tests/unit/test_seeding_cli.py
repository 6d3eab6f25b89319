"""`graphsvc seed ...` and `init` as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from graphsvc.cli.seed import app, init
from graphsvc.errors import InvalidInputError, NotFoundError, SeedError

HARBOR = Path(__file__).parents[1] / "seeds" / "harbor"
ARTICLE = HARBOR / "articles" / "harbor-001.txt"


@pytest.fixture
def run():
    root = typer.Typer()
    root.add_typer(app, name="seed")
    root.command()(init)

    def invoke(*arguments: object):
        result = CliRunner().invoke(root, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def test_check_says_in_one_line_what_holds(run):
    result = run("seed", "check", "--seed", HARBOR, "--articles", HARBOR / "articles")
    assert result.stdout == (
        "seed harbor: 3 documents, 28 entities, 43 facts, 44 locators: every locator holds.\n"
    )


def test_check_without_articles_claims_nothing_about_locators(run):
    result = run("seed", "check", "--seed", HARBOR)
    assert result.stdout.endswith("44 locators: not verified without --articles.\n")


def test_check_reads_the_seed_folder_of_the_environment(run, monkeypatch):
    monkeypatch.setenv("GRAPHSVC_SEED_DIR", str(HARBOR))
    assert run("seed", "check").stdout.startswith("seed harbor: ")


def test_check_raises_every_problem(run, spoil):
    folder = spoil("facts/doc.yaml", "type: FUNDS", "type: FUND")
    with pytest.raises(SeedError, match="unknown type 'FUND'"):
        run("seed", "check", "--seed", folder)


def test_anchor_prints_a_line_that_check_accepts(run, spoil):
    folder = spoil("facts/doc.yaml", "type: FUNDS", "type: FUNDS")
    article = folder / "articles" / "doc.txt"
    line = run("seed", "anchor", "--article", article, "--quote", "센터는 9월에").stdout.strip()
    path = folder / "facts" / "doc.yaml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], f"      - {line}"]) + "\n", "utf-8")
    result = run("seed", "check", "--seed", folder, "--articles", folder / "articles")
    assert result.stdout.endswith("every locator holds.\n")


def test_anchor_prints_the_locator_in_the_seeds_own_form(run):
    result = run("seed", "anchor", "--article", ARTICLE, "--quote", "지난 3월 문을 열었고")
    assert result.stdout == ('{document: harbor-001, at: "p8:6-18", digest: "1e5272c94141747b"}\n')


def test_anchor_prints_nothing_when_the_quotation_is_absent_or_repeated(run):
    with pytest.raises(NotFoundError, match="does not stand in"):
        run("seed", "anchor", "--article", ARTICLE, "--quote", "없는 말")
    with pytest.raises(InvalidInputError, match=r"stands \d+ times in"):
        run("seed", "anchor", "--article", ARTICLE, "--quote", "밀물센터")
    with pytest.raises(NotFoundError, match="in paragraph 1 of"):
        run("seed", "anchor", "--article", ARTICLE, "--quote", "밀물센터", "--paragraph", 1)


def test_format_prints_the_files_it_changed(run, small_seed):
    assert "entities/program.yaml\n" in run("seed", "format", "--seed", small_seed).stdout
    assert run("seed", "format", "--seed", small_seed).stdout == ""
    assert run("seed", "format", "--check", "--seed", small_seed).exit_code == 0


def test_format_check_changes_nothing_and_names_every_file(run, small_seed):
    before = (small_seed / "entities" / "program.yaml").read_bytes()
    with pytest.raises(SeedError, match=r"entities/program\.yaml:1: the file is not in canonical"):
        run("seed", "format", "--check", "--seed", small_seed)
    assert (small_seed / "entities" / "program.yaml").read_bytes() == before


def test_init_says_on_stderr_what_to_do_next(run, tmp_path):
    result = run("init", tmp_path / "mine")
    assert result.stdout == ""
    assert "graphsvc seed check --seed" in result.stderr
    checked = run("seed", "check", "--seed", tmp_path / "mine")
    assert checked.stdout.startswith("seed mine: 1 document, 5 entities, 6 facts")
