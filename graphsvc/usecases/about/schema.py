"""What a graph is made of, counted: labels, relationship types, their properties, what joins what.

Read by people and language models before they write Cypher, so it shows what there is, not what
there may be: the vocabulary says that.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from graphsvc.model.vocabulary import ENTITY, Bilingual, Vocabulary
from graphsvc.store.database import Database

_LABELS = {
    ENTITY: Bilingual(ko="개체", en="thing in the world"),
    "Document": Bilingual(ko="문서", en="document"),
    "Funding": Bilingual(ko="자금", en="sum with several or unstated parties"),
    "Observation": Bilingual(ko="관측값", en="observed value of a thing"),
    "FactVersion": Bilingual(ko="사실의 이전 상태", en="earlier state of a fact"),
    "EntityVersion": Bilingual(ko="개체의 이전 상태", en="earlier state of a thing"),
    "DocumentVersion": Bilingual(ko="문서의 이전 상태", en="earlier state of a document"),
    "Load": Bilingual(ko="적재", en="load"),
    "GraphState": Bilingual(ko="그래프 상태", en="what is loaded"),
}
_TYPES = {
    "CONTRIBUTES": Bilingual(ko="자금 분담", en="pays a part of a funding"),
    "GOES_TO": Bilingual(ko="자금 귀속", en="funding goes to"),
    "HAS_OBSERVATION": Bilingual(ko="관측값 보유", en="has observation"),
    "MENTIONS": Bilingual(ko="언급", en="document mentions"),
}

JsonObject = dict[str, Any]


async def schema(database: Database, vocabulary: Vocabulary) -> JsonObject:
    """Labels and types with names, properties and counts, and statements to begin with.

    Equal on both databases. Scans every node and relationship: seconds for a large graph.
    """
    nodes, relationships, joins = await asyncio.gather(
        database.read("read/about/schema_nodes"),
        database.read("read/about/schema_relationships"),
        database.read("read/about/schema_joins"),
    )
    by_label = [(label, row) for row in nodes for label in row["labels"]]
    by_type = [(row["type"], row) for row in relationships]
    return {
        "labels": [
            {**_label(vocabulary, label), **made} for label, made in _makes(by_label).items()
        ],
        "types": [
            {**_type(vocabulary, name), **made, "joins": _joins(name, joins)}
            for name, made in _makes(by_type).items()
        ],
        "examples": _examples(database, vocabulary, joins),
    }


def _makes(found: Iterable[tuple[str, JsonObject]]) -> dict[str, JsonObject]:
    """By name, how many there are and what they hold."""
    counts: Counter[str] = Counter()
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    types: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name, row in found:
        counts[name] += row["count"]
        for text in row["held"]:
            key, _, value_type = text.partition(" ")
            held[name][key] += row["count"]
            types[name, key].add(value_type.removesuffix(" NOT NULL").lower())
    return {
        name: {
            "count": counts[name],
            "properties": [
                {"name": key, "types": sorted(types[name, key]), "count": held[name][key]}
                for key in sorted(held[name])
            ],
        }
        for name in sorted(counts)
    }


def _label(vocabulary: Vocabulary, label: str) -> JsonObject:
    kind = vocabulary.kinds.get(label)
    if kind is None:
        return {"label": label, "parent": None, "name": _LABELS.get(label)}
    return {"label": label, "parent": kind.parent or ENTITY, "name": kind.name}


def _type(vocabulary: Vocabulary, name: str) -> JsonObject:
    known = vocabulary.types.get(name)
    if known is None:
        return {"type": name, "name": _TYPES.get(name), "reads": None, "symmetric": False}
    return {"type": name, "name": known.name, "reads": known.reads, "symmetric": known.symmetric}


def _joins(name: str, joins: Iterable[JsonObject]) -> list[JsonObject]:
    return [
        {"from": row["source"], "to": row["target"], "count": row["count"]}
        for row in joins
        if row["type"] == name
    ]


def _examples(
    database: Database, vocabulary: Vocabulary, joins: Iterable[JsonObject]
) -> list[JsonObject]:
    """Statements about what there is most of; none of an empty graph."""
    curated = [row for row in joins if row["type"] in vocabulary.types]
    if not curated:
        return []
    commonest = max(curated, key=lambda row: (row["count"], row["type"], row["source"]))
    fills: Mapping[str, dict[str, str]] = {
        "example_things": {"kind": commonest["source"]},
        "example_relationships": {name: commonest[name] for name in ("source", "type", "target")},
        "example_hubs": {},
    }
    examples = []
    for name, slots in fills.items():
        statement = database.catalog[f"read/about/{name}"]
        examples.append({"why": statement.why, "statement": statement.fill(**slots)})
    return examples
