"""docs/settings.md lists every setting, with its default."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
ROWS = re.findall(
    r"^\| `GRAPHSVC_([A-Z_]+)` \| (.+?) \| (.+) \|$", DOCUMENTATION.read_text("utf-8"), re.M
)
FOLDERS = {"data_dir": "the user's data folder", "seed_dir": "the packaged seed"}


def shown(value: Any) -> str:
    """A default as it would be written in the environment."""
    if value is None or value == "":
        return "not set"
    if isinstance(value, list):
        return f"`{json.dumps(value, separators=(',', ':'))}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def test_every_setting_is_documented_once_and_in_order() -> None:
    assert [name.lower() for name, _, _ in ROWS] == list(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_documented_default_is_the_default(name: str) -> None:
    default = next(default for variable, default, _ in ROWS if variable.lower() == name)
    assert default == (FOLDERS.get(name) or shown(Settings.model_fields[name].default))
