"""The rules by which edges are weighed; `weighting` says what each means."""

from __future__ import annotations

from typing import Literal

Weight = Literal["count", "amount_krw", "log_amount"]
