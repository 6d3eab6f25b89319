"""Runs schemathesis, all checks on, on a service over the packaged seed.

    python tests/fuzzing.py --max-examples 300      # the long form; CI runs a short one

The service is started on a data folder of its own and ended afterwards. Exits with what
schemathesis exits with: 0 when it found nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.first_start import free_port, wait_until_ready

REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> int:
    """Start, fuzz, end."""
    parser = argparse.ArgumentParser(description="schemathesis against the service")
    parser.add_argument("--max-examples", type=int, default=30, help="cases of each operation")
    given = parser.parse_args()
    program = Path(sys.executable)
    with tempfile.TemporaryDirectory(prefix="graphsvc-fuzzing-") as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        service = subprocess.Popen(
            [program, "-m", "graphsvc", "serve", "--port", str(port)],
            env={**os.environ, "GRAPHSVC_DATA_DIR": folder},
            cwd=REPOSITORY,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(url, service)
            return subprocess.run(
                [
                    program.with_name("schemathesis"),
                    *("run", f"{url}/openapi.json", "--checks", "all"),
                    # An analysis is a process of seconds: they are started, and not waited for.
                    *("--header", "Prefer: respond-async"),
                    *("--max-examples", str(given.max_examples)),
                ],
                cwd=REPOSITORY,
                check=False,
            ).returncode
        finally:
            service.terminate()
            service.wait(60)


if __name__ == "__main__":
    sys.exit(main())
