"""Cases of several parameters: every combination, of which short runs try some."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product
from typing import Any

import pytest


def combinations(
    names: str, *values: Sequence[Any], always: Collection[tuple[Any, ...]]
) -> pytest.MarkDecorator:
    """Every combination as a case; all but those that are `always` tried are marked."""
    cases = product(*values)
    marked = pytest.mark.combination
    return pytest.mark.parametrize(
        names,
        [pytest.param(*case, marks=() if case in always else marked) for case in cases],
    )
