"""Reads `.cypher` files: one statement each, with a header that says what goes in and comes out.

The header is a block of `//` lines at the top::

    // name: funding_by_ministry
    // why: Whom a ministry funds, and how much of it is stated.
    // timeout_s: 10
    // param: ministry string Id of the ministry.
    // param: limit integer = 100 Most rows.
    // returns: center string Name of the center.

A parameter without a default is required; defaults are JSON. Types are string, integer, float,
boolean and date, and `list of` those; columns may also be map, node, relationship, path or any.
graphsvc's own files, under `load/`, `read/` and `schema/`, may also take maps and declare slots
(`// slot: label ...`): places written `__LABEL__` that are filled with checked identifiers, because
Cypher takes no parameter there, or with a fragment: another file's text. Named queries may not.
`__NODE(e)__` and `__LINK(r)__` are conditions of `read/ours/`: that graphsvc wrote `e`, or `r`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from graphsvc.errors import InvalidInputError, QueryFileError
from graphsvc.files import read_bounded
from graphsvc.model.spelling import did_you_mean
from graphsvc.store.parameter_values import ENTITY, SCALARS, read_value

DEFAULT_TIMEOUT_S = 30.0
MAX_TIMEOUT_S = 600.0
_LONGEST_ECHO = 80
_MOST_BYTES = 2**20
REQUIRED = object()
"""Stands for "no default": the caller must give the parameter."""

_NAME = re.compile(r"^[a-z][a-z0-9_]{0,59}$")
_IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,59}$")
_SLOT = re.compile(r"__([A-Z]+)__")
_OURS = re.compile(r"__([A-Z]+)\((\w+)\)__")
_HEADER = re.compile(r"^//\s*(name|why|timeout_s|param|returns|slot):\s*(.*?)\s*$")
_TYPED = re.compile(r"^(\w+)\s+((?:list of )?\w+)\s*(.*)$")
_PARAMETER_TYPES = {*SCALARS, *(f"list of {name}" for name in SCALARS)}
_INTERNAL_TYPES = {"map", "list of map"}
_COLUMN_TYPES = {
    *(name for name in _PARAMETER_TYPES if not name.endswith(ENTITY)),
    *_INTERNAL_TYPES,
    *{"node", "relationship", "path", "any"},
}


@dataclass(frozen=True)
class Parameter:
    """One value a statement takes; `default` is `REQUIRED` where there is none."""

    name: str
    type: str
    text: str
    default: Any = REQUIRED


@dataclass(frozen=True)
class Column:
    """One value of each row a statement returns; it may be null."""

    name: str
    type: str
    text: str


@dataclass(frozen=True)
class Statement:
    """One `.cypher` file; `source` is all of it, `first_line` where `text` begins in it."""

    name: str
    why: str
    text: str
    path: Path
    source: str = field(default="", repr=False)
    first_line: int = 1
    timeout_s: float = DEFAULT_TIMEOUT_S
    parameters: tuple[Parameter, ...] = ()
    returns: tuple[Column, ...] = ()
    slots: tuple[str, ...] = ()

    def fill(self, **values: str | Iterable[str]) -> str:
        """The statement's text with every slot filled.

        A value is an identifier, several (joined by `:`, as labels are written), or the text of
        a `Fragment`.

        Raises
        ------
        ValueError
            When a slot stays empty or a value is no plain identifier.
        """
        unused = set(values)

        def replace(match: re.Match[str]) -> str:
            slot = match[1].lower()
            if slot not in values:
                raise ValueError(f"{self.name} needs the slot {slot!r}")
            unused.discard(slot)
            value = values[slot]
            if isinstance(value, Fragment):
                return _SLOT.sub(replace, value)
            return _identifiers(value)

        text = _SLOT.sub(replace, self.text)
        if unused:
            raise ValueError(f"{self.name} has no slot {sorted(unused)[0]!r}")
        return text

    def for_each(self, slot: str, values: Iterable[str], **others: str | Iterable[str]) -> str:
        """The statement once for each value of a slot, joined by UNION ALL."""
        return "\nUNION ALL\n".join(self.fill(**{slot: value}, **others) for value in values)

    def bind(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Values for every parameter: the given ones, checked, and the defaults.

        Texts are read as the type says (a command line has nothing else).

        Raises
        ------
        InvalidInputError
            When one is unknown, missing or of another type.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                near = did_you_mean(name, known)
                raise InvalidInputError(
                    f"{self.name} has no parameter {_brief(name)}.",
                    mend=near or f"It takes: {', '.join(known) or 'none'}.",
                    field=name[:_LONGEST_ECHO],
                )
        return {name: _bound(self.name, known[name], given) for name in known}


class Fragment(str):
    """A part of a statement, read from a file of its own, that may fill a slot."""

    __slots__ = ()


def any_of(types: Iterable[str]) -> Fragment:
    """Relationship types, of which a relationship may have any, for a pattern's slot."""
    return Fragment(_identifiers(types, "|"))


