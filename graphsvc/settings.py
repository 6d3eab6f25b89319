"""Settings from the environment (`GRAPHSVC_*`); no other module reads a setting there."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableError

from graphsvc import paths
from graphsvc.errors import SettingsError
from graphsvc.files import read_bounded

_MOST_PASSWORD_BYTES = 2**16
_EXAMPLES = {
    "allowed_hosts": "example.org",
    "cors_origins": "https://example.org",
    "trusted_proxies": "10.0.0.7",
}
"""One of each list, by field."""
MAX_PATH_LENGTH = 15
"""The upper bound that is advised for a path of any length."""

_ORIGIN = re.compile(r"^(\*|https?://[^/\s]+)$")
_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")
_BOLT = re.compile(r"^(bolt|neo4j)(\+s|\+ssc)?://[^/\s]+$")


class Folders(BaseSettings):
    """Where files are kept: what an analysis must know that reads no database."""

    model_config = SettingsConfigDict(
        env_prefix="GRAPHSVC_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # a secret may stand where it should not
    )

    data_dir: Path = Field(
        default_factory=paths.default_data_dir,
        description="folder of the embedded database and of analyses",
    )
    kernel_cache_dir: Path | None = Field(
        None, description="folder of compiled kernels; unset: the package's, or in the data folder"
    )

    @field_validator("*")
    @classmethod
    def _from_the_home_folder(cls, value: object) -> object:
        """`~` as a shell reads it, which it does not within quotes or in a container's settings."""
        if isinstance(value, Path):
            with suppress(RuntimeError):  # who has no home needs none for an analysis
                return value.expanduser()
        return value


