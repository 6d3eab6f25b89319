"""Finds the comments of a YAML file, so that formatting can keep every one of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import yaml

from graphsvc.errors import SeedProblem
from graphsvc.seeding.yaml_source import LOADER, Mapping, Node, Sequence


def comments_above(
    text: str, root: Node, name: Path
) -> tuple[dict[int, list[str]], list[SeedProblem]]:
    """The comments that stand on lines of their own, by the line of the entry they stand above.

    Comments below the last entry are under line 0.

    Returns
    -------
    tuple
        The comments, and a problem for each that stands behind a value: there is no telling
        where it would belong once its line is laid out anew.
    """
    entries = sorted(set(_entry_lines(root)))
    found: dict[int, list[str]] = {}
    problems = []
    for line, comment, alone in _comments(text):
        if not alone:
            mend = "Put it on a line of its own, above what it speaks of."
            problems.append(SeedProblem(name, line, "a comment stands behind a value.", mend))
            continue
        position = bisect_right(entries, line)
        owner = entries[position] if position < len(entries) else 0
        found.setdefault(owner, []).append(comment)
    return found, problems


def entry_lines_inside(node: Node) -> set[int]:
    """The lines on which a collection's keys and items begin."""
    return set(_entry_lines(node))


def _entry_lines(node: Node) -> Iterator[int]:
    if isinstance(node, Mapping):
        for key, inner in node.entries.items():
            yield node.lines[key]
            yield from _entry_lines(inner)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield item.line
            yield from _entry_lines(item)


def _comments(text: str) -> Iterator[tuple[int, str, bool]]:
    """Line, text, and whether it has the line to itself, of every comment in order."""
    position = 0
    for start, end, block in _scalars(text):
        yield from _comments_in(text, position, start)
        if block:  # the rest of the line that opens a block text is no part of the text
            header = text.find("\n", start)
            yield from _comments_in(text, start, header if header >= 0 else end)
        position = max(position, end)
    yield from _comments_in(text, position, len(text))


def _scalars(text: str) -> Iterator[tuple[int, int, bool]]:
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.ScalarEvent):
            start, end = event.start_mark, event.end_mark
            if start is not None and end is not None:
                yield start.index, end.index, event.style in ("|", ">")


def _comments_in(text: str, start: int, end: int) -> Iterator[tuple[int, str, bool]]:
    """Comments in a stretch that holds no scalar."""
    while 0 <= (at := text.find("#", start, end)) < end:
        stop = text.find("\n", at)
        stop = stop if stop >= 0 else len(text)
        begin = text.rfind("\n", 0, at) + 1
        line = text.count("\n", 0, at) + 1
        yield line, text[at:stop].rstrip(), not text[begin:at].strip()
        start = stop
