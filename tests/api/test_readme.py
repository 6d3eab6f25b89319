"""The README keeps its word: its answer is real, its links lead somewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.api.conftest import Api
from tests.conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text("utf-8")
ANSWER = re.compile(r"<!-- answer: (\S+) -->\n```json\n(.*?)```", re.DOTALL)


def is_part_of(part: Any, whole: Any) -> bool:
    """Whether `part` is `whole` with fields and items left out."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and is_part_of(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(
            any(is_part_of(item, candidate) for candidate in whole) for item in part
        )
    return bool(part == whole)


def test_the_answer_it_shows_is_the_services_own(packaged: Api) -> None:
    path, shown = ANSWER.search(README).groups()

    assert is_part_of(json.loads(shown), packaged.ok(path))
    assert f"localhost:8000{path}'" in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)h][^)]*)\)", README))))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (REPOSITORY / link).exists()
