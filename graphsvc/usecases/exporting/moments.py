"""Which facts an export takes by time: those held at an instant, those that a day leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graphsvc.model.period import period_of


@dataclass(frozen=True)
class Moment:
    """A day that facts are asked about, and an instant at which they were held.

    `certain_only` leaves out what is undated or dated in doubt. `known_at` is an instant as it
    stands in the graph.
    """

    as_of: date | None = None
    certain_only: bool = False
    known_at: str | None = None

    @property
    def is_now(self) -> bool:
        """Whether every fact that is held now is meant."""
        return self == NOW

    def knew(self, properties: Mapping[str, Any]) -> bool:
        """Whether something that is held now was held at the instant."""
        return self.known_at is None or properties["recorded_at"] <= self.known_at

    def shown(self, properties: dict[str, Any]) -> dict[str, Any] | None:
        """A fact's properties, with `holds` where a day is asked about; None if it is not meant."""
        if self.as_of is None and not self.certain_only:
            return properties
        when = period_of(properties.get("period"))
        if self.certain_only and not when.certain:
            return None
        if self.as_of is None:
            return properties
        holds = when.holds_on(self.as_of)
        return None if holds is None else {**properties, "holds": holds}


NOW = Moment()
