"""`graphsvc doctor` and `version`: what is wrong, and what is installed."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from graphsvc.cli.connecting import SeedOption
from graphsvc.cli.messages import waiting
from graphsvc.cli.printing import ReportFormatOption, print_json, print_table
from graphsvc.model.choices import ReportFormat

EXIT_PROBLEMS = 8
"""`doctor` found something that keeps the graph from being served, or made it untrue."""


def doctor(
    seed: SeedOption = None,
    port: Annotated[int, typer.Option(help="The port that `serve` is to listen on.")] = 8000,
    chosen: ReportFormatOption = ReportFormat.TABLE,
) -> None:
    """Look for what is wrong with settings, database, seed and graph, and say how to mend it."""
    import asyncio

    from graphsvc.usecases.loading.doctor import Level, diagnose

    with waiting("Looking ..."):
        findings = asyncio.run(diagnose(os.environ, seed_dir=seed, port=port))
    if chosen is ReportFormat.JSON:
        print_json([finding.row() for finding in findings])
    else:
        columns = ("level", "about", "what", "mend")
        rows = (finding.row() for finding in findings)
        print_table(columns, ([row[column] for column in columns] for row in rows))
    if any(finding.level is Level.PROBLEM for finding in findings):
        raise typer.Exit(EXIT_PROBLEMS)


def version(chosen: ReportFormatOption = ReportFormat.TABLE) -> None:
    """Print the versions of graphsvc, Python, the embedded engine and the database driver."""
    import platform
    from importlib import metadata

    from graphsvc import __version__

    versions = {
        "graphsvc": __version__,
        "python": platform.python_version(),
        "arcadedb-embedded": metadata.version("arcadedb-embedded"),
        "neo4j driver": metadata.version("neo4j"),
    }
    if chosen is ReportFormat.JSON:
        print_json(versions)
        return
    for name, number in versions.items():
        typer.echo(f"{name} {number}")
