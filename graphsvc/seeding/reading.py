"""Reads a seed folder: files to facts, every problem at once.

A seed is a folder of YAML files with closed keys::

    seed.yaml            id, title, language, licence, format
    vocabulary.yaml      kinds, types, metrics
    documents.yaml       documents: a list
    entities/<any>.yaml  kind: once for the whole file; entities: a list
    facts/<document>.yaml  facts: a list; a fact lives in its first document's file
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from graphsvc.errors import SeedError, SeedProblem
from graphsvc.model.entity import Document, Entity
from graphsvc.model.fact import (
    FACT,
    AnyFact,
    Fact,
    FundingFact,
    ObservationFact,
    RelationshipFact,
    form_of,
)
from graphsvc.model.seed import Manifest, Seed
from graphsvc.model.spelling import nearest
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.seeding.anchoring import verify
from graphsvc.seeding.checking import check
from graphsvc.seeding.draft import Draft, Item
from graphsvc.seeding.texts import problems_of
from graphsvc.seeding.yaml_source import (
    KeyPath,
    Mapping,
    Node,
    Scalar,
    Sequence,
    UnreadableError,
    parse,
    read_text,
)

MANIFEST, VOCABULARY, DOCUMENTS = Path("seed.yaml"), Path("vocabulary.yaml"), Path("documents.yaml")
ENTITIES, FACTS = Path("entities"), Path("facts")

_QUOTED = ("at", "digest", "period", "published", "retrieved", "value")
_FORMS: dict[str, type[Fact]] = {
    "relationship": RelationshipFact,
    "funding": FundingFact,
    "observation": ObservationFact,
}

M = TypeVar("M", bound=BaseModel)


def read_seed(folder: Path, articles: Path | None = None) -> Seed:
    """Read and check a seed folder.

    Parameters
    ----------
    folder
        The folder that holds `seed.yaml`.
    articles
        A folder with the documents' texts; when given, every locator and digest is verified.

    Raises
    ------
    SeedError
        With every problem of every file; problems call files by their path inside the folder.
    """
    with _without_collecting():
        draft = read_draft(folder)
    problems = [*draft.problems, *check(draft)]
    if articles is not None:
        problems += verify(draft, articles)
    if problems or draft.manifest is None or draft.vocabulary is None:
        raise SeedError(problems)
    return Seed(
        manifest=draft.manifest,
        vocabulary=draft.vocabulary,
        documents=_by_id(draft.documents),
        entities=_by_id(draft.entities),
        facts=_by_id(draft.facts),
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    # Reading makes a million small objects and no cycles; looking for cycles among them, again
    # and again, took a third of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


T = TypeVar("T", Document, Entity, AnyFact)


def _by_id(items: list[Item[T]]) -> dict[str, T]:
    return {item.value.id: item.value for item in items if item.value is not None}


def seed_files(folder: Path) -> tuple[list[Path], list[SeedProblem]]:
    """The seed's files, by their path inside the folder, and what else stands there wrongly."""
    if not (folder / MANIFEST).is_file():
        is_folder = folder.is_dir()
        what = f"{folder} holds no seed.yaml." if is_folder else f"there is no folder {folder}."
        mend = "Give a seed folder; 'graphsvc init DIR' writes a small one."
        return [], [SeedProblem(MANIFEST, 1, what, mend)]
    files = [MANIFEST, VOCABULARY, DOCUMENTS]
    problems = [
        SeedProblem(file, 1, "this file is missing.", "Every seed has one.")
        for file in files
        if not (folder / file).exists()
    ]
    files = [file for file in files if (folder / file).exists()]
    try:
        problems += _strays(folder)
        for part in (ENTITIES, FACTS):
            inside, astray = _files_in(folder, part)
            files += inside
            problems += astray
    except OSError as error:
        where = Path(str(error.filename)).name
        problems.append(SeedProblem(Path(where), 1, f"cannot be listed: {error.strerror}."))
    return files, problems + [_leaves(file) for file in files if _is_outside(folder, file)]


