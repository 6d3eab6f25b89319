"""Holds nodes and relationships to what graphsvc writes.

Everything that graphsvc writes can be worked out again from what it stands for: an entity or a
document from its node, a fact from its carrier, and from the fact every node and relationship that
it makes. What differs, is missing or is there without a fact was written by somebody else. What
entities and facts say is held to the rules of a seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ValidationError

from graphsvc.model.content import to_json
from graphsvc.model.entity import Document, Entity
from graphsvc.model.fact import AnyFact, form_of
from graphsvc.model.instant import parse_instant
from graphsvc.model.vocabulary import ENTITY, Vocabulary
from graphsvc.seeding.checking import check_contents
from graphsvc.seeding.draft import Draft, Item
from graphsvc.seeding.yaml_source import Mapping as Written
from graphsvc.seeding.yaml_source import Scalar
from graphsvc.store.rows import (
    NodeRow,
    RelationshipRow,
    document_of,
    document_row,
    entity_of,
    entity_row,
    fact_from_json,
    fact_of,
    fact_rows,
    mention_rows,
    mentions_of,
)

Properties = Mapping[str, Any]

_NUMBERS_OF_A_LOAD = tuple(
    f"{what}_{how}"
    for what in ("documents", "entities", "facts")
    for how in ("added", "changed", "retracted", "unchanged")
)
_WHY_SUPERSEDED = ("changed", "retracted")
_BAD_VALUE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Difference:
    """Something that is not as graphsvc writes it.

    `line` is where it stands in a dump; `how` says what became of it: added, changed, missing, or
    wrong for what graphsvc may have written and no seed may say.
    """

    line: int
    what: str
    how: str
    reason: str = ""


@dataclass
class ExpectedRows:
    """Takes every node, then every relationship of a graph, and finds what differs.

    Keeps entities, documents and facts, and 16 bytes and an id for each relationship.
    """

    vocabulary: Vocabulary
    differences: list[Difference] = field(default_factory=list)
    _entities: list[tuple[Entity, int]] = field(default_factory=list)
    _documents: list[tuple[Document, int]] = field(default_factory=list)
    _facts: list[tuple[AnyFact, str, int]] = field(default_factory=list)
    _links: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """How many documents there were."""
        return len(self._documents)

    @property
    def entities(self) -> int:
        """How many entities there were."""
        return len(self._entities)

    @property
    def facts(self) -> int:
        """How many facts there were."""
        return len(self._facts)

    def node(self, label: str, labels: list[str], properties: Properties, line: int = 0) -> None:
        """Hold a node to what its properties stand for."""
        what = f"{label} node {properties.get('id')!r}"
        try:
            wanted = self._expected[label](self, properties, line)
        except _BAD_VALUE as error:
            self.differences.append(Difference(line, what, "added", _reason(error)))
            return
        if set(wanted.labels) != set(labels):
            self.differences.append(Difference(line, what, "changed", "its labels differ"))
        elif name := _first_difference(wanted.properties, properties):
            reason = f"{name} is not what the rest of it says"
            self.differences.append(Difference(line, what, "changed", reason))

    def relationship(
        self, type_name: str, start: str, end: str, properties: Properties, line: int = 0
    ) -> None:
        """Take a relationship, and the fact that it stands for."""
        key = (type_name, str(properties.get("id")))
        if key in self._links:
            what = f"{type_name} relationship {properties.get('id')!r}"
            self.differences.append(Difference(line, what, "added", "it is there twice"))
            return
        self._links[key] = (_digest(start, end, properties), line)
        if "content_hash" not in properties:
            return
        try:
            fact = fact_of(properties, subject=start, type=type_name, object=end)
            self._facts.append((fact, _instant(properties["recorded_at"]), line))
        except _BAD_VALUE as error:
            what = f"{type_name} relationship {properties.get('id')!r}"
            self.differences.append(Difference(line, what, "added", _reason(error)))
            del self._links[key]

    def end(self) -> list[Difference]:
        """All that differs, in the order of lines; call it once, after the last relationship."""
        self._compare_relationships()
        draft = Draft(
            Path(),
            vocabulary=self.vocabulary,
            entities=[_item(entity, line) for entity, line in self._entities],
            documents=[_item(document, line) for document, line in self._documents],
            facts=[_item(fact, line) for fact, _, line in self._facts],
        )
        for problem in check_contents(draft):
            self.differences.append(
                Difference(problem.line, str(problem.file), "wrong", problem.message.rstrip("."))
            )
        return sorted(self.differences, key=lambda difference: difference.line)

    def _compare_relationships(self) -> None:
        dated = [(fact, recorded_at) for fact, recorded_at, _ in self._facts]
        lines = {document.id: line for document, line in self._documents}
        lines |= {fact.id: line for fact, _, line in self._facts}
        for row in _made_of(dated):
            key = (row.type, row.properties["id"])
            what = f"{row.type} relationship {row.properties['id']!r}"
            digest, line = self._links.pop(key, (b"", 0))
            if not digest:
                of = lines.get(row.properties.get("fact_id", row.start[1]), 0)
                self.differences.append(Difference(of, what, "missing"))
            elif digest != _digest(row.start[1], row.end[1], row.properties):
                reason = "it is not what its fact makes"
                self.differences.append(Difference(line, what, "changed", reason))
        for (type_name, id_), (_, line) in self._links.items():
            what = f"{type_name} relationship {id_!r}"
            self.differences.append(Difference(line, what, "added", "no fact makes it"))

    def _entity(self, properties: Properties, line: int) -> NodeRow:
        entity = entity_of(properties)
        row = entity_row(entity, self.vocabulary, _instant(properties["recorded_at"]))
        self._entities.append((entity, line))
        return row

    def _document(self, properties: Properties, line: int) -> NodeRow:
        document = document_of(properties)
        row = document_row(document, _instant(properties["recorded_at"]))
        self._documents.append((document, line))
        return row

    def _carrier(self, properties: Properties, line: int) -> NodeRow:
        fact = fact_of(properties)
        recorded_at = _instant(properties["recorded_at"])
        row = fact_rows(fact, recorded_at)[0][0]
        self._facts.append((fact, recorded_at, line))
        return row

    def _fact_version(self, properties: Properties, line: int) -> NodeRow:  # noqa: ARG002
        fact = fact_from_json(properties["fact"])
        own = {"fact_id": fact.id, "form": form_of(fact), "fact": to_json(fact)}
        return _version("FactVersion", fact.id, properties, own)

    def _entity_version(self, properties: Properties, line: int) -> NodeRow:  # noqa: ARG002
        entity = Entity.model_validate_json(properties["entity"])
        own = {"entity_id": entity.id, "kind": entity.kind, "name": entity.name}
        own["entity"] = to_json(entity)
        return _version("EntityVersion", entity.id, properties, own)

    def _document_version(self, properties: Properties, line: int) -> NodeRow:  # noqa: ARG002
        document = Document.model_validate_json(properties["document"])
        own = {"document_id": document.id, "document": to_json(document)}
        return _version("DocumentVersion", document.id, properties, own)

    def _load(self, properties: Properties, line: int) -> NodeRow:  # noqa: ARG002
        version = _count(properties["version"])
        wanted: dict[str, Any] = {name: _count(properties[name]) for name in _NUMBERS_OF_A_LOAD}
        wanted |= {"id": f"load-{version}", "version": version, "at": _instant(properties["at"])}
        wanted |= {name: _text(properties[name]) for name in ("seed_id", "written_by")}
        return NodeRow(("Load",), wanted)

    _expected: ClassVar[Mapping[str, Callable[[ExpectedRows, Properties, int], NodeRow]]] = {
        ENTITY: _entity,
        "Document": _document,
        "Funding": _carrier,
        "Observation": _carrier,
        "FactVersion": _fact_version,
        "EntityVersion": _entity_version,
        "DocumentVersion": _document_version,
        "Load": _load,
    }


def _version(label: str, id_: str, properties: Properties, own: Properties) -> NodeRow:
    if properties["change"] not in _WHY_SUPERSEDED:
        raise ValueError(f"change is {properties['change']!r}")
    since, until = _instant(properties["recorded_at"]), _instant(properties["superseded_at"])
    if since > until:
        raise ValueError("it was superseded before it was recorded")
    version = _count(properties["version"])
    why = {"id": f"{id_}@{version}", "change": properties["change"], "version": version}
    return NodeRow((label,), {**why, "recorded_at": since, "superseded_at": until, **own})


def _instant(value: Any) -> str:
    if not isinstance(value, str) or parse_instant(value) != value:
        raise ValueError(f"{value!r} is no instant as graphsvc writes it")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, found['loc']))}: {found['msg'].removeprefix('Value error, ')}"
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _first_difference(wanted: Properties, found: Properties) -> str | None:
    """The first property that differs in value or type: 1 is neither 1.0 nor true."""
    for name in sorted({*wanted, *found}):
        if name not in wanted or name not in found:
            return name
        if _written(wanted[name]) != _written(found[name]):
            return name
    return None


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _item(value: Any, line: int) -> Item[Any]:
    id_ = Scalar(value.id, value.id, line, quoted=True)
    return Item(Path(value.id), Written({"id": id_}, {"id": line}, line), value)


def _made_of(facts: list[tuple[AnyFact, str]]) -> Iterator[RelationshipRow]:
    for fact, recorded_at in facts:
        yield from fact_rows(fact, recorded_at)[1]
    yield from mention_rows(sorted(mentions_of(fact for fact, _ in facts)))


def _digest(start: str, end: str, properties: Properties) -> bytes:
    return blake2b(_written([start, end, properties]).encode(), digest_size=16).digest()
