"""Evidence against articles: what verification finds and what anchoring writes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.errors import InvalidInputError, NotFoundError
from graphsvc.model.evidence import digest_of, paragraphs, parse_evidence
from graphsvc.seeding.anchoring import anchor

ARTICLE = "첫 문단이다. 센터가 있다.\n \t\n\n둘째 문단에도 센터가 있다.\r\n  셋째  문단.\n"
FACTS = "facts/doc.yaml"


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "doc.txt"
    path.write_bytes(ARTICLE.encode())
    return path


def test_a_quotation_is_found_by_paragraph_and_code_points(article):
    found = anchor(article, "둘째 문단")
    assert str(found) == f"doc#p2:0-5@{digest_of('둘째 문단')}"


def test_white_space_counts(article):
    assert anchor(article, "셋째  문단").at == "p3:2-8"
    with pytest.raises(NotFoundError, match=r"does not stand in doc\.txt"):
        anchor(article, "셋째 문단")


def test_a_quotation_that_stands_twice_lists_its_places(article):
    with pytest.raises(InvalidInputError, match=r"stands 2 times in doc.txt: p1:8-14, p2:8-14\."):
        anchor(article, "센터가 있다")


def test_places_that_overlap_are_places(tmp_path):
    path = tmp_path / "doc.txt"
    path.write_text("가가가\n", "utf-8")
    with pytest.raises(InvalidInputError, match="p1:0-2, p1:1-3"):
        anchor(path, "가가")


def test_a_named_paragraph_settles_it(article):
    assert anchor(article, "센터가 있다", 2).at == "p2:8-14"


@pytest.mark.parametrize("paragraph", [0, 4, -1])
def test_a_paragraph_outside_the_article_is_named(article, paragraph):
    with pytest.raises(NotFoundError, match=f"no paragraph {paragraph}. It has 3."):
        anchor(article, "센터", paragraph)


@pytest.mark.parametrize("quote", ["", "  ", "있다.\n"])
def test_no_words_are_no_quotation(article, quote):
    with pytest.raises(InvalidInputError, match="some words of one paragraph"):
        anchor(article, quote)


def test_another_unicode_form_is_said(tmp_path):
    path = tmp_path / "doc.txt"
    path.write_text(unicodedata.normalize("NFD", "센터가 있다\n"), "utf-8")
    with pytest.raises(NotFoundError, match="another Unicode form"):
        anchor(path, "센터")


def test_a_missing_article_is_named(tmp_path):
    with pytest.raises(NotFoundError, match=r"There is no article .*none\.txt"):
        anchor(tmp_path / "none.txt", "x")


def test_an_article_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "doc.txt").write_bytes("센터".encode("euc-kr"))
    with pytest.raises(InvalidInputError, match="not UTF-8"):
        anchor(tmp_path / "doc.txt", "센터")


LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=30)


@given(lines=st.lists(LINE, min_size=1, max_size=5), data=st.data())
def test_an_anchored_span_verifies(tmp_path_factory, lines, data):
    found = paragraphs("\n".join(lines))
    if not found:
        return
    number = data.draw(st.integers(1, len(found)))
    line = found[number - 1]
    start = data.draw(st.integers(0, len(line) - 1))
    quote = line[start : data.draw(st.integers(start + 1, len(line)))]
    path = tmp_path_factory.mktemp("articles") / "doc.txt"
    path.write_bytes("\n".join(lines).encode())
    try:
        evidence = anchor(path, quote, number)
    except InvalidInputError:  # it stands more than once, or is white space
        assert (
            line.count(quote) > 1
            or line.find(quote, start + 1) > 0
            or not quote.strip()
            or (line.find(quote) < start)
        )
        return
    place = evidence.locator
    assert found[place.paragraph - 1][place.start : place.end] == quote
    assert evidence.digest == digest_of(quote)
    assert parse_evidence(str(evidence)) == evidence


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'at: "p1:0-8"',
            'at: "p9:0-8"',
            "locator p9:0-8 lies outside doc, which has 2 paragraphs.",
        ),
        (
            'at: "p1:0-8"',
            'at: "p1:0-99"',
            "locator p1:0-99 lies outside doc: paragraph 1 has 13 characters.",
        ),
        (
            'at: "p1:0-8"',
            'at: "p1:1-8"',
            f"the digest of doc p1:1-8 is {digest_of('시부가 센터를')},"
            f" not {digest_of('예시부가 센터를')}.",
        ),
    ],
)
def test_a_locator_that_does_not_hold_is_refused(spoil, problems_in, old, new, problem):
    folder = spoil(FACTS, old, new)
    assert problems_in(folder) == []
    assert problems_in(folder, folder / "articles") == [
        f"{FACTS}:11: {problem} Run 'graphsvc seed anchor' with the quotation."
    ]


def test_an_article_that_changed_is_reported_by_its_sha256(small_seed, problems_in):
    article = small_seed / "articles" / "doc.txt"
    article.write_text(article.read_text("utf-8") + "더 있다.\n", "utf-8")
    assert problems_in(small_seed, small_seed / "articles") == [
        f"documents.yaml:5: {article} has another SHA-256 than the seed says."
        " Fetch the article the seed was curated from, or curate it anew."
    ]


def test_a_missing_article_is_one_problem(small_seed, problems_in):
    (small_seed / "articles" / "doc.txt").unlink()
    assert problems_in(small_seed, small_seed / "articles") == [
        f"documents.yaml:2: There is no article {small_seed / 'articles' / 'doc.txt'}."
        " Check the articles folder."
    ]


def test_a_missing_folder_of_articles_is_one_problem(small_seed, problems_in):
    assert problems_in(small_seed, small_seed / "none") == [
        f"documents.yaml:1: there is no folder {small_seed / 'none'}."
        " Name the folder that holds <document id>.txt."
    ]
