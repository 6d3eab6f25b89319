"""What goes into `POST /v1/cypher` and what comes out, value by value."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from graphsvc.api.http.bodies import Body
from graphsvc.api.models import GraphVersionNumber
from graphsvc.store.guard import MAX_LENGTH

MOST_SECONDS = 60
_MOST_ROWS = 1_000_000_000


def _whole(value: object) -> object:
    # To JSON 5.0 is a whole number too.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class CypherRequest(Body):
    """A statement, with what it needs."""

    statement: str = Field(
        min_length=1,
        max_length=MAX_LENGTH,
        description="One Cypher statement that only reads.",
    )
    parameters: dict[str, Any] = Field(
        {}, description="Values for its $names: null, booleans, 64-bit numbers, text, lists, maps."
    )
    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=_MOST_ROWS)] | None = Field(
        None,
        description="Most rows. As JSON at most GRAPHSVC_MAX_ROWS, which is also what is taken"
        " without it; as NDJSON any number, and all rows without it.",
    )
    timeout: Annotated[float, Field(gt=0, le=MOST_SECONDS)] | None = Field(
        None,
        description="Seconds after which it is stopped, rows still to be sent included; without"
        " it GRAPHSVC_READ_TIMEOUT_S, at most 60.",
    )


class _Typed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NodeValue(_Typed):
    """A node; its `id` is among its properties."""

    kind: Literal["node"] = Field(alias="$type")
    labels: list[str] = Field(description="In alphabetical order.")
    properties: dict[str, Any]


class RelationshipValue(_Typed):
    """A relationship."""

    kind: Literal["relationship"] = Field(alias="$type")
    type: str
    start: str | None = Field(description="`id` of the node it comes from.")
    end: str | None = Field(description="`id` of the node it goes to.")
    properties: dict[str, Any]


class PathValue(_Typed):
    """A path: its nodes in order, and the relationships between them."""

    kind: Literal["path"] = Field(alias="$type")
    nodes: list[NodeValue]
    relationships: list[RelationshipValue]


class PointValue(_Typed):
    """A point in the coordinate system with this SRID."""

    kind: Literal["point"] = Field(alias="$type")
    srid: int
    coordinates: list[Any]


class TextValue(_Typed):
    """What JSON has no form for, as text: times ISO 8601, bytes base64, numbers in digits.

    `integer` only from 2^53 on, `float` only NaN, Infinity and -Infinity.
    """

    kind: Literal[
        "date", "time", "localtime", "datetime", "localdatetime", "duration", "bytes", "integer",
        "float",
    ] = Field(alias="$type")  # fmt: skip
    value: str


class MapValue(_Typed):
    """A map that has a key `$type` of its own."""

    kind: Literal["map"] = Field(alias="$type")
    value: dict[str, Any]


Value = Annotated[
    NodeValue
    | RelationshipValue
    | PathValue
    | PointValue
    | TextValue
    | MapValue
    | dict[str, Any]
    | list[Any]
    | str
    | float
    | int
    | bool
    | None,
    Field(description="null, true, numbers, text, lists and maps are themselves; all else an"
    " object with `$type`. The same holds inside lists and maps."),
]  # fmt: skip


class CypherAnswer(BaseModel):
    """A statement's rows."""

    model_config = ConfigDict(extra="forbid")

    columns: list[str]
    rows: list[list[Value]] = Field(description="A list for each row, in the order of `columns`.")
    truncated: bool = Field(description="Whether there were more rows than `limit`.")
    ms: float = Field(description="Milliseconds from the question to the last row.")
    graph_version: GraphVersionNumber
