"""`graphsvc seed ...` and `graphsvc init`: work on a seed folder, without any database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphsvc.cli.connecting import SeedOption

app = typer.Typer(help="Check, anchor and format a seed folder.", no_args_is_help=True)


def _seed_dir(given: Path | None) -> Path:
    from graphsvc.settings import load_settings

    return load_settings(seed_dir=given).seed_dir


@app.command()
def check(
    seed: SeedOption = None,
    articles: Annotated[
        Path | None,
        typer.Option(help="Folder with <document id>.txt: verifies every locator and digest."),
    ] = None,
) -> None:
    """Report every problem of a seed at once, by file and line."""
    from graphsvc.seeding.reading import read_seed

    found = read_seed(_seed_dir(seed), articles)
    parts = (
        _counted(len(found.documents), "document", "documents"),
        _counted(len(found.entities), "entity", "entities"),
        _counted(len(found.facts), "fact", "facts"),
        _counted(sum(len(fact.evidence) for fact in found.facts.values()), "locator", "locators"),
    )
    held = "every locator holds" if articles is not None else "not verified without --articles"
    typer.echo(f"seed {found.manifest.id}: {', '.join(parts)}: {held}.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


@app.command()
def anchor(
    article: Annotated[Path, typer.Option(help="The article's file, <document id>.txt.")],
    quote: Annotated[str, typer.Option(help="Words of one paragraph, exactly as they stand.")],
    paragraph: Annotated[
        int | None, typer.Option(help="Look only in this paragraph (lines not blank, from 1).")
    ] = None,
) -> None:
    """Print the evidence line of a quotation, ready to paste behind a dash."""
    from graphsvc.seeding import anchoring
    from graphsvc.seeding.formatting import evidence_line

    typer.echo(evidence_line(anchoring.anchor(article, quote, paragraph)))


@app.command(name="format")
def format_(
    seed: SeedOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if a file would change.")
    ] = False,
) -> None:
    """Write a seed's files in canonical form and print the names of those that changed."""
    from graphsvc.errors import SeedError, SeedProblem
    from graphsvc.seeding.formatting import format_seed

    changed = format_seed(_seed_dir(seed), check_only=check)
    if check and changed:
        message, mend = "the file is not in canonical form.", "Run 'graphsvc seed format'."
        raise SeedError([SeedProblem(file, 1, message, mend) for file in changed])
    for file in changed:
        typer.echo(str(file))


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Write a small valid seed with invented names, to begin one of your own."""
    from graphsvc.seeding.template import write_template

    write_template(folder)
    typer.echo(
        f"A seed stands in {folder}. Check it with:"
        f" graphsvc seed check --seed {folder} --articles {folder / 'articles'}",
        err=True,
    )
