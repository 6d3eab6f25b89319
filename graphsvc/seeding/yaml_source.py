"""Reads one YAML file of a seed into values that know their lines.

Only the plain part of YAML is taken: mappings, lists, text, whole numbers, decimals, true, false
and null. Whatever two YAML programs might read differently (anchors, tags, merge keys, `no`,
`012`, unquoted dates) is refused, with the line and the way to write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from graphsvc.errors import SeedProblem

MAX_BYTES = 8 * 2**20
_MAX_DEPTH = 16
_TOO_DEEP = f"more than {_MAX_DEPTH} levels of nesting."

# The C parser is about twelve times as fast; every wheel of PyYAML has it. One built from source
# without libyaml still reads the same events, slowly.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,39})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,39})\.[0-9]{1,40}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NEVER = (
    (re.compile("\0"), "a NUL character", "Remove it."),
    # YAML ends a line there and editors do not: line numbers would be off.
    (
        re.compile("\r(?!\n)|[\x85\u2028\u2029]"),
        "a line break other than a line feed",
        "Replace it.",
    ),
)
_TAG = "tag:yaml.org,2002:"

Value: TypeAlias = str | int | float | bool | None
KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list positions (from 0) that lead to a value."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value and its text.

    `quoted` is true where it stood in quotes or was a block text, `refused` where it has a
    problem already.
    """

    value: Value
    text: str
    line: int
    quoted: bool
    refused: bool = False

    def plain(self) -> Value:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: list[Node]
    line: int

    def plain(self) -> list[Any]:
        """The values alone."""
        return [item.plain() for item in self.items]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, and the line of each of its keys."""

    entries: dict[str, Node]
    lines: dict[str, int]
    line: int

    def plain(self) -> dict[str, Any]:
        """The values alone."""
        return {key: node.plain() for key, node in self.entries.items()}


Node: TypeAlias = Scalar | Sequence | Mapping


def line_at(node: Node, path: KeyPath) -> int:
    """The line of the value at a path, or of the last part of the path that exists."""
    line = node.line
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            line, node = node.lines[str(step)], node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line = node.line
        else:
            break
    return line


class UnreadableError(Exception):
    """A file that cannot be read as YAML at all; it leaves seeding as a problem of a SeedError."""

    def __init__(self, problem: SeedProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_text(path: Path, name: Path) -> str:
    """The text of a seed file.

    Parameters
    ----------
    path
        The file.
    name
        What problems call it.

    Raises
    ------
    UnreadableError
        When it is no regular file, too large, not UTF-8, or has a NUL.
    """
    try:
        if not path.is_file():
            raise UnreadableError(SeedProblem(name, 1, "this is not a regular file."))
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableError(
                SeedProblem(
                    name,
                    1,
                    f"the file has {size:,} bytes; {MAX_BYTES:,} is the most that is read.",
                    "Split it into several files.",
                )
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            SeedProblem(name, 1, f"the file cannot be read: {error.strerror}.")
        ) from None
    return _decoded(data, name)


def _decoded(data: bytes, name: Path) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            SeedProblem(name, line, "this is not UTF-8.", "Save the file as UTF-8.")
        ) from None
    for pattern, what, mend in _NEVER:
        if (found := pattern.search(text)) is not None:
            line = text.count("\n", 0, found.start()) + 1
            raise UnreadableError(SeedProblem(name, line, f"the file holds {what}.", mend))
    return text.replace("\r\n", "\n")


def parse(text: str, name: Path) -> tuple[Node, list[SeedProblem]]:
    """The file's one value, and what is wrong with its parts.

    Costs about 1.5 microseconds a token with the C parser.

    Raises
    ------
    UnreadableError
        When it is empty, broken, or uses a part of YAML that is refused as a whole (anchors,
        aliases, several documents, mappings as keys).
    """
    build = _Build(name)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            build.take(event)
    except yaml.YAMLError as error:
        raise UnreadableError(_broken(error, text, name)) from None
    if build.root is None:
        raise UnreadableError(SeedProblem(name, 1, "the file is empty."))
    return build.root, build.problems


def _broken(error: yaml.YAMLError, text: str, name: Path) -> SeedProblem:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        what = getattr(error, "problem", None) or "it cannot be parsed"
        line = min(mark.line, text.rstrip().count("\n")) + 1  # the parser may be past the end
        if "nesting depth" in what:  # the parser has a limit too, and reads ahead of us
            return SeedProblem(name, line, _TOO_DEEP, "Flatten it.")
        return SeedProblem(name, line, f"broken YAML: {what}.", "Mend the syntax.")
    position = getattr(error, "position", 0)
    line = text.count("\n", 0, position) + 1
    reason = getattr(error, "reason", None) or str(error)
    return SeedProblem(name, line, f"broken YAML: {reason}.", "Remove the character.")


@dataclass
class _Open:
    """A collection whose end has not come yet; `key` is the mapping's key in waiting."""

    node: Sequence | Mapping
    key: tuple[str, int] | None = None


