"""A service over the packaged seed, on a data folder of its own, for programs that call it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.first_start import free_port, wait_until_ready

REPOSITORY = Path(__file__).resolve().parent.parent


@contextmanager
def serving_the_packaged_seed() -> Iterator[str]:
    """Its address while it runs; it is ready for reads."""
    with tempfile.TemporaryDirectory(prefix="graphsvc-clients-") as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        service = subprocess.Popen(
            [sys.executable, "-m", "graphsvc", "serve", "--port", str(port)],
            env={**os.environ, "GRAPHSVC_DATA_DIR": folder},
            cwd=REPOSITORY,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(url, service)
            yield url
        finally:
            service.terminate()
            service.wait(60)
