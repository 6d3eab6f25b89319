"""What all formats share: what a file says of itself, and a writer that turns rows into bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from graphsvc import __version__
from graphsvc.model.time_question import TimeQuestion
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.state import GraphState
from graphsvc.usecases.exporting.parts import Part
from graphsvc.usecases.exporting.source import Section


@dataclass(frozen=True)
class About:
    """Where a file comes from and what it holds. No time of day: equal graphs, equal bytes."""

    state: GraphState
    vocabulary: Vocabulary
    part: Part
    time: TimeQuestion

    @property
    def generator(self) -> str:
        """The program that wrote it."""
        return f"graphsvc {__version__}"

    def facts(self) -> dict[str, Any]:
        """By name, in one order, without what does not apply.

        The graph does not keep its seed's licence, so the file says where that stands.
        """
        state, time = self.state, self.time
        known = {
            "seed": state.seed_id,
            "title": state.seed_title,
            "graph_version": state.version,
            "loaded_at": state.loaded_at,
            "generator": self.generator,
            "part": self.part.text,
            "as_of": time.as_of.isoformat() if time.as_of else None,
            "undated": "exclude" if time.certain_only else None,
            "known_at": time.known_at,
            "licence": f"that of the facts of seed {state.seed_id}; its seed.yaml names it",
        }
        return {name: value for name, value in known.items() if value is not None}


class Writer(ABC):
    """Turns rows into the bytes of one file; it is handed each of its sections in order.

    It keeps no more than it needs for the next few rows, and knows no database.
    """

    sections: ClassVar[tuple[Section, ...]]

    def __init__(self, about: About) -> None:
        self._about = about

    def begin(self) -> bytes:
        """What stands before everything."""
        return b""

    def open(self, section: Section) -> bytes:  # noqa: ARG002 - most need it, not all
        """What stands before the first row of a section."""
        return b""

    @abstractmethod
    def add(self, section: Section, row: Any) -> bytes:
        """One row; it may be kept until the section is closed."""

    def close(self, section: Section) -> bytes:  # noqa: ARG002
        """What stands after the last row of a section."""
        return b""

    def end(self) -> bytes:
        """What makes the file whole; it is written only if no load was in the way."""
        return b""