class Settings(Folders):
    """Everything an operator can set; the description of each field is its documentation."""

    uri: str | None = Field(
        None, description="bolt:// or neo4j:// address of a Neo4j server; unset: embedded database"
    )
    user: str = Field("neo4j", description="Neo4j user")
    password: SecretStr | None = Field(None, description="Neo4j password")
    password_file: Path | None = Field(None, description="file that holds the Neo4j password")
    database: str = Field("neo4j", description="Neo4j database name")
    reader_user: str | None = Field(
        None, description="Neo4j user without write rights, for read-only Cypher (Enterprise)"
    )
    reader_password: SecretStr | None = Field(None, description="password of that user")
    seed_dir: Path = Field(
        default_factory=paths.packaged_seed_dir, description="seed folder that is loaded"
    )
    queries_dir: Path | None = Field(
        None, description="folder with named queries of your own (.cypher files)"
    )
    engine_memory_mb: int = Field(
        1024, ge=256, description="most memory the embedded database's Java heap may take, MiB"
    )
    read_timeout_s: float = Field(
        30, gt=0, le=600, description="time after which a read is stopped, seconds"
    )
    max_statements: int = Field(
        8, ge=1, le=64, description="most analyst statements that run at one time"
    )
    max_exports: int = Field(
        4, ge=1, le=64, description="most exports that are sent at one time by each worker"
    )
    max_path_length: int = Field(
        MAX_PATH_LENGTH,
        ge=0,
        le=1000,
        description="upper bound that a statement's unbounded pattern over several types or none"
        " is refused for; 0 lets it run",
    )
    max_rows: int = Field(
        10_000, ge=1, le=1_000_000, description="most rows an analyst's statement returns"
    )
    max_result_bytes: int = Field(
        32 * 2**20, ge=2**10, description="most bytes an analyst's statement returns"
    )
    state_max_age_s: float = Field(
        1.0, ge=0, le=60, description="how old the known graph version may be, seconds"
    )
    cache_bytes: int = Field(
        64 * 2**20, ge=0, description="most bytes of finished answers kept in memory; 0: none"
    )
    analysis_processes: int = Field(
        2, ge=1, le=64, description="most analyses that run at one time; others wait"
    )
    analysis_memory_mb: int = Field(
        8192, ge=64, description="most memory an analysis may be expected to take, MiB"
    )
    cors_origins: list[str] = Field(
        [], description='web origins whose pages may read the answers (JSON list); ["*"]: any'
    )
    allowed_hosts: list[str] = Field(
        [],
        description='Host headers answered besides loopback (JSON list); ["*"] answers any',
    )
    root_path: str = Field(
        "", description="prefix of every path where a proxy serves under one, such as /graph"
    )
    trusted_proxies: list[str] = Field(
        ["127.0.0.1", "::1"],
        description='proxies whose X-Forwarded headers are believed (JSON list); ["*"]: any',
    )

    @field_validator("*")
    @classmethod
    def _is_somewhere(cls, value: object) -> object:
        if isinstance(value, Path) and value.parts[:1] and value.parts[0].startswith("~"):
            raise ValueError(f"{value} is in no home folder: write the folder out")
        return value

    @field_validator("uri")
    @classmethod
    def _speaks_bolt(cls, uri: str | None) -> str | None:
        if uri is None:
            return None
        if "@" in uri:
            raise ValueError(
                "a user or password stands in the address: write bolt://host:port, and give them"
                " as GRAPHSVC_USER and GRAPHSVC_PASSWORD"
            )
        if not _BOLT.match(uri):
            raise ValueError(f"{uri!r} is no bolt://host:port or neo4j://host:port address")
        return uri

    @field_validator("root_path")
    @classmethod
    def _is_a_prefix(cls, root_path: str) -> str:
        if not _ROOT_PATH.fullmatch(root_path):
            raise ValueError(f"{root_path!r} is no path: write it as /graph")
        return root_path.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, proxies: list[str]) -> list[str]:
        for proxy in proxies:
            try:
                if proxy != "*":
                    ip_network(proxy)
            except ValueError:
                raise ValueError(
                    f"{proxy!r} is no address or network: write 10.0.0.7 or 10.0.0.0/8"
                ) from None
        return proxies

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            if not _ORIGIN.match(origin):
                raise ValueError(f"{origin!r} is no origin: write https://example.org, or *")
        return origins

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password is not None and self.password_file is not None:
            raise ValueError("set GRAPHSVC_PASSWORD or GRAPHSVC_PASSWORD_FILE, not both")
        if self.uri is not None and self.password is None and self.password_file is None:
            raise ValueError(
                "GRAPHSVC_URI is set without a password: set GRAPHSVC_PASSWORD"
                " or GRAPHSVC_PASSWORD_FILE"
            )
        if (self.reader_user is None) != (self.reader_password is None):
            raise ValueError(
                "GRAPHSVC_READER_USER and GRAPHSVC_READER_PASSWORD go together: set both or none"
            )
        return self

    @property
    def embedded(self) -> bool:
        """Whether the embedded database is used."""
        return self.uri is None

    def neo4j_password(self) -> str:
        """The Neo4j password from the variable or the file.

        Raises
        ------
        SettingsError
            When the file cannot be read.
        """
        if self.password is not None:
            return self.password.get_secret_value()
        if self.password_file is None:
            raise SettingsError(
                "No Neo4j password is set.", mend="Set GRAPHSVC_PASSWORD.", field="password"
            )
        try:
            return read_bounded(self.password_file, _MOST_PASSWORD_BYTES).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
            raise SettingsError(
                f"The password file {self.password_file} cannot be read: {reason}.",
                mend="Check GRAPHSVC_PASSWORD_FILE.",
                field="password_file",
            ) from error


def without_secrets(uri: str) -> str:
    """An address as it may be shown: what stands before its last `@` may be a password."""
    before, at, host = uri.rpartition("@")
    scheme, found, _ = before.partition("://")
    return (
        f"{scheme}{found}(not shown){at}{host}"
        if found
        else f"(not shown){at}{host}"
        if at
        else uri
    )


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; overrides (command-line flags) win over the environment.

    Raises
    ------
    SettingsError
        Naming the first variable that is wrong, and why.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except UnreadableError as error:
        field = next(name for name in _EXAMPLES if f'"{name}"' in str(error))
        raise SettingsError(
            f"GRAPHSVC_{field.upper()} is no JSON list.",
            mend=f"Write it as GRAPHSVC_{field.upper()}='[\"{_EXAMPLES[field]}\"]'.",
            field=field,
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = "_".join(str(part) for part in first["loc"])
        name = f"GRAPHSVC_{where.upper()}: " if where else ""
        raise SettingsError(
            f"{name}{first['msg'].removeprefix('Value error, ')}.", field=where or None
        ) from error