def _identifiers(value: str | Iterable[str], between: str = ":") -> str:
    names = (value,) if isinstance(value, str) else tuple(value)
    for name in names:
        if not _IDENTIFIER.match(name):
            raise ValueError(f"{name!r} is not a plain identifier")
    return between.join(names)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}..."


def _bound(statement: str, parameter: Parameter, given: Mapping[str, Any]) -> Any:
    value = given.get(parameter.name, parameter.default)
    if value is REQUIRED:
        raise InvalidInputError(
            f"{statement} needs the parameter {parameter.name!r}: {parameter.text}",
            field=parameter.name,
        )
    if value is None:
        return None
    try:
        return read_value(parameter.type, value)
    except (KeyError, TypeError, ValueError):
        raise InvalidInputError(
            f"{parameter.name} of {statement} is a {parameter.type}, not {_brief(value)}.",
            field=parameter.name,
        ) from None


@dataclass
class _Header:
    fields: dict[str, str] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    returns: list[Column] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)


def read_statement(path: Path, *, internal: bool = False) -> Statement:
    """Read one file; `internal` ones may take maps and have slots.

    Raises
    ------
    QueryFileError
        Naming file and line.
    """
    try:
        source = read_bounded(path, _MOST_BYTES).decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise QueryFileError(f"{path} cannot be read as UTF-8 text: {reason}.") from error
    lines = source.splitlines()
    header = _Header()
    body_from = 0
    for number, line in enumerate(lines, start=1):
        if not line.startswith("//"):
            break
        body_from = number
        _read_header_line(header, line, f"{path}:{number}", internal=internal)
    while body_from < len(lines) and not lines[body_from].strip():
        body_from += 1
    body = "\n".join(lines[body_from:]).rstrip()
    statement = _statement(path, header, body, internal=internal)
    return replace(statement, source=source, first_line=body_from + 1)


def _read_header_line(header: _Header, line: str, where: str, *, internal: bool) -> None:
    match = _HEADER.match(line)
    if match is None:
        raise QueryFileError(
            f"{where}: {line!r} is no header line.",
            mend="Write // name:, why:, timeout_s:, param: or returns:.",
        )
    key, value = match.groups()
    if key == "param":
        allowed = _PARAMETER_TYPES | (_INTERNAL_TYPES if internal else set())
        header.parameters.append(_read_parameter(value, where, allowed))
    elif key == "returns":
        name, type_name, text = _read_typed(value, where, _COLUMN_TYPES)
        header.returns.append(Column(name, type_name, text))
    elif key == "slot" and internal:
        header.slots.append(value.split()[0] if value else "")
    elif key == "slot" or key in header.fields:
        raise QueryFileError(f"{where}: {key} cannot stand here.")
    else:
        header.fields[key] = value


def _read_typed(value: str, where: str, allowed: set[str]) -> tuple[str, str, str]:
    match = _TYPED.match(value)
    if match is None:
        raise QueryFileError(f"{where}: write a name, a type and a text, not {value!r}.")
    name, type_name, text = match.groups()
    if type_name not in allowed:
        raise QueryFileError(
            f"{where}: {type_name!r} is no type.", mend=f"Types are: {', '.join(sorted(allowed))}."
        )
    return name, type_name, text


