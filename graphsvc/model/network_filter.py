"""Which relationships of a graph are the edges of a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from graphsvc.errors import InvalidInputError
from graphsvc.model.choices import Weight
from graphsvc.model.fact import Basis, Modality
from graphsvc.model.money import LARGEST_INTEGER, Stage
from graphsvc.model.spelling import nearest
from graphsvc.model.time_question import TimeQuestion
from graphsvc.model.vocabulary import RequestedKind, RequestedType, Vocabulary

MODALITIES = (Modality.ACTUAL.value, Modality.PLANNED.value)
_LONGEST_ECHO = 80


T = TypeVar("T")

_FROM_JSON = Field(strict=False)
_Several = Annotated[tuple[T, ...], Field(strict=False, min_length=1, max_length=50)] | None


def _says(description: str) -> Any:
    return Field(description=description)


@dataclass(frozen=True)
class NetworkFilter:
    """Which relationships make the network; what is None does not matter.

    What its annotations say beside the types is what the API asks of a request's `filter`. Anyone
    else may give plain texts: `check_filter` looks at all of them.

    Parameters
    ----------
    types
        Relationship types; None: those that analyses count, which leaves out POSSIBLY_SAME.
    kinds
        Kinds, or ancestors of them, that both ends must be of.
    as_of
        Only what this day does not rule out; what is undated stays.
    certain_only
        Leave out what is not dated at both ends, or dated in doubt.
    basis
        `stated` or `implied`.
    modality
        `actual` or `planned`.
    min_amount_krw
        Least sum of its own, in won.
    directed
        Whether edges have a direction, from subject to object; those of symmetric types then lead
        both ways. Without, both directions of a pair add up. None: unless all types are symmetric.
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

    types: Annotated[
        _Several[RequestedType], _says("Relationship types; null: all that count.")
    ] = None
    kinds: Annotated[_Several[RequestedKind], _says("Kinds that both ends must be of.")] = None
    as_of: date | None = None
    certain_only: Annotated[
        bool, _says("Leave out what is not dated at both ends, or dated in doubt.")
    ] = False
    basis: Annotated[Basis, _FROM_JSON] | None = None
    modality: Literal["actual", "planned"] | None = None
    min_amount_krw: Annotated[int, Field(ge=0, le=LARGEST_INTEGER)] | None = None
    directed: Annotated[
        bool | None,
        _says("Whether edges have a direction; null: unless all types are symmetric."),
    ] = None
    project: Annotated[
        RequestedKind | None, _says("With `through`: join things of this kind by what they share.")
    ] = None
    through: Annotated[RequestedKind | None, _says("The kind of what they share.")] = None
    weight: Annotated[Weight, _FROM_JSON] = Weight.COUNT
    stage: Annotated[Stage, _FROM_JSON] | None = None
    isolates: Annotated[bool, _says("Keep things that no edge joins.")] = False

    @property
    def time(self) -> TimeQuestion:
        """What it asks of facts' periods."""
        return TimeQuestion(self.as_of, self.certain_only)

    @property
    def narrows(self) -> bool:
        """Whether it may leave out a good part of the relationships, or joins nodes anew."""
        return any((self.types, self.kinds, self.basis, self.modality, self.min_amount_krw,
                    self.project, self.stage))  # fmt: skip

    def plain(self) -> dict[str, object]:
        """The filter as JSON has it; names in order, each once."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in values.items()}

    def settled(self, vocabulary: Vocabulary) -> NetworkFilter:
        """The filter with `directed` as the network has it; what was asked for wins."""
        if self.project is not None:
            return replace(self, directed=False)
        if self.directed is not None:
            return self
        counted = [name for name, joined in vocabulary.types.items() if joined.analysed]
        known = [vocabulary.types.get(name) for name in self.types or counted]
        symmetric = all(joined is not None and joined.symmetric for joined in known)
        return replace(self, directed=not symmetric)

    @classmethod
    def of(cls, **asked: Any) -> NetworkFilter:
        """A filter of what a person wrote: texts, which `check_filter` looks at."""
        return cls(**asked)

    @classmethod
    def of_plain(cls, content: dict[str, Any]) -> NetworkFilter:
        """What `plain` made, perhaps in another version; what is left out does not matter.

        Raises
        ------
        InvalidInputError
            When it is something else.
        """
        asked = dict(content)
        try:
            for name in ("types", "kinds"):
                asked[name] = tuple(asked[name]) if asked.get(name) else None
            if asked.get("as_of") is not None:
                asked["as_of"] = date.fromisoformat(asked["as_of"])
            return cls(**asked)
        except (TypeError, ValueError):
            raise InvalidInputError("This is no filter of a network.", field="filter") from None


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return sorted(set(value))
    return value.isoformat() if isinstance(value, date) else value


def check_filter(vocabulary: Vocabulary, wanted: NetworkFilter) -> None:
    """Look at every name and value.

    Raises
    ------
    InvalidInputError
        When the filter names what the vocabulary does not have, or contradicts itself.
    """
    kinds, types = vocabulary.kinds, vocabulary.types
    _check_names("types", wanted.types, types, "relationship type")
    _check_names("kinds", wanted.kinds, kinds, "kind")
    for field, value, known, what in (
        ("basis", wanted.basis, tuple(Basis), "basis"),
        ("modality", wanted.modality, MODALITIES, "modality of a relationship"),
        ("stage", wanted.stage, tuple(Stage), "stage"),
        ("weight", wanted.weight, tuple(Weight), "rule of weights"),
        ("project", wanted.project, kinds, "kind"),
        ("through", wanted.through, kinds, "kind"),
    ):
        _check_names(field, None if value is None else (value,), known, what)
    least = wanted.min_amount_krw
    if least is not None and not 0 <= least <= LARGEST_INTEGER:
        raise InvalidInputError(
            f"min_amount_krw is {least}.",
            mend=f"Give a whole number from 0 to {LARGEST_INTEGER}.",
            field="min_amount_krw",
        )
    _check_projection(wanted)


def _check_names(
    field: str, names: tuple[str, ...] | None, known: Iterable[str], what: str
) -> None:
    if names is None:
        return
    known = list(known)
    if not names:
        raise InvalidInputError(
            f"{field} names none.", mend=f"Name a {what}, or leave it out.", field=field
        )
    for name in names:
        if name not in known:
            raise InvalidInputError(
                f"There is no {what} {str(name)[:_LONGEST_ECHO]!r}.",
                mend=nearest(str(name), known),
                field=field,
            )


def _check_projection(wanted: NetworkFilter) -> None:
    if wanted.project is None and wanted.through is None:
        return
    if wanted.project is None or wanted.through is None:
        missing = "project" if wanted.project is None else "through"
        raise InvalidInputError(
            f"A projection needs project and through, and {missing} is not given.",
            mend="Give both: the kind of the nodes that stay, and of what they share.",
            field=missing,
        )
    if wanted.project == wanted.through:
        raise InvalidInputError(
            f"project and through are both {wanted.project}.",
            mend="Choose two kinds, or leave both out.",
            field="through",
        )
    if wanted.weight != Weight.COUNT:
        raise InvalidInputError(
            f"A projection weighs what nodes share, and cannot go by {wanted.weight}.",
            mend="Leave weight out.",
            field="weight",
        )
