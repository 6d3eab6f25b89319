"""Settings from the environment: every slip is told with the variable and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.errors import SettingsError
from graphsvc.settings import load_settings, without_secrets


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
        ({"DATA_DIR": "~nobody-of-this-name/x"}, "GRAPHSVC_DATA_DIR: .*write the folder out"),
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


@pytest.mark.parametrize(
    "uri",
    [
        "bolt://neo4j:s3cret@localhost:7687",
        "neo4j://neo4j:s3cret@localhost",
        "neo4j+s://:s3cret@localhost:7687",
        "bolt://neo4j:a/s3cret@b@localhost:7687",
        "http://neo4j:s3cret@localhost:7474",
        "neo4j:s3cret@localhost",
        "bolt://neo4j:s3cret@",
    ],
)
def test_a_password_in_the_address_is_refused_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("GRAPHSVC_URI", uri)
    monkeypatch.setenv("GRAPHSVC_PASSWORD", "x")
    with pytest.raises(SettingsError, match=r"GRAPHSVC_URI: .*GRAPHSVC_PASSWORD") as refused:
        load_settings()
    error: BaseException | None = refused.value
    while error is not None:
        assert "s3cret" not in str(error) + repr(error)
        error = error.__cause__
    assert "s3cret" not in without_secrets(uri)


@pytest.mark.parametrize(
    "name", ["data_dir", "kernel_cache_dir", "seed_dir", "queries_dir", "password_file"]
)
def test_a_folder_below_the_home_folder_may_be_written_with_a_tilde(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(f"GRAPHSVC_{name.upper()}", "~/x")
    assert getattr(load_settings(), name) == tmp_path / "x"


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(load_settings(uri="bolt://localhost:7687", password="secret"))
