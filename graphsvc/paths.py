"""Where things stand on disk: the Cypher files, the packaged seed, the data folder."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A folder of the repository's top level, or its copy inside an installed package."""
    checkout = _PACKAGE.parent / name
    return checkout if checkout.is_dir() and _is_checkout() else _PACKAGE / name


def _is_checkout() -> bool:
    # `site-packages/seed` may be anybody's; only beside our own pyproject.toml is it ours.
    return (_PACKAGE.parent / "pyproject.toml").is_file()


def cypher_dir() -> Path:
    """The folder that holds every Cypher statement of the project."""
    return _shipped("cypher")


def packaged_seed_dir() -> Path:
    """The seed that ships with graphsvc."""
    return _shipped("seed")


def default_data_dir() -> Path:
    """The user's data folder for the embedded database (not created here).

    It begins with `~` for a user who has no home folder, as one who is but a number.
    """
    try:
        return Path(platformdirs.user_data_dir("graphsvc", appauthor=False))
    except RuntimeError:
        return Path("~/.local/share/graphsvc")
