"""The program where neither it nor HOME can be written, as in a container."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import REPOSITORY, require


def without_rights(*, another_user: bool = False) -> list[str]:
    """What goes before a command so that modes of files hold for it, though root runs the tests."""
    if os.geteuid() != 0:
        return []
    require(shutil.which("setpriv"), "root needs setpriv (util-linux) to test read-only folders")
    if not another_user:
        return ["setpriv", "--bounding-set", "-dac_override"]
    may_read = ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"]
    return ["setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups", *may_read]


@contextmanager
def read_only_program(folder: Path) -> Iterator[dict[str, str]]:
    """A copy of the package that cannot be written, and such a HOME, as variables of a process."""
    program, home = folder / "program", folder / "home"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "graphsvc", program / "graphsvc", ignore=ignored)
    shutil.copytree(REPOSITORY / "cypher", program / "graphsvc" / "cypher")
    home.mkdir()
    folders = [home, program, *(made for made in program.rglob("*") if made.is_dir())]
    for made in folders:
        made.chmod(0o555)
    yield {"PYTHONPATH": str(program), "HOME": str(home)}
    for made in folders:
        made.chmod(0o755)
