"""Relationships read aloud, by the sentences that the vocabulary has for their types."""

from __future__ import annotations

import re

from graphsvc.model.choices import Language
from graphsvc.model.korean import PARTICLES, settled
from graphsvc.model.vocabulary import RelationshipType

_SLOT = re.compile(rf"\{{(subject|object)\}}({PARTICLES})?")


def read_aloud(
    joined: RelationshipType,
    subject: str,
    object_: str,
    *,
    forward: bool = True,
    language: Language = Language.KO,
) -> str:
    """The sentence that a relationship is, told from its subject or (backward) its object.

    Korean particles fit the names. The sentence is the type's alone: whether it is planned, how
    much and when stand beside it.
    """
    reading = joined.reads.forward if forward else joined.reads.backward
    names = {"subject": subject, "object": object_}

    def fill(slot: re.Match[str]) -> str:
        name = names[slot[1]]
        return name + (settled(name, slot[2]) if slot[2] else "")

    return _SLOT.sub(fill, getattr(reading, language))