def _strays(folder: Path) -> Iterator[SeedProblem]:
    # A file under a wrong name would otherwise be left out without a word.
    for path in sorted(folder.iterdir()):
        name = Path(path.name)
        if path.suffix in (".yaml", ".yml") and name not in (MANIFEST, VOCABULARY, DOCUMENTS):
            mend = "Facts belong in facts/, entities in entities/."
            yield SeedProblem(name, 1, "this file is no part of a seed.", mend)


def _files_in(folder: Path, part: Path) -> tuple[list[Path], list[SeedProblem]]:
    if not (folder / part).is_dir():
        return [], []
    files, problems = [], []
    for path in sorted((folder / part).iterdir()):
        if path.name.startswith("."):
            continue
        if path.suffix == ".yaml" and not path.is_dir():
            files.append(part / path.name)
        else:
            mend = f"In {part}/ only .yaml files are read."
            problems.append(SeedProblem(part / path.name, 1, "this is no part of a seed.", mend))
    return files, problems


def _is_outside(folder: Path, file: Path) -> bool:
    return not (folder / file).resolve().is_relative_to(folder.resolve())


def _leaves(file: Path) -> SeedProblem:
    return SeedProblem(file, 1, "this link leaves the seed folder.", "Put the file itself here.")


def read_draft(folder: Path) -> Draft:
    """Read every file of a seed folder, checking form only.

    Raises
    ------
    SeedError
        When there is no seed at all.
    """
    files, problems = seed_files(folder)
    if not files:
        raise SeedError(problems)
    draft = Draft(folder, problems=problems)
    outside = {problem.file for problem in problems}
    for file in files:
        if file in outside:
            draft.incomplete.add(_list_in(file))
        else:
            _read_file(draft, file)
    if not (folder / DOCUMENTS).exists():
        draft.incomplete.add(_list_in(DOCUMENTS))
    return draft


def _read_file(draft: Draft, file: Path) -> None:
    try:
        node, problems = parse(read_text(draft.folder / file, file), file)
    except UnreadableError as error:
        draft.problems.append(error.problem)
        draft.incomplete.add(_list_in(file))
        return
    draft.problems += problems
    if not isinstance(node, Mapping):
        draft.problems.append(SeedProblem(file, node.line, "the file must be a mapping."))
        draft.incomplete.add(_list_in(file))
    elif file == MANIFEST:
        draft.manifest = _validated(draft, file, node, Manifest)
    elif file == VOCABULARY:
        draft.vocabulary = _validated(draft, file, node, Vocabulary)
    elif file == DOCUMENTS:
        for entry in _entries(draft, file, node, "documents"):
            draft.documents.append(Item(file, entry, _validated(draft, file, entry, Document)))
    elif file.parent == ENTITIES:
        _read_entities(draft, file, node)
    else:
        for entry in _entries(draft, file, node, "facts"):
            draft.facts.append(Item(file, entry, _validated_fact(draft, file, entry)))


def _list_in(file: Path) -> str:
    """The key of the list that a file holds."""
    return file.stem if file.parent == Path() else file.parent.name


def _validated(draft: Draft, file: Path, node: Mapping, model: type[M]) -> M | None:
    # Only here: in the vocabulary `value` names a type.
    unquoted = _report_unquoted(draft, file, node) if model is Document else set()
    try:
        return model.model_validate(node.plain())
    except ValidationError as error:
        draft.problems += problems_of(error, node, file, model, unquoted)
        return None


def _validated_fact(draft: Draft, file: Path, node: Mapping) -> AnyFact | None:
    keys = node.entries
    form = form_of(keys)
    if form == "relationship" and not {"type", "subject", "object"} & set(keys):
        draft.problems.append(
            SeedProblem(
                file,
                node.line,
                "this is no fact.",
                "A fact has subject, type and object; or funders and recipients;"
                " or subject and metric.",
            )
        )
        return None
    unquoted = _report_unquoted(draft, file, node)
    try:
        return FACT.validate_python(node.plain())
    except ValidationError as error:
        draft.problems += problems_of(error, node, file, _FORMS[form], unquoted)
        return None


