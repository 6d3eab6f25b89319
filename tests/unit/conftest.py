"""A minimal valid seed, to be spoilt in one place by each test."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from graphsvc.errors import SeedError
from graphsvc.model.evidence import digest_of
from graphsvc.seeding.reading import read_seed

ARTICLE = "예시부가 센터를 돕는다.\n\n센터는 9월에 문을 연다.\n"
DIGEST = digest_of("예시부가 센터를")

FILES = {
    "seed.yaml": "id: small\ntitle: Small\nlanguage: ko\nlicence: CC0-1.0\nformat: 1\n",
    "vocabulary.yaml": """\
kinds:
  Organization: {name: {ko: 기관, en: organization}}
  Ministry: {parent: Organization, name: {ko: 부처, en: ministry}}
  Center: {parent: Organization, name: {ko: 센터, en: center}}
  Program: {name: {ko: 사업, en: program}}
  Person: {name: {ko: 인물, en: person}}
types:
  FUNDS:
    name: {ko: 자금, en: funds}
    subject: [Organization]
    object: [Organization, Program]
    money: true
    reads:
      forward: {ko: 댄다, en: funds}
      backward: {ko: 받는다, en: is funded by}
  OPERATES:
    name: {ko: 운영, en: operates}
    subject: [Organization]
    object: [Organization, Program]
    reads:
      forward: {ko: 운영한다, en: operates}
      backward: {ko: 운영된다, en: is operated by}
  HOLDS_POSITION:
    name: {ko: 재직, en: holds a position at}
    subject: [Person]
    object: [Organization]
    role: true
    reads:
      forward: {ko: 재직한다, en: holds a position at}
      backward: {ko: 둔다, en: has}
  POSSIBLY_SAME:
    name: {ko: 같을 수 있음, en: possibly the same as}
    subject: [Ministry]
    object: [Center]
    symmetric: true
    reads:
      forward: {ko: 같을 수 있다, en: may be}
      backward: {ko: 같을 수 있다, en: may be}
metrics:
  opening_date: {name: {ko: 개소일, en: opening date}, value: date}
  staff: {name: {ko: 직원, en: staff}, value: number, unit: persons}
  sales: {name: {ko: 매출, en: sales}, value: money}
""",
    "documents.yaml": f"""\
documents:
  - id: doc
    publisher: 보기일보
    published: "2031-03-04"
    sha256: "{hashlib.sha256(ARTICLE.encode()).hexdigest()}"
    description: Invented.
""",
    "entities/ministry.yaml": """\
kind: Ministry
entities:
  - id: examples
    name: 예시부
    name_en: Ministry of Examples
    aliases: [예시처]
""",
    "entities/center.yaml": """\
kind: Center
entities:
  - id: tide
    name: 밀물센터
    name_en: Tide Center
    document_aliases:
      doc: [센터]
  - id: ebb
    name: 썰물센터
    name_en: Ebb Center
    merged_ids: [low-tide]
""",
    "entities/program.yaml": """\
kind: Program
entities:
  - {id: growth, name: 성장 사업, name_en: Growth Program}
""",
    "entities/person.yaml": """\
kind: Person
entities:
  - {id: han, name: 한바다, name_en: Han Bada}
""",
    "facts/doc.yaml": f"""\
facts:
  - id: grant
    subject: examples
    type: FUNDS
    object: tide
    program: growth
    money: {{amount: 1000, currency: KRW, stage: selected, source: national}}
    period: "2031-03?"
    period_note: from the byline
    evidence:
      - {{document: doc, at: "p1:0-8", digest: "{DIGEST}"}}
  - id: total
    funders: [examples]
    recipients: [tide, ebb]
    money: {{amount: 5000, currency: KRW, stage: announced, source: mixed}}
    evidence:
      - {{document: doc, at: "p1:0-8", digest: "{DIGEST}"}}
  - id: opening
    subject: tide
    metric: opening_date
    value: "XXXX-09"
    modality: planned
    evidence:
      - {{document: doc, at: "p1:0-8", digest: "{DIGEST}"}}
  - id: staff-2030
    subject: ebb
    metric: staff
    value: 12
    unit: persons
    evidence:
      - {{document: doc, at: "p1:0-8", digest: "{DIGEST}"}}
  - id: head
    subject: han
    type: HOLDS_POSITION
    object: tide
    role: 센터장
    evidence:
      - {{document: doc, at: "p1:0-8", digest: "{DIGEST}"}}
  - id: same
    subject: tide
    type: POSSIBLY_SAME
    object: examples
    evidence:
      - {{document: doc, at: "p1:0-8", digest: "{DIGEST}"}}
""",
}


@pytest.fixture
def small_seed(tmp_path: Path) -> Path:
    """The minimal seed in a folder, with its article under `articles/`."""
    folder = tmp_path / "small"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "articles").mkdir()
    (folder / "articles" / "doc.txt").write_text(ARTICLE, "utf-8")
    return folder


@pytest.fixture
def spoil(small_seed: Path) -> Callable[[str, str, str], Path]:
    """Replace a text of one file, first occurrence, and return the seed folder."""

    def replace(file: str, old: str, new: str) -> Path:
        path = small_seed / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return small_seed

    return replace


@pytest.fixture
def problems_in() -> Callable[..., list[str]]:
    """Every problem of a seed folder as a line; empty when it is valid."""

    def problems(folder: Path, articles: Path | None = None) -> list[str]:
        try:
            read_seed(folder, articles)
        except SeedError as error:
            return [str(problem) for problem in error.problems]
        return []

    return problems
