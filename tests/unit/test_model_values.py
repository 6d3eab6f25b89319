"""Money, locators, evidence and facts by themselves."""

from __future__ import annotations

import hashlib
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graphsvc.model.entity import Document, Entity
from graphsvc.model.evidence import digest_of, paragraphs, parse_evidence, parse_locator
from graphsvc.model.fact import FACT, form_of
from graphsvc.model.money import Money

EVIDENCE = [{"document": "doc", "at": "p1:0-8", "digest": "0123456789abcdef"}]


@pytest.mark.parametrize(
    "amount", [0, 28_700_000_000, "1234.50", "0.10", Decimal("7.5"), 2**63 - 1]
)
def test_an_amount_keeps_every_digit(amount):
    money = Money(amount=amount, currency="USD")
    assert money.model_dump(mode="json")["amount"] == str(amount)


@pytest.mark.parametrize(
    "amount",
    [
        *(-1, "-1", "-0.01", Decimal("-1"), 1.5, 1.0, True, None),
        *("", "1e3", "1_000", "1,000", " 1", "１２", ".5", "5."),
        *("NaN", "Infinity", Decimal("NaN"), 2**63, "9" * 5000, "0.0000000001"),
    ],
)
def test_what_is_no_plain_amount_is_refused(amount):
    with pytest.raises(ValidationError):
        Money(amount=amount, currency="USD")


@pytest.mark.parametrize("currency", ["KRX", "krw", "", "WON", "XAU", "$", None])
def test_a_currency_is_a_code_of_iso_4217(currency):
    with pytest.raises(ValidationError):
        Money(amount=1, currency=currency)


def test_only_won_have_an_amount_in_won():
    assert Money(amount="28700000000", currency="KRW").amount_krw == 28_700_000_000
    assert Money(amount=5, currency="USD").amount_krw is None


def test_won_have_no_fractions():
    assert Money(amount="10.00", currency="KRW").amount_krw == 10
    with pytest.raises(ValidationError, match="the won has no fractions"):
        Money(amount="10.5", currency="KRW")


@pytest.mark.parametrize("bounds", [{"amount_min": 6}, {"amount_max": 4}])
def test_bounds_hold_the_amount(bounds):
    with pytest.raises(ValidationError, match="amount_m"):
        Money(amount=5, currency="EUR", **bounds)


@pytest.mark.parametrize(
    "text",
    [
        *("p0:0-8", "p01:0-8", "p1:8-8", "p1:9-8", "p1:0-8\n", " p1:0-8"),
        *("1:0-8", "p1:0", "p1:-1-8", "p１:0-8", "p1:0-99999999", ""),
    ],
)
def test_what_is_no_locator_is_refused(text):
    with pytest.raises(ValueError, match="locator"):
        parse_locator(text)


@given(st.integers(1, 999_999), st.integers(0, 9_999_998), st.integers(1, 10))
def test_a_locator_reads_as_it_is_written(paragraph, start, length):
    text = f"p{paragraph}:{start}-{min(start + length, 9_999_999)}"
    assert str(parse_locator(text)) == text


def test_paragraphs_are_the_lines_that_are_not_blank():
    article = "\ufeff하나\r\n\n \t\u3000\n  둘 \u2028 둘\n\x0b\n셋"
    assert paragraphs(article) == ["\ufeff하나\r", "  둘 \u2028 둘", "셋"]


def test_a_digest_is_of_the_composed_text():
    composed = "센터"
    assert digest_of(unicodedata.normalize("NFD", composed)) == digest_of(composed)
    assert digest_of(composed) == hashlib.sha256(composed.encode()).hexdigest()[:16]


def test_evidence_reads_as_it_is_written():
    text = "002_1d42a19e8273b62d#p4:12-88@0123456789abcdef"
    assert str(parse_evidence(text)) == text


@pytest.mark.parametrize(
    ("fact", "form"),
    [
        ({"subject": "a", "type": "FUNDS", "object": "b"}, "relationship"),
        ({"recipients": ["a"], "money": {"amount": 1, "currency": "KRW"}}, "funding"),
        ({"subject": "a", "metric": "staff", "value": 12, "unit": "persons"}, "observation"),
    ],
)
def test_a_facts_keys_show_its_form(fact, form):
    read = FACT.validate_python({"id": "f", **fact, "evidence": EVIDENCE})
    assert form_of(read) == form_of(fact) == form


def test_a_fact_names_each_entity_and_document_once():
    fact = FACT.validate_python(
        {
            "id": "f",
            "funders": ["a", "b"],
            "recipients": ["c"],
            "program": "c",
            "stated_by": "a",
            "money": {"amount": 1, "currency": "KRW"},
            "evidence": [*EVIDENCE, {**EVIDENCE[0], "at": "p2:0-8"}],
        }
    )
    assert fact.mentioned() == ("a", "b", "c")
    assert fact.documents == ("doc",)


def test_a_whole_number_is_an_integer_however_it_is_written():
    fact = FACT.validate_python(
        {"id": "f", "subject": "a", "metric": "m", "value": 12.0, "evidence": EVIDENCE}
    )
    assert repr(fact.value) == "12"


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 1e19])
def test_a_value_that_the_databases_cannot_hold_is_refused(value):
    with pytest.raises(ValidationError, match="beyond 9223372036854775807"):
        FACT.validate_python(
            {"id": "f", "subject": "a", "metric": "m", "value": value, "evidence": EVIDENCE}
        )


def test_values_are_immutable_and_closed():
    entity = Entity(id="a", kind="Center", name="가", name_en="A")
    with pytest.raises(ValidationError, match="frozen"):
        entity.name = "나"
    with pytest.raises(ValidationError, match="Extra inputs"):
        Entity(id="a", kind="Center", name="가", name_en="A", colour="red")


@pytest.mark.parametrize("day", ["2031", "20310304", "2031-W10-2", "2031-3-4", "1700000000", 17])
def test_the_day_of_retrieval_is_a_day(day):
    with pytest.raises(ValidationError, match="is not a day"):
        Document(id="d", publisher="P", retrieved=day, sha256="0" * 64, description="x")
