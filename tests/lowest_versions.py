"""Fails unless the lowest versions that pyproject.toml names are those that are installed.

    uv pip install --resolution lowest-direct -e '.[test]'
    python tests/lowest_versions.py

A floor below what another dependency asks for is never tested, and so it is no floor.
"""

from __future__ import annotations

import importlib.metadata
import sys

from packaging.requirements import Requirement
from packaging.version import Version


def main() -> int:
    """Compare each requirement of the program and its tests with what is installed."""
    wrong = []
    for text in importlib.metadata.requires("graphsvc") or []:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": "test"}):
            continue
        installed = importlib.metadata.version(requirement.name)
        floors = [each.version for each in requirement.specifier if each.operator in (">=", "==")]
        if [Version(floor) for floor in floors] != [Version(installed)]:
            wrong.append(f"{requirement.name}: installed {installed}, declared {floors or 'none'}")
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
