"""The question of time that reads are asked: a day, without doubt, as held at an instant.

The fragments `holds.cypher` and `known.cypher` say the same to the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from graphsvc.model.choices import Undated
from graphsvc.model.period import Period


def known_by(instant: str | None, recorded_at: str) -> bool:
    """Whether what was recorded at an instant was known by another; None is now."""
    return instant is None or recorded_at <= instant


@dataclass(frozen=True, slots=True)
class TimeQuestion:
    """Which facts are meant by their periods, and by when they were recorded.

    Parameters
    ----------
    as_of
        Only what this day does not rule out; what is undated stays.
    certain_only
        Only what is dated at both ends, and without doubt.
    known_at
        Only what was recorded by this instant; a text as instants stand in the graph.
    """

    as_of: date | None = None
    certain_only: bool = False
    known_at: str | None = None

    @classmethod
    def of(cls, as_of: date | None, undated: str, known_at: str | None = None) -> TimeQuestion:
        """The question as the API and the command line are asked it."""
        return cls(as_of, undated == Undated.EXCLUDE, known_at)

    @property
    def asks_for_periods(self) -> bool:
        """Whether any period is left out."""
        return self.as_of is not None or self.certain_only

    def keeps(self, period: Period) -> bool:
        """Whether facts of this period are meant."""
        if self.certain_only and not period.certain:
            return False
        return self.as_of is None or period.holds_on(self.as_of) is not None

    def knew(self, recorded_at: str) -> bool:
        """Whether what was recorded at an instant is meant."""
        return known_by(self.known_at, recorded_at)

    def parameters(self) -> dict[str, Any]:
        """What a statement with the fragment `holds` takes; days are texts in the graph."""
        return {
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "certain_only": self.certain_only,
        }


ANY_TIME = TimeQuestion()
"""Every fact that is held now."""
