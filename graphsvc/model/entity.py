"""Things in the world, and the documents that speak of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from graphsvc.model.period import Edtf

ID_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,99}$"

Slug = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""A readable id: lower-case letters, digits, `-` and `_`. Unique, never reused."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^\S(.*\S)?$")]


def _one_day(value: object) -> date:
    # pydantic would also take seconds since 1970 and times of day.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise ValueError(f"{value!r} is not a day: write it like 2024-05-21")
    return day


Day = Annotated[date, BeforeValidator(_one_day)]
"""A calendar day, written like 2024-05-21."""


class Entity(BaseModel):
    """One thing in the world: an organization, a program, a place, a person.

    `aliases` are other spellings anybody may use; `document_aliases` are words that mean this
    thing inside one document only, by document id. `merged_ids` are ids of entities that turned
    out to be this one. `name_en_translated` is true when `name_en` is our plain translation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    kind: str
    name: Name
    name_en: Name
    name_en_translated: StrictBool = False
    aliases: tuple[Name, ...] = ()
    document_aliases: dict[str, tuple[Name, ...]] = Field(default_factory=dict)
    merged_ids: tuple[Slug, ...] = ()
    note: str | None = None


class Document(BaseModel):
    """A source: who published it, when, and what it is about in our own words.

    `publisher` is null where the document names none; `carrier` is the portal that carried it;
    `published` comes from the byline or dateline alone; `sha256` is the stored file's digest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    publisher: Name | None
    carrier: Name | None = None
    published: Edtf | None = None
    retrieved: Day | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    description: str
