"""Settings from the environment: every slip is told with the variable and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.errors import SettingsError
from graphsvc.settings import load_settings


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ALLOWED_HOSTS": "example.org"}, "GRAPHSVC_ALLOWED_HOSTS is no JSON list"),
        ({"MAX_ROWS": "many"}, "GRAPHSVC_MAX_ROWS: .*integer"),
        ({"READ_TIMEOUT_S": "0"}, "GRAPHSVC_READ_TIMEOUT_S: .*greater than 0"),
        ({"URI": "http://localhost:7474", "PASSWORD": "x"}, "GRAPHSVC_URI: .*bolt://host:port"),
        ({"URI": "bolt://localhost:7687"}, "without a password"),
        ({"PASSWORD": "x", "PASSWORD_FILE": "/y"}, "not both"),
        ({"READER_USER": "reader"}, "set both or none"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"GRAPHSVC_{name}", value)

    with pytest.raises(SettingsError, match=said):
        load_settings()


def test_the_password_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret word\n", "utf-8")

    settings = load_settings(uri="bolt://localhost:7687", password_file=file)

    assert settings.neo4j_password() == "secret word"


def test_a_password_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    settings = load_settings(uri="bolt://localhost:7687", password_file=tmp_path / "absent")

    with pytest.raises(SettingsError, match=r"absent cannot be read.*GRAPHSVC_PASSWORD_FILE"):
        settings.neo4j_password()


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(load_settings(uri="bolt://localhost:7687", password="secret"))