def _report_unquoted(draft: Draft, file: Path, node: Mapping) -> set[KeyPath]:
    paths = set()
    for path, scalar in _unquoted(node):
        key = path[-1]
        message, mend = f"{key} must be in quotes.", f'Write {key}: "{scalar.text}".'
        draft.problems.append(SeedProblem(file, scalar.line, message, mend))
        paths.add(path)
    return paths


def _read_entities(draft: Draft, file: Path, node: Mapping) -> None:
    entries = _entries(draft, file, node, "entities", "kind")
    kind = _kind(draft, file, node)
    for entry in entries:
        line = entry.lines.get("kind")
        if line is not None:
            message = "unknown key 'kind' in an entity."
            mend = "The kind stands once, at the head of the file."
            draft.problems.append(SeedProblem(file, line, message, mend))
        value = None
        given = {key: value for key, value in entry.plain().items() if key != "kind"}
        try:
            # Where the kind is unknown the rest is still checked, but the entity stays unusable.
            checked = Entity.model_validate({**given, "kind": kind or ""})
            value = checked if kind is not None else None
        except ValidationError as error:
            draft.problems += problems_of(error, entry, file, Entity)
        draft.entities.append(Item(file, entry, value))


def _kind(draft: Draft, file: Path, node: Mapping) -> str | None:
    """The kind of a file's entities, None where it is missing or unknown."""
    given = node.entries.get("kind")
    if not isinstance(given, Scalar) or not isinstance(given.value, str):
        line = given.line if given is not None else node.line
        mend = "Write 'kind: Company', for example, as the first line."
        draft.problems.append(SeedProblem(file, line, "the file names no kind.", mend))
        return None
    kinds = draft.vocabulary.kinds if draft.vocabulary is not None else None
    if kinds is not None and given.value not in kinds:
        message, mend = f"unknown kind {given.value!r}.", nearest(given.value, kinds)
        draft.problems.append(SeedProblem(file, given.line, message, mend))
        return None
    return given.value


def _entries(draft: Draft, file: Path, node: Mapping, key: str, *others: str) -> list[Mapping]:
    """The mappings listed under a file's one list key; the file's keys are closed."""
    for given, line in node.lines.items():
        if given not in (key, *others):
            message, mend = f"unknown key {given!r}.", nearest(given, (key, *others))
            draft.problems.append(SeedProblem(file, line, message, mend))
    listed = node.entries.get(key)
    if not isinstance(listed, Sequence):
        line = listed.line if listed is not None else node.line
        message, mend = f"the file has no list '{key}'.", f"Write '{key}:' and the list under it."
        draft.problems.append(SeedProblem(file, line, message, mend))
        draft.incomplete.add(key)
        return []
    entries = []
    for item in listed.items:
        if isinstance(item, Mapping):
            entries.append(item)
        else:
            message = f"each item of '{key}' must be a mapping."
            draft.problems.append(SeedProblem(file, item.line, message))
    return entries


def _unquoted(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Scalar]]:
    # YAML reads 2024 as a number and 12345e67 as infinity; quotes keep what the source says.
    if isinstance(node, Mapping):
        for key, inner in node.entries.items():
            yield from _unquoted(inner, (*path, key))
    elif isinstance(node, Sequence):
        for position, inner in enumerate(node.items):
            yield from _unquoted(inner, (*path, position))
    elif _should_be_quoted(path[-1], node):
        yield path, node


def _should_be_quoted(key: str | int, scalar: Scalar) -> bool:
    if scalar.quoted or scalar.refused or scalar.value is None or key not in _QUOTED:
        return False
    return key != "value" or isinstance(scalar.value, str)
