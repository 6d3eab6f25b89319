"""Facts and relationships as readers see them: names beside ids, evidence taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from graphsvc.model.evidence import evidence_parts
from graphsvc.model.fact import AnyFact
from graphsvc.model.period import period_of
from graphsvc.store.database import Row
from graphsvc.store.rows import MONEY_FIELDS, fact_from_json, fact_rows, require_amounts

Names = Mapping[str, dict[str, Any]]
"""Entity summaries by id."""

_NAMED_ONCE = ("subject", "object", "program", "stated_by")
_NAMED_OFTEN = ("funders", "recipients")


def form_of_carrier(row: Row) -> str:
    """The form of the fact that a carrier stands for."""
    if "type" in row:
        return "relationship"
    return "observation" if "metric" in row["properties"] else "funding"


def carrier_of(fact: AnyFact) -> Row:
    """The carrier that a fact would have in the graph; for facts that are in it no more."""
    nodes, relationships = fact_rows(fact, "")
    if nodes:
        return {"properties": nodes[0].properties}
    link = relationships[0]
    return {
        "subject": link.start[1],
        "type": link.type,
        "object": link.end[1],
        "properties": link.properties,
    }


def carrier_then(version: Mapping[str, Any]) -> Row:
    """What carried the fact of a FactVersion while it was held."""
    row = carrier_of(fact_from_json(version["fact"]))
    row["properties"]["recorded_at"] = version["recorded_at"]
    return row


def named_in(rows: Iterable[Row]) -> set[str]:
    """Ids of every entity that these carriers name."""
    named: set[str] = set()
    for row in rows:
        fields = {**row["properties"], **row}
        named.update(fields[name] for name in _NAMED_ONCE if fields.get(name))
        for name in _NAMED_OFTEN:
            named.update(fields.get(name) or ())
    return named


def fact_view(row: Row, names: Names) -> dict[str, Any]:
    """One fact, in the shape that `graphsvc facts --format ndjson` prints and the API returns."""
    properties = row["properties"]
    fields = {**properties, **row}
    return {
        "id": properties["fact_id"],
        "form": form_of_carrier(row),
        "subject": _name(fields.get("subject"), names),
        "object": _name(fields.get("object"), names),
        "funders": [_name(id_, names) for id_ in properties.get("funders") or ()],
        "recipients": [_name(id_, names) for id_ in properties.get("recipients") or ()],
        "program": _name(properties.get("program"), names),
        "type": row.get("type"),
        "metric": properties.get("metric"),
        "value": properties.get("value"),
        "unit": properties.get("unit"),
        "money": money_view(properties),
        "modality": properties["modality"],
        "basis": properties["basis"],
        "stated_by": properties.get("stated_by"),
        "role": properties.get("role"),
        "period": properties.get("period"),
        "valid_from": properties.get("valid_from"),
        "valid_to": properties.get("valid_to"),
        "period_bounds": properties["period_bounds"],
        "conflicts_with": list(properties.get("conflicts_with") or ()),
        "documents": list(properties["documents"]),
        "evidence": [evidence_view(text) for text in properties["evidence"]],
    }


def relationship_view(row: Row, names: Names, as_of: date | None = None) -> dict[str, Any]:
    """One relationship between two things: its fact's view, and what it adds to that.

    `id` is the relationship's own; `funding_id` and `funding_amount` stand where the sum is the
    funding's, and `holds` where a day was asked about.
    """
    properties = row["properties"]
    view = {
        **fact_view(row, names),
        "id": properties["id"],
        "fact_id": properties["fact_id"],
        "funding_id": properties.get("funding_id"),
        "funding_amount": row.get("funding_amount"),
        **_notes(properties),
    }
    if as_of is not None:
        view["holds"] = period_of(properties.get("period")).holds_on(as_of)
    return view


def detailed_view(row: Row, names: Names) -> dict[str, Any]:
    """One fact with its notes and the instant it was recorded."""
    return {**fact_view(row, names), **_notes(row["properties"])}


def _notes(properties: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("role_en", "period_note", "basis_note", "conflict_note", "note", "recorded_at")
    return {name: properties.get(name) for name in fields}


def money_view(properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """Every field of a sum, its amounts as text; None where the carrier states none."""
    if "amount" not in properties:
        return None
    require_amounts(properties)
    return {
        **{name: properties.get(name) for name in MONEY_FIELDS},
        "regrant": bool(properties.get("regrant")),
    }


def evidence_view(text: str) -> dict[str, Any]:
    """One place in one document."""
    document, paragraph, start, end, digest = evidence_parts(text)
    return {
        "document": document,
        "paragraph": paragraph,
        "start": start,
        "end": end,
        "digest": digest,
    }


def _name(id_: str | None, names: Names) -> dict[str, Any] | None:
    if id_ is None:
        return None
    known = names[id_]
    return {name: known[name] for name in ("id", "kind", "name", "name_en", "aliases")}
