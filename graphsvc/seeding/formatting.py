"""Writes a seed's files in the one canonical form, byte for byte.

Keys stand in a fixed order, money and evidence on one line, long prose is folded at 100 columns,
what YAML might misread is quoted, text is in Unicode form NFC and lines end in a line feed. Items
keep their order: it is the curator's. Comments on lines of their own stay above what they stand
above; a comment behind a value is refused rather than lost.
"""

from __future__ import annotations

import unicodedata
from itertools import chain
from pathlib import Path

from graphsvc.errors import SeedError, SeedProblem
from graphsvc.files import atomic_write
from graphsvc.model.entity import Document, Entity
from graphsvc.model.evidence import Evidence
from graphsvc.model.money import Money
from graphsvc.model.seed import Manifest
from graphsvc.model.vocabulary import Kind, Metric, RelationshipType, Vocabulary
from graphsvc.seeding.comments import comments_above
from graphsvc.seeding.layout import Shape, lay_out, one_line
from graphsvc.seeding.reading import DOCUMENTS, ENTITIES, MANIFEST, VOCABULARY, seed_files
from graphsvc.seeding.yaml_source import Mapping, Node, Scalar, UnreadableError, parse, read_text

_BILINGUAL = Shape(("ko", "en"), flow=True)
_READS = Shape(("forward", "backward"), each=_BILINGUAL)
_VOCABULARY = Shape(
    tuple(Vocabulary.model_fields),
    inner={
        "kinds": Shape(each=Shape(tuple(Kind.model_fields), flow=True, each=_BILINGUAL)),
        "types": Shape(
            each=Shape(
                tuple(RelationshipType.model_fields),
                inner={"name": _BILINGUAL, "reads": _READS},
            )
        ),
        "metrics": Shape(each=Shape(tuple(Metric.model_fields), flow=True, each=_BILINGUAL)),
    },
)
_DOCUMENT = Shape(
    tuple(Document.model_fields),
    quoted=frozenset({"published", "retrieved", "sha256"}),
    spaced=True,
)
_ENTITY = Shape(
    tuple(name for name in Entity.model_fields if name != "kind"),
    spaced=True,
)
_EVIDENCE = Shape(tuple(Evidence.model_fields), flow=True, quoted=frozenset({"at", "digest"}))
_FACT = Shape(
    (
        "id",
        "subject",
        "type",
        "object",
        "funders",
        "recipients",
        "metric",
        "value",
        "unit",
        "program",
        "role",
        "role_en",
        "money",
        "period",
        "period_note",
        "modality",
        "stated_by",
        "basis",
        "basis_note",
        "conflicts_with",
        "conflict_note",
        "note",
        "evidence",
    ),
    quoted=frozenset({"period", "value"}),
    inner={
        "money": Shape(tuple(Money.model_fields), flow=True),
        "evidence": _EVIDENCE,
    },
    spaced=True,
)


def format_seed(folder: Path, *, check_only: bool = False) -> list[Path]:
    """Write every file of a seed in canonical form.

    Parameters
    ----------
    folder
        The seed folder. Its facts need not be right, but its YAML must be readable.
    check_only
        Only say which files would change.

    Returns
    -------
    list of Path
        The files that changed, by their path inside the folder.

    Raises
    ------
    SeedError
        When a file cannot be read or a comment stands behind a value; then nothing is changed.
    """
    files, problems = seed_files(folder)
    unusable = {problem.file for problem in problems}
    changed: dict[Path, str] = {}
    for file in files:
        if file in unusable:
            continue
        try:
            before = read_text(folder / file, file)
            after = formatted(before, file)
        except UnreadableError as error:
            problems.append(error.problem)
        except SeedError as error:
            problems += error.problems
        else:
            if after.encode() != (folder / file).read_bytes():
                changed[file] = after
    if problems:
        raise SeedError(problems)
    for file, text in () if check_only else changed.items():
        _replace(folder / file, text)
    return list(changed)


def formatted(text: str, file: Path) -> str:
    """The canonical form of one file's text.

    Parameters
    ----------
    text
        The file's text.
    file
        Its path inside the seed folder, which says what it holds.

    Raises
    ------
    UnreadableError, SeedError
        When it is no YAML that a seed may hold, or a comment stands behind a value.
    """
    text = unicodedata.normalize("NFC", text)
    root, problems = parse(text, file)
    comments, misplaced = comments_above(text, root, file)
    problems = problems + misplaced
    if not isinstance(root, Mapping):
        problems.append(SeedProblem(file, root.line, "the file must be a mapping."))
    if problems or not isinstance(root, Mapping):
        raise SeedError(problems)
    after = lay_out(root, _shape(file), comments)
    _must_say_the_same(root, comments, after, file)
    return after


def _must_say_the_same(
    root: Mapping, comments: dict[int, list[str]], after: str, file: Path
) -> None:
    """Nobody reviews what a formatter did, so it checks itself before it writes."""
    again, problems = parse(after, file)
    kept, misplaced = comments_above(after, again, file)
    same_comments = sorted(chain(*kept.values())) == sorted(chain(*comments.values()))
    if problems or misplaced or again.plain() != root.plain() or not same_comments:
        message = "formatting would change what the file says; it is left as it is."
        raise SeedError([SeedProblem(file, 1, message, "Please report this as a fault.")])


def evidence_line(evidence: Evidence) -> str:
    """A piece of evidence as it stands in a facts file, behind the dash."""
    values = evidence.model_dump()
    entries: dict[str, Node] = {
        key: Scalar(text, text, 1, quoted=True) for key, text in values.items()
    }
    return one_line(Mapping(entries, dict.fromkeys(values, 1), 1), _EVIDENCE)


def _shape(file: Path) -> Shape:
    if file == MANIFEST:
        return Shape(tuple(Manifest.model_fields))
    if file == VOCABULARY:
        return _VOCABULARY
    if file == DOCUMENTS:
        return Shape(("documents",), inner={"documents": _DOCUMENT})
    if file.parent == ENTITIES:
        return Shape(("kind", "entities"), inner={"entities": _ENTITY})
    return Shape(("facts",), inner={"facts": _FACT})


def _replace(path: Path, text: str) -> None:
    """Put the whole new file in the old one's place, or leave the old one."""
    with atomic_write(path) as stream:
        stream.write(text.encode())
