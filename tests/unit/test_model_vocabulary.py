"""The vocabulary: kinds with ancestors, and the types that join them."""

from __future__ import annotations

import copy

import pytest
import yaml
from pydantic import ValidationError

from graphsvc.model.vocabulary import Vocabulary
from graphsvc.paths import packaged_seed_dir

PACKAGED = yaml.safe_load((packaged_seed_dir() / "vocabulary.yaml").read_text("utf-8"))
NAME = {"ko": "가", "en": "a"}


@pytest.fixture
def vocabulary():
    return Vocabulary.model_validate(PACKAGED)


def test_labels_run_from_entity_down_to_the_kind(vocabulary):
    assert vocabulary.labels("Ministry") == ("Entity", "Organization", "Ministry")
    assert vocabulary.labels("Program") == ("Entity", "Program")


def test_a_kind_is_what_its_ancestors_are(vocabulary):
    assert vocabulary.is_a("Ministry", "Organization")
    assert vocabulary.is_a("Ministry", "Ministry")
    assert not vocabulary.is_a("Organization", "Ministry")
    assert not vocabulary.is_a("Program", "Organization", "Person")


def test_a_type_joins_kinds_in_one_direction(vocabulary):
    assert vocabulary.may_join("HOLDS_POSITION", "Person", "Ministry")
    assert not vocabulary.may_join("HOLDS_POSITION", "Ministry", "Person")


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("kinds", "Load"), {"name": NAME}, "kind Load is a label of graphsvc's own"),
        (("kinds", "Entity"), {"name": NAME}, "kind Entity is a label of graphsvc's own"),
        (("kinds", "Ministry", "parent"), "Ministry", "kind Ministry is its own ancestor"),
        (("kinds", "Organization", "parent"), "Company", "kind Company is its own ancestor"),
        (("kinds", "Ministry", "parent"), "Nothing", "has the unknown parent Nothing"),
        (("types", "FUNDS", "subject"), ["Nothing"], "type FUNDS joins the unknown kind Nothing"),
        (("metrics", "sales", "unit"), "won", "a number metric names its unit"),
        (("kinds", "A`) DETACH DELETE (n"), {"name": NAME}, "should match pattern"),
        (("kinds", "Ministry\n"), {"name": NAME}, "should match pattern"),
        (("types", "FUNDS|X"), PACKAGED["types"]["FUNDS"], "should match pattern"),
        (("types", "MENTIONS"), PACKAGED["types"]["FUNDS"], "is made by the loader"),
    ],
)
def test_an_inconsistent_vocabulary_is_refused(path, value, why):
    changed = copy.deepcopy(PACKAGED)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(ValidationError, match=why):
        Vocabulary.model_validate(changed)
