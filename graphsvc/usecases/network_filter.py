"""Which relationships of a graph are the edges of a network."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphsvc.analysis.weighting import Weight


@dataclass(frozen=True)
class NetworkFilter:
    """Which relationships make the network; what is None does not matter.

    Parameters
    ----------
    types
        Relationship types; None: those that analyses count, which leaves out POSSIBLY_SAME.
    kinds
        Kinds, or ancestors of them, that both ends must be of.
    as_of
        Only what this day does not rule out; what is undated stays.
    certain_only
        Leave out what is undated or dated in doubt.
    basis
        `stated` or `implied`.
    modality
        `actual` or `planned`.
    min_amount_krw
        Least sum of its own, in won.
    directed
        Whether edges have a direction, from subject to object; those of symmetric types then lead
        both ways. Without, both directions of a pair add up.
    project, through
        Together: the kind of the nodes that stay, and the kind of what joins two of them. Where
        one is an ancestor of the other, the narrower goes first. The result has no directions.
    weight
        What an edge weighs; see `graphsvc.analysis.weighting`, or for a projection
        `graphsvc.analysis.projection`, which knows counts alone.
    stage
        Stage of the sum: those of two stages may be one, told twice.
    isolates
        Keep the nodes (of the kinds) that no edge joins.
    """

    types: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    as_of: date | None = None
    certain_only: bool = False
    basis: str | None = None
    modality: str | None = None
    min_amount_krw: int | None = None
    directed: bool = True
    project: str | None = None
    through: str | None = None
    weight: Weight = "count"
    stage: str | None = None
    isolates: bool = False

    def plain(self) -> dict[str, object]:
        """The filter as JSON has it; names in order, each once."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return sorted(set(value))
    return value.isoformat() if isinstance(value, date) else value