def _read_parameter(value: str, where: str, allowed: set[str]) -> Parameter:
    name, type_name, text = _read_typed(value, where, allowed)
    if not text.startswith("="):
        return Parameter(name, type_name, text)
    try:
        default, end = json.JSONDecoder().raw_decode(text[1:].lstrip())
        if default is not None:
            default = read_value(type_name, default)
    except (KeyError, TypeError, ValueError):
        raise QueryFileError(
            f"{where}: the default of {name} is no {type_name} in JSON: {text!r}."
        ) from None
    return Parameter(name, type_name, text[1:].lstrip()[end:].strip(), default)


def _statement(path: Path, header: _Header, body: str, *, internal: bool) -> Statement:
    name = header.fields.get("name", "")
    if not _NAME.match(name) or name != path.stem:
        raise QueryFileError(f"{path}:1: name is {name!r}, not {path.stem!r} as the file's.")
    if not body:
        raise QueryFileError(f"{path}: holds no statement.")
    if not internal and not header.returns:
        raise QueryFileError(f"{path}: names no columns.", mend="Add // returns: lines.")
    for names in ([p.name for p in header.parameters], [c.name for c in header.returns]):
        if len(set(names)) != len(names):
            raise QueryFileError(f"{path}: a parameter or column is declared twice.")
    if {slot.lower() for slot in _SLOT.findall(body)} != set(header.slots):
        raise QueryFileError(f"{path}: the slots in the text are not those of the header.")
    _check_parameters_used(path, header, body)
    return Statement(
        name=name,
        why=header.fields.get("why", ""),
        text=body,
        path=path,
        timeout_s=_timeout(path, header.fields.get("timeout_s")),
        parameters=tuple(header.parameters),
        returns=tuple(header.returns),
        slots=tuple(header.slots),
    )


def _check_parameters_used(path: Path, header: _Header, body: str) -> None:
    declared = {parameter.name for parameter in header.parameters}
    used = set(re.findall(r"\$(\w+)", body))
    if undeclared := used - declared:
        raise QueryFileError(f"{path}: ${sorted(undeclared)[0]} is used but not declared.")
    if not header.slots and (idle := declared - used):
        raise QueryFileError(f"{path}: the parameter {sorted(idle)[0]} is declared but not used.")


def _timeout(path: Path, text: str | None) -> float:
    if text is None:
        return DEFAULT_TIMEOUT_S
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= MAX_TIMEOUT_S:
        raise QueryFileError(f"{path}: timeout_s is a number of seconds up to {MAX_TIMEOUT_S:g}.")
    return seconds


class Catalog:
    """The project's own statements, read once: `catalog["read/lists/entities"]`.

    Raises
    ------
    QueryFileError
        At the first bad file.
    """

    def __init__(self, folder: Path) -> None:
        ours = folder / "read" / "ours"
        self._ours = {path.stem.upper(): path.read_text("utf-8") for path in ours.glob("*.cypher")}
        self._statements = {
            path.relative_to(folder).with_suffix("").as_posix(): self._read(path)
            for part in ("schema", "admin", "load", "read")
            for path in sorted((folder / part).rglob("*.cypher"))
            if path.parent.name not in ("fragments", "ours")
        }
        self._fragments = {
            path.stem: Fragment(self._with_ours(path.read_text("utf-8").strip()))
            for path in (folder / "read" / "fragments").glob("*.cypher")
        }

    def _read(self, path: Path) -> Statement:
        statement = read_statement(path, internal=True)
        return replace(statement, text=self._with_ours(statement.text))

    def _with_ours(self, text: str) -> str:
        """The text, with what `__NODE(e)__` stands for: that graphsvc wrote `e`."""

        def condition(match: re.Match[str]) -> str:
            lines = self._ours[match[1]].splitlines()
            code = " ".join(line.strip() for line in lines if not line.startswith("//"))
            return "(" + re.sub(r"\bx\b", match[2], code) + ")"

        return _OURS.sub(condition, text)

    def __getitem__(self, name: str) -> Statement:
        return self._statements[name]

    def fragment(self, name: str) -> Fragment:
        """A part of a statement, from `read/fragments/`."""
        return self._fragments[name]
