"""A small seed to begin with: invented names, one article, facts of all three forms."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from graphsvc.errors import InvalidInputError
from graphsvc.model.entity import ID_PATTERN
from graphsvc.paths import packaged_seed_dir
from graphsvc.seeding.reading import MANIFEST, VOCABULARY

_TEMPLATE = Path(__file__).parent / "template"
_TEMPLATE_ID = "id: my-seed"


def write_template(folder: Path) -> None:
    """Write a valid seed into a new or empty folder.

    The seed's id is the folder's name where that can be an id, so that two such seeds are two.

    Raises
    ------
    InvalidInputError
        When the folder is not empty, is no folder, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InvalidInputError(
                f"{folder} is not empty.", mend="Name a new or empty folder.", field="dir"
            )
        shutil.copytree(
            _TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
        shutil.copyfile(packaged_seed_dir() / VOCABULARY, folder / VOCABULARY)
        _give_id(folder)
    except (FileExistsError, NotADirectoryError):
        raise InvalidInputError(
            f"{folder} is no folder.", mend="Name a new or empty folder.", field="dir"
        ) from None
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInputError(
            f"{folder} cannot be written: {reason}.", mend="Name another folder.", field="dir"
        ) from error


def _give_id(folder: Path) -> None:
    name = folder.resolve().name
    if re.fullmatch(ID_PATTERN, name) and not name.isdigit():
        manifest = folder / MANIFEST
        text = manifest.read_text("utf-8").replace(_TEMPLATE_ID, f"id: {name}")
        manifest.write_text(text, "utf-8")
