"""Cases of several parameters: each value of each, and which pairs of them only long runs try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest


def combinations(
    names: str, *values: Sequence[Any], always: Callable[[int, Any], bool]
) -> pytest.MarkDecorator:
    """Every combination as a case; all but those at which `always` is true are marked.

    `always` takes the place of the first value among its kind and the tuple of the others.
    """
    cases = []
    for first, *others in product(*values):
        kept = always(values[0].index(first), tuple(others))
        marks = () if kept else pytest.mark.combination
        cases.append(pytest.param(first, *others, marks=marks))
    return pytest.mark.parametrize(names, cases)
