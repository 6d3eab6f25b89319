"""Bad seeds: every problem at once, with file, line, what is wrong and how to mend it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from graphsvc.errors import SeedError
from graphsvc.seeding.reading import read_seed

CASES = yaml.safe_load(Path(__file__).with_name("bad_seeds.yaml").read_text("utf-8"))
FACTS = "facts/doc.yaml"


def test_the_unspoilt_seed_is_valid(small_seed, problems_in):
    assert problems_in(small_seed, small_seed / "articles") == []


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in CASES])
def test_one_change_is_refused_with_its_place_and_advice(spoil, problems_in, case):
    folder = spoil(case["file"], case["old"], case["new"])
    assert problems_in(folder) == [f"{case['file']}:{problem}" for problem in case["problems"]]


def test_problems_of_all_files_are_reported_together(spoil, problems_in):
    spoil("entities/center.yaml", "name: 밀물센터", "nam: 밀물센터")
    spoil("documents.yaml", '"2031-03-04"', '"March"')
    spoil(FACTS, "type: FUNDS", "type: FUND")
    folder = spoil(FACTS, "currency: KRW", "currency: KRX")
    problems = problems_in(folder)
    assert [problem.split(":")[0] for problem in problems] == [
        "documents.yaml",
        "entities/center.yaml",
        "entities/center.yaml",
        FACTS,
    ]


def test_the_error_counts_and_lists_the_problems(spoil):
    folder = spoil(FACTS, "type: FUNDS", "type: FUND")
    with pytest.raises(SeedError) as caught:
        read_seed(folder)
    assert str(caught.value) == (
        "1 problem in the seed:\n  facts/doc.yaml:4: unknown type 'FUND'. Did you mean FUNDS?"
    )


def test_an_id_that_was_merged_is_not_used_again(spoil, problems_in):
    assert problems_in(spoil(FACTS, "id: head", "id: low-tide")) == [
        "entities/center.yaml:11: the id 'low-tide' is taken by the fact in facts/doc.yaml:32."
        " Ids are unique over the whole seed and never reused."
    ]


def test_a_conflict_declared_on_both_sides_is_valid(spoil, problems_in):
    note = "\n    conflict_note: they differ"
    spoil(FACTS, "value: 12", f"value: 12\n    conflicts_with: [head]{note}")
    folder = spoil(FACTS, "role: 센터장", f"role: 센터장\n    conflicts_with: [staff-2030]{note}")
    assert problems_in(folder) == []


def test_a_symmetric_type_joins_either_way(spoil, problems_in):
    folder = spoil(
        FACTS,
        "subject: tide\n    type: POSSIBLY_SAME\n    object: examples",
        "subject: examples\n    type: POSSIBLY_SAME\n    object: tide",
    )
    assert problems_in(folder) == []


def test_a_name_of_another_kind_may_be_an_alias(spoil, problems_in):
    assert problems_in(spoil("entities/ministry.yaml", "[예시처]", "[예시처, 밀물센터]")) == []


def test_a_fact_lives_in_the_file_of_its_first_document(small_seed, problems_in):
    (small_seed / FACTS).rename(small_seed / "facts" / "other.yaml")
    assert problems_in(small_seed)[0] == (
        "facts/other.yaml:11: the first evidence of 'grant' is in doc."
        " Move the fact to facts/doc.yaml."
    )


def test_evidence_that_repeats_itself_is_refused(small_seed, problems_in):
    path = small_seed / FACTS
    last = path.read_text("utf-8").splitlines()[-1]
    path.write_text(path.read_text("utf-8") + last + "\n", "utf-8")
    assert problems_in(small_seed) == [f"{FACTS}:45: evidence repeats doc p1:0-8. Keep it once."]


# Files that are no YAML, or more of it than a seed may use.


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"facts: [\n\n", "1: broken YAML", id="broken"),
        pytest.param(b"facts:\n\t- id: x\n", "2: broken YAML", id="tab"),
        pytest.param(b"", "1: the file is empty.", id="empty"),
        pytest.param(b"# nothing\n", "1: the file is empty.", id="comments alone"),
        pytest.param(b"facts\n", "1: the file must be a mapping.", id="text alone"),
        pytest.param(b"- a\n", "1: the file must be a mapping.", id="list alone"),
        pytest.param(b"facts:\n  - 1\n", "2: each item of 'facts' must be a mapping.", id="item"),
        pytest.param(b"facts: []\n\xff\n", "2: this is not UTF-8. Save the file as UTF-8.", id="8"),
        pytest.param(
            "facts: []".encode("utf-16"), "1: this is not UTF-8. Save the file as UTF-8.", id="16"
        ),
        pytest.param(
            b"facts: []\n# \0\n", "2: the file holds a NUL character. Remove it.", id="NUL"
        ),
        pytest.param(b"facts: []\n# \x07\n", "2: broken YAML", id="bell"),
        pytest.param(
            "facts: []\n# \u2028\n".encode(),
            "2: the file holds a line break other than a line feed. Replace it.",
            id="line separator",
        ),
        pytest.param(
            b"facts: &all []\n",
            "1: an anchor (&all) stands here. Write values out.",
            id="anchor",
        ),
        pytest.param(b"facts: *all\n", "1: an alias (*) stands here.", id="alias"),
        pytest.param(
            b"facts: !!python/object/apply:os.system [ls]\n",
            "1: a tag (tag:yaml.org,2002:python/object/apply:os.system) stands here. Remove it.",
            id="tag",
        ),
        pytest.param(
            b"facts: []\nx: {<<: {a: b}}\n",
            "2: a merge key (<<) stands here. Write the values out.",
            id="merge key",
        ),
        pytest.param(
            b"facts: []\n---\nfacts: []\n",
            "2: a second YAML document begins here. Remove the '---'.",
            id="two documents",
        ),
        pytest.param(
            b"facts: []\nfacts: []\n",
            "2: the key 'facts' stands twice, first in line 1. Keep one of them.",
            id="key twice",
        ),
        pytest.param(b"? [a]\n: b\n", "1: a mapping's key must be text. Quote it.", id="key"),
        pytest.param(
            b"1: x\nfacts: []\n", '1: the key 1 is read as a number. Quote it: "1".', id="1 as key"
        ),
        pytest.param(
            b"facts: " + b"[" * 100_000, "1: more than 16 levels of nesting. Flatten it.", id="deep"
        ),
        pytest.param(
            "facts: [{note: \u1100\u1161}]\n".encode(),
            "1: '\u1100\u1161' is not in Unicode form NFC. Run 'graphsvc seed format'",
            id="NFD",
        ),
        pytest.param(
            b'facts: [{note: "\\x07"}]\n',
            "1: '\\x07' holds a control character. Remove it.",
            id="escaped bell",
        ),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused(small_seed, problems_in, content, problem):
    (small_seed / FACTS).write_bytes(content)
    problems = problems_in(small_seed)
    assert any(found.startswith(f"{FACTS}:{problem}") for found in problems), problems


def test_an_anchor_bomb_is_refused_at_its_first_anchor(small_seed, problems_in):
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    (small_seed / FACTS).write_text("\n".join(lines), "utf-8")
    assert problems_in(small_seed) == [f"{FACTS}:1: an anchor (&a0) stands here. Write values out."]


def test_a_file_of_50_mb_is_refused_unread(small_seed, problems_in):
    with (small_seed / FACTS).open("wb") as stream:
        stream.truncate(50_000_000)
    assert problems_in(small_seed) == [
        f"{FACTS}:1: the file has 50,000,000 bytes; 8,388,608 is the most that is read."
        " Split it into several files."
    ]


def test_a_broken_file_does_not_make_others_dangle(small_seed, problems_in):
    (small_seed / "entities" / "center.yaml").write_text("kind: [", "utf-8")
    assert [problem.split(":")[0] for problem in problems_in(small_seed)] == [
        "entities/center.yaml"
    ]


def test_a_file_with_a_byte_order_mark_and_crlf_is_read(small_seed, problems_in):
    path = small_seed / FACTS
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert problems_in(small_seed) == []


# Folders that are no seed, or more than one.


def test_a_missing_folder_is_named(tmp_path, problems_in):
    assert problems_in(tmp_path / "none") == [
        f"seed.yaml:1: there is no folder {tmp_path / 'none'}."
        " Give a seed folder; 'graphsvc init DIR' writes a small one."
    ]


def test_a_folder_without_a_manifest_is_no_seed(tmp_path, problems_in):
    assert problems_in(tmp_path)[0].startswith(f"seed.yaml:1: {tmp_path} holds no seed.yaml.")


@pytest.mark.parametrize("name", ["vocabulary.yaml", "documents.yaml"])
def test_a_missing_file_is_named(small_seed, problems_in, name):
    (small_seed / name).unlink()
    assert problems_in(small_seed) == [f"{name}:1: this file is missing. Every seed has one."]


@pytest.mark.parametrize(
    "name", ["facts.yaml", "facts/more.yml", "facts/2031/doc.yaml", "entities/notes.txt"]
)
def test_a_file_that_would_be_left_out_is_reported(small_seed, problems_in, name):
    path = small_seed / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("facts: []\n", "utf-8")
    assert len(problems_in(small_seed)) == 1


def test_a_link_out_of_the_folder_is_refused(small_seed, tmp_path, problems_in):
    outside = tmp_path / "outside.yaml"
    outside.write_text("facts: []\n", "utf-8")
    (small_seed / "facts" / "linked.yaml").symlink_to(outside)
    assert problems_in(small_seed) == [
        "facts/linked.yaml:1: this link leaves the seed folder. Put the file itself here."
    ]


def test_a_link_inside_the_folder_is_followed(small_seed, problems_in):
    (small_seed / "kept.txt").write_bytes((small_seed / FACTS).read_bytes())
    (small_seed / FACTS).unlink()
    (small_seed / FACTS).symlink_to(small_seed / "kept.txt")
    assert problems_in(small_seed) == []


def test_a_pipe_is_not_opened(small_seed, problems_in):
    os.mkfifo(small_seed / "facts" / "pipe.yaml")
    assert problems_in(small_seed) == ["facts/pipe.yaml:1: this is not a regular file."]


def test_without_the_c_parser_a_seed_reads_the_same(small_seed, monkeypatch):
    fast = read_seed(small_seed)
    monkeypatch.setattr("graphsvc.seeding.yaml_source.LOADER", yaml.SafeLoader)
    assert read_seed(small_seed) == fast
