"""JSON-LD in the terms of schema.org, W3C ORG and PROV, and a few of our own.

A thing is `urn:graphsvc:<seed>:entity:<id>`, and so on for facts, documents, kinds, relationship
types (`rel`) and metrics: the seed's id keeps the things of two seeds apart. A fact that has come
about also stands as one triple, thing - type - thing; what is planned does not.

Our own terms (`gs:`, `urn:graphsvc:term:`) are a fact's fields that nobody else has a word for
(program, stage, moneySource, qualifier, regrant, modality, basis, basisNote, period in EDTF,
periodNote, validFrom, validTo, holds, conflictsWith, conflictNote), and the place in a document
that states it (paragraph, start and end in code points, end exclusive, digest).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from graphsvc.model.evidence import parse_evidence
from graphsvc.model.fact import FUNDS, Modality
from graphsvc.model.vocabulary import Bilingual, Vocabulary
from graphsvc.store.database import Row
from graphsvc.store.rows import NodeRow, document_of
from graphsvc.usecases.exporting.source import Section
from graphsvc.usecases.exporting.text import json_line
from graphsvc.usecases.exporting.writer import About, Writer
from graphsvc.usecases.lists.views import form_of_carrier

_NAMESPACES = {
    "schema": "https://schema.org/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "gs": "urn:graphsvc:term:",
}
_OF_SEED = ("entity", "fact", "document", "kind", "rel", "metric")
_REFERENCES = (
    *("schema:funder", "schema:fundedItem", "schema:observationAbout", "schema:measuredProperty"),
    *("org:member", "org:organization", "rdf:subject", "rdf:predicate", "rdf:object"),
    *("prov:wasDerivedFrom", "prov:wasAttributedTo", "prov:entity", "rdfs:subClassOf"),
    *("gs:program", "gs:conflictsWith", "dcterms:isPartOf", "schema:location"),
)
"""Properties whose values are ids."""

_TYPED = {
    "schema:value": "xsd:decimal",
    "schema:minValue": "xsd:decimal",
    "schema:maxValue": "xsd:decimal",
    "gs:validFrom": "xsd:date",
    "gs:validTo": "xsd:date",
    "gs:retrieved": "xsd:date",
    "gs:period": "edtf:EDTF",
    "schema:datePublished": "edtf:EDTF",
    "prov:generatedAtTime": "xsd:dateTime",
}

_CLASSES = {
    "Organization": ("schema:Organization", "org:Organization"),
    "Ministry": ("schema:GovernmentOrganization", "org:Organization"),
    "LocalGovernment": ("schema:GovernmentOrganization", "org:Organization"),
    "PublicAgency": ("schema:GovernmentOrganization", "org:Organization"),
    "ResearchInstitute": ("schema:ResearchOrganization", "org:Organization"),
    "University": ("schema:CollegeOrUniversity", "org:Organization"),
    "Unit": ("schema:Organization", "org:OrganizationalUnit"),
    "Consortium": ("schema:Organization", "org:OrganizationalCollaboration"),
    "Program": ("schema:Project",),
    "Event": ("schema:Event",),
    "Report": ("schema:Report",),
    "Facility": ("schema:Place",),
    "Place": ("schema:Place",),
    "Person": ("schema:Person",),
}
"""Classes of common kinds; a kind without any is of its parent's classes, or a schema:Thing."""

_PROPERTIES = {"LOCATED_IN": "schema:location", "PART_OF": "dcterms:isPartOf"}
"""What others call some relationship types."""

_NOTES = {
    "stage": "gs:stage",
    "source": "gs:moneySource",
    "qualifier": "gs:qualifier",
    "regrant": "gs:regrant",
    "modality": "gs:modality",
    "basis": "gs:basis",
    "basis_note": "gs:basisNote",
    "period": "gs:period",
    "period_note": "gs:periodNote",
    "valid_from": "gs:validFrom",
    "valid_to": "gs:validTo",
    "holds": "gs:holds",
    "conflict_note": "gs:conflictNote",
    "note": "rdfs:comment",
    "recorded_at": "prov:generatedAtTime",
}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")

Object = dict[str, Any]


