"""The canonical form: one text for one meaning, and no comment lost."""

from __future__ import annotations

import json
import shutil
import unicodedata
from functools import partial
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.errors import SeedError
from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.formatting import format_seed, formatted
from graphsvc.seeding.layout import WIDTH, len_columns

FACTS = Path("facts/doc.yaml")

UNTIDY = """\
# About these facts.
#   Two lines.

facts:
  # the grant
  - type: FUNDS
    id:   'grant'
    object: tide
    subject: "examples"
    unknown_key: kept
    # how much
    money:
      stage: selected
      currency: KRW
      source: national
      amount: 1000
    evidence:
      # headline
      - at: 'p1:0-8'
        document: 002_1d42a19e8273b62d
        digest: "0123456789abcdef"
    period: 2024-05?
    note: >
      한 줄에 다
      들어간다
    # below
    conflicts_with:
      - other
      - "no"
  - {id: "12", value: 12.50, metric: staff}
# the end
"""

TIDY = """\
# About these facts.
#   Two lines.
facts:
  # the grant
  - id: grant
    subject: examples
    type: FUNDS
    object: tide
    # how much
    money: {amount: 1000, currency: KRW, stage: selected, source: national}
    period: "2024-05?"
    # below
    conflicts_with: [other, "no"]
    note: "한 줄에 다 들어간다\\n"
    evidence:
      # headline
      - {document: 002_1d42a19e8273b62d, at: "p1:0-8", digest: "0123456789abcdef"}
    unknown_key: kept

  - id: "12"
    metric: staff
    value: 12.50
# the end
"""


def test_keys_come_in_order_money_on_one_line_and_comments_stay():
    assert formatted(UNTIDY, FACTS) == TIDY


def test_the_canonical_form_of_the_canonical_form_is_itself():
    assert formatted(TIDY, FACTS) == TIDY


def test_long_prose_is_folded_by_columns_not_characters():
    words = " ".join(["문장의낱말"] * 30)
    text = formatted(f"facts:\n  - note: {words}\n", FACTS)
    lines = text.splitlines()
    assert lines[1] == "  - note: >-"
    assert all(len_columns(line) <= WIDTH for line in lines)
    assert yaml.safe_load(text)["facts"][0]["note"] == words


def test_a_list_that_is_too_wide_takes_a_line_each():
    names = [f"이름이긴기관{n}" for n in range(10)]
    text = formatted(f"facts:\n  - funders: {names}\n", FACTS)
    assert text.count("\n      - 이름이긴기관") == 10


def test_a_comment_inside_money_keeps_it_on_several_lines():
    text = "facts:\n  - money:\n      amount: 1\n      # why won\n      currency: KRW\n"
    assert formatted(text, FACTS) == text


@pytest.mark.parametrize(
    "text",
    [
        "facts:\n  - id: a # why\n",
        "facts: # all\n  - id: a\n",
        "facts:\n  - note: > # folded\n      text\n",
        "facts:\n  - {id: a, # why\n     type: B}\n",
    ],
)
def test_a_comment_behind_a_value_is_refused_not_lost(text):
    with pytest.raises(SeedError, match="a comment stands behind a value"):
        formatted(text, FACTS)


def test_what_looks_like_a_comment_inside_a_text_is_text():
    text = 'facts:\n  - note: "a # b"\n    conflict_note: >-\n      # c\n      d#e\n'
    assert yaml.safe_load(formatted(text, FACTS)) == yaml.safe_load(text)


def test_text_becomes_nfc():
    assert formatted("facts:\n  - note: \u1100\u1161\n", FACTS) == "facts:\n  - note: 가\n"


def test_formatting_names_what_changed_and_then_changes_nothing(small_seed):
    before = (small_seed / "entities" / "program.yaml").read_text("utf-8")
    assert Path("entities/program.yaml") in format_seed(small_seed, check_only=True)
    assert (small_seed / "entities" / "program.yaml").read_text("utf-8") == before
    changed = format_seed(small_seed)
    assert Path("entities/program.yaml") in changed
    assert format_seed(small_seed) == []
    assert not list(small_seed.rglob(".*"))


def test_formatting_keeps_a_seed_valid(small_seed, problems_in):
    format_seed(small_seed)
    assert problems_in(small_seed, small_seed / "articles") == []


def test_one_unreadable_file_leaves_every_file_as_it_was(small_seed):
    (small_seed / "facts" / "other.yaml").write_text("facts: [", "utf-8")
    before = (small_seed / FACTS).read_bytes()
    with pytest.raises(SeedError, match=r"facts/other\.yaml:1: broken YAML"):
        format_seed(small_seed)
    assert (small_seed / FACTS).read_bytes() == before


def test_the_mode_of_a_file_is_kept(small_seed):
    path = small_seed / "entities" / "program.yaml"
    path.chmod(0o640)
    format_seed(small_seed)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "folder", [packaged_seed_dir(), Path(__file__).parents[1] / "seeds" / "harbor"], ids=str
)
def test_the_seeds_of_the_repository_are_in_canonical_form(folder):
    assert format_seed(folder, check_only=True) == []


def test_crlf_and_byte_order_mark_are_dropped(small_seed, tmp_path):
    crlf = tmp_path / "crlf"
    shutil.copytree(small_seed, crlf)
    for path in crlf.rglob("*.yaml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    format_seed(small_seed)
    format_seed(crlf)
    for path in small_seed.rglob("*.yaml"):
        assert (crlf / path.relative_to(small_seed)).read_bytes() == path.read_bytes()


# Laws.

WORDS = """
no 012 1_000 0x1F 1e3 12:30 2024-05-21 ~ null # ' " \\ {a} [a] a,b % @ ` !t &a *a ? = << ... ---
a: :a .5 +1 0b1 0o7 .inf 😀
"""
SPACED = [
    "",
    "- a",
    "a: b",
    "a #b",
    "가 나",
    " a",
    "a ",
    "a  b",
    "a\nb",
    "\n",
    "\t",
    "\u3000",
    "\u2028",
]
LONG = ["word " * 30 + "end", "낱말 " * 40 + "끝"]
NASTY = st.sampled_from([*WORDS.split(), *SPACED, *LONG])
TEXT = NASTY | st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
    ),
    max_size=200,
).map(partial(unicodedata.normalize, "NFC"))
SCALAR = TEXT | st.integers(-(10**30), 10**30) | st.booleans() | st.none()
KEY = st.sampled_from(["id", "subject", "money", "period", "value", "evidence", "at", "x"]) | TEXT
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=8,
)
COMMENT = st.sampled_from(["# why", "#", "#! x: y", "# - 가", "  # 'quoted"])


@given(facts=st.lists(st.dictionaries(KEY, VALUE, min_size=1, max_size=5), max_size=4))
def test_formatting_keeps_every_value_and_is_stable(facts):
    once = formatted(_flow({"facts": facts}), FACTS)
    assert yaml.safe_load(once) == {"facts": facts}
    assert formatted(once, FACTS) == once


@given(data=st.data())
def test_comments_above_entries_survive_in_a_stable_place(data):
    lines = []
    for line in UNTIDY.splitlines():
        if line.strip() not in ("한 줄에 다", "들어간다"):
            lines += data.draw(st.lists(COMMENT, max_size=2))
        lines.append(line)
    text = "\n".join(lines) + "\n"
    once = formatted(text, FACTS)
    assert sorted(_comments(once)) == sorted(_comments(text))
    assert formatted(once, FACTS) == once


def _comments(text):
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


def _flow(value):
    """The value in YAML's flow style, with the line breaks of YAML 1.1 escaped."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "\x85\u2028\u2029\x7f\ufeff":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
