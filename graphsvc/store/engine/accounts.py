"""The database's two users: `root`, and `reader`, who may read records and nothing else.

The engine reads them from two files, which are written anew before each start: so whoever
changed them by hand, or lost the password file, gets working and minimal rights again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from graphsvc.files import atomic_write
from graphsvc.store.engine.folder import (
    DATABASE,
    READER_USER,
    USER,
    Passwords,
)

# The passwords are 256 random bits: stretching them would protect nothing and would cost every
# new connection some 50 ms.
_ITERATIONS = 1024


def write_accounts(config_dir: Path, passwords: Passwords) -> None:
    """Write `server-users.jsonl` and `server-groups.json` for the engine."""
    config_dir.mkdir(parents=True, exist_ok=True)
    users = [
        {"name": USER, "databases": {"*": ["admin"]}, "password": _hash(passwords.root)},
        {
            "name": READER_USER,
            "databases": {DATABASE: ["reader"]},
            "password": _hash(passwords.reader),
        },
    ]
    _write(config_dir / "server-users.jsonl", "\n".join(json.dumps(user) for user in users))
    _write(config_dir / "server-groups.json", json.dumps(_GROUPS))


def _hash(password: str) -> str:
    """The engine's stored form; its salt is the base64 text itself, not the bytes behind it."""
    salt = base64.b64encode(secrets.token_bytes(32)).decode()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ITERATIONS)
    return f"PBKDF2WithHmacSHA256${_ITERATIONS}${salt}${base64.b64encode(digest).decode()}"


def _group(rights: list[str], records: list[str]) -> dict[str, Any]:
    # resultSetLimit would cut scans inside a query and make its aggregates wrong.
    return {
        "resultSetLimit": -1,
        "readTimeout": -1,
        "access": rights,
        "types": {"*": {"access": records}},
    }


_GROUPS = {
    "version": 2,
    "databases": {
        "*": {
            "groups": {
                "admin": _group(
                    ["updateSecurity", "updateSchema", "updateDatabaseSettings"],
                    ["createRecord", "readRecord", "updateRecord", "deleteRecord"],
                ),
                "*": _group([], []),
            }
        },
        DATABASE: {"groups": {"reader": _group([], ["readRecord"]), "*": _group([], [])}},
    },
}


def _write(file: Path, text: str) -> None:
    with atomic_write(file, mode=0o600) as stream:
        stream.write(text.encode())
