"""Turns pydantic's findings into problems a curator understands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from graphsvc.errors import SeedProblem
from graphsvc.model.entity import ID_PATTERN
from graphsvc.model.spelling import nearest
from graphsvc.model.vocabulary import InconsistentVocabularyError
from graphsvc.seeding.yaml_source import KeyPath, Mapping, Node, Scalar, Sequence, line_at

_PATTERNS = {
    ID_PATTERN: (
        "is no id",
        "Use lower-case letters, digits, '-' and '_', at most 100, a letter or digit first.",
    ),
    r"^\S(.*\S)?$": ("begins or ends with a space or runs over a line", "Write it on one line."),
    r"^[0-9a-f]{16}$": ("is no digest", "Write 16 hex digits: 'graphsvc seed anchor' does it."),
    r"^[0-9a-f]{64}$": ("is no SHA-256", "Write the 64 hex digits that sha256sum prints."),
    r"^[A-Z][A-Za-z0-9]{0,49}$": ("is no name of a kind", "Write it like LocalGovernment."),
    r"^[A-Z][A-Z0-9_]{0,49}$": ("is no name of a type", "Write it like PART_OF."),
    r"^[a-z][a-z0-9_]{0,49}$": ("is no name of a metric", "Write it like opening_date."),
    r"^[a-z]{2,3}$": ("is no language code", "Write two or three letters, such as ko."),
}
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def spoken_path(path: KeyPath) -> str:
    """A key path as people write it: `evidence[1].at` (from 1)."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def problems_of(
    error: ValidationError,
    node: Node,
    file: Path,
    model: type[BaseModel],
    reported: Collection[KeyPath] = (),
) -> Iterator[SeedProblem]:
    """One problem for each place in the file that pydantic complains of.

    Parameters
    ----------
    error
        What pydantic found.
    node, file
        What it looked at, and the file that holds it.
    model
        The model that was meant; its keys are the advice on a misspelt one.
    reported
        Places that have a problem already.
    """
    seen = set(reported)
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InconsistentVocabularyError):
            for place, message in cause.problems:
                yield SeedProblem(file, line_at(node, place), f"{message}.")
            continue
        path = _path_in(node, detail["loc"])
        missing = detail["type"] in ("missing", "extra_forbidden")
        whole = (*path, detail["loc"][-1]) if missing and detail["loc"] else path
        if whole in seen or _is_refused(node, path):  # each branch of a union complains anew
            continue
        seen.add(whole)
        message, mend = _worded(detail, path, model)
        yield SeedProblem(file, line_at(node, path), message, mend)


def _path_in(node: Node, location: KeyPath) -> KeyPath:
    """The part of pydantic's location that names keys (it also names models and branches)."""
    path: list[str | int] = []
    for step in location:
        if isinstance(node, Mapping) and step in node.entries:
            node = node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            continue
        path.append(step)
    return tuple(path)


def _is_refused(node: Node, path: KeyPath) -> bool:
    for step in path:
        if isinstance(node, Mapping):
            node = node.entries[str(step)]
        elif isinstance(node, Sequence):
            node = node.items[int(step)]
    return isinstance(node, Scalar) and node.refused


def _worded(detail: Any, path: KeyPath, model: type[BaseModel]) -> tuple[str, str]:
    kind, given = detail["type"], detail["input"]
    where = spoken_path(path)
    if kind == "missing":
        inside = f"{where} has" if where else "there is"
        return f"{inside} no {detail['loc'][-1]!r}.", "Add it."
    if kind == "extra_forbidden":
        place = f" in {spoken_path(path[:-1])}" if path[:-1] else ""
        known = _keys_at(model, path[:-1])
        return f"unknown key {path[-1]!r}{place}.", nearest(str(path[-1]), known)
    if kind in ("enum", "literal_error"):
        allowed = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return f"{where} cannot be {given!r}.", nearest(str(given), allowed.split(", "))
    if kind == "value_error":
        return _worded_value(str(detail["ctx"]["error"]).rstrip("."), given, path)
    return _worded_type(detail, kind, given, where)


def _worded_value(message: str, given: Any, path: KeyPath) -> tuple[str, str]:
    if path == ("value",) and isinstance(given, str) and given[:1].isdigit():
        return f"{message}.", "Where a number is meant, leave the quotes out."
    names_it = not path or message.startswith(f"{path[-1]} ")
    return f"{message}." if names_it else f"{spoken_path(path)}: {message}.", ""


def _worded_type(detail: Any, kind: str, given: Any, where: str) -> tuple[str, str]:
    if kind == "string_pattern_mismatch" and detail["ctx"]["pattern"] in _PATTERNS:
        what, mend = _PATTERNS[detail["ctx"]["pattern"]]
        return f"{where} {str(given)[:100]!r} {what}.", mend
    if kind in ("string_too_short", "too_short"):
        return f"{where} is empty.", "Write it or leave the key out."
    if kind == "string_too_long":
        return f"{where} has more than {detail['ctx']['max_length']} characters.", "Shorten it."
    wanted = _WANTED.get(kind)
    if wanted is None:
        return f"{where}: {detail['msg']}.", ""
    mend = ""
    if wanted == "text" and isinstance(given, int | float) and not isinstance(given, bool):
        mend = f'Quote it: "{given}".'
    return f"{where} must be {wanted}, not {_spoken(given)}.", mend


def _spoken(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)[:60]


def _keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys a model takes at a path, for advice on a misspelt one."""
    current: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, str) and current is not None and step in current.model_fields:
            current = _model_in(current.model_fields[step].annotation) or current
    return list(current.model_fields) if current is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Evidence, ...]` or `Money | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _model_in(argument)) is not None:
            return found
    return None
