"""Money as a source states it: exact decimals, never converted, never rounded."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StrictBool,
    model_validator,
)

# ISO 4217 list one (https://www.iso.org/iso-4217-currency-codes.html), without funds codes,
# precious metals and test codes.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a word list reads better than 155 quoted strings
)

LARGEST_INTEGER = 2**63 - 1
"""The largest whole number that the databases hold."""

_MAX_DECIMALS = 9
"""`safe_sum` adds billionths of a unit; see docs/money.md."""

_MOST_SHOWN = 30
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Qualifier(StrEnum):
    """How the source hedges an amount."""

    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Stage(StrEnum):
    """How far a sum is on its way from a word to a payment."""

    ANNOUNCED = "announced"
    SELECTED = "selected"
    BUDGETED = "budgeted"
    DISBURSED = "disbursed"


class MoneySource(StrEnum):
    """Whose money it is."""

    NATIONAL = "national"
    LOCAL = "local"
    PRIVATE = "private"
    MIXED = "mixed"
    UNKNOWN = "unknown"


def _exact(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError(
            "an amount is a whole number or a quoted decimal such as '1234.50':"
            " a floating-point number would lose digits"
        )
    text = plain(value) if isinstance(value, Decimal) else str(value)
    # Decimal itself would take 1_000, NaN and 1e999999999, which no source writes.
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text[:_MOST_SHOWN]!r} is not a decimal number such as 1234.50")
    if text.startswith("-"):
        raise ValueError(f"an amount is zero or more, not {text[:_MOST_SHOWN]}")
    whole, _, decimals = text.partition(".")
    too_long = len(text) > _MOST_SHOWN or len(decimals) > _MAX_DECIMALS
    if too_long or int(whole) > LARGEST_INTEGER:
        raise ValueError(
            f"an amount is at most {LARGEST_INTEGER}, with at most {_MAX_DECIMALS} decimals:"
            " more cannot be added up exactly"
        )
    return Decimal(text)


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError(f"{code!r} is not a currency code of ISO 4217, such as KRW or USD")
    return code


def plain(amount: Decimal) -> str:
    """The amount's digits, without an exponent."""
    return format(amount, "f")


def bounds(
    amount: Decimal,
    qualifier: str | None,
    amount_min: Decimal | None = None,
    amount_max: Decimal | None = None,
) -> tuple[Decimal, Decimal | None]:
    """The least and the most that a sum can be, by what its source says.

    Stated bounds come first. Else a least amount has no upper bound (None), a largest one goes
    down to zero, and a rough one is bounded by nothing: how rough it is, no source says.
    """
    has_least = qualifier in (None, Qualifier.AT_LEAST)
    has_most = qualifier in (None, Qualifier.AT_MOST)
    least = amount if has_least else Decimal(0)
    most = amount if has_most else None
    return (
        least if amount_min is None else amount_min,
        most if amount_max is None else amount_max,
    )


Amount = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(plain, return_type=str)]
Currency = Annotated[str, AfterValidator(_known_currency)]


class Money(BaseModel):
    """A sum as stated.

    `amount_min` and `amount_max` stand only where the source states them; `regrant` is true when
    the sum passes on money that another fact already counts. `stage` and `source` say nothing of
    a sum that nobody pays to anybody (sales, a market's size) and are then left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Amount
    currency: Currency
    qualifier: Qualifier | None = None
    amount_min: Amount | None = None
    amount_max: Amount | None = None
    stage: Stage | None = None
    source: MoneySource | None = None
    regrant: StrictBool = False

    @model_validator(mode="after")
    def _bounds_hold_the_amount(self) -> Self:
        if self.amount_min is not None and self.amount_min > self.amount:
            raise ValueError(f"amount_min {self.amount_min} is above amount {self.amount}")
        if self.amount_max is not None and self.amount_max < self.amount:
            raise ValueError(f"amount_max {self.amount_max} is below amount {self.amount}")
        if self.currency == "KRW" and self.amount != self.amount.to_integral_value():
            raise ValueError(f"{self.amount} KRW is no whole number: the won has no fractions")
        return self

    @property
    def amount_krw(self) -> int | None:
        """The amount as an integer when it is in won; nothing is converted."""
        return int(self.amount) if self.currency == "KRW" else None
