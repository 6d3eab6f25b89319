"""Evidence against the articles themselves: verify what stands in a seed, anchor what is new."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from graphsvc.errors import InvalidInputError, NotFoundError, SeedProblem
from graphsvc.model.evidence import Evidence, Locator, digest_of, paragraphs
from graphsvc.seeding.draft import Draft

_MAX_ARTICLE_BYTES = 32 * 2**20


def verify(draft: Draft, articles: Path) -> list[SeedProblem]:
    """What does not hold between a seed's evidence and the articles.

    Parameters
    ----------
    draft
        The seed as read; facts whose form is wrong are passed over.
    articles
        The folder with `<document id>.txt` for every document.

    Returns
    -------
    list of SeedProblem
        A missing or different file (once a document), a locator outside its article, a digest
        that differs. Empty when every locator holds.
    """
    if not articles.is_dir():
        mend = "Name the folder that holds <document id>.txt."
        return [SeedProblem(Path("documents.yaml"), 1, f"there is no folder {articles}.", mend)]
    problems: list[SeedProblem] = []
    texts: dict[str, list[str]] = {}
    for item in draft.documents:
        if item.value is None:
            continue
        path = articles / f"{item.value.id}.txt"
        try:
            data = _article_bytes(path)
            texts[item.value.id] = paragraphs(data.decode("utf-8"))
        except (NotFoundError, InvalidInputError) as error:
            problems.append(item.problem(error.message, error.mend, at=("id",)))
            continue
        except UnicodeDecodeError:
            problems.append(item.problem(f"{path} is not UTF-8.", at=("id",)))
            continue
        if hashlib.sha256(data).hexdigest() != item.value.sha256:
            message = f"{path} has another SHA-256 than the seed says."
            mend = "Fetch the article the seed was curated from, or curate it anew."
            problems.append(item.problem(message, mend, at=("sha256",)))
    problems.extend(_evidence_problems(draft, texts))
    return problems


def _evidence_problems(draft: Draft, texts: dict[str, list[str]]) -> Iterator[SeedProblem]:
    for item in draft.facts:
        for position, evidence in enumerate(item.value.evidence if item.value else ()):
            article = texts.get(evidence.document)
            wrong = None if article is None else _mismatch(evidence, article)
            if wrong is not None:
                key, message = wrong
                mend = "Run 'graphsvc seed anchor' with the quotation."
                yield item.problem(message, mend, at=("evidence", position, key))


def _mismatch(evidence: Evidence, article: list[str]) -> tuple[str, str] | None:
    place = evidence.locator
    if place.paragraph > len(article):
        return "at", (
            f"locator {evidence.at} lies outside {evidence.document},"
            f" which has {len(article)} paragraphs."
        )
    line = article[place.paragraph - 1]
    if place.end > len(line):
        return "at", (
            f"locator {evidence.at} lies outside {evidence.document}:"
            f" paragraph {place.paragraph} has {len(line)} characters."
        )
    found = digest_of(line[place.start : place.end])
    if found != evidence.digest:
        return "digest", (
            f"the digest of {evidence.document} {evidence.at} is {found}, not {evidence.digest}."
        )
    return None


def anchor(article: Path, quote: str, paragraph: int | None = None) -> Evidence:
    """The locator and digest of a quotation.

    Parameters
    ----------
    article
        The article's file; its name without `.txt` is the document's id.
    quote
        Words of one paragraph, exactly as they stand there, white space included.
    paragraph
        The paragraph to look in, from 1; every one when None.

    Raises
    ------
    NotFoundError
        When the file, the paragraph or the quotation is not there.
    InvalidInputError
        When the quotation is empty, runs over a line, or stands more than once (all places are
        listed).
    """
    if not quote.strip() or "\n" in quote:
        raise InvalidInputError(
            "A quotation is some words of one paragraph.", field="quote", mend="Quote one line."
        )
    try:
        text = _article_bytes(article).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInputError(f"{article} is not UTF-8.", field="article") from None
    lines = paragraphs(text)
    if paragraph is not None and not 1 <= paragraph <= len(lines):
        raise NotFoundError(
            f"{article} has no paragraph {paragraph}.",
            mend=f"It has {len(lines)}.",
            field="paragraph",
        )
    places = [
        place
        for number, line in enumerate(lines, 1)
        if paragraph in (None, number)
        for place in _places(line, quote, number)
    ]
    _exactly_one(places, quote, text, article, paragraph)
    return Evidence(document=article.stem, at=str(places[0]), digest=digest_of(quote))


def _places(line: str, quote: str, paragraph: int) -> Iterator[Locator]:
    start = line.find(quote)
    while start >= 0:
        yield Locator(paragraph=paragraph, start=start, end=start + len(quote))
        start = line.find(quote, start + 1)


def _exactly_one(
    places: list[Locator], quote: str, text: str, article: Path, paragraph: int | None
) -> None:
    where = f"{article.name}" if paragraph is None else f"paragraph {paragraph} of {article.name}"
    if not places:
        mend = "Copy it exactly, white space included."
        if unicodedata.normalize("NFC", quote) in unicodedata.normalize("NFC", text):
            mend = "It does in another Unicode form: copy it from the file itself."
        raise NotFoundError(f"The quotation does not stand in {where}.", mend=mend, field="quote")
    if len(places) > 1:
        listed = ", ".join(str(place) for place in places[:20])
        more = f" and {len(places) - 20} more" if len(places) > 20 else ""
        raise InvalidInputError(
            f"The quotation stands {len(places)} times in {where}: {listed}{more}.",
            mend="Quote more words, or name the paragraph.",
            field="quote",
        )


def _article_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise NotFoundError(f"There is no article {path}.", mend="Check the articles folder.")
        if path.stat().st_size > _MAX_ARTICLE_BYTES:
            raise InvalidInputError(f"{path} is too large for an article.")
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.") from None
