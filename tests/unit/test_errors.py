"""The tree of errors: in one module, drawn as it is, each documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from graphsvc import errors
from graphsvc.errors import GraphsvcError

TOP = Path(__file__).resolve().parents[2]


def tree(root: type[GraphsvcError]) -> dict[str, str]:
    """Each error below `root` by name, with the name of the one above it."""
    below = {child.__name__: root.__name__ for child in root.__subclasses__()}
    for child in root.__subclasses__():
        below |= tree(child)
    return below


def drawn() -> dict[str, str]:
    """The same, as the docstring draws it."""
    above, found = [(-1, "GraphsvcError")], {}
    for indent, name in re.findall(r"^([ |]+)\+-- (\w+)", errors.__doc__ or "", re.M):
        while above[-1][0] >= len(indent):
            above.pop()
        found[name] = above[-1][1]
        above.append((len(indent), name))
    return found


def test_no_error_that_answers_is_defined_outside_its_module() -> None:
    known = {"GraphsvcError", *tree(GraphsvcError)}
    elsewhere = [
        f"{path.relative_to(TOP)}: {node.name}"
        for path in sorted((TOP / "graphsvc").rglob("*.py"))
        if path != Path(errors.__file__)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and known.intersection(ast.unparse(base).rpartition(".")[2] for base in node.bases)
    ]

    assert elsewhere == []


def test_the_drawing_is_the_tree() -> None:
    assert drawn() == tree(GraphsvcError)


def test_every_error_is_documented() -> None:
    text = (TOP / "docs" / "errors.md").read_text("utf-8")
    slugs = {getattr(errors, name).slug for name in tree(GraphsvcError)}

    assert {s for s in slugs if f"`{s}`" not in text and f"\n## {s} (" not in text} == set()
