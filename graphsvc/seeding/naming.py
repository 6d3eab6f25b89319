"""Checks names and aliases: within a kind, a name means one thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from graphsvc.errors import SeedProblem
from graphsvc.model.entity import Entity
from graphsvc.seeding.draft import Draft, Item
from graphsvc.seeding.yaml_source import KeyPath


def check_names(draft: Draft) -> Iterator[SeedProblem]:
    """Names that repeat themselves or mean two things of one kind.

    Names are compared without regard to case, white space and Unicode form. A word that means
    a thing inside one document only must mean one thing of its kind there.
    """
    anywhere: dict[tuple[str, str], Item[Entity]] = {}
    inside: dict[tuple[str, str], Item[Entity]] = {}
    for item in draft.entities:
        if item.value is None:
            continue
        yield from _check_repeats(item, item.value)
        kind = item.value.kind
        for path, name in _general_names(item.value):
            yield from _claim(anywhere, (kind, folded(name)), item, path, name, "")
        for document, words in item.value.document_aliases.items():
            for position, word in enumerate(words):
                path = ("document_aliases", document, position)
                scope = (f"{document} {kind}", folded(word))
                yield from _claim(inside, scope, item, path, word, f" in {document}")


def folded(name: str) -> str:
    """A name without regard to case, white space and Unicode form."""
    return "".join(unicodedata.normalize("NFC", name).casefold().split())


def _general_names(entity: Entity) -> Iterator[tuple[KeyPath, str]]:
    yield ("name",), entity.name
    for position, alias in enumerate(entity.aliases):
        yield ("aliases", position), alias


def _claim(
    owners: dict[tuple[str, str], Item[Entity]],
    scope: tuple[str, str],
    item: Item[Entity],
    path: KeyPath,
    name: str,
    where: str,
) -> Iterator[SeedProblem]:
    owner = owners.setdefault(scope, item)
    if owner is not item and owner.id != item.id:
        yield item.problem(
            f"{name!r} already means {owner.id!r}, of the same kind{where}.",
            "If they are one thing, make them one entity; if not, drop the alias.",
            at=path,
        )


def _check_repeats(item: Item[Entity], entity: Entity) -> Iterator[SeedProblem]:
    seen = {unicodedata.normalize("NFC", entity.name)}
    for position, alias in enumerate(entity.aliases):
        normal = unicodedata.normalize("NFC", alias)
        if normal in seen:
            message = f"the alias {alias!r} repeats the name or another alias."
            yield item.problem(message, "Remove it.", at=("aliases", position))
        seen.add(normal)
