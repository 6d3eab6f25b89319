"""`init` writes a seed that is valid, verified and canonical, and touches nothing of yours."""

from __future__ import annotations

import pytest

from graphsvc.errors import InvalidInputError
from graphsvc.model.fact import FundingFact, ObservationFact, RelationshipFact
from graphsvc.seeding.formatting import format_seed
from graphsvc.seeding.reading import read_seed
from graphsvc.seeding.template import write_template


def test_the_written_seed_is_valid_and_canonical(tmp_path):
    folder = tmp_path / "deep" / "my-region"
    write_template(folder)
    seed = read_seed(folder, folder / "articles")
    assert {type(fact) for fact in seed.facts.values()} == {
        RelationshipFact,
        FundingFact,
        ObservationFact,
    }
    assert format_seed(folder, check_only=True) == []


def test_a_ministry_funds_a_center_that_supports_companies_through_a_program(tmp_path):
    write_template(tmp_path / "mine")
    seed = read_seed(tmp_path / "mine")
    joined = {
        (seed.entities[fact.subject].kind, fact.type, seed.entities[fact.object].kind, fact.program)
        for fact in seed.facts.values()
        if isinstance(fact, RelationshipFact)
    }
    assert ("Ministry", "FUNDS", "Center", "sample-growth-program") in joined
    assert ("Center", "SUPPORTS", "Company", "sample-growth-program") in joined
    [funding] = [fact for fact in seed.facts.values() if isinstance(fact, FundingFact)]
    assert funding.funders == ()


@pytest.mark.parametrize(
    ("name", "expected"), [("my-region", "my-region"), ("My Region", "my-seed"), ("12", "my-seed")]
)
def test_the_seed_takes_its_id_from_the_folder_where_it_can(tmp_path, name, expected):
    write_template(tmp_path / name)
    assert read_seed(tmp_path / name).manifest.id == expected


def test_an_empty_folder_may_be_used(tmp_path):
    write_template(tmp_path)
    read_seed(tmp_path)


@pytest.mark.parametrize("name", ["notes.txt", ".hidden"])
def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine", "utf-8")
    with pytest.raises(InvalidInputError, match="is not empty"):
        write_template(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("below", ["file", "file/seed", "file/a/b"])
def test_a_path_at_or_below_a_file_is_refused(tmp_path, below):
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(InvalidInputError, match="is no folder"):
        write_template(tmp_path / below)
