"""Shapes that answers of every topic share: the closed model, pages, amounts, instants.

All other models stand beside the endpoints that answer with them.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")

InstantText = Annotated[
    str, Field(description="RFC 3339, UTC", examples=["2026-05-21T09:00:00.000000Z"])
]
Amount = Annotated[str, Field(description="Decimal digits, as stated", examples=["28700000000"])]
GraphVersionNumber = Annotated[
    int, Field(description="The load that made the graph this was read from.")
]


class Closed(BaseModel):
    """A shape with these members and no others."""

    model_config = ConfigDict(extra="forbid")


class IntegerValue(Closed):
    """A whole number that readers of JSON would change: from 2^53 on, or below -2^53."""

    kind: Literal["integer"] = Field(alias="$type")
    value: str = Field(description="Its digits.", examples=["9007199254740993"])


class Page(Closed, Generic[Item]):
    """A page of a list."""

    items: list[Item] = Field(description="The rows of this page.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last one.")
    total: int | None = Field(
        description="How many rows the whole list had when its first page was read; null where"
        " counting would be dear."
    )
    graph_version: GraphVersionNumber