class JsonLd(Writer):
    """One object with a context and a graph, a line for each thing, fact and document."""

    sections = (Section.NODES, Section.FACTS, Section.DOCUMENTS)

    def begin(self) -> bytes:
        """The context; where the file comes from; the vocabulary."""
        context = _context(self._about.state.seed_id)
        first, *rest = [*_provenance(self._about), *_terms(self._about.vocabulary)]
        lines = "".join(f",\n{json_line(item)}" for item in rest)
        head = f'{{"@context":{json_line(context)},\n"@graph":[\n{json_line(first)}{lines}'
        return head.encode()

    def add(self, section: Section, row: NodeRow | Row) -> bytes:
        """What a row says, an object a line; a funding is told once, as a fact."""
        if isinstance(row, NodeRow):
            if row.labels[0] == "Funding":
                return b""
            make = _document if section is Section.DOCUMENTS else self._thing
            items = [make(row.properties)]
        else:
            items = list(self._fact(row))
        return "".join(f",\n{json_line(item)}" for item in items).encode()

    def end(self) -> bytes:
        """Closes the graph."""
        return b"]}\n"

    def _thing(self, properties: Mapping[str, Any]) -> Object:
        kind = properties["kind"]
        names = [properties["name"], *(properties.get("aliases") or ())]
        own, *others = (_worded(name) for name in names)
        return _without_nulls(
            {
                "@id": f"entity:{properties['id']}",
                "@type": [*_classes(self._about.vocabulary, kind), f"kind:{kind}"],
                "schema:name": [own, {"@value": properties["name_en"], "@language": "en"}],
                "schema:alternateName": others or None,
                "gs:nameTranslated": properties.get("name_en_translated") or None,
                "rdfs:comment": properties.get("note"),
                "prov:generatedAtTime": properties["recorded_at"],
            }
        )

    def _fact(self, row: Row) -> Iterator[Object]:
        properties = row["properties"]
        form = form_of_carrier(row)
        makers = {
            "relationship": self._relationship,
            "funding": _funding,
            "observation": _observation,
        }
        types, own = makers[form](row)
        yield _without_nulls(
            {
                "@id": f"fact:{properties['fact_id']}",
                "@type": [*types, "prov:Entity"],
                **own,
                **_statement(properties),
            }
        )
        if form == "relationship" and properties["modality"] == Modality.ACTUAL:
            end = {"@id": f"entity:{row['object']}"}
            known = _PROPERTIES.get(row["type"])
            yield {
                "@id": f"entity:{row['subject']}",
                f"rel:{row['type']}": end,
                **({known: end["@id"]} if known else {}),
            }

    def _relationship(self, row: Row) -> tuple[list[str], Object]:
        properties = row["properties"]
        subject, object_ = f"entity:{row['subject']}", f"entity:{row['object']}"
        types = ["rdf:Statement"]
        own: Object = {
            "rdf:subject": subject,
            "rdf:predicate": f"rel:{row['type']}",
            "rdf:object": object_,
        }
        if "amount" in properties:
            own["schema:amount"] = _sum(properties)
        if row["type"] == FUNDS:
            types.append("schema:MonetaryGrant")
            own |= {"schema:funder": subject, "schema:fundedItem": object_}
        if "role" in properties:
            types.append("org:Membership")
            names = [_worded(properties["role"])]
            if "role_en" in properties:
                names.append({"@value": properties["role_en"], "@language": "en"})
            role = {"@type": "org:Role", "schema:name": names}
            own |= {"org:member": subject, "org:organization": object_, "org:role": role}
        return types, own


def _funding(row: Row) -> tuple[list[str], Object]:
    properties = row["properties"]
    goals = properties.get("recipients") or [properties.get("program")]
    own = {
        "schema:funder": [f"entity:{id_}" for id_ in properties.get("funders") or ()] or None,
        "schema:fundedItem": [f"entity:{id_}" for id_ in goals if id_],
        "schema:amount": _sum(properties),
    }
    return ["schema:MonetaryGrant"], own


def _observation(row: Row) -> tuple[list[str], Object]:
    properties = row["properties"]
    value = properties.get("value")
    if "amount" in properties:
        shown: Any = _sum(properties)
    elif isinstance(value, str):
        shown = {"@value": value, "@type": "edtf:EDTF"}
    else:
        shown = {"@value": _decimal(value), "@type": "xsd:decimal"}
    own = {
        "schema:observationAbout": f"entity:{properties['subject']}",
        "schema:measuredProperty": f"metric:{properties['metric']}",
        "schema:value": shown,
        "schema:unitText": properties.get("unit"),
    }
    return ["schema:Observation"], own


def _sum(properties: Mapping[str, Any]) -> Object:
    return _without_nulls(
        {
            "@type": "schema:MonetaryAmount",
            "schema:value": properties["amount"],
            "schema:currency": properties["currency"],
            "schema:minValue": properties.get("amount_min"),
            "schema:maxValue": properties.get("amount_max"),
        }
    )


