"""How a seed's YAML is laid out: which keys come first, what stands on one line, what is quoted.

The text depends on the values and comments alone, so laying it out twice changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from graphsvc.seeding.comments import entry_lines_inside
from graphsvc.seeding.yaml_source import Mapping, Node, Scalar, Sequence, implicit_kind

WIDTH = 100

# YAML 1.2 and other programs read these as numbers or truth values, PyYAML (1.1) or not.
_NUMBER = re.compile(
    r"[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[0-9][0-9_]*(:[0-9]+)*\.?[0-9_]*"
    r"|\.[0-9_]+|([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)[eE][-+]?[0-9]+|\.(inf|nan))",
    re.IGNORECASE,
)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_NOT_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`=<~ ")
_NOT_IN_FLOW = frozenset(",[]{}:?#")


@dataclass(frozen=True)
class Shape:
    """How one mapping, or each mapping of a list, is laid out.

    `order` names keys in the order they stand in (others follow as given); `flow` puts the
    mapping on one line; `quoted` keys' texts are always quoted; `inner` shapes what is under a
    key, `each` what is under every other; `spaced` puts a blank line between a list's items.
    """

    order: tuple[str, ...] = ()
    flow: bool = False
    quoted: frozenset[str] = frozenset()
    inner: dict[str, Shape] = field(default_factory=dict)
    each: Shape | None = None
    spaced: bool = False

    def under(self, key: str) -> Shape:
        """The shape of what is under a key."""
        return self.inner.get(key) or self.each or _PLAIN


_PLAIN = Shape()


def lay_out(root: Mapping, shape: Shape, comments: dict[int, list[str]]) -> str:
    """The text of a file.

    Parameters
    ----------
    root
        The file's mapping.
    shape
        How it is laid out.
    comments
        Whole-line comments by the line of the entry they stand above; under 0, at the end.
    """
    layout = _Layout({line: list(texts) for line, texts in comments.items()})
    lines = [*layout.mapping(root, shape, 0), *comments.get(0, ())]
    return "\n".join(lines) + "\n"


class _Layout:
    """Writes nodes as lines and places each comment above the entry it belongs to."""

    def __init__(self, comments: dict[int, list[str]]) -> None:
        self.comments = comments

    def mapping(self, node: Mapping, shape: Shape, indent: int) -> Iterator[str]:
        pad = " " * indent
        for key in _ordered(node, shape):
            yield from self._above(node.lines[key], pad)
            head = f"{pad}{_text(key, flow=False)}:"
            yield from self._value(head, node.entries[key], shape, key, indent)

    def _above(self, line: int, pad: str) -> Iterator[str]:
        for comment in self.comments.pop(line, ()):
            yield pad + comment

    def _value(self, head: str, node: Node, shape: Shape, key: str, indent: int) -> Iterator[str]:
        under = shape.under(key)
        if isinstance(node, Scalar):
            yield from _scalar_lines(head, node, key in shape.quoted, indent)
        elif (line := self._on_one_line(node, under, len_columns(head) + 1)) is not None:
            yield f"{head} {line}"
        elif isinstance(node, Mapping):
            yield head
            yield from self.mapping(node, under, indent + 2)
        else:
            yield head
            yield from self._sequence(node, under, indent + 2)

    def _on_one_line(self, node: Mapping | Sequence, shape: Shape, before: int) -> str | None:
        """A collection as one line, or None where it takes several."""
        if not (node.items if isinstance(node, Sequence) else node.entries):
            return "[]" if isinstance(node, Sequence) else "{}"
        if not self.comments.keys().isdisjoint(entry_lines_inside(node)):
            return None
        if isinstance(node, Mapping):
            return one_line(node, shape) if shape.flow else None
        if not all(isinstance(item, Scalar) for item in node.items):
            return None
        text = one_line(node, shape)
        return text if before + len_columns(text) <= WIDTH else None

    def _sequence(self, node: Sequence, shape: Shape, indent: int) -> Iterator[str]:
        pad = " " * indent
        for position, item in enumerate(node.items):
            if shape.spaced and position:
                yield ""
            yield from self._above(item.line, pad)
            if isinstance(item, Mapping) and item.entries:
                # What stands above the entry that comes first stands above the whole item.
                yield from self._above(item.lines[_ordered(item, shape)[0]], pad)
            yield from self._item(item, shape, indent)

    def _item(self, item: Node, shape: Shape, indent: int) -> Iterator[str]:
        head = " " * indent + "-"
        if isinstance(item, Scalar):
            yield from _scalar_lines(head, item, False, indent)
        elif (line := self._on_one_line(item, shape, indent + 2)) is not None:
            yield f"{head} {line}"
        elif isinstance(item, Mapping):
            first, *others = self.mapping(item, shape, indent + 2)
            yield f"{head} {first.lstrip()}"
            yield from others
        else:
            yield head
            yield from self._sequence(item, shape, indent + 2)


def _ordered(node: Mapping, shape: Shape) -> list[str]:
    known = [key for key in shape.order if key in node.entries]
    return known + [key for key in node.entries if key not in shape.order]


def one_line(node: Node, shape: Shape, quoted: bool = False) -> str:
    """A node in YAML's flow style."""
    if isinstance(node, Scalar):
        return _scalar(node, quoted, flow=True)
    if isinstance(node, Sequence):
        return f"[{', '.join(one_line(item, shape) for item in node.items)}]"
    entries = (
        f"{_text(key, flow=True)}: "
        + one_line(node.entries[key], shape.under(key), key in shape.quoted)
        for key in _ordered(node, shape)
    )
    return f"{{{', '.join(entries)}}}"


def _scalar_lines(head: str, node: Scalar, quoted: bool, indent: int) -> Iterator[str]:
    text = _scalar(node, quoted, flow=False)
    if len_columns(head) + 1 + len_columns(text) > WIDTH and not quoted and _can_fold(node.value):
        yield f"{head} >-"
        yield from _folded(str(node.value), indent + 2)
    else:
        yield f"{head} {text}"


def _can_fold(value: object) -> bool:
    """Whether a text is words with single spaces between: then line breaks can stand for them."""
    words = value.split(" ") if isinstance(value, str) else []
    return len(words) > 1 and all(word and word.isprintable() for word in words)


def _folded(text: str, indent: int) -> Iterator[str]:
    pad = " " * indent
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and indent + len_columns(longer) > WIDTH:
            yield pad + line
            longer = word
        line = longer
    yield pad + line


def _scalar(node: Scalar, quoted: bool, *, flow: bool) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, str):
        return _in_quotes(node.value) if quoted else _text(node.value, flow=flow)
    return node.text  # as written: 12.50 stays 12.50


def _text(text: str, *, flow: bool) -> str:
    return text if _is_safe(text, flow) else _in_quotes(text)


def _is_safe(text: str, flow: bool) -> bool:
    """Whether every YAML program reads the text without quotes as this text."""
    if not text or not text.isprintable() or text[0] in _NOT_FIRST or text[-1] in " :":
        return False
    if ": " in text or " #" in text or (flow and not _NOT_IN_FLOW.isdisjoint(text)):
        return False
    return not (
        text.casefold() in _WORDS or _NUMBER.fullmatch(text) or implicit_kind(text) is not None
    )


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def _in_quotes(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08X}"
    return f"\\u{code:04X}" if code > 0xFF else f"\\x{code:02X}"


def len_columns(text: str) -> int:
    """The columns a text takes where Hangul and Han characters are two wide."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
