"""A seed as it stands in its files: values beside their lines, before they hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from graphsvc.errors import SeedProblem
from graphsvc.model.entity import Document, Entity
from graphsvc.model.fact import AnyFact
from graphsvc.model.seed import Manifest
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.seeding.yaml_source import KeyPath, Mapping, Scalar, line_at

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Item(Generic[T_co]):
    """One curated thing, where it stands; `value` is None where its form is wrong."""

    file: Path
    node: Mapping
    value: T_co | None

    @property
    def id(self) -> str | None:
        """The id as written, also where the rest is wrong."""
        given = self.node.entries.get("id")
        is_text = isinstance(given, Scalar) and isinstance(given.value, str)
        return str(given.value) if is_text else None  # type: ignore[union-attr]

    def line(self, *path: str | int) -> int:
        """The line of a part, or of the whole."""
        return line_at(self.node, path)

    def problem(self, message: str, mend: str = "", *, at: KeyPath) -> SeedProblem:
        """A problem that stands at a part of this thing."""
        return SeedProblem(self.file, self.line(*at), message, mend)


@dataclass
class Draft:
    """Everything read from a folder, and the problems found on the way.

    `incomplete` names the lists ("entities", "documents", "facts") of which a file could not be
    read: what is missing there must not make others dangle.
    """

    folder: Path
    manifest: Manifest | None = None
    vocabulary: Vocabulary | None = None
    documents: list[Item[Document]] = field(default_factory=list)
    entities: list[Item[Entity]] = field(default_factory=list)
    facts: list[Item[AnyFact]] = field(default_factory=list)
    problems: list[SeedProblem] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)

    def ids(self, items: Sequence[Item[object]]) -> set[str]:
        """The ids as written, so that one broken thing does not make others dangle."""
        return {item.id for item in items if item.id is not None}