def _statement(properties: Mapping[str, Any]) -> Object:
    """What every fact says of itself: how sure, when, by whom, and from where."""
    program, said_by = properties.get("program"), properties.get("stated_by")
    conflicts = properties.get("conflicts_with") or ()
    return {
        "gs:program": f"entity:{program}" if program else None,
        "prov:wasAttributedTo": f"entity:{said_by}" if said_by else None,
        "gs:conflictsWith": [f"fact:{id_}" for id_ in conflicts] or None,
        **{term: properties.get(name) for name, term in _NOTES.items()},
        "prov:wasDerivedFrom": [f"document:{id_}" for id_ in properties["documents"]],
        "prov:qualifiedDerivation": [_place(text) for text in properties["evidence"]],
    }


def _place(text: str) -> Object:
    evidence = parse_evidence(text)
    at = evidence.locator
    return {
        "@type": "prov:Derivation",
        "prov:entity": f"document:{evidence.document}",
        "gs:paragraph": at.paragraph,
        "gs:start": at.start,
        "gs:end": at.end,
        "gs:digest": evidence.digest,
    }


def _document(properties: Mapping[str, Any]) -> Object:
    document = document_of(properties)
    return _without_nulls(
        {
            "@id": f"document:{document.id}",
            "@type": ["schema:Article", "prov:Entity"],
            "schema:publisher": _named(document.publisher),
            "schema:provider": _named(document.carrier),
            "schema:datePublished": document.published,
            "gs:retrieved": document.retrieved.isoformat() if document.retrieved else None,
            "schema:sha256": document.sha256,
            "schema:description": document.description,
        }
    )


def _named(name: str | None) -> Object | None:
    return {"@type": "schema:Organization", "schema:name": _worded(name)} if name else None


def _provenance(about: About) -> Iterator[Object]:
    state, facts = about.state, about.facts()
    yield _without_nulls(
        {
            "@id": f"urn:graphsvc:{state.seed_id}",
            "@type": ["schema:Dataset", "prov:Entity"],
            "schema:name": _worded(state.seed_title),
            "schema:version": str(state.version),
            "schema:description": facts["part"],
            "schema:usageInfo": facts["licence"],
            "gs:asOf": facts.get("as_of"),
            "gs:undated": facts.get("undated"),
            "gs:knownAt": facts.get("known_at"),
            "prov:generatedAtTime": state.loaded_at,
            "prov:wasAttributedTo": {
                "@type": "prov:SoftwareAgent",
                "schema:name": facts["generator"],
            },
        }
    )


def _terms(vocabulary: Vocabulary) -> Iterator[Object]:
    for name, kind in vocabulary.kinds.items():
        above = {"rdfs:subClassOf": f"kind:{kind.parent}"} if kind.parent else {}
        yield {"@id": f"kind:{name}", "@type": "rdfs:Class", **_labelled(kind.name), **above}
    for name, joined in vocabulary.types.items():
        yield {"@id": f"rel:{name}", "@type": "rdf:Property", **_labelled(joined.name)}
    for name, metric in vocabulary.metrics.items():
        yield {"@id": f"metric:{name}", "@type": "schema:Property", **_labelled(metric.name)}


def _labelled(name: Bilingual) -> Object:
    words = (("ko", name.ko), ("en", name.en))
    return {"rdfs:label": [{"@value": word, "@language": language} for language, word in words]}


def _context(seed: str) -> Object:
    references = {name: {"@type": "@id"} for name in _REFERENCES}
    typed = {name: {"@type": type_name} for name, type_name in _TYPED.items()}
    own = {name: f"urn:graphsvc:{seed}:{name}:" for name in _OF_SEED}
    return {"@version": 1.1, **_NAMESPACES, **own, **references, **typed}


def _classes(vocabulary: Vocabulary, kind: str) -> Iterable[str]:
    above = vocabulary.labels(kind) if kind in vocabulary.kinds else (kind,)
    return next((_CLASSES[name] for name in reversed(above) if name in _CLASSES), ("schema:Thing",))


def _worded(text: str) -> Object | str:
    """Korean where it has a Korean letter; else of no language that the graph could name."""
    return {"@value": text, "@language": "ko"} if _HANGUL.search(text) else text


def _decimal(number: float) -> str:
    return format(Decimal(repr(number)), "f")


def _without_nulls(values: Object) -> Object:
    return {name: value for name, value in values.items() if value is not None}
