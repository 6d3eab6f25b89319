"""`graphsvc seed ...` and `graphsvc init`: work on a seed folder, without any database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Check, anchor and format a seed folder.", no_args_is_help=True)

SeedOption = Annotated[
    Path | None,
    typer.Option("--seed", help="Seed folder; default: GRAPHSVC_SEED_DIR, else the packaged seed."),
]


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
    locators = sum(len(fact.evidence) for fact in found.facts.values())
    held = "every locator holds" if articles is not None else "locators not verified"
    typer.echo(
        f"seed {found.manifest.id}: {len(found.documents)} documents,"
        f" {len(found.entities)} entities, {len(found.facts)} facts, {locators} locators: {held}."
    )
