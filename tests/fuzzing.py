"""Runs schemathesis, all checks on, on a service over the packaged seed.

    python tests/fuzzing.py --max-examples 300      # the long form; CI runs a short one

The service is started on a data folder of its own and ended afterwards. Exits with what
schemathesis exits with: 0 when it found nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.packaged_service import REPOSITORY, serving_the_packaged_seed


def main() -> int:
    """Start, fuzz, end."""
    parser = argparse.ArgumentParser(description="schemathesis against the service")
    parser.add_argument("--max-examples", type=int, default=30, help="cases of each operation")
    given = parser.parse_args()
    with serving_the_packaged_seed() as url:
        return subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                *("run", f"{url}/openapi.json", "--checks", "all"),
                # An analysis is a process of seconds: they are started, and not waited for.
                *("--header", "Prefer: respond-async"),
                *("--max-examples", str(given.max_examples)),
            ],
            cwd=REPOSITORY,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