@dataclass
class _Build:
    """Turns the parser's events into a tree, one event at a time (no recursion)."""

    name: Path
    root: Node | None = None
    problems: list[SeedProblem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._start(event, Mapping({}, {}, _line(event)))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._start(event, Sequence([], _line(event)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, "an alias (*) stands here.", "Write the value out.")
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._refuse(event, "a second YAML document begins here.", "Remove the '---'.")

    def _refuse(self, event: Any, message: str, mend: str) -> None:
        raise UnreadableError(SeedProblem(self.name, _line(event), message, mend))

    def _problem(self, line: int, message: str, mend: str = "") -> None:
        self.problems.append(SeedProblem(self.name, line, message, mend))

    def _start(self, event: Any, node: Sequence | Mapping) -> None:
        self._bare(event)
        if self._awaits_key():
            self._refuse(event, "a mapping's key must be text.", "Quote it.")
        if len(self.stack) >= _MAX_DEPTH:
            self._refuse(event, _TOO_DEEP, "Flatten it.")
        self._place(node)
        self.stack.append(_Open(node))

    def _bare(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse(event, f"an anchor (&{event.anchor}) stands here.", "Write values out.")
        if event.tag is not None:
            self._problem(_line(event), f"a tag ({event.tag}) stands here.", "Remove it.")

    def _awaits_key(self) -> bool:
        top = self.stack[-1] if self.stack else None
        return top is not None and isinstance(top.node, Mapping) and top.key is None

    def _scalar(self, event: Any) -> None:
        self._bare(event)
        line = _line(event)
        text = event.value
        quoted = bool(event.style)  # None or "" where it is plain
        self._check_text(text, line)
        if self._awaits_key():
            self._key(text, quoted, line)
            return
        if quoted:
            self._place(Scalar(text, text, line, quoted=True))
        else:
            self._place(self._resolved(text, line))

    def _key(self, text: str, quoted: bool, line: int) -> None:
        top = self.stack[-1]
        mapping = top.node
        assert isinstance(mapping, Mapping)  # noqa: S101 - _awaits_key has asked
        kind = None if quoted else implicit_kind(text)
        if kind == "merge":
            self._problem(line, "a merge key (<<) stands here.", "Write the values out.")
        elif kind is not None:
            self._problem(
                line, f"the key {text} is read as {_SPOKEN[kind][0]}.", f'Quote it: "{text}".'
            )
        if text in mapping.entries:
            self._problem(
                line,
                f"the key {text!r} stands twice, first in line {mapping.lines[text]}.",
                "Keep one of them.",
            )
        top.key = (text, line)

    def _check_text(self, text: str, line: int) -> None:
        if text.isascii() and text.isprintable():
            return
        if _CONTROL.search(text):
            self._problem(line, f"{text[:40]!r} holds a control character.", "Remove it.")
        if not unicodedata.is_normalized("NFC", text):
            self._problem(
                line,
                f"{text[:40]!r} is not in Unicode form NFC.",
                "Run 'graphsvc seed format', which writes it so.",
            )

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(node)
        elif top.key is not None:
            key, line = top.key
            top.node.entries.setdefault(key, node)
            top.node.lines.setdefault(key, line)
            top.key = None

    def _resolved(self, text: str, line: int) -> Scalar:
        """What an unquoted text stands for, where every YAML program agrees on that."""
        kind = implicit_kind(text)
        value: Value
        if kind is None:
            value = text
        elif kind == "null":
            value = None
        elif text in ("true", "false"):
            value = text == "true"
        elif _INTEGER.fullmatch(text):
            value = int(text)
        elif _DECIMAL.fullmatch(text):
            value = float(text)
        else:
            what, instead = _SPOKEN[kind]
            mend = f'{instead}: "{text}".'
            self._problem(line, f"{text} without quotes is read as {what}.", mend)
            return Scalar(text, text, line, quoted=False, refused=True)
        return Scalar(value, text, line, quoted=False)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


_SPOKEN = {
    "bool": ("true or false", "Write true or false, or quote it"),
    "int": ("a number", "Write plain digits, or quote it"),
    "float": ("a number", "Write plain digits, or quote it"),
    "timestamp": ("a date", "Quote it"),
    "merge": ("a merge key", "Quote it"),
    "null": ("null", "Quote it"),
    "value": ("a default value", "Quote it"),
    "yaml": ("a directive", "Quote it"),
}


@lru_cache(maxsize=65_536)  # keys, kinds and types come again and again
def implicit_kind(text: str) -> str | None:
    """What YAML 1.1 takes an unquoted text for, when it is not text."""
    for tag, pattern in _candidates(text[:1]):
        if pattern.match(text):
            return str(tag).removeprefix(_TAG)
    return None


def _candidates(first: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    resolvers: dict[str, list[tuple[str, re.Pattern[str]]]]
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    yield from resolvers.get(first, ())
