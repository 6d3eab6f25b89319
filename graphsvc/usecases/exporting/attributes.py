"""The attributes of nodes and edges that GraphML, GEXF, JSON and CSV share.

Nodes are things and fundings: a sum with several or unstated parties stands on its funding, of
kind `Funding`, and nowhere else. Edges are the relationships between them. Observations are facts
of one thing and no edges; GraphML and GEXF, which are for drawing and reckoning, leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from graphsvc.store.rows import NodeRow, RelationshipRow


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and a type; a list stands as JSON text where a format has no lists."""

    name: str
    type: Literal["string", "long", "boolean"] = "string"


FACT_ATTRIBUTES = (
    Attribute("fact_id"),
    Attribute("program"),
    Attribute("role"),
    Attribute("role_en"),
    Attribute("amount"),
    Attribute("currency"),
    Attribute("amount_krw", "long"),
    Attribute("qualifier"),
    Attribute("amount_min"),
    Attribute("amount_max"),
    Attribute("stage"),
    Attribute("money_source"),
    Attribute("regrant", "boolean"),
    Attribute("modality"),
    Attribute("basis"),
    Attribute("basis_note"),
    Attribute("stated_by"),
    Attribute("period"),
    Attribute("valid_from"),
    Attribute("valid_to"),
    Attribute("period_bounds"),
    Attribute("period_note"),
    Attribute("holds"),
    Attribute("conflicts_with"),
    Attribute("conflict_note"),
    Attribute("note"),
    Attribute("documents"),
    Attribute("evidence"),
    Attribute("recorded_at"),
)
"""What a fact says. Drawing programs take `source` for an edge's end: hence `money_source`."""

NODE_ATTRIBUTES = (
    Attribute("label"),
    Attribute("kind"),
    Attribute("labels"),
    Attribute("name"),
    Attribute("name_en"),
    Attribute("name_en_translated", "boolean"),
    Attribute("aliases"),
    Attribute("document_aliases"),
    Attribute("merged_ids"),
    Attribute("funders"),
    Attribute("recipients"),
    *FACT_ATTRIBUTES,
)
EDGE_ATTRIBUTES = (
    Attribute("label"),
    Attribute("type"),
    Attribute("funding_id"),
    *FACT_ATTRIBUTES,
)

_STORED_AS = {"money_source": "source"}


def node_values(row: NodeRow) -> dict[str, Any]:
    """What a thing or a funding carries, by attribute; what it does not carry is left out."""
    properties = row.properties
    shown: dict[str, Any] = {"labels": list(row.labels)}
    if row.labels[0] == "Funding":
        shown |= {"label": _sum_of(properties), "kind": "Funding"}
    else:
        shown |= {"label": properties["name"]}
    return _values(NODE_ATTRIBUTES, {**properties, **shown})


def edge_values(row: RelationshipRow) -> dict[str, Any]:
    """What a relationship carries, by attribute; one that a funding made carries no amount."""
    return _values(EDGE_ATTRIBUTES, {**row.properties, "label": row.type, "type": row.type})


def fact_values(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact's carrier says, by attribute."""
    return _values(FACT_ATTRIBUTES, properties)


def _values(attributes: tuple[Attribute, ...], held: Mapping[str, Any]) -> dict[str, Any]:
    found = ((item.name, held.get(_STORED_AS.get(item.name, item.name))) for item in attributes)
    return {name: value for name, value in found if value not in (None, [])}


def _sum_of(properties: Mapping[str, Any]) -> str:
    return f"{Decimal(properties['amount']):,f} {properties['currency']}"
