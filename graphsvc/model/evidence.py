"""Evidence: where in a stored article a fact stands, without a word of the article itself.

Lines are split on a line feed only; a line is blank when stripping it leaves nothing; paragraph n
is the n-th line that is not blank, from 1. A range counts code points of the raw line, its end
exclusive. The digest is the first 16 hex digits of the SHA-256 of that span, in UTF-8 after NFC.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

_WRITTEN = re.compile(r"([^#]+)#p([1-9][0-9]{0,5}):([0-9]{1,7})-([0-9]{1,7})@([0-9a-f]{16})")
_LOCATOR = re.compile(r"p([1-9][0-9]{0,5}):([0-9]{1,7})-([0-9]{1,7})")


class Locator(BaseModel):
    """A paragraph and a range of characters in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paragraph: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"p{self.paragraph}:{self.start}-{self.end}"


def parse_locator(text: str) -> Locator:
    """Read `p4:12-88`.

    Raises
    ------
    ValueError
        When the text is no locator or its range is empty.
    """
    match = _LOCATOR.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a locator: write p<paragraph>:<start>-<end>")
    paragraph, start, end = (int(part) for part in match.groups())
    if start >= end:
        raise ValueError(f"locator {text!r} holds no characters")
    return Locator(paragraph=paragraph, start=start, end=end)


def _checked_locator(text: str) -> str:
    parse_locator(text)
    return text


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Evidence(BaseModel):
    """One place in one document that states the fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    at: Annotated[str, AfterValidator(_checked_locator)]
    digest: Digest

    @property
    def locator(self) -> Locator:
        """The place, taken apart."""
        return parse_locator(self.at)

    def __str__(self) -> str:
        return f"{self.document}#{self.at}@{self.digest}"


def parse_evidence(text: str) -> Evidence:
    """Read what `str(evidence)` wrote: `document#p4:12-88@digest`."""
    document, _, rest = text.partition("#")
    at, _, digest = rest.partition("@")
    return Evidence(document=document, at=at, digest=digest)


def evidence_parts(text: str) -> tuple[str, int, int, int, str]:
    """Document, paragraph, first character, end and digest of what `str(evidence)` wrote.

    A ninth of the cost of `parse_evidence`, for reads that show thousands.

    Raises
    ------
    ValueError
        When it is no such text.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no evidence: document#p4:12-88@digest")
    document, paragraph, start, end, digest = match.groups()
    return document, int(paragraph), int(start), int(end), digest


def paragraphs(article: str) -> list[str]:
    """The article's lines that are not blank, raw; paragraph n is item n - 1."""
    return [line for line in article.split("\n") if line.strip()]


def digest_of(span: str) -> str:
    """The digest that stands for a span of an article."""
    normalised = unicodedata.normalize("NFC", span)
    return hashlib.sha256(normalised.encode("utf-8")).hexdigest()[:16]
