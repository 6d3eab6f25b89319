"""Starts ArcadeDB on a data folder with its HTTP query API open, until stdin ends.

    python benchmarks/arcadedb_http.py FOLDER PORT

graphsvc itself keeps that door shut; here it stands beside graphsvc for comparison.
"""

from __future__ import annotations

import sys
from pathlib import Path

import arcadedb_embedded

from graphsvc.store.engine.folder import DataFolder


def main() -> None:
    """Serve until whoever started this closes its end."""
    folder, port = DataFolder(Path(sys.argv[1])), int(sys.argv[2])
    passwords = folder.read_passwords()
    if passwords is None:
        raise SystemExit(f"{folder.path} has no passwords: is it a data folder of graphsvc?")
    server = arcadedb_embedded.create_server(
        root_path=str(folder.server_root),
        root_password=passwords.root,
        config={"http_port": port, "host": "127.0.0.1", "mode": "production"},
    )
    server.start()
    print("ready", flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
